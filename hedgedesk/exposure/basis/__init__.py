"""From the index to the bill: the ladder of levels, what a price has to do with the index, and why a cost changed."""
