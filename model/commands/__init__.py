"""One module per command of `python -m model`, each with `add_parser` and `run`."""
