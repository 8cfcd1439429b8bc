"""What all figures of the report are computed from: model, table, held-out customers, scores."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from inference.scoring.artifact import Artifact, load_artifact
from inference.scoring.batch import score_records
from model.competition.leaderboard import MAX_TEST_ROWS
from model.evaluation.folds import draw_rows
from model.evaluation.metrics import Floats, Targets, measure, settle_ties
from model.export.parity import to_records
from model.registry.holdout import split_as_trained
from model.table.dataset import Dataset

EXAMPLE_ECONOMICS = {"value": 600.0, "cost": 50.0, "success": 0.3}  # where the model states none


@dataclass(frozen=True, eq=False)
class Evidence:
    """One model, the table it learned from, and its answers for those it never saw.

    Attributes:
        artifact: the model as the function serves it.
        size_bytes: of its file.
        dataset: the whole table.
        leaderboard: a row per candidate, best first (`leaderboard_output.to_rows`).
        training_customers: how many it learned from.
        frame: the held-out customers' features, in the schema's order.
        target: 1 for those of them who left.
        probabilities: what the function answers about them.
        metrics: `model.evaluation.metrics.measure` of the two.
    """

    artifact: Artifact
    size_bytes: int
    dataset: Dataset
    leaderboard: list[dict[str, Any]]
    training_customers: int
    frame: pd.DataFrame
    target: Targets
    probabilities: Floats
    metrics: dict[str, float]

    @property
    def served(self) -> str:
        """The candidate that the file holds."""
        return str(self.artifact.meta["served"])

    @property
    def is_synthetic(self) -> bool:
        """Whether the customers are made up."""
        return self.dataset.is_synthetic

    @property
    def economics(self) -> dict[str, float]:
        """Value, cost and success of an offer: the model's own, else an example."""
        return self.artifact.schema.get("economics") or EXAMPLE_ECONOMICS

    @property
    def has_economics(self) -> bool:
        """Whether the economics are the model's own."""
        return bool(self.artifact.schema.get("economics"))

    @property
    def held_out(self) -> str:
        """What nearly every figure is computed on, in words."""
        return f"the {len(self.target):,} held-out customers"


def gather_evidence(body: bytes, dataset: Dataset, leaderboard: list[dict[str, Any]]) -> Evidence:
    """Return what a report on a model file is computed from.

    Args:
        body: the model file.
        dataset: the table that it learned from, whole.
        leaderboard: a row per candidate of the same training, best first.
    """
    artifact = load_artifact(body)
    train_rows, test_rows = split_as_trained(artifact, dataset)
    test_rows = draw_rows(dataset, test_rows, MAX_TEST_ROWS)
    names = [spec["name"] for spec in artifact.features]
    frame = dataset.frame.iloc[test_rows][names].reset_index(drop=True)
    target = dataset.target[test_rows]
    batch = score_records(artifact, to_records(frame))
    probabilities = settle_ties(np.array(batch.predictions, dtype=np.float64))
    return Evidence(
        artifact=artifact,
        size_bytes=len(body),
        dataset=dataset,
        leaderboard=leaderboard,
        training_customers=len(train_rows),
        frame=frame,
        target=target,
        probabilities=probabilities,
        metrics=measure(target, probabilities),
    )
