"""What was asked for, as ratios within one run, and what the run reached."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks.contenders import EMPTY, FIRST, ONNX, OURS, SCORER, SKLEARN
from benchmarks.emulator import HTTP, TLS
from benchmarks.figures import compare

LINEAR, TREES = "linear", "100 trees"
OVER_EMPTY = {HTTP: 1.6, TLS: 1.9}  # times the empty handler's cold start
SHARE_OF_BOTO3 = {HTTP: 1 / 6, TLS: 1 / 5}  # of what boto3's design takes above the empty handler
COLD_AGAINST = {ONNX: 3.0, SKLEARN: 35.0}  # times faster
WARM_AGAINST = {  # (model, records) -> times faster
    (LINEAR, 1): {FIRST: 3.5, ONNX: 30.0, SKLEARN: 3_000.0},
    (TREES, 1): {FIRST: 8.0, ONNX: 9.0, SKLEARN: 1_000.0},
    (LINEAR, 1_000): {FIRST: 3.5, ONNX: 3.5, SKLEARN: 8.0},
    (TREES, 1_000): {FIRST: 8.0, ONNX: 1.4, SKLEARN: 2.5},
}
PEAK_MB = 27.0
PACKAGE_BYTES = 130_000
DIFFERENCE = 1e-12


@dataclass(frozen=True)
class Target:
    """A figure, and the limit that it should keep.

    Attributes:
        is_at_most: the limit is an upper one.
        scorer_alone: the figure without the checks of each field, where that differs.
    """

    what: str
    reached: float
    limit: float
    is_at_most: bool = True
    scorer_alone: float | None = None

    @property
    def is_met(self) -> bool:
        """Whether the figure is on the right side of its limit."""
        return self.reached <= self.limit if self.is_at_most else self.reached >= self.limit


def list_targets(results: dict[str, Any]) -> list[Target]:
    """Return the targets that a run's rows can tell something about."""
    cold = {(row["name"], row["model"], row["s3"]): row for row in results["cold_start"]}
    scoring = {(row["name"], row["model"], row["records"]): row for row in results["scoring"]}
    return [
        *(_list_cold(cold) if cold else ()),
        *_list_warm(scoring),
        *_list_sizes(cold, results),
    ]


def _list_cold(rows: dict[tuple, dict]) -> Iterator[Target]:
    first = {key: row["first_ms"] for key, row in rows.items()}
    empty = first[EMPTY, "", None]
    for scheme, limit in OVER_EMPTY.items():
        for model in (LINEAR, TREES):
            ratio = compare(_times, first[OURS, model, scheme], empty)
            yield Target(f"cold start over the empty handler: {model}, {scheme}", ratio, limit)
    for scheme, limit in SHARE_OF_BOTO3.items():
        for model in (LINEAR, TREES):
            boto3 = first[FIRST, LINEAR, scheme]
            share = compare(_share_above, first[OURS, model, scheme], boto3, empty)
            yield Target(f"cold time above empty, of boto3's: {model}, {scheme}", share, limit)
    for name, limit in COLD_AGAINST.items():
        if (name, TREES, None) in first:
            ratio = compare(_times, first[name, TREES, None], first[OURS, TREES, HTTP])
            yield Target(f"cold start against {name}, packaged", ratio, limit, is_at_most=False)


def _list_warm(rows: dict[tuple, dict]) -> Iterator[Target]:
    times = {key: row["us_per_record"] for key, row in rows.items()}
    for (model, records), limits in WARM_AGAINST.items():
        what = "one record" if records == 1 else f"{records:,} records"
        for name, limit in limits.items():
            theirs = times.get((name, model, records))
            if theirs:
                yield Target(
                    f"{what}, {model}, against {name}",
                    compare(_times, theirs, times[OURS, model, records]),
                    limit,
                    is_at_most=False,
                    scorer_alone=compare(_times, theirs, times[SCORER, model, records]),
                )


def _list_sizes(cold: dict[tuple, dict], results: dict[str, Any]) -> Iterator[Target]:
    exact = [row["difference"] for row in results["scoring"] if row["name"] == OURS]
    if None not in exact:
        yield Target("largest difference from scikit-learn", max(exact), DIFFERENCE)
    for scheme in OVER_EMPTY if cold else ():
        peak_mb = cold[OURS, TREES, scheme]["peak_mb"]["median"]
        yield Target(f"peak memory after the first answer, MB: {scheme}", peak_mb, PEAK_MB)
    (size,) = [row["zip_bytes"] for row in results["package"] if row["name"] == OURS]
    yield Target("deployment package, bytes", size, PACKAGE_BYTES)


def _times(theirs: float, ours: float) -> float:
    return theirs / ours


def _share_above(ours: float, theirs: float, empty: float) -> float:
    return (ours - empty) / (theirs - empty)
