"""What names in exports mean: models and their sellers, meters, tiers and units."""
