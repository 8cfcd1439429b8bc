"""A customer table: read, understood, downloaded, or made up."""
