"""The page for people who call customers: what a browser runs, and what makes one file of it."""
