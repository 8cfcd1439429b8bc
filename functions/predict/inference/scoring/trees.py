"""A row's score by an ensemble of trees, all trees at once: QuickScorer on Python's integers.

Every leaf of the ensemble is a bit. A feature's value decides each node that tests the feature, and
so which leaves can still be reached: one mask per distinguishable value, made when the model loads.
The masks of a row's values, ANDed, leave one bit per tree, its exit leaf. The leaves' values are
looked up eight bits at a time; a tree of more leaves has words of its own.
A symmetric tree asks all rows the same: its bits are the answers, and together its leaf's number.

Source: Lucchese et al., QuickScorer, SIGIR 2015. There only the nodes that send a row right mask
leaves, and a tree's exit leaf is its lowest bit left; here both sides do, and it is the only one.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable
from functools import partial, reduce
from itertools import accumulate, chain
from math import inf
from operator import and_, getitem, or_

from inference.scoring.category_groups import group_categories
from inference.scoring.conditions import (
    LEAF,
    check_trees,
    count_conditions,
    find_interval,
    list_symmetric,
    read_category_sides,
)
from inference.scoring.records import Categories, Category, Numbers
from inference.scoring.tree_sums import BYTE, Answers, round_to_unit, sum_leaves, sum_words

TYPE_CHECKING = False  # typing takes 2 ms to import
if TYPE_CHECKING:
    from inference.scoring.model_types import Feature, Trees

MAX_LEAVES_PER_TREE = 128  # on average; with more, walking down each tree is faster
MAX_MASK_BYTES = 16_000_000
MAX_FORMAT_2_MASK_BYTES = 4_000_000  # as when it was the newest
WORDS = ((32, "I"), (64, "Q"))  # bits, and what memoryview calls such words

Scorer = Callable[[Numbers, Categories], float]
Sums = list[float] | dict[int, float]  # by what is left of some bits
Tree = tuple[list[int], list[float]]  # nodes, or a symmetric tree's conditions; values

_get_mask: Callable[..., int] = getitem
_get_sum: Callable[..., float] = getitem
_cut: Callable[..., Iterable[int]] = memoryview.cast


def compile_trees(term: "Trees", features: "list[Feature]") -> Scorer:
    """Return the function from a row to its score: log-odds or a probability, as the link says.

    Its numbers may be nan where the model scores missing ones; a category that the schema doesn't
    list raises KeyError.

    Args:
        term: of kind trees; shapes as in docs/artifact.md.
        features: of the schema, numbers first.

    Raises:
        ArtifactError: lengths that don't fit together, thresholds out of order.
    """
    check_trees(term, features)
    if not suits_masks(term):
        from inference.scoring.tree_walk import compile_walk  # only deep forests need it

        return compile_walk(term, features)
    masks = Masks(term, features)
    byte_sums, word_sums, code = masks.bits.byte_sums, masks.bits.word_sums, masks.bits.word_code
    by_value = masks.by_number + masks.by_category
    first_word, size, split, find = len(byte_sums), masks.size, masks.split, masks.find
    thresholds, divisor, baseline = term["thresholds"], term["divisor"], masks.bits.baseline
    start = baseline if divisor == 1 else 0.0

    def add_up(numbers: Numbers, categories: Categories) -> float:
        values = chain(map(find, thresholds, numbers), split(categories))
        exits = reduce(and_, map(_get_mask, by_value, values)).to_bytes(size, "little")
        total = sum(map(_get_sum, byte_sums, exits), start)
        if word_sums:
            words = _cut(memoryview(exits)[first_word:], code)
            total = sum(map(_get_sum, word_sums, words), total)
        return total

    if divisor == 1:
        return add_up
    return lambda numbers, categories: add_up(numbers, categories) / divisor + baseline


def suits_masks(term: "Trees") -> bool:
    """Return whether masks are faster than walking down each tree, and not too large."""
    trees = len(term["trees"]["values"]) + len(list_symmetric(term))
    leaves = sum(map(len, term["trees"]["values"])) + BYTE * len(list_symmetric(term))
    is_deep = leaves > MAX_LEAVES_PER_TREE * trees
    most_bytes = MAX_FORMAT_2_MASK_BYTES if "is_format_2" in term else MAX_MASK_BYTES
    return not is_deep and count_conditions(term) * leaves <= BYTE * most_bytes


class Masks:
    """What a row's values leave of the trees' leaves.

    `by_number` has a mask for each interval of each number, which `find` tells, `by_category` one
    for each combination of each group of categories, as `split` cuts them. ANDed, the masks of a
    row have `size` bytes, which `bits` tells the meaning of.
    """

    __slots__ = ("bits", "by_category", "by_number", "find", "size", "split")

    def __init__(self, term: "Trees", features: "list[Feature]") -> None:
        self.bits = bits = Bits(term)
        self.size = len(bits.byte_sums) + len(bits.word_sums) * bits.word_bits // BYTE
        self.find = find_interval if "missing_left" in term else bisect_left
        self.by_number = _mask_numbers(term, bits)
        self.split, self.by_category = group_categories(
            _mask_categories(term, features, bits), partial(reduce, and_), self.size
        )


class Bits:
    """Where the trees' bits are, and what they come to.

    `left` and `right` have by condition the bits that only a row on that side keeps. `byte_sums`
    has a table for each byte of the first part, `word_sums` one for each word of the rest. `trees`
    has each one's values and first bit, and whether its bits are answers instead of leaves.
    """

    __slots__ = (
        "all",
        "baseline",
        "byte_sums",
        "left",
        "right",
        "trees",
        "word_bits",
        "word_code",
        "word_sums",
    )

    def __init__(self, term: "Trees") -> None:
        conditions = count_conditions(term)
        self.left, self.right = [0] * conditions, [0] * conditions
        self.all = 0
        self.trees: list[tuple[list[float], int, bool]] = []
        plain, symmetric, self.baseline = _read_trees(term)
        most = inf if "is_format_2" in term else BYTE
        narrow = [tree for tree in plain if len(tree[1]) <= most]
        wide = [tree for tree in plain if len(tree[1]) > most]
        self._add_leaves(narrow, accumulate((len(values) for _, values in narrow), initial=0))
        self.byte_sums: list[Sums] = [*sum_leaves([values for _, values in narrow])]
        for trees in _share_bytes(symmetric):
            self._add_answers(trees, BYTE * len(self.byte_sums))
            self.byte_sums.append(Answers([values for _, values in trees]))
        widest = max((len(values) for _, values in wide), default=0)
        self.word_bits, self.word_code = WORDS[widest > WORDS[0][0]]
        tables = [sum_words(values, self.word_bits) for _, values in wide]
        sizes = (self.word_bits * len(table) for table in tables)
        self._add_leaves(wide, accumulate(sizes, initial=BYTE * len(self.byte_sums)))
        self.word_sums = [*chain.from_iterable(tables)]

    def _add_leaves(self, trees: list[Tree], places: Iterable[int]) -> None:
        """Give each leaf of some trees a bit, those of a tree from its place on."""
        for (nodes, values), place in zip(trees, places, strict=False):
            self.trees.append((values, place, False))
            leaf = 1 << len(values)
            subtrees: list[int] = []
            for condition in reversed(nodes):  # both sides of a node come before it
                if condition == LEAF:
                    leaf >>= 1
                    subtrees.append(leaf)
                else:
                    to_left, to_right = subtrees.pop(), subtrees.pop()
                    self.left[condition] |= to_left << place
                    self.right[condition] |= to_right << place
                    subtrees.append(to_left | to_right)
            self.all |= subtrees.pop() << place

    def _add_answers(self, trees: list[Tree], place: int) -> None:
        """Give each condition of some symmetric trees a bit: whether the row goes right."""
        for conditions, values in trees:
            self.trees.append((values, place, True))
            for condition in conditions:
                self.right[condition] |= 1 << place
                self.all |= 1 << place
                place += 1


def _read_trees(term: "Trees") -> tuple[list[Tree], list[Tree], float]:
    """Return the trees, the symmetric ones, and the baseline; of format 2 as they are."""
    nodes, conditions = term["trees"]["nodes"], [own for own, _ in list_symmetric(term)]
    values = [*term["trees"]["values"], *(values for _, values in list_symmetric(term))]
    baseline = float(term["baseline"])
    if "is_format_2" not in term:
        values, baseline = round_to_unit(values, baseline)
    rest = iter(values)
    return [*zip(nodes, rest, strict=False)], [*zip(conditions, rest, strict=False)], baseline


def _share_bytes(trees: list[Tree]) -> list[list[Tree]]:
    """Return symmetric trees in groups of eight conditions at most."""
    groups: list[list[Tree]] = []
    free = -1
    for tree in trees:
        if len(tree[0]) > free:
            groups.append([])
            free = BYTE
        groups[-1].append(tree)
        free -= len(tree[0])
    return groups


def _mask_numbers(term: "Trees", bits: Bits) -> list:
    """Return per number the bits that stay, by `find_interval`."""
    masks = []
    first = 0
    for number, thresholds in enumerate(term["thresholds"]):
        span = slice(first, first + len(thresholds))
        left, right = bits.left[span], bits.right[span]
        lost = _lose_by_interval(left, right)
        if "missing_left" in term:  # the last, which is at place -1
            lost.append(_lose_missing(left, right, term["missing_left"][number]))
        masks.append([bits.all & ~gone for gone in lost])
        first = span.stop
    return masks


def _lose_by_interval(left: list[int], right: list[int]) -> list[int]:
    """Return what is lost: the left bits of thresholds below a number, the others' right ones."""
    below = accumulate(left, or_, initial=0)
    others = [*accumulate(reversed(right), or_, initial=0)]
    return [a | b for a, b in zip(below, reversed(others), strict=True)]


def _lose_missing(left: list[int], right: list[int], missing_left: list[int]) -> int:
    sides = zip(left, right, missing_left, strict=True)
    lost = (to_right if is_left else to_left for to_left, to_right, is_left in sides)
    return reduce(or_, lost, 0)


def _mask_categories(
    term: "Trees", features: "list[Feature]", bits: Bits
) -> list[dict[Category, int]]:
    """Return per categorical feature the bits that stay, by category."""
    masks: list[dict[Category, int]] = []
    first = sum(map(len, term["thresholds"]))
    for by_category in read_category_sides(term, features):
        masks.append({})
        for category, goes_right in by_category.items():
            sides = enumerate(goes_right, start=first)
            lost = [bits.left[c] if is_right else bits.right[c] for c, is_right in sides]
            masks[-1][category] = bits.all & ~reduce(or_, lost, 0)
        first += len(goes_right)
    return masks
