"""A live API asked, and each answer compared with the local model's."""
