import numpy as np
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

from model.errors import ExportError
from model.export.export_linear import build_linear_term
from model.export.members import read_members, share_features
from model.fitting.blend import Blend

TRAIN_ROWS = np.arange(60)


@pytest.fixture
def build(customers):
    """Return the function from a model to its linear term."""
    names = (*customers.numeric, *customers.categorical)

    def build_term(model):
        members = read_members(model, customers)
        return build_linear_term(members, share_features(members, names), customers, TRAIN_ROWS)

    return build_term


def test_one_models_weights_are_coefficients_over_scales(customers, fit, build):
    pipeline = fit(LogisticRegression())

    term = build(pipeline)

    scaler, classifier = pipeline[0].named_transformers_["numbers"][-1], pipeline[1]
    coefficients = classifier.coef_[0]
    weights = coefficients[:2] / scaler.scale_
    frame = customers.frame.iloc[TRAIN_ROWS]
    charges = frame["charges"].fillna(customers.frame["charges"].median())
    contracts = frame["contract"].fillna(customers.frame["contract"].mode()[0])
    shares = [(contracts == text).mean() for text in ("Monthly", "One year", "Two year")]
    assert term == {
        "kind": "linear",
        "intercept": pytest.approx(classifier.intercept_[0] - weights @ scaler.mean_),
        "weights": pytest.approx(weights.tolist()),
        "categories": [
            pytest.approx([*coefficients[2:5], 0.0]),
            pytest.approx([*coefficients[5:], 0.0]),
        ],
        "means": pytest.approx(
            [
                weights[0] * frame["tenure"].mean(),
                weights[1] * charges.mean(),
                coefficients[2:5] @ shares,
                coefficients[5] * (frame["gender"] == "Female").mean()
                + coefficients[6] * (frame["gender"] == "Male").mean(),
            ]
        ),
    }


def test_numbers_have_their_own_weights_in_whatever_order_a_model_has_them(customers, build):
    numbers = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    texts = make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder())
    columns = ColumnTransformer(
        [("numbers", numbers, ["charges", "tenure"]), ("texts", texts, ["contract", "gender"])]
    )
    pipeline = make_pipeline(columns, LogisticRegression())
    pipeline.fit(customers.frame, customers.target)

    term = build(pipeline)

    scales = pipeline[0].named_transformers_["numbers"][-1].scale_
    charges, tenure = pipeline[1].coef_[0][:2] / scales
    assert term["weights"] == pytest.approx([tenure, charges])


def test_members_that_fill_blanks_differently_say_what_a_missing_number_adds(fit, build):
    plain = make_pipeline(SimpleImputer(strategy="constant", fill_value=-2.0))
    other = make_pipeline(SimpleImputer(strategy="constant", fill_value=8.0))
    members = (
        fit(LogisticRegression(max_iter=9999), numbers=plain),
        fit(LogisticRegression(max_iter=9999, C=0.1), numbers=other),
    )

    term = build(Blend(members, (0.25, 0.5)))

    first, second = (0.25 * members[0][1].coef_[0], 0.5 * members[1][1].coef_[0])
    assert term["weights"] == pytest.approx((first + second)[:2].tolist())
    assert term["missing"] == pytest.approx((-2.0 * first + 8.0 * second)[:2].tolist())
    assert term["categories"][1] == pytest.approx([*(first + second)[5:], 0.0])


def test_rare_categories_are_what_all_others_add(customers, fit, build):
    encoder = OneHotEncoder(handle_unknown="infrequent_if_exist", max_categories=2)
    texts = make_pipeline(SimpleImputer(strategy="most_frequent"), encoder)
    pipeline = fit(LogisticRegression(), texts=texts)

    term = build(pipeline)

    frequent, rare = pipeline[1].coef_[0][2:4]
    assert term["categories"][0] == pytest.approx([frequent, rare])
    blank = customers.frame["contract"].mode()[0]
    share = (customers.frame["contract"].iloc[TRAIN_ROWS].fillna(blank) == blank).mean()
    assert term["means"][2] == pytest.approx(share * frequent + (1 - share) * rare)


def test_linear_member_needs_an_imputer(fit, build):
    pipeline = fit(LogisticRegression())
    pipeline[0].transformers_[0] = ("numbers", FunctionTransformer(), ["tenure", "charges"])

    with pytest.raises(ExportError) as refusal:
        build(pipeline)

    expected = "column 'tenure': LogisticRegression needs a SimpleImputer to score a blank"
    assert str(refusal.value) == expected
