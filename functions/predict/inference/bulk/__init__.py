"""A table of any size becomes the same table with probabilities: cut, scored in pieces, joined."""
