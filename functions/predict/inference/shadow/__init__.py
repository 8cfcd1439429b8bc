"""A second model that scores a sample of the traffic unseen, and how its answers would differ."""
