"""From a model file and a customer record to an answer, in standard-library Python."""

BUILD = "source"  # what it was packed from, once pack.py has done so; each log line has it
