"""What a shadow has shown: the function's lines added up, pair by pair, and kept in the bucket."""

import json
from collections.abc import Iterable
from typing import Any

from model.paths import SHADOW_PREFIX
from model.registry.bucket import Bucket, overwrite, read_object
from model.registry.registry import JSON

Evidence = dict[str, Any]  # model_version, shadow_version, since, until, and counts

_LISTS = ("changes", "labels", "live_scores", "shadow_scores")
_NUMBERS = ("customers", "not_scored")


def add_up(lines: Iterable[dict[str, Any]]) -> list[Evidence]:
    """Return what the lines of each pair of models come to, the pair of the last line last.

    Customers are told apart within a line only: who comes again later counts again.

    Args:
        lines: `Differences.to_json`, with since and until in seconds since 1970.
    """
    pairs: dict[tuple[str, str], Evidence] = {}
    for line in sorted(lines, key=lambda line: line["until"]):
        pair = (line["model_version"], line["shadow_version"])
        found = pairs.pop(pair, None)
        pairs[pair] = _add(found, line) if found else {**line}
    return [*pairs.values()]


def keep_evidence(bucket: Bucket, evidence: Evidence) -> None:
    """Write the evidence on a pair of models, in place of what was there."""
    key = _make_key(evidence["shadow_version"], evidence["model_version"])
    overwrite(bucket, key, json.dumps(evidence, indent=1).encode(), JSON)


def read_evidence(bucket: Bucket, shadow: str, live: str) -> Evidence | None:
    """Return what was kept about a shadow beside a live model, or None."""
    stored = read_object(bucket, _make_key(shadow, live))
    return json.loads(stored.body) if stored else None


def _add(evidence: Evidence, line: dict[str, Any]) -> Evidence:
    sums = {name: evidence[name] + line[name] for name in _NUMBERS}
    sums |= {
        name: [a + b for a, b in zip(evidence[name], line[name], strict=True)] for name in _LISTS
    }
    span = {
        "since": min(evidence["since"], line["since"]),
        "until": max(evidence["until"], line["until"]),
    }
    return evidence | sums | span


def _make_key(shadow: str, live: str) -> str:
    return f"{SHADOW_PREFIX}{shadow}/{live}.json"
