"""What an answer of /predict adds when asked: why a customer may leave, what an offer would earn.

Each option stands here once, with all that is done about it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from inference.http_api.options import read_count
from inference.scoring.artifact import Artifact
from inference.scoring.batch import Batch


@dataclass(frozen=True)
class Addition:
    """How an option is read, what it adds to the answer, and as which columns of a CSV.

    `read` raises BodyError. `give` returns the answer's further members and raises ApiError where
    the model file lacks what is needed, or there are too many records. `list_columns` returns
    name -> a cell per record, from those members.
    """

    read: Callable[[object], object]
    give: Callable[[Artifact, list, Batch, Any], dict]
    list_columns: Callable[[dict], dict[str, list]]


def _read_reasons(value: object) -> int:
    from inference.advice.reasons import MAX_REASONS  # economics does without

    return read_count("reasons", value, MAX_REASONS)


def _read_economics(value: object) -> dict:
    from inference.advice.economics import read_economics  # reasons do without

    return read_economics(value)


def _give_reasons(artifact: Artifact, records: list, batch: Batch, count: int) -> dict:
    from inference.advice.reasons import explain_records

    return explain_records(artifact, records, batch.predictions, count)


def _give_offers(artifact: Artifact, _records: list, batch: Batch, stated: dict) -> dict:
    from inference.advice.economics import value_offers

    return value_offers(artifact.schema.get("economics"), stated, batch.predictions)


def _list_reasons(members: dict) -> dict[str, list]:
    columns: dict[str, list] = {}
    reasons = members["reasons"]
    for place in range(max(len(listed or ()) for listed in reasons)):
        for name, member in (("reason", "feature"), ("effect", "effect")):
            cells = [listed[place][member] if listed else None for listed in reasons]
            columns[f"churn_{name}_{place + 1}"] = cells
    return columns


def _list_offers(members: dict) -> dict[str, list]:
    ranks: list[int | None] = [None] * len(members["expected_gain"])
    for rank, record in enumerate(members["offers"]["records"], start=1):
        ranks[record] = rank
    return {"churn_expected_gain": members["expected_gain"], "churn_offer_rank": ranks}


ADDITIONS = {  # option -> what it is; members and columns come in this order
    "reasons": Addition(_read_reasons, _give_reasons, _list_reasons),
    "economics": Addition(_read_economics, _give_offers, _list_offers),
}
