import pytest

from inference.monitoring.verdict import FEWEST, SCORE, has_drifted, judge


@pytest.fixture
def model(document):
    return document


def count(customers, *, contract=(0.6, 0.4, 0, 0), scores=(0.4, 0.3, 0.2, 0.1)):
    """Return a window like training, but for what is said."""
    shares = [
        (0, 0.4, 0.3, 0.3, 0, 0),
        (0, 0.35, 0.3, 0.3, 0, 0.05),
        contract,
        (0.45, 0.5, 0, 0.05),
    ]
    return {
        "customers": customers,
        "features": [[round(customers * share) for share in field] for field in shares],
        "scores": [round(customers * share) for share in scores],
    }


def test_a_window_like_training_has_no_drift(model):
    verdict = judge(model, count(2_000), [])

    assert verdict["customers"] == 2_000
    assert verdict["is_judged"]
    assert (verdict["drifted"], verdict["alarm"]) == ([], [])
    assert [field["name"] for field in verdict["fields"]] == [
        "tenure",
        "charges",
        "contract",
        "paperless",
        SCORE,
    ]
    assert all(field["q"] == 1.0 for field in verdict["fields"])


def test_a_field_drifts_at_once_and_alarms_in_the_second_window(model):
    moved = count(2_000, contract=(0.2, 0.3, 0.5, 0))

    first = judge(model, moved, [])
    second = judge(model, moved, first["drifted"])

    assert (first["drifted"], first["alarm"]) == (["contract"], [])
    assert (second["drifted"], second["alarm"]) == (["contract"], ["contract"])
    assert second["fields"][2]["unseen"] == 0.5


def test_scores_are_a_field_of_their_own(model):
    assert judge(model, count(2_000, scores=(0.1, 0.2, 0.3, 0.4)), [])["drifted"] == [SCORE]


def test_few_customers_are_not_judged(model):
    verdict = judge(model, count(FEWEST - 20, contract=(0, 0, 1, 0)), ["contract"])

    assert not verdict["is_judged"]
    assert (verdict["drifted"], verdict["alarm"]) == ([], [])


def test_a_difference_too_small_to_matter_is_no_drift(model):
    reference = model["reference"]["features"][2]
    reference["counts"] = [12_000, 8_000, 0, 0]

    verdict = judge(model, count(100_000, contract=(0.64, 0.36, 0, 0)), [])

    [contract] = [field for field in verdict["fields"] if field["name"] == "contract"]
    assert contract["q"] < 1e-6
    assert contract["moved"] == pytest.approx(0.04)
    assert verdict["drifted"] == []


@pytest.mark.parametrize(
    ("change", "is_drift"),
    [
        ({}, True),
        ({"q": 0.0011}, False),
        ({"psi": 0.2}, False),
        ({"moved": 0.0499}, False),
    ],
    ids=["all just enough", "chance", "stable", "too small"],
)
def test_limits_of_drift(change, is_drift):
    field = {"q": 0.001, "psi": 0.2001, "psi_critical": 0.2, "moved": 0.05}

    assert has_drifted(field | change) is is_drift


def test_shares_of_odd_values_are_told(model):
    window = count(1_000)
    window["features"][0] = [30, 400, 300, 200, 20, 50]

    tenure, _, contract, _, score = judge(model, window, [])["fields"]

    assert tenure["outside"] == pytest.approx(0.05)
    assert tenure["blank"] == pytest.approx(0.05)
    assert tenure["blank_in_training"] == 0
    assert contract["unseen"] == 0
    assert "blank" not in score


def test_rare_categories_are_not_unseen(model):
    model["schema"]["features"][2]["rare"] = True

    contract = judge(model, count(1_000), [])["fields"][2]

    assert "unseen" not in contract


def test_quality_is_estimated(model):
    estimates = judge(model, count(1_000), [])["estimates"]

    assert estimates["churn_rate"]["value"] == pytest.approx(71 / 200, abs=0.005)


def test_a_window_without_customers_is_one(model):
    verdict = judge(model, count(0), [])

    assert verdict["estimates"]["auc"]["value"] is None
    assert not verdict["is_judged"]
