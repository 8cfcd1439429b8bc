from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from model.report.sections.fairness import FairnessTable, Treatment, compare_groups


@pytest.fixture
def known(evidence):
    frame = pd.DataFrame(
        {
            "charges": np.arange(8.0),
            "gender": ["Female"] * 5 + ["Male"] * 3,
            "SeniorCitizen": [0.0] * 4 + [1.0] * 4,
        }
    )
    return replace(
        evidence,
        frame=frame,
        target=np.array([1, 1, 0, 0, 0, 0, 0, 0]),
        probabilities=np.array([0.75, 0.25, 0.5, 0.25, 0.25, 0.25, 0.75, 0.5]),
    )


def test_groups_of_personal_features_are_compared_at_the_models_threshold(known):
    gender, senior = compare_groups(known)

    assert gender == FairnessTable(
        "gender",
        [
            Treatment("Female", 5, 0.4, 0.4, 0.4, 0.5, 1 / 3, has_few=True),
            Treatment("Male", 3, 0.0, 0.5, 2 / 3, None, 2 / 3, has_few=True),
        ],
        left_out=0,
    )
    assert [group.label for group in senior.groups] == ["0", "1"]


def test_only_the_largest_groups_are_shown(known):
    regions = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"]
    frame = pd.DataFrame({"region": np.repeat(regions, range(1, 11))})
    size = len(frame)

    (table,) = compare_groups(
        replace(known, frame=frame, target=np.ones(size, int), probabilities=np.zeros(size))
    )

    assert [group.label for group in table.groups] == list("jihgfedc")
    assert table.left_out == 2


def test_large_groups_are_not_marked(known):
    frame = pd.DataFrame({"gender": ["Female"] * 60})

    (table,) = compare_groups(
        replace(known, frame=frame, target=np.array([0, 1] * 30), probabilities=np.zeros(60))
    )

    assert table.groups[0].has_few is False


def test_a_table_without_personal_features_has_none(known):
    assert compare_groups(replace(known, frame=known.frame[["charges"]])) == []
