"""Which model serves now, and how it is fetched."""
