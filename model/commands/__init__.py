"""One module per command of `python -m model`.

Its docstring says after the colon what the list of commands says, its DESCRIPTION what `--help`
says; `add_arguments` adds its flags, `run` returns the exit status.
"""
