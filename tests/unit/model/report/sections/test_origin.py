import pytest

from model.report.evidence import gather_evidence
from model.report.sections.origin import write_origin


@pytest.fixture
def tell(described, pack, table, rows):
    """Return the function from `training_meta.search` to what the section says."""

    def write(search):
        described["training_meta"]["search"] = search
        return str(write_origin(gather_evidence(pack(described), table, rows)).parts[0])

    return write


def test_a_search_says_how_many_settings_it_tried(tell):
    text = tell({"budget_s": 40.0, "planned": 24, "tried": 24})

    assert "24 settings of boosting tried, for a budget of 40 s<" in text


def test_a_search_that_was_cut_says_that_another_run_may_differ(tell):
    text = tell({"budget_s": 40.0, "planned": 24, "tried": 9, "ended_by": "the clock"})

    assert (
        "9 settings of boosting tried, for a budget of 40 s; the clock ended it, 24 were planned: "
        "another run may find something else<" in text
    )
