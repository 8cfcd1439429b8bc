"""A model file becomes a scorer; records become probabilities."""
