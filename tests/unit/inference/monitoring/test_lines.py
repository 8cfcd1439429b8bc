import json

import pytest

from inference.monitoring.lines import add_up, fits, read_line

LINE = {"event": "customer_counts", "customers": 3, "features": [[1, 2], [3, 0]], "scores": [0, 3]}
OTHER = {"customers": 2, "features": [[2, 0], [1, 1]], "scores": [2, 0]}
REFERENCE = {"features": [{"counts": [5, 5]}, {"counts": [9, 1]}], "scores": {"counts": [4, 6]}}


@pytest.mark.parametrize("prefix", ["", "2026-11-25T00:00:00.000Z abc-1 "])
def test_a_line_of_counts_is_read(prefix):
    assert read_line(prefix + json.dumps(LINE)) == LINE


@pytest.mark.parametrize("text", ["", "[1]", "{", '{"event": "x"}', "START RequestId", "3"])
def test_another_line_is_none(text):
    assert read_line(text) is None


def test_lines_add_up_bin_by_bin():
    assert add_up(add_up(None, LINE), OTHER) == {
        "customers": 5,
        "features": [[3, 2], [4, 1]],
        "scores": [2, 3],
    }


def test_counts_of_the_references_bins_fit():
    assert fits(LINE, REFERENCE)


@pytest.mark.parametrize(
    "changed",
    [
        {"features": [[1, 2]]},
        {"features": [[1, 2], [3]]},
        {"features": None},
        {"scores": [3]},
        {"customers": "3"},
        {"customers": True},
        {"scores": [-1, 4]},
        {"scores": [0.5, 2]},
    ],
)
def test_others_do_not(changed):
    assert not fits(LINE | changed, REFERENCE)


def test_without_a_member_they_do_not():
    assert not fits({"customers": 3}, REFERENCE)
