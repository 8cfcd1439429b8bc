"""Files become a table of untouched text: CSV, gzipped or not, and Parquet."""
