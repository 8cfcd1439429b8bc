"""A window's customers beside those of training: which fields have moved, and since when.

A field has drifted where chance alone doesn't explain it, among all fields that were looked at, and
the difference is large enough to matter. It alarms when it did in two windows in a row.
"""

from typing import Any

from inference.monitoring.comparison import ALPHA, compare
from inference.monitoring.distributions import adjust_for_many
from inference.monitoring.estimates import estimate_quality

FEWEST = 200  # customers of a window, below which nothing is judged
LEAST_MOVED = 0.05  # of the customers, in other bins than in training: less is no drift
SCORE = "churn_probability"  # what the scores are called among the fields

Document = dict[str, Any]


def judge(model: Document, counts: Document, before: list[str]) -> Document:
    """Return what a window says of one model.

    Args:
        model: its file's `schema` and `reference`.
        counts: the window's customers, as `lines.add_up` returns them.
        before: fields that had drifted in the last window that was judged.

    Returns:
        `customers`; `is_judged`, false where they are too few; `fields`, a list with each one's
        comparison, `drifted`, `alarm`; `estimates` of quality.
    """
    is_judged = counts["customers"] >= FEWEST
    fields = compare_fields(model, counts)
    for field in fields:
        field["drifted"] = is_judged and has_drifted(field)
    drifted = [field["name"] for field in fields if field["drifted"]]
    threshold = model["schema"]["threshold"]
    return {
        "customers": counts["customers"],
        "is_judged": is_judged,
        "fields": fields,
        "drifted": drifted,
        "alarm": [name for name in drifted if name in before],
        "estimates": estimate_quality(model["reference"]["scores"], counts["scores"], threshold),
    }


def compare_fields(model: Document, counts: Document) -> list[Document]:
    """Return each field's comparison, the scores' last.

    `q` is the share of false alarms, if the field and all that are at least as far apart alarm.
    """
    reference, features = model["reference"], model["schema"]["features"]
    fields = [
        _describe(spec, known["counts"], counted)
        for spec, known, counted in zip(
            features, reference["features"], counts["features"], strict=True
        )
    ]
    fields.append(_describe_scores(reference["scores"]["counts"], counts["scores"]))
    adjusted = adjust_for_many([field["p"] for field in fields])
    return [field | {"q": share} for field, share in zip(fields, adjusted, strict=True)]


def has_drifted(field: Document) -> bool:
    """Return whether a field's comparison is neither chance nor too small to matter."""
    is_no_chance = field["q"] <= ALPHA and field["psi"] > field["psi_critical"]
    return bool(is_no_chance and field["moved"] >= LEAST_MOVED)


def _describe(spec: Document, reference: list[int], counts: list[int]) -> Document:
    is_number = spec["kind"] == "number"
    odd = {"blank": _share(counts, [-1]), "blank_in_training": _share(reference, [-1])}
    if is_number:
        odd["outside"] = _share(counts, [0, -2])
    elif not spec.get("rare"):
        odd["unseen"] = _share(counts, [-2])
    compared = compare(reference, counts, has_order=is_number)
    return {"name": spec["name"], "counts": counts} | odd | compared


def _describe_scores(reference: list[int], counts: list[int]) -> Document:
    # a place for blanks, of which scores have none
    compared = compare([*reference, 0], [*counts, 0], has_order=True)
    return {"name": SCORE, "counts": counts} | compared


def _share(counts: list[int], places: list[int]) -> float:
    return sum(counts[place] for place in places) / (sum(counts) or 1)
