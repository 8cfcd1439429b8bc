"""A fitted pipeline becomes a model file, held against scikit-learn."""
