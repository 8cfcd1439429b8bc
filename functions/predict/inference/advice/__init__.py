"""Why a customer may leave, what to change, and what an offer earns."""
