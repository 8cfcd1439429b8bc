"""What became of scored customers: outcomes joined to scores, measured, kept as aggregates."""
