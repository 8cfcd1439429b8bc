"""How good a model is: which customers judge it, and its figures."""
