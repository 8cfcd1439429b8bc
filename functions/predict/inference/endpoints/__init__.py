"""One file per path: what it asks of the rooms below."""
