"""Asks two versions of the function the same, and says in what their answers differ."""
