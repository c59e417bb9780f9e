"""The report: one model of it, and the page made of it."""
