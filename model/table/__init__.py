"""A customer table, understood: what each column is for, and how its values are read."""
