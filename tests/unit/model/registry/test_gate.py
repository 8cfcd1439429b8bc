"""The gate on a table whose truth is known: churn was drawn from the model in TRUTH."""

import copy
import hashlib
import json

import numpy as np
import pytest

from inference.scoring.artifact import load_artifact
from model.export.model_file import serialize
from model.registry.gate import judge, schema_changes

CONTRACTS = ["Month-to-month", "One year", "Two year"]
TRUTH = {
    "tenure": -0.05,
    "MonthlyCharges": 0.02,
    "Month-to-month": 0.5,
    "One year": -0.8,
    "Two year": -1.5,
}
BASE = 0.5 - 0.02 * 65
CUSTOMERS = 5_000


@pytest.fixture(scope="module")
def csv(tmp_path_factory):
    random = np.random.default_rng(0)
    tenure = random.integers(0, 73, CUSTOMERS)
    charges = random.uniform(18, 118, CUSTOMERS).round(2)
    contract = random.choice(CONTRACTS, CUSTOMERS, p=[0.5, 0.2, 0.3])
    log_odds = BASE - 0.05 * tenure + 0.02 * charges + np.array([TRUTH[name] for name in contract])
    churn = np.where(random.random(CUSTOMERS) < 1 / (1 + np.exp(-log_odds)), "Yes", "No")
    columns = (range(CUSTOMERS), tenure, charges, contract, churn)
    lines = ["id,tenure,MonthlyCharges,Contract,Churn"]
    lines += [
        ",".join(map(str, ("c" + str(row[0]), *row[1:]))) for row in zip(*columns, strict=True)
    ]
    path = tmp_path_factory.mktemp("data") / "customers.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture(scope="module")
def model(csv):
    """Return the function that makes a model: the truth, but for the weights stated."""
    sha256 = hashlib.sha256(csv.read_bytes()).hexdigest()

    def make(weights=None, meta=None, schema=None):
        payload = describe(TRUTH | (weights or {}))
        payload["schema"] |= schema or {}
        facts = {
            "data": {"name": csv.name, "sha256": sha256, "rows": CUSTOMERS, "synthetic": False},
            "parity": {"rows": CUSTOMERS, "max_difference": 2e-16},
        }
        return load_artifact(serialize(payload, facts | (meta or {})))

    return make


def describe(weights):
    numbers = ["tenure", "MonthlyCharges"]
    features = [
        {"name": name, "kind": "number", "blank": 0.0, "min": 0.0, "max": 118.0} for name in numbers
    ]
    features.append(
        {"name": "Contract", "kind": "category", "blank": "One year", "categories": CONTRACTS}
    )
    return {
        "artifact": {
            "numeric_features": numbers,
            "numeric_imputer_medians": [0.0, 0.0],
            "numeric_means": [0.0, 0.0],
            "numeric_scales": [1.0, 1.0],
            "categorical_features": ["Contract"],
            "categories": [CONTRACTS],
            "coef": [[weights[name] for name in (*numbers, *CONTRACTS)]],
            "intercept": [BASE],
        },
        "schema": {
            "target": "Churn",
            "labels": ["No", "Yes"],
            "threshold": 0.5,
            "id": "id",
            "features": features,
        },
    }


def test_first_model_needs_no_live_one(model):
    verdict = judge(model(), None)

    assert verdict.has_passed
    assert [check.note for check in verdict.checks] == [
        "5,000 rows within 2.0e-16 of scikit-learn",
        "5,000 customers of customers.csv",
        "not looked for when it was trained",
        "no live model to compare with",
    ]


def test_model_of_made_up_customers_is_refused(model):
    synthetic = model(meta={"data": {"name": "synthetic", "rows": 7043, "synthetic": True}})

    verdict = judge(synthetic, None)

    assert verdict.refusals == ["data: learned from made-up customers (--allow-synthetic)"]


def test_made_up_customers_will_do_where_that_is_said_or_already_so(model):
    synthetic = model(meta={"data": {"name": "synthetic", "rows": 7043, "synthetic": True}})

    said = judge(synthetic, None, may_be_synthetic=True)
    already_so = judge(synthetic, synthetic)

    assert said.refusals == []
    assert already_so.checks[1].refusals == ()


LEAK = {"columns": ["a", "b"], "auc_alone": 0.9991, "auc_with": 1.0, "auc_without": 0.84}


def test_model_that_learned_from_a_leak_needs_each_of_its_columns_allowed(model):
    leaky = model(meta={"inspection": {"leaks": [LEAK], "columns": [], "notes": []}})

    refused = judge(leaky, None, allowed_leaks=["a"])
    allowed = judge(leaky, None, allowed_leaks=["b", "a"])

    assert refused.refusals == [
        'leaks: "a" and "b" alone: AUC 0.9991, the table without leaks 0.8400; '
        'train with --drop, or say --allow-leak "a" --allow-leak "b" --reason WHY'
    ]
    assert allowed.has_passed


