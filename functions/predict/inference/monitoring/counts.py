"""Customers become counts, field by field, in the bins of their model's reference.

Nothing else is kept of a customer. Counts of few would give one away, so they may be told only
when there are enough different customers among them, of whom none makes up more than a hundredth.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import compress, repeat
from math import inf, nextafter
from operator import add, getitem

from inference.columns.cells import is_formatted, read_beside_blanks
from inference.scoring.artifact import Artifact
from inference.scoring.records import UNSEEN, is_missing, read_field

TYPE_CHECKING = False  # typing takes 2 ms to import
if TYPE_CHECKING:
    from typing import Any

    from inference.scoring.model_types import Feature

Column = Sequence["Any"]

ENOUGH = 100  # different customers, before their counts may be told
TOGETHER = 200  # customers that wait, at most; see bench_counting.py
MAX_KNOWN = 10_000  # customers by which the same one is told again; then they are forgotten
NUMERIC = frozenset((int, float))


class Counts:
    """Counts of the customers that a model has scored, in the order of docs/artifact.md.

    `customers` were counted, of whom `different` had fields that nobody had before. The same fields
    once more count as long as they make up no more than a hundredth.
    """

    __slots__ = (
        "_artifact",
        "_fields",
        "_known",
        "_letters",
        "_numbers",
        "_probabilities",
        "_score_edges",
        "_words",
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
        self._letters = [field.letters for field in self._fields[len(artifact.lows) :]]
        self.forget()

    def forget(self) -> None:
        """Start anew, with nobody counted."""
        self._known: dict[int, int] = {}
        self._numbers: list[tuple] = []  # of customers who wait, as are the next two
        self._words: list[str] = []  # a letter for each text: its place
        self._probabilities: list[float] = []
        for field in self._fields:
            field.counts = [0] * len(field.counts)
        self.scores = [0] * (len(self._score_edges) + 1)
        self.customers = self.different = 0

    def add_record(self, record: dict, probability: float) -> None:
        """Count a customer that was scored, together with the next ones: it costs a fraction.

        What waits has letters in place of texts, which take a hundredth of a record's memory.
        """
        numbers = self._artifact.get_numbers(record)
        texts = self._artifact.get_categories(record)
        try:
            sum(numbers)
            word = "".join(map(getitem, self._letters, texts))
        except (KeyError, TypeError):  # not plainly numbers and categories
            numbers, word = self._read(numbers, texts)
        self._numbers.append(numbers)
        self._words.append(word)
        self._probabilities.append(probability)
        if len(self._words) >= TOGETHER:
            self._settle()

    def add_columns(self, columns: Sequence[Column], probabilities: Sequence[float]) -> None:
        """Count customers of a table that were scored.

        Args:
            columns: their cells, a column for each feature, in the schema's order.
            probabilities: of leaving, in the customers' order.
        """
        is_counted = self._choose([*map(hash, zip(*columns, strict=True))])
        if is_counted:
            columns = [[*compress(column, is_counted)] for column in columns]
            probabilities = [*compress(probabilities, is_counted)]
        for field, column in zip(self._fields, columns, strict=True):
            field.add(column)
        self._add_scores(probabilities)

    def has_enough(self) -> bool:
        """Return whether the counts give nobody away."""
        if self.different + len(self._words) >= ENOUGH:
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

    def _read(self, numbers: tuple, texts: tuple) -> tuple[tuple, str]:
        """Return numbers, None for blanks, and letters of a customer whose cells aren't plain."""
        split = len(numbers)
        places = map(_Field.find_text, self._fields[split:], texts)
        read = map(_Field.read_number, self._fields[:split], numbers)
        return tuple(read), "".join(map(chr, places))

    def _settle(self) -> None:
        """Count the customers that wait."""
        numbers, words, probabilities = self._numbers, self._words, self._probabilities
        self._numbers, self._words, self._probabilities = [], [], []
        is_counted = self._choose([*map(hash, zip(numbers, words, strict=True))])
        if is_counted:
            numbers, words = [*compress(numbers, is_counted)], [*compress(words, is_counted)]
            probabilities = [*compress(probabilities, is_counted)]
        for field, column in zip(self._fields, zip(*numbers, strict=True), strict=False):
            field.add_numbers(column)
        letters, width = "".join(words), len(self._letters)
        for place, field in enumerate(self._fields[len(self._artifact.lows) :]):
            field.add_letters(letters[place::width])
        self._add_scores(probabilities)

    def _choose(self, keys: list[int]) -> list[bool] | None:
        """Return which customers may be counted; None where all may."""
        if len(self._known) > MAX_KNOWN:
            self._known.clear()
        if len({*keys}) == len(keys) and self._known.keys().isdisjoint(keys):
            self._known |= dict.fromkeys(keys, 1)
            self.customers += len(keys)
            self.different += len(keys)
            return None
        return self._allow(keys)

    def _allow(self, keys: list[int]) -> list[bool]:
        """Count customers, unless the same makes up too much already."""
        known, customers, is_counted = self._known, self.customers, []
        for key in keys:
            times = known.get(key, 0)
            is_allowed = times <= customers / ENOUGH
            if is_allowed:
                known[key] = times + 1
                customers += 1
                self.different += not times
            is_counted.append(is_allowed)
        self.customers = customers
        return is_counted

    def _add_scores(self, probabilities: Sequence[float]) -> None:
        ordered = sorted(probabilities)
        _add_steps(self.scores, map(bisect_left, repeat(ordered), self._score_edges), len(ordered))


