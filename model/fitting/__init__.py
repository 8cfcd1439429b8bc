"""Who competes, and how each learns from customers."""
