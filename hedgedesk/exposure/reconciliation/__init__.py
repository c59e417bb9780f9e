"""Billed against priced: the gap of every line by cause, and how far the price of a row is open to doubt."""
