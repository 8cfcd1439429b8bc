"""The scores of a block of rows at once, from its columns; bit for bit those of `Artifact.score`.

Trees: the leaves of several trees are one byte of a code, whose sums are looked up for a column of
rows at once. Their sums are exact, so the other order changes nothing.
Linear models: the row's own operations, in the row's own order.
Trees of format 2, whose sums aren't exact, and deep ones: row by row.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial, reduce
from itertools import repeat
from operator import add, and_, itemgetter

from inference.scoring.artifact import Artifact
from inference.scoring.category_groups import group_categories
from inference.scoring.linear import compile_linear, dot_product, list_effects
from inference.scoring.tree_sums import BYTE
from inference.scoring.trees import Masks, compile_trees, suits_masks

TYPE_CHECKING = False  # typing takes 2 ms to import
if TYPE_CHECKING:
    from inference.scoring.artifact import Scorer
    from inference.scoring.model_types import Feature, Linear, Trees

CODES = 256  # what a byte can tell apart

_to_bytes: Callable[..., bytes] = int.to_bytes
_WITH_BIT = [  # which bytes have a bit: two bytes each in one large integer, 1 or 0
    int.from_bytes((b"\0\0" * bit + b"\1\0" * bit) * (CODES // 2 // bit), "little")
    for bit in (1, 2, 4, 8, 16, 32, 64, 128)
]

Columns = list[Sequence]
BlockScorer = Callable[[Columns, Columns, int], Iterable[float]]  # numbers, categories, rows
Code = tuple[list[tuple[int, bytes]], list[float]]  # what bytes of exits add to it; sums by code
PlacedTree = tuple[list[float], int, bool]


def compile_blocks(artifact: Artifact) -> BlockScorer:
    """Return the function from the columns of two rows or more to their scores.

    A category that the schema doesn't list raises KeyError once the scores are taken. It is worked
    out once, and kept with the model.
    """
    if artifact.blocks is None:
        artifact.blocks = _compile_sum(artifact)
    return artifact.blocks


def turn(columns: Columns, rows: int) -> Iterable[tuple]:
    """Return the rows of columns, of which there may be none."""
    return zip(*columns, strict=True) if columns else repeat((), rows)


def _compile_sum(artifact: Artifact) -> BlockScorer:
    model = artifact.model
    scorers = [_compile_term(term, artifact.features) for term in model["terms"]]
    scale, shift = model["scale"], model["shift"]
    if len(scorers) == 1 and (scale, shift) == (1, 0):
        return scorers[0]

    def add_up(numbers: Columns, categories: Columns, rows: int) -> Iterable[float]:
        totals: Iterable[float] = repeat(0.0, rows)
        for score in scorers:
            totals = map(add, totals, score(numbers, categories, rows))
        return [scale * total + shift for total in totals]

    return add_up


def _compile_term(term: "Linear | Trees", features: "list[Feature]") -> BlockScorer:
    if term["kind"] == "linear":
        if "missing" in term:
            return _by_row(compile_linear(term, features))
        return _compile_linear(term, features)
    widest = max(map(len, term["trees"]["values"]), default=0)
    if "is_format_2" in term or widest > CODES or not suits_masks(term):
        return _by_row(compile_trees(term, features))
    return _compile_trees(term, features)


def _by_row(score: "Scorer") -> BlockScorer:
    def score_rows(numbers: Columns, categories: Columns, rows: int) -> Iterable[float]:
        return map(score, turn(numbers, rows), turn(categories, rows))

    return score_rows


def _compile_linear(term: "Linear", features: "list[Feature]") -> BlockScorer:
    weights, intercept = tuple(term["weights"]), term["intercept"]
    split, groups = group_categories(list_effects(term, features), sum, value_bytes=24)

    def score(numbers: Columns, categories: Columns, rows: int) -> Iterable[float]:
        products = map(dot_product, repeat(weights), turn(numbers, rows))
        starts = [product + intercept for product in products]
        if not groups:
            return starts
        parts = zip(groups, split(categories), strict=True)
        effects = [map(group.__getitem__, zip(*part, strict=True)) for group, part in parts]
        return map(sum, zip(*effects, strict=True), starts)

    return score


def _compile_trees(term: "Trees", features: "list[Feature]") -> BlockScorer:
    masks = Masks(term, features)
    size, find, thresholds = masks.size, masks.find, term["thresholds"]
    divisor, baseline = term["divisor"], masks.bits.baseline
    codes = [_make_code(trees) for trees in _share_codes(masks.bits.trees)]

    def score(numbers: Columns, categories: Columns, rows: int) -> Iterable[float]:
        known = zip(masks.by_number, thresholds, numbers, strict=True)
        left = [
            map(by_interval.__getitem__, map(find, repeat(own), column))
            for by_interval, own, column in known
        ]
        parts = zip(masks.by_category, masks.split(categories), strict=True)
        left += [map(group.__getitem__, zip(*part, strict=True)) for group, part in parts]
        rest = map(_to_bytes, reduce(partial(map, and_), left), repeat(size), repeat("little"))
        exits = b"".join(rest)
        columns = [exits[place::size] for place in range(size)]
        sums = [_look_up(code, columns, rows) for code in codes]
        return [total / divisor + baseline for total in map(sum, zip(*sums, strict=True))]

    return score


def _share_codes(trees: list[PlacedTree]) -> list[list[PlacedTree]]:
    """Return the trees in groups whose leaves a byte can tell apart."""
    groups: list[list[PlacedTree]] = []
    combinations = CODES + 1
    for tree in trees:
        combinations *= len(tree[0])
        if combinations > CODES:
            groups.append([])
            combinations = len(tree[0])
        groups[-1].append(tree)
    return groups


def _make_code(trees: list[PlacedTree]) -> Code:
    """Return the code of some trees' leaves: each leaf's number times its tree's step, added up."""
    tables: dict[int, int] = {}
    sums = [0.0]
    for values, first, is_symmetric in trees:
        step = len(sums)
        bits = range((len(values) - 1).bit_length() if is_symmetric else len(values))
        for bit in bits:
            place, bit_in_byte = divmod(first + bit, BYTE)
            added = step << bit if is_symmetric else step * bit
            tables[place] = tables.get(place, 0) + added * _WITH_BIT[bit_in_byte]
        sums = [total + value for value in values for total in sums]
    # Two leaves of a tree are never met, so what is beyond a byte is never looked up.
    pairs = ((place, table.to_bytes(2 * CODES, "little")) for place, table in tables.items())
    return [(place, table[::2]) for place, table in pairs], sums


def _look_up(code: Code, columns: list[bytes], rows: int) -> tuple[float, ...]:
    """Return each row's sum of values; a byte for each row is added up as one large integer."""
    tables, sums = code
    parts = (int.from_bytes(columns[place].translate(table), "little") for place, table in tables)
    return itemgetter(*sum(parts).to_bytes(rows, "little"))(sums)