@pytest.mark.parametrize(
    ("meta", "note"),
    [
        ({}, "not looked for when it was trained"),
        ({"inspection": {"leaks": [], "columns": [], "notes": []}}, "none found"),
    ],
    ids=["older file", "clean table"],
)
def test_model_without_a_leak_passes(model, meta, note):
    verdict = judge(model(meta=meta), None)

    assert [check.note for check in verdict.checks if check.name == "leaks"] == [note]
    assert verdict.has_passed


def test_better_model_passes(model, csv):
    verdict = judge(model(), model({"tenure": -0.01}), csv)

    assert verdict.has_passed
    assert [(check.name, check.note) for check in verdict.checks] == [
        ("parity", "5,000 rows within 2.0e-16 of scikit-learn"),
        ("data", "5,000 customers of customers.csv"),
        ("leaks", "not looked for when it was trained"),
        ("schema", "the same 3 features"),
        ("overall", "1,000 held-out customers of customers.csv"),
        ("segments", "22 figures of 11 segments"),
    ]


def test_model_as_good_as_the_live_one_passes(model, csv):
    assert judge(model({"tenure": -0.049}), model(), csv).has_passed


def test_worse_model_is_refused_with_its_figures(model, csv):
    verdict = judge(model({"tenure": -0.01}), model(), csv)

    auc, brier = verdict.comparisons[:2]
    assert verdict.refusals[:2] == [
        f"AUC {auc.candidate:.4f}, live {auc.live:.4f}: worse by {-auc.gain:.4f}, surely by "
        f"{-auc.high:.4f} (95%, 1,000 customers; tolerated: 0.01)",
        f"Brier score {brier.candidate:.4f}, live {brier.live:.4f}: worse by {-brier.gain:.4f}, "
        f"surely by {-brier.high:.4f} (95%, 1,000 customers; tolerated: 0.005)",
    ]


def test_model_better_overall_but_worse_for_two_year_contracts_is_refused(model, csv):
    live = model({"tenure": -0.01})
    candidate = model({"Two year": 0.5})

    verdict = judge(candidate, live, csv)

    auc, brier = verdict.comparisons[:2]
    assert (auc.gain > 0, brier.gain > 0) == (True, True)
    refused = [reason.partition(" 0.")[0] for reason in verdict.refusals]
    # New customers churn most: there the contract decides who stays.
    assert refused == [
        "tenure = up to 20: AUC",
        "tenure = up to 20: Brier score",
        "Contract = Two year: Brier score",
    ]


def test_model_worse_in_one_quarter_of_a_number_only_is_refused(model, csv):
    verdict = judge(model({"Two year": 0.0}), model({"tenure": -0.01}), csv)

    assert all(comparison.gain > 0 for comparison in verdict.comparisons[:2])
    assert [reason.partition(" 0.")[0] for reason in verdict.refusals] == ["tenure = up to 20: AUC"]


def test_tolerated_loss_passes_and_an_uncertain_one_does_not(model, csv):
    tiny = judge(model({"MonthlyCharges": 0.019}), model(), csv)
    uncertain = judge(model({"tenure": -0.03}), model({"MonthlyCharges": 0.0}), csv)

    assert tiny.has_passed
    assert any("may be worse by" in reason for reason in uncertain.refusals)


def test_live_model_from_another_table_is_compared_on_the_candidates_held_out_rows(model, csv):
    other = {"data": {"name": "old.csv", "sha256": "0" * 64, "rows": 9, "synthetic": False}}

    verdict = judge(model(), model({"tenure": -0.01}, other), csv)

    assert verdict.has_passed
    assert verdict.checks[4].note == (
        "1,000 held-out customers of customers.csv; the live model learned from another table "
        "and may have seen some of them"
    )


@pytest.mark.parametrize(
    ("meta", "reason"),
    [
        ({"parity": None}, "parity with scikit-learn: not recorded in training_meta.parity"),
        ({"parity": {}}, "parity with scikit-learn: not recorded in training_meta.parity"),
        (
            {"parity": {"rows": 10, "max_difference": 2e-12}},
            "parity with scikit-learn: off by 2.0e-12, over 1e-12",
        ),
    ],
    ids=["none", "empty", "too far off"],
)
def test_model_without_parity_is_refused(model, meta, reason):
    assert judge(model(meta=meta), None).refusals == [reason]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        (None, "the table that {version} learned from isn't given"),
        ("other.csv", "other.csv: isn't the table that {version} learned from"),
    ],
    ids=["none", "another"],
)
def test_model_that_cannot_be_compared_is_refused(model, csv, tmp_path, path, reason):
    candidate = model()
    if path:
        path = tmp_path / path
        path.write_text(csv.read_text() + "c9,1,20.0,One year,No\n")

    verdict = judge(candidate, model({"tenure": -0.01}), path)

    reason = reason.format(version=candidate.version)
    assert verdict.refusals == [
        f"can't be compared with the live model: {reason}; say --data CSV, or set TELCO_CSV"
    ]


