"""How much each feature moves the model's scores: the function's own reasons for many customers."""

from dataclasses import dataclass

import numpy as np

from inference.advice.reasons import compile_reasons, unit_of
from inference.errors import BodyError
from inference.scoring.records import encode_record
from model.errors import ModelError
from model.evaluation.metrics import Floats
from model.export.parity import to_records
from model.report.evidence import Evidence

MAX_CUSTOMERS = 2_000  # explained; more would draw the same plots
MAX_VISITS = 4_000_000  # nodes of trees: some 15 s, for forests of large trees only (November 2026)
MIN_CUSTOMERS = 20
SEED = 42


@dataclass(frozen=True, eq=False)
class Effects:
    """SHAP values of held-out customers.

    Attributes:
        rows: which of the held-out customers.
        values: one row per customer, one column per feature in the schema's order.
        base: where every customer's effects start from.
        unit: of base and values: "log-odds" or, for a forest, "probability".
        basis: the customers, in words.
    """

    rows: np.ndarray
    values: Floats
    base: float
    unit: str
    basis: str


@dataclass(frozen=True)
class Importance:
    """How much a feature matters to the model; `column` is its place in `Effects.values`."""

    feature: str
    column: int
    mean_absolute: float


def explain_held_out(evidence: Evidence) -> Effects:
    """Return the effects for the held-out customers, or for as many as there is time for.

    Raises:
        ModelError: the model's trees are too deep to be explained.
    """
    artifact = evidence.artifact
    try:
        base, explain, visits = compile_reasons(artifact)
    except BodyError as error:
        raise ModelError(f"report: {error.message}") from error
    rows = choose_rows(len(evidence.target), visits)
    effects = np.empty((len(rows), len(artifact.features)))
    for place, record in enumerate(to_records(evidence.frame.iloc[rows])):
        numbers, categories, _ = encode_record(record, artifact.features)
        effects[place] = explain(numbers, categories)

    return Effects(rows, effects, base, unit_of(artifact), _describe(len(rows), evidence))


def rank_features(evidence: Evidence, effects: Effects) -> list[Importance]:
    """Return all features, the one with the largest mean absolute effect first."""
    means = np.abs(effects.values).mean(axis=0)
    found = [
        Importance(name, column, float(means[column]))
        for column, name in enumerate(evidence.frame.columns)
    ]
    return sorted(found, key=lambda item: -item.mean_absolute)


def choose_rows(customers: int, visits: int) -> np.ndarray:
    """Return which customers are explained: as many as there is time for.

    Args:
        customers: how many there are.
        visits: of tree nodes that one of them costs; 0 for a linear model.
    """
    affordable = max(MIN_CUSTOMERS, MAX_VISITS // visits) if visits else MAX_CUSTOMERS
    count = min(customers, MAX_CUSTOMERS, affordable)
    if count == customers:
        return np.arange(customers)
    return np.sort(np.random.default_rng(SEED).choice(customers, count, replace=False))


def _describe(explained: int, evidence: Evidence) -> str:
    total = len(evidence.target)
    if explained == total:
        return evidence.held_out
    return f"a random {explained:,} of {evidence.held_out}"
