"""Customers become counts, field by field, in the bins of their model's reference.

Nothing else is kept of a customer. Counts of few would give one away, so they may be told only
when there are enough different customers among them, of whom none makes up more than a hundredth.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import compress, repeat
from math import inf, nextafter
from operator import getitem

from inference.columns.cells import is_formatted, read_beside_blanks
from inference.scoring.artifact import Artifact
from inference.scoring.records import is_missing, read_field

TYPE_CHECKING = False  # typing takes 2 ms to import
if TYPE_CHECKING:
    from typing import Any

    from inference.scoring.model_types import Feature

Column = Sequence["Any"]

ENOUGH = 100  # different customers, before their counts may be told
MAX_KNOWN = 10_000  # customers by which the same one is told again; then they are forgotten
NUMERIC = frozenset((int, float))


class Counts:
    """Counts of the customers that a model has scored, in the order of docs/artifact.md.

    `customers` were counted, of whom `different` had fields that nobody had before. The same fields
    once more count as long as they make up no more than a hundredth.
    """

    __slots__ = (
        "_artifact",
        "_cells",
        "_fields",
        "_known",
        "_places",
        "_score_edges",
        "_waiting",
        "customers",
        "different",
        "scores",
    )

    def __init__(self, artifact: Artifact) -> None:
        reference = artifact.reference or {}
        self._artifact = artifact
        self._score_edges: list[float] = reference["scores"]["edges"]
        self._fields = [
            _Field(spec, field)
            for spec, field in zip(artifact.features, reference["features"], strict=True)
        ]
        self._places = [field.places for field in self._fields[len(artifact.lows) :]]
        self._known: dict[int, int] = {}
        self._cells: list = []
        self._waiting: list[float] = []
        self.scores = [0] * (len(self._score_edges) + 1)
        self.customers = self.different = 0

    def add_record(self, record: dict, probability: float) -> None:
        """Count a customer that was scored, together with the next ones: it costs a fraction.

        What waits has places in place of texts, which take a hundredth of a record's memory.
        """
        texts = self._artifact.get_categories(record)
        try:
            places = [*map(getitem, self._places, texts)]
        except (KeyError, TypeError):  # a text that is no category to the letter
            fields = self._fields[len(self._artifact.lows) :]
            places = [*map(_Field.find_text, fields, texts)]
        self._cells += self._artifact.get_numbers(record)
        self._cells += places
        self._waiting.append(probability)
        if len(self._waiting) >= ENOUGH:
            self._settle()

    def add_columns(self, columns: Sequence[Column], probabilities: Sequence[float]) -> None:
        """Count customers of a table that were scored.

        Args:
            columns: their cells, a column for each feature, in the schema's order.
            probabilities: of leaving, in the customers' order.
        """
        rows = zip(*columns, strict=True)
        columns, probabilities = self._choose(rows, columns, probabilities)
        for field, column in zip(self._fields, columns, strict=True):
            field.add(column)
        self._add_scores(probabilities)

    def has_enough(self) -> bool:
        """Return whether the counts give nobody away."""
        self._settle()
        return self.different >= ENOUGH

    def to_json(self) -> dict:
        """Return the counts as a JSON object."""
        self._settle()
        return {
            "customers": self.customers,
            "features": [field.counts for field in self._fields],
            "scores": self.scores,
        }

    def _settle(self) -> None:
        """Count the customers that wait."""
        cells, self._cells, waiting, self._waiting = self._cells, [], self._waiting, []
        width = len(self._fields)
        rows = zip(*[iter(cells)] * width, strict=True)
        cut = [cells[place::width] for place in range(width)]
        columns, probabilities = self._choose(rows, cut, waiting)
        for field, column in zip(self._fields, columns, strict=True):
            field.add_placed(column)
        self._add_scores(probabilities)

    def _choose(
        self, rows: Iterable[tuple], columns: Sequence[Column], probabilities: Sequence[float]
    ) -> tuple[Sequence[Column], Sequence[float]]:
        """Return the columns and probabilities of the customers that may be counted."""
        if len(self._known) > MAX_KNOWN:
            self._known.clear()
        keys = [*map(hash, rows)]
        if len({*keys}) == len(keys) and self._known.keys().isdisjoint(keys):
            self._known |= dict.fromkeys(keys, 1)
            self.customers += len(keys)
            self.different += len(keys)
            return columns, probabilities
        is_counted = [*map(self._allow, keys)]
        chosen = [[*compress(column, is_counted)] for column in columns]
        return chosen, [*compress(probabilities, is_counted)]

    def _allow(self, key: int) -> bool:
        """Count a customer, unless the same makes up too much already."""
        times = self._known.get(key, 0)
        if times > self.customers / ENOUGH:
            return False
        self._known[key] = times + 1
        self.customers += 1
        self.different += not times
        return True

    def _add_scores(self, probabilities: Sequence[float]) -> None:
        _add(self.scores, map(bisect_right, repeat(self._score_edges), probabilities))


class _Field:
    """One field's counts."""

    __slots__ = ("_edges", "_spec", "counts", "places")

    def __init__(self, spec: "Feature", reference: dict) -> None:
        self._spec = spec
        self.counts = [0] * len(reference["counts"])
        self.places = {text: place for place, text in enumerate(spec.get("categories", ()))}
        if spec["kind"] == "number":
            self._edges = [nextafter(spec["min"], -inf), *reference["edges"]]
        else:
            self._edges = []

    def add(self, column: Column) -> None:
        """Count a column of cells."""
        if self._edges:
            self._add_numbers(column)
        else:
            self._add_texts(column)

    def add_placed(self, column: Column) -> None:
        """Count a column of numbers, or of texts' places."""
        if self._edges:
            self._add_numbers(column)
        else:
            _add(self.counts, column)

    def find_text(self, value: "Any") -> int:
        """Return the place of a text."""
        if is_missing(value, self._spec):
            return len(self.counts) - 1
        text, _ = read_field(value, self._spec)
        return self.places[text] if isinstance(text, str) else len(self.places)  # or unseen

    def _add_numbers(self, column: Column) -> None:
        try:
            _add(self.counts, map(bisect_left, repeat(self._edges), column))
        except TypeError:  # texts or blanks
            self._add_unlike(column)

    def _add_unlike(self, column: Column) -> None:
        """Count a column of not only numbers, each different value once."""
        is_plain = {*map(type, column)} == {str} and not is_formatted(self._spec)
        known = read_beside_blanks(column) if is_plain else {}
        edges, counts = self._edges, self.counts
        for value, customers in Counter(column).items():
            number = known.get(value, value)
            is_number = type(number) in NUMERIC
            place = bisect_left(edges, number) if is_number else self._find_number(number)
            counts[place] += customers

    def _find_number(self, value: "Any") -> int:
        """Return the place of a blank, or of a text that isn't plainly a number."""
        if is_missing(value, self._spec):
            return len(self.counts) - 1
        return bisect_left(self._edges, read_field(value, self._spec)[0])

    def _add_texts(self, column: Column) -> None:
        for text, customers in Counter(column).items():
            place = self.places.get(text)
            self.counts[self.find_text(text) if place is None else place] += customers


def _add(counts: list[int], places: Iterable[int]) -> None:
    for place, customers in Counter(places).items():
        counts[place] += customers
