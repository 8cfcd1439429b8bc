import json

from inference.bulk.tally import (
    OTHER,
    Tally,
    count_batch,
    from_json,
    merge,
    to_json,
)
from inference.scoring.batch import Batch


def batch_of(predictions, labels, errors=(), warnings=()):
    batch = Batch()
    batch.predictions, batch.labels = list(predictions), list(labels)
    batch.errors, batch.warnings = list(errors), list(warnings)
    return batch


def test_counts_rows_scores_and_where_errors_were_first():
    tally = Tally()

    count_batch(tally, batch_of([0.25, None], [0, None], [(1, None, "expected 2 cells, got 1")]))
    count_batch(
        tally,
        batch_of([1.0, None, 0.2504], [1, None, 0], [(1, "a", "missing")], [(2, "b", "blank")]),
    )

    assert tally == Tally(
        customers=5,
        scored=3,
        churners=1,
        errors={"expected 2 cells, got 1": [1, [2]], "a: missing": [1, [4]]},
        warnings={"b: blank": 1},
        bins={250: 2, 1000: 1},
    )


def test_merging_tallies_counts_as_if_rows_came_in_one():
    batches = [
        batch_of([0.5, None], [1, None], [(1, "a", "bad")], [(0, "b", "blank")]),
        batch_of([None, 0.75], [None, 1], [(0, "a", "bad")], [(1, "b", "blank")]),
    ]
    together, apart = Tally(), Tally()
    for batch in batches:
        count_batch(together, batch)
        part = Tally()
        count_batch(part, batch)
        merge(apart, part)

    assert apart == together
    assert apart.errors == {"a: bad": [2, [2, 3]]}


def test_tally_comes_back_from_json():
    tally = Tally()
    count_batch(tally, batch_of([0.5, None], [1, None], [(1, "a", "bad")], [(0, "b", "blank")]))

    assert from_json(json.loads(json.dumps(to_json(tally)))) == tally


def test_places_and_kinds_are_bounded():
    errors = [(row, f"field {row}", "bad") for row in range(105)]
    warnings = [(row, f"field {row}", "odd") for row in range(105)]
    tally = Tally()
    count_batch(tally, batch_of([None] * 105, [None] * 105, errors, warnings))
    for _ in range(11):
        count_batch(tally, batch_of([None], [None], [(0, "field 0", "bad")]))

    assert len(tally.errors) == len(tally.warnings) == 100 + 1
    assert tally.errors[OTHER] == [5, [101, 102, 103, 104, 105]]
    assert tally.warnings[OTHER] == 5
    assert tally.errors["field 0: bad"] == [12, [1, *range(106, 115)]]  # the first ten of them
