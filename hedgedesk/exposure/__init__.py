"""What was used and paid, and what it teaches: price, reconcile, forecast, formula, landing."""
