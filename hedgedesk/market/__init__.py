"""Venue rules: which contracts exist, which months they cover, what margin they ask. Pure functions over the nouns."""