def test_schema_changes_are_named(model, document, pack):
    live, other = model(), load_artifact(pack(document))

    assert schema_changes(live, live) == []
    assert schema_changes(live, other) == [
        "schema: MonthlyCharges is no longer used",
        "schema: Contract is no longer used",
        "schema: charges is newly required",
        "schema: contract is newly required",
        "schema: paperless is newly required",
        "schema: the id column was id, is customerID",
    ]


def test_field_of_another_kind_is_named_whichever_way_it_changed(document, pack):
    as_text = copy.deepcopy(document)
    tenure = {"name": "tenure", "kind": "category", "blank": "1", "categories": ["1"]}
    _, charges, *texts = as_text["schema"]["features"]
    as_text["schema"]["features"] = [charges, tenure, *texts]
    as_text["artifact"] |= {
        "numeric_features": ["charges"],
        "numeric_imputer_medians": [70.5],
        "numeric_means": [60.0],
        "numeric_scales": [30.0],
        "categorical_features": ["tenure", "contract", "paperless"],
        "categories": [["1"], ["Month-to-month", "Two year"], ["No", "Yes"]],
        "coef": [[0.4, -0.8, 0.9, -0.7, -0.2, 0.2]],
    }
    numbers, texts = load_artifact(pack(document)), load_artifact(pack(as_text))

    assert schema_changes(numbers, texts) == ["schema: tenure was a number, becomes a category"]
    assert schema_changes(texts, numbers) == ["schema: tenure was a category, becomes a number"]


def test_other_schema_is_refused_unless_allowed(model, csv):
    live = model({"tenure": -0.01}, schema={"labels": ["stays", "leaves"]})

    refused = judge(model(), live, csv)
    allowed = judge(model(), live, csv, may_change_schema=True)

    change = "schema: the labels was ['stays', 'leaves'], is ['No', 'Yes']"
    assert refused.refusals == [f"{change} (--allow-schema-change)"]
    assert allowed.has_passed
    assert allowed.checks[3].note == f"changed, as allowed: {change}"


def test_live_model_that_needs_other_fields_is_excused_by_a_schema_change(
    model, csv, document, pack
):
    live = load_artifact(pack(document))

    allowed = judge(model(), live, csv, may_change_schema=True)
    refused = judge(model(), live, csv)

    problem = "the live model can't score the rows of customers.csv: charges: missing"
    assert allowed.has_passed
    assert allowed.checks[-1].note == problem
    assert refused.refusals[-1] == problem


def test_first_versions_file_does_not_say_what_it_predicts(model, csv):
    first = {"artifact": describe(TRUTH | {"tenure": -0.01})["artifact"]}
    live = load_artifact(json.dumps(first).encode())

    assert judge(model(), live, csv).has_passed


def test_verdict_tells_scripts_the_overall_figures_and_the_segments_that_are_worse(model, csv):
    told = judge(model({"Two year": 0.5}), model({"tenure": -0.01}), csv).as_dict()

    assert told["passed"] is False
    assert told["tolerances"] == {"AUC": 0.01, "Brier score": 0.005}
    assert [(item["metric"], item["segment"]) for item in told["comparisons"]] == [
        ("AUC", None),
        ("Brier score", None),
        ("AUC", "tenure = up to 20"),
        ("Brier score", "tenure = up to 20"),
        ("Brier score", "Contract = Two year"),
    ]


@pytest.mark.parametrize(
    ("not_scored", "refusals", "note"),
    [
        (
            20,
            (),
            "of 2,000 customers of the live traffic 2.0% would be flagged anew, 1.0% no longer",
        ),
        (21, ("shadow: couldn't score 21 of 2,000 customers of the live traffic",), ""),
    ],
    ids=["at the limit", "beyond it"],
)
def test_what_the_shadow_showed_is_a_check(model, csv, not_scored, refusals, note):
    shadow = {"customers": 2_000, "not_scored": not_scored, "labels": [1_300, 40, 20, 600]}

    verdict = judge(model(), model(), csv, shadow=shadow)

    (check,) = [check for check in verdict.checks if check.name == "shadow"]
    assert (check.refusals, check.note) == (refusals, note)
    assert verdict.has_passed == (not refusals)
