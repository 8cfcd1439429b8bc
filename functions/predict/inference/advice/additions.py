"""What an answer adds when asked: why a customer may leave, and what an offer would earn."""

from inference.scoring.artifact import Artifact
from inference.scoring.batch import Batch


def give_advice(artifact: Artifact, records: list, batch: Batch, options: dict) -> dict:
    """Return the answer's members for the options `reasons` and `economics`.

    Raises:
        ApiError: the model file lacks what is needed, or there are too many records.
    """
    advice: dict = {}
    if "reasons" in options:
        from inference.advice.reasons import explain_records

        advice |= explain_records(artifact, records, batch.predictions, options["reasons"])
    if "economics" in options:
        from inference.advice.economics import value_offers

        default = artifact.schema.get("economics")
        advice |= value_offers(default, options["economics"], batch.predictions)
    return advice


def list_columns(advice: dict) -> dict[str, list]:
    """Return advice as columns of a table, a cell per record: the name of each, and its cells.

    Reasons become `churn_reason_1`, `churn_effect_1` and so on; offers become their rank.
    """
    columns: dict[str, list] = {}
    if "reasons" in advice:
        columns |= _reason_columns(advice["reasons"])
    if "offers" in advice:
        columns["churn_expected_gain"] = advice["expected_gain"]
        ranks: list[int | None] = [None] * len(advice["expected_gain"])
        for rank, record in enumerate(advice["offers"]["records"], start=1):
            ranks[record] = rank
        columns["churn_offer_rank"] = ranks
    return columns


def _reason_columns(reasons: list[list[dict] | None]) -> dict[str, list]:
    columns: dict[str, list] = {}
    for place in range(max(len(listed or ()) for listed in reasons)):
        for name, member in (("reason", "feature"), ("effect", "effect")):
            cells = [listed[place][member] if listed else None for listed in reasons]
            columns[f"churn_{name}_{place + 1}"] = cells
    return columns
