"""How two models' answers about the same customers differ, in counts that give nobody away."""

from bisect import bisect_right

from inference.monitoring.counts import ENOUGH, MAX_KNOWN
from inference.scoring.artifact import Artifact

EDGES = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)  # of the change in probability
BARS = 20  # of each model's histogram, equally wide from 0 to 1


class Differences:
    """Counts of the customers that two models have scored, each customer once.

    `changes` counts by absolute change in probability, up to each of EDGES and beyond; `labels`
    those whom neither model flags, only the shadow, only the live one, and both, each by its own
    threshold.
    """

    __slots__ = ("_known", "_models", "changes", "customers", "labels", "not_scored", "scores")

    def __init__(self, live: Artifact, shadow: Artifact) -> None:
        self._models = (live, shadow)
        self._known: set[int] = set()
        self.customers = self.not_scored = 0
        self.changes = [0] * (len(EDGES) + 1)
        self.labels = [0, 0, 0, 0]
        self.scores = ([0] * BARS, [0] * BARS)

    def is_about(self, live: Artifact, shadow: Artifact) -> bool:
        """Return whether these are the two models."""
        return self._models[0] is live and self._models[1] is shadow

    def add(self, customer: tuple, live: float, shadow: float | None) -> None:
        """Count a customer, unless the same is counted already.

        Args:
            customer: the fields that tell one from another.
            live: probability by the live model.
            shadow: by the other; None where it couldn't score the customer.
        """
        key = hash(customer)
        if key in self._known or len(self._known) >= MAX_KNOWN:
            return
        self._known.add(key)
        self.customers += 1
        if shadow is None:
            self.not_scored += 1
            return
        self.changes[bisect_right(EDGES, abs(shadow - live))] += 1
        for bars, probability in zip(self.scores, (live, shadow), strict=True):
            bars[min(int(probability * BARS), BARS - 1)] += 1
        is_flagged = live >= self._models[0].threshold
        self.labels[2 * is_flagged + (shadow >= self._models[1].threshold)] += 1

    def has_enough(self) -> bool:
        """Return whether the counts give nobody away."""
        return self.customers >= ENOUGH

    def to_json(self) -> dict:
        """Return the counts as a JSON object."""
        return {
            "model_version": self._models[0].version,
            "shadow_version": self._models[1].version,
            "customers": self.customers,
            "not_scored": self.not_scored,
            "changes": self.changes,
            "labels": self.labels,
            "live_scores": self.scores[0],
            "shadow_scores": self.scores[1],
        }
