"""The bytes of a model file become an `Artifact`; what can't be reproduced is refused by name."""

import json
from collections.abc import Callable
from math import exp
from operator import itemgetter

from inference.digest import check_digest
from inference.errors import ArtifactError
from inference.scoring.records import Categories, Numbers

TYPE_CHECKING = False  # typing takes 2 ms to import
if TYPE_CHECKING:
    from inference.scoring.model_types import Feature, Linear, LinearSection, Model, Trees

FORMAT_VERSION = 3  # the newest: what training writes; history in docs/artifact.md
LARGEST_EXACT = 2.0**53  # a double holds every integer up to here; larger ones are converted

Getter = Callable[[dict], tuple]
Scorer = Callable[[Numbers, Categories], float]


class Artifact:
    """A model ready to score, with all that an answer says about it.

    `score(numbers, categories)` gives log-odds where `link` is `sigmoid`, and a probability where
    it is `identity`; `link` turns either into a probability.
    """

    __slots__ = (
        "blocks",
        "body",
        "features",
        "get_categories",
        "get_numbers",
        "highs",
        "id_column",
        "kind",
        "labels",
        "link",
        "lows",
        "meta",
        "model",
        "reasons",
        "reference",
        "schema",
        "score",
        "threshold",
        "version",
    )

    def __init__(self, model: "Model", schema: dict, meta: dict) -> None:
        self.model, self.schema, self.meta = model, schema, meta
        self.kind: str = model["kind"]
        self.version: str = meta.get("version") or "unversioned"
        self.threshold: float = schema["threshold"]
        self.labels: list[str] = schema["labels"]
        self.id_column: str | None = schema.get("id")
        self.features: list[Feature] = schema["features"]
        numeric = [spec for spec in schema["features"] if spec["kind"] == "number"]
        categorical = self.features[len(numeric) :]
        self.get_numbers = _tuple_getter([spec["name"] for spec in numeric])
        self.get_categories = _tuple_getter([spec["name"] for spec in categorical])
        self.lows = tuple(_limit(spec, "min", -LARGEST_EXACT, max) for spec in numeric)
        self.highs = tuple(_limit(spec, "max", LARGEST_EXACT, min) for spec in numeric)
        self.link = _LINKS[model["link"]]
        self.score = _compile_sum(model, self.features)
        self.body = b""  # load_artifact puts the file's bytes here, and its reference
        self.reference: dict | None = None
        self.blocks: Callable | None = None  # inference.scoring.blocks puts it here when asked for
        self.reasons: tuple | None = None  # inference.advice.reasons puts them here when asked for


def load_artifact(body: bytes) -> Artifact:
    """Return the model that a file holds, compiled.

    Args:
        body: a model file, of any format that ever was (docs/artifact.md).

    Raises:
        ArtifactError: not JSON, cut off, changed, of an unknown format, or inconsistent.
    """
    has_digest = check_digest(body)
    document = _parse(body)
    version = document.get("format_version")
    if version not in _READERS:
        known = " and ".join(str(number) for number in _READERS if number)
        raise ArtifactError(f"format_version: this function reads {known}; retrain or update")
    if version is not None and not has_digest:
        raise ArtifactError("digest: missing; expected it as the first member of the file")
    try:
        meta = document.get("training_meta") or {}
        artifact = Artifact(*_READERS[version](document), meta)
    except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
        raise ArtifactError("inconsistent model file") from error
    artifact.body, artifact.reference = body, document.get("reference")
    return artifact


def sigmoid(log_odds: float) -> float:
    """Return the probability of log-odds; no value overflows."""
    if log_odds >= 0.0:
        return 1.0 / (1.0 + exp(-log_odds))
    odds = exp(log_odds)
    return odds / (1.0 + odds)


def identity(probability: float) -> float:
    """Return what came in: the link of a model that averages probabilities."""
    return probability


def _read_first_version(document: dict) -> "tuple[Model, dict]":
    schema = _first_version_schema(document["artifact"])
    return _read_linear(document["artifact"], schema), schema


def _read_version_2(document: dict) -> "tuple[Model, dict]":
    section, schema = document["artifact"], document["schema"]
    kind = section.get("kind", "linear")
    if kind == "linear":
        return _read_linear(section, schema), schema
    if kind == "trees":
        return _single_term(section | {"is_format_2": True}, section["link"]), schema
    raise ArtifactError("artifact.kind: expected linear or trees")


def _read_version_3(document: dict) -> "tuple[Model, dict]":
    section, schema = document["artifact"], document["schema"]
    kind = section.get("kind", "linear")
    if kind == "linear":
        return _read_linear(section, schema), schema
    if kind == "trees":
        return _single_term(section, section["link"]), schema
    if kind == "sum":
        return section | {"link": "logit"}, schema
    raise ArtifactError("artifact.kind: expected linear, trees or sum")


_READERS = {None: _read_first_version, 2: _read_version_2, 3: _read_version_3}
_LINKS = {"logit": sigmoid, "identity": identity}


def _read_linear(section: "LinearSection", schema: dict) -> "Model":
    from inference.scoring.linear import read_linear

    return _single_term(read_linear(section, schema["features"]))


def _single_term(term: "Linear | Trees", link: str = "logit") -> "Model":
    return {"kind": term["kind"], "link": link, "scale": 1.0, "shift": 0.0, "terms": [term]}


def _compile_sum(model: "Model", features: "list[Feature]") -> Scorer:
    """Return the function from a row to its score: scale x (the sum of the terms') + shift."""
    scorers = [_compile_term(term, features) for term in model["terms"]]
    scale, shift = model["scale"], model["shift"]
    if len(scorers) == 1 and (scale, shift) == (1, 0):
        return scorers[0]

    def add_up(numbers: Numbers, categories: Categories) -> float:
        total = 0.0
        for score in scorers:
            total += score(numbers, categories)
        return scale * total + shift

    return add_up


def _compile_term(term: "Linear | Trees", features: "list[Feature]") -> Scorer:
    if term["kind"] == "linear":
        from inference.scoring.linear import compile_linear  # only what serves is loaded

        return compile_linear(term, features)
    if term["kind"] == "trees":
        from inference.scoring.trees import compile_trees

        return compile_trees(term, features)
    raise ArtifactError("artifact.terms: expected linear or trees")


def _parse(body: bytes) -> dict:
    try:
        document = json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise ArtifactError("not a JSON document") from error
    if not isinstance(document, dict):
        raise ArtifactError("expected a JSON object")
    return document


def _refuse_constant(_: str) -> float:
    raise ValueError("NaN and Infinity are not JSON")


def _first_version_schema(model: "LinearSection") -> dict:
    numbers = zip(model["numeric_features"], model["numeric_imputer_medians"], strict=True)
    texts = zip(model["categorical_features"], model["categories"], strict=True)
    features: list[dict]
    features = [{"name": name, "kind": "number", "blank": median} for name, median in numbers]
    features += [
        {"name": name, "kind": "category", "blank": None, "categories": categories}
        for name, categories in texts
    ]
    return {
        "target": None,
        "labels": ["0", "1"],
        "threshold": 0.5,
        "id": None,
        "features": features,
    }


def _limit(spec: dict, key: str, largest: float, tighter: Callable) -> float:
    """Return up to where a number takes the short way; beyond it `records` has a look."""
    value = spec.get(key)
    return largest if value is None else tighter(float(value), largest)


def _tuple_getter(names: list[str]) -> Getter:
    if not names:
        return lambda _record: ()
    if len(names) == 1:
        (name,) = names
        return lambda record: (record[name],)
    return itemgetter(*names)
