"""Who competes, how they rank, and which one serves."""
