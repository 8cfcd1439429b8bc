"""Counts of the customers that are scored, and what they say beside those of training."""
