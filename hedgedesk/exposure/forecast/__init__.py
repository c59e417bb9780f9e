"""Expected use: ways to forecast a series, judged in its own past, and the use of a desk put together from them."""
