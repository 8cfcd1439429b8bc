"""How the candidates rank, what they bring together, and which one serves."""
