"""A batch of rows on its way to usage: cells read, names chosen, counts put together, the rest told aside."""
