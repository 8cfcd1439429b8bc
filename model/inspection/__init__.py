"""Looks at a table before a model learns from it: leaks, columns and rows that deserve a look."""
