"""Is the model still right: what training customers were like, how far live ones are from it."""
