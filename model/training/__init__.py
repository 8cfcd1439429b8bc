"""From customers to a model file: every step in its order."""
