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

    __slots__ = (
        "_known",
        "_models",
        "_pairs",
        "changes",
        "customers",
        "labels",
        "not_scored",
        "scores",
    )

    def __init__(self, live: Artifact, shadow: Artifact) -> None:
        self._models = (live, shadow)
        self._known: set[int] = set()
        self._pairs: list[tuple[float, float]] = []  # not counted yet: together it costs less
        self.customers = self.not_scored = 0
        self.changes = [0] * (len(EDGES) + 1)
        self.labels = [0, 0, 0, 0]
        self.scores = ([0] * BARS, [0] * BARS)

    def is_about(self, live: Artifact, shadow: Artifact) -> bool:
        """Return whether these are the two models."""
        return self._models[0] is live and self._models[1] is shadow

    def add(self, record: dict, live: float, shadow: float | None) -> None:
        """Count a customer, unless the same is counted already.

        Args:
            record: the customer, whom the fields that the live model reads tell from others.
            live: probability by the live model.
            shadow: by the other; None where it couldn't score the customer.
        """
        model = self._models[0]
        key = hash((model.get_numbers(record), model.get_categories(record)))
        if key in self._known or self.customers >= MAX_KNOWN:
            return
        self._known.add(key)
        self.customers += 1
        if shadow is None:
            self.not_scored += 1
            return
        self._pairs.append((live, shadow))
        if len(self._pairs) >= ENOUGH:
            self._settle()

    def has_enough(self) -> bool:
        """Return whether the counts give nobody away."""
        return self.customers >= ENOUGH

    def to_json(self) -> dict:
        """Return the counts as a JSON object."""
        self._settle()
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

    def _settle(self) -> None:
        """Count the customers that wait."""
        pairs, self._pairs = self._pairs, []
        cuts = [model.threshold for model in self._models]
        _add(self.changes, [bisect_right(EDGES, abs(shadow - live)) for live, shadow in pairs])
        _add(self.labels, [2 * (a >= cuts[0]) + (b >= cuts[1]) for a, b in pairs])
        for bars, place in zip(self.scores, (0, 1), strict=True):
            _add(bars, [min(int(pair[place] * BARS), BARS - 1) for pair in pairs])


def _add(counts: list[int], places: list[int]) -> None:
    for place in places:
        counts[place] += 1
