"""What the user may say about a training, and whether it fits the table."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from model.competition.blending import NAME as BLEND
from model.errors import ModelError
from model.table.dataset import Dataset


@dataclass(frozen=True)
class Choices:
    """What the user may say.

    Attributes:
        serve: name of the candidate to export; None means the first that can be.
        threshold: a rule of `model.evaluation.decision_threshold.RULES`.
        economics: value, cost and success of an offer, to be stored with the model.
        changeable: features that what-if may change; None leaves it to `model.export.schema`.
        blanks: texts that the table was read with as missing values.
        max_us: microseconds that a prediction of the candidate that serves may take.
        max_kb: kilobytes that its file may have.
    """

    serve: str | None = None
    threshold: str = "0.5"
    economics: dict[str, float] | None = None
    changeable: tuple[str, ...] | None = None
    blanks: tuple[str, ...] = ()
    max_us: float = math.inf
    max_kb: float = math.inf


def check_choices(choices: Choices, dataset: Dataset, names: Sequence[str]) -> None:
    """Refuse what was said where it doesn't fit the table or the candidates.

    Raises:
        ModelError: what of it, and why.
    """
    if choices.serve not in (None, *names, BLEND):
        raise ModelError(
            f'--serve: no candidate "{choices.serve}"; there are {", ".join((*names, BLEND))}'
        )
    for name in choices.changeable or ():
        if name not in dataset.frame.columns:
            raise ModelError(f'--changeable: {dataset.name} has no feature "{name}"')
    if choices.threshold == "profit" and choices.economics is None:
        raise ModelError("--threshold profit: say --economics VALUE,COST,SUCCESS")
