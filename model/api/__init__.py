"""The API: served on this machine, and asked wherever it runs."""
