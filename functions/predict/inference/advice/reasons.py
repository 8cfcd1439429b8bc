"""How much each feature moved a customer's score, by exact SHAP values; loaded only when asked for.

Linear models: the coefficient times the distance from the training mean, which is exact where
features are taken as independent. Trees: inference.advice.tree_shap.
Columns of one feature are summed. Effects and base add up to the score: log-odds, or for a forest
(link "identity") the probability.
"""

from collections.abc import Callable, Sequence
from math import isnan
from operator import getitem, mul, sub

from inference.errors import BodyError, TooLargeError
from inference.scoring.artifact import Artifact
from inference.scoring.linear import list_effects
from inference.scoring.records import UNSEEN, Categories, Numbers, encode_record

TYPE_CHECKING = False  # typing takes 2 ms to import
if TYPE_CHECKING:
    from inference.scoring.model_types import Feature, Linear, Trees

MAX_REASONS = 1_000  # per record; what the model has no feature for is left out
MAX_VISITS = 700_000  # nodes per request: 2 s on a whole processor, 14 s in 256 MB (November 2026)

Row = tuple[Numbers, Categories]
Explainer = Callable[[Numbers, Categories], list[float]]  # a row -> one effect per feature
Reasons = tuple[float, Explainer, int]  # base, explainer, and its time per row in visits to nodes


def explain_records(
    artifact: Artifact, records: list, predictions: list[float | None], most: int
) -> dict:
    """Return the answer's members `reasons`, `base` and `unit`.

    A record without a prediction has None among the reasons.

    Args:
        artifact: the model that serves.
        records: as they were scored.
        predictions: what came of them.
        most: how many reasons to list per record.

    Raises:
        BodyError: the model file doesn't hold what this needs.
        TooLargeError: more records than there is time for, with a model of large trees.
    """
    base, _, visits = compile_reasons(artifact)
    scored = len(predictions) - predictions.count(None)
    if scored * visits > MAX_VISITS and scored > 1:
        at_most = max(1, MAX_VISITS // visits)
        raise TooLargeError(
            f"reasons: this model is large; expected at most {at_most:,} at a time, got {scored:,}"
        )
    rows = [
        None if prediction is None else encode_record(record, artifact.features)[:2]
        for record, prediction in zip(records, predictions, strict=True)
    ]
    reasons = explain_rows(artifact, rows, most)
    return {"reasons": reasons, "base": base, "unit": unit_of(artifact)}


def explain_rows(
    artifact: Artifact, rows: Sequence[Row | None], most: int
) -> list[list[dict] | None]:
    """Return each row's features that moved its score most, the strongest first; None for None.

    A category that training never saw shows as null, and so does a number that stays missing.

    Args:
        artifact: the model that serves.
        rows: numbers and categories, each, as the model scores them.
        most: how many reasons to list per row.

    Raises:
        BodyError: the model file doesn't hold what this needs.
    """
    explain = compile_reasons(artifact)[1]
    names = [spec["name"] for spec in artifact.features]
    return [row and _list_reasons(names, row, explain(*row), most) for row in rows]


def unit_of(artifact: Artifact) -> str:
    """Return what effects and base are in."""
    return "probability" if artifact.model["link"] == "identity" else "log-odds"


def compile_reasons(artifact: Artifact) -> Reasons:
    """Return what explains a model's scores; worked out once, and kept with the model.

    Base is the score of nobody in particular, where every effect starts from.

    Raises:
        BodyError: the model file is of the first version, which doesn't hold what this needs.
    """
    if artifact.reasons is None:
        artifact.reasons = _compile(artifact)
    return artifact.reasons


def _compile(artifact: Artifact) -> Reasons:
    model, features = artifact.model, artifact.features
    means = artifact.meta.get("feature_means")
    terms = [_compile_term(term, features, means) for term in model["terms"]]
    visits = sum(visits for *_, visits in terms)
    scale, shift = model["scale"], model["shift"]
    base = scale * sum(base for base, *_ in terms) + shift
    explainers = [explain for _, explain, _ in terms]
    if len(terms) == 1 and scale == 1:
        return base, explainers[0], visits

    def explain(numbers: Numbers, categories: Categories) -> list[float]:
        by_term = (explain_term(numbers, categories) for explain_term in explainers)
        return [scale * sum(effects) for effects in zip(*by_term, strict=True)]

    return base, explain, visits


def _compile_term(term: "Linear | Trees", features: "list[Feature]", means: dict | None) -> Reasons:
    if term["kind"] == "trees":
        from inference.advice.tree_shap import compile_tree_shap

        return compile_tree_shap(term, features)
    if "means" not in term:
        if means is None:
            raise BodyError("reasons: this model's file holds no training means; train it anew")
        term |= {"means": _weigh_means(term, means)}
    return (*_compile_linear(term, features), 0)


def _weigh_means(term: "Linear", means: dict) -> list[float]:
    """Return what each feature adds on average, of a linear model in the first version's form."""
    numbers = map(mul, term["weights"], means["numeric"])
    texts = zip(means["categorical"], term["categories"], strict=True)
    return [*numbers, *(sum(map(mul, shares, parts)) for shares, parts in texts)]


def _list_reasons(names: list[str], row: Row, effects: list[float], most: int) -> list[dict]:
    values = [*map(_shown, row[0]), *(None if text is UNSEEN else text for text in row[1])]
    reasons = zip(names, values, effects, strict=True)
    ranked = sorted(reasons, key=lambda reason: -abs(reason[2]))[:most]
    return [{"feature": name, "value": value, "effect": effect} for name, value, effect in ranked]


def _shown(number: float) -> float | None:
    return None if isnan(number) else number


def _compile_linear(term: "Linear", features: "list[Feature]") -> tuple[float, Explainer]:
    weights, tables = term["weights"], list_effects(term, features)
    missing = term.get("missing") or weights
    means = term["means"]

    def explain(numbers: Numbers, categories: Categories) -> list[float]:
        columns = zip(weights, numbers, missing, strict=True)
        parts = [instead if isnan(x) else weight * x for weight, x, instead in columns]
        parts += map(getitem, tables, categories)
        return [*map(sub, parts, means)]

    return term["intercept"] + sum(means), explain
