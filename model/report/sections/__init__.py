"""The sections of the page: each file measures, draws and writes its own."""