class _Field:
    """One field's counts."""

    __slots__ = ("_edges", "_spec", "counts", "letters")

    def __init__(self, spec: "Feature", reference: dict) -> None:
        self._spec = spec
        self.counts = [0] * len(reference["counts"])
        texts = (*spec.get("categories", ()), UNSEEN)
        self.letters = {text: chr(place) for place, text in enumerate(texts)}
        if spec["kind"] == "number":
            self._edges = [nextafter(spec["min"], -inf), *reference["edges"]]
        else:
            self._edges = []

    def add(self, column: Column) -> None:
        """Count a column of cells."""
        if self._edges:
            self._add_cells(column)
        else:
            self._add_texts(column)

    def add_numbers(self, column: Column) -> None:
        """Count a column of numbers, and None for blanks."""
        if None in column:
            known = [number for number in column if number is not None]
            self.counts[-1] += len(column) - len(known)
            column = known
        ordered = sorted(column)
        _add_steps(self.counts, map(bisect_right, repeat(ordered), self._edges), len(ordered))

    def add_letters(self, column: str) -> None:
        """Count a column of texts, of which each is the letter of its place."""
        self.counts = [*map(add, self.counts, map(column.count, map(chr, range(len(self.counts)))))]

    def find_text(self, value: "Any") -> int:
        """Return the place of a text."""
        if is_missing(value, self._spec):
            return len(self.counts) - 1
        return ord(self.letters[read_field(value, self._spec)[0]])

    def read_number(self, value: "Any") -> float | None:
        """Return the number that a cell is; None where it is blank."""
        if is_missing(value, self._spec):
            return None
        if type(value) not in NUMERIC:
            value, _ = read_field(value, self._spec)
        return value

    def _add_cells(self, column: Column) -> None:
        """Count a column of a table's numbers, each different cell once."""
        is_plain = {*map(type, column)} == {str} and not is_formatted(self._spec)
        known = read_beside_blanks(column) if is_plain else {}
        for value, customers in Counter(column).items():
            number = self.read_number(known.get(value, value))
            place = -1 if number is None else bisect_left(self._edges, number)
            self.counts[place] += customers

    def _add_texts(self, column: Column) -> None:
        for text, customers in Counter(column).items():
            letter = self.letters.get(text)
            self.counts[ord(letter) if letter else self.find_text(text)] += customers


def _add_steps(counts: list[int], below: Iterable[int], customers: int) -> None:
    """Add to counts how many of the customers are between one edge and the next.

    Args:
        counts: a place more than edges, and maybe others after it, which stay.
        below: how many are below each edge.
        customers: all of them.
    """
    passed = 0
    for place, reached in enumerate((*below, customers)):
        counts[place] += reached - passed
        passed = reached
