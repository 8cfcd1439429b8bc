"""The report: plots and one HTML page for people who would rather look than read code."""
