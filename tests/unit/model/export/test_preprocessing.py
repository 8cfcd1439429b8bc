import numpy as np
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.impute import KNNImputer, SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    MinMaxScaler,
    OneHotEncoder,
    OrdinalEncoder,
    StandardScaler,
)

from model.errors import ExportError
from model.export.preprocessing import (
    CategoryColumns,
    NumberColumn,
    Preprocessing,
    read_preprocessing,
    require_imputers,
)

CONTRACTS = ("Monthly", "One year", "Two year")
NUMBERS = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
TEXTS = make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder())


def fill(**options):
    return SimpleImputer(strategy="most_frequent", **options)


@pytest.fixture
def read(customers):
    """Return the function that fits transformers and reads them back."""

    def fit_and_read(*transformers, **options):
        columns = ColumnTransformer(list(transformers), **options).fit(customers.frame)
        return read_preprocessing(columns, customers.numeric, customers.categorical)

    return fit_and_read


def test_features_come_in_the_tables_order_and_columns_in_the_matrixs(customers, read):
    preprocessing = read(
        ("texts", TEXTS, ["gender", "contract"]), ("numbers", NUMBERS, ["charges", "tenure"])
    )

    frame = customers.frame
    fee = frame["charges"].fillna(frame["charges"].median())
    assert preprocessing == Preprocessing(
        numbers=(
            NumberColumn(
                "tenure",
                frame["tenure"].median(),
                frame["tenure"].mean(),
                frame["tenure"].std(ddof=0),
            ),
            NumberColumn("charges", frame["charges"].median(), fee.mean(), fee.std(ddof=0)),
        ),
        categories=(
            CategoryColumns(
                "contract", frame["contract"].mode()[0], CONTRACTS, (0, 1, 2), None, True
            ),
            CategoryColumns(
                "gender", frame["gender"].mode()[0], ("Female", "Male"), (0, 1), None, True
            ),
        ),
        columns=((3, 0), (3, 1), (2, 0), (2, 1), (2, 2), (1, None), (0, None)),
        is_sparse=False,
    )


@pytest.mark.parametrize(
    ("policy", "texts", "columns", "others"),
    [
        pytest.param("infrequent_if_exist", ("Monthly",), (0,), 1, id="others count as rare"),
        pytest.param("ignore", CONTRACTS, (0, 1, 1), None, id="others count as nothing"),
        pytest.param("error", CONTRACTS, (0, 1, 1), None, id="others are refused"),
    ],
)
def test_rare_categories_share_the_last_column(customers, policy, texts, columns, others):
    often = (*["Monthly"] * 60, *["One year"] * 12, *["Two year"] * 8)
    steps = make_pipeline(fill(), OneHotEncoder(handle_unknown=policy, min_frequency=20))
    transformer = ColumnTransformer([("t", steps, ["contract"])])
    transformer.fit(customers.frame.assign(contract=often))

    (category,) = read_preprocessing(transformer, (), ("contract",)).categories

    assert category == CategoryColumns(
        "contract", "Monthly", texts, columns, others, policy == "error"
    )
    assert [category.column_of(text) for text in (*CONTRACTS, "Weekly")] == [0, 1, 1, others]


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        pytest.param("passthrough", NumberColumn("tenure", None, 0.0, 1.0), id="as it is"),
        pytest.param(
            FunctionTransformer(), NumberColumn("tenure", None, 0.0, 1.0), id="no function"
        ),
        pytest.param(
            SimpleImputer(strategy="constant", fill_value=-1),
            NumberColumn("tenure", -1.0, 0.0, 1.0),
            id="imputer alone",
        ),
        pytest.param(
            make_pipeline(FunctionTransformer(), StandardScaler(with_mean=False, with_std=False)),
            NumberColumn("tenure", None, 0.0, 1.0),
            id="scaler that does nothing",
        ),
    ],
)
def test_steps_that_leave_out_something_are_read(read, numbers, expected):
    assert read(("numbers", numbers, ["tenure"])).numbers == (expected,)


def test_scaler_without_centring_divides_only(customers, read):
    (number,) = read(("numbers", StandardScaler(with_mean=False), ["tenure"])).numbers

    assert (number.mean, number.scale) == (
        0.0,
        pytest.approx(customers.frame["tenure"].std(ddof=0)),
    )


def test_columns_that_are_dropped_are_no_features(read):
    preprocessing = read(("numbers", NUMBERS, ["tenure"]), ("gone", "drop", ["charges"]))

    assert [number.name for number in preprocessing.numbers] == ["tenure"]
    assert preprocessing.columns == ((0, None),)


def test_remainder_that_passes_is_read(read):
    preprocessing = read(
        ("texts", TEXTS, ["contract", "gender"]), remainder="passthrough", sparse_threshold=1.0
    )

    assert [number.blank for number in preprocessing.numbers] == [None, None]
    assert preprocessing.is_sparse


@pytest.mark.parametrize(
    ("step", "message"),
    [
        (MinMaxScaler(), "MinMaxScaler can't be reproduced"),
        (KNNImputer(), "KNNImputer can't be reproduced"),
        (FunctionTransformer(np.sqrt), "FunctionTransformer can't be reproduced"),
        (make_pipeline(StandardScaler(), SimpleImputer()), "SimpleImputer can't be reproduced"),
    ],
    ids=["scaler", "imputer", "function", "order"],
)
def test_other_steps_for_numbers_are_refused(read, step, message):
    with pytest.raises(ExportError) as refusal:
        read(("numbers", step, ["tenure"]))

    expected = "; for numbers: [SimpleImputer], [StandardScaler]"
    assert str(refusal.value) == f"step 'numbers': {message}{expected}"


@pytest.mark.parametrize(
    ("imputer", "message"),
    [
        (SimpleImputer(add_indicator=True), "step 'n': SimpleImputer(add_indicator=True)"),
        (SimpleImputer(missing_values=0), "step 'n': SimpleImputer(missing_values=…)"),
        (SimpleImputer(strategy=np.max), "step 'n': SimpleImputer(strategy=callable)"),
    ],
    ids=["indicator", "other blank", "callable"],
)
def test_imputers_options_are_refused_by_name(read, imputer, message):
    with pytest.raises(ExportError) as refusal:
        read(("n", imputer, ["tenure"]))

    assert str(refusal.value) == f"{message} can't be reproduced"


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        (
            [fill(), OneHotEncoder(drop="first")],
            "step 't': OneHotEncoder(drop=…) can't be reproduced",
        ),
        ([OneHotEncoder()], "step 't': for categories, expected SimpleImputer, OneHotEncoder"),
        (
            [fill(), OrdinalEncoder()],
            "step 't': for categories, expected SimpleImputer, OneHotEncoder",
        ),
        (
            [fill(), OneHotEncoder(sparse_output=False), StandardScaler()],
            "step 't': StandardScaler can't be reproduced;"
            " for categories: SimpleImputer, OneHotEncoder",
        ),
    ],
    ids=["drop", "no imputer", "ordinal", "scaled"],
)
def test_other_steps_for_categories_are_refused(read, steps, message):
    with pytest.raises(ExportError) as refusal:
        read(("t", make_pipeline(*steps), ["contract"]))

    assert str(refusal.value) == message


def test_unknown_policy_for_unseen_categories_is_refused(customers):
    columns = ColumnTransformer([("t", TEXTS, ["contract"])]).fit(customers.frame)
    columns.named_transformers_["t"][1].handle_unknown = "guess"

    with pytest.raises(ExportError, match=r"^step 't': OneHotEncoder\(handle_unknown=…\) can't"):
        read_preprocessing(columns, customers.numeric, customers.categorical)


@pytest.mark.parametrize(
    ("transformers", "options", "message"),
    [
        (
            [("n", NUMBERS, ["tenure"])],
            {"transformer_weights": {"n": 2.0}},
            "ColumnTransformer: transformer_weights can't be reproduced",
        ),
        (
            [("n", NUMBERS, ["tenure"]), ("m", "passthrough", ["tenure"])],
            {},
            "ColumnTransformer: column 'tenure' is used more than once",
        ),
        (
            [("n", "passthrough", ["tenure", "gender"])],
            {},
            "ColumnTransformer step 'n': mixes numbers and categories",
        ),
    ],
    ids=["weights", "twice", "mixed"],
)
def test_other_column_transformers_are_refused(read, transformers, options, message):
    with pytest.raises(ExportError) as refusal:
        read(*transformers, **options)

    assert str(refusal.value) == message


def test_column_that_the_table_doesnt_have_is_refused(customers):
    columns = ColumnTransformer([("n", TEXTS, ["gender"])]).fit(customers.frame)

    with pytest.raises(ExportError) as refusal:
        read_preprocessing(columns, customers.numeric, ("contract",))

    assert str(refusal.value) == "ColumnTransformer: 'gender' is no column of the table"


def test_column_blank_in_all_rows_is_refused(customers):
    frame = customers.frame.assign(tenure=np.nan)
    columns = ColumnTransformer([("n", SimpleImputer(), ["tenure"])])
    with pytest.warns(UserWarning, match="without any observed values"):
        columns.fit_transform(frame)

    with pytest.raises(ExportError, match=r"^column 'tenure': blank in all training rows$"):
        read_preprocessing(columns, customers.numeric, customers.categorical)


def test_categories_that_are_no_texts_are_refused(customers):
    frame = customers.frame.assign(gender=(customers.frame["gender"] == "Male").astype(object))
    columns = ColumnTransformer([("t", TEXTS, ["gender"])]).fit(frame)

    with pytest.raises(ExportError, match=r"^column 'gender': expected categories that are texts$"):
        read_preprocessing(columns, customers.numeric, customers.categorical)


def test_first_step_must_be_a_column_transformer():
    with pytest.raises(ExportError) as refusal:
        read_preprocessing(StandardScaler(), (), ())

    assert str(refusal.value) == "StandardScaler: expected a ColumnTransformer as first step"


def test_estimator_that_refuses_blanks_needs_an_imputer(read):
    preprocessing = read(("n", "passthrough", ["tenure"]))

    with pytest.raises(ExportError) as refusal:
        require_imputers(preprocessing, "SGDClassifier")

    assert (
        str(refusal.value)
        == "column 'tenure': SGDClassifier needs a SimpleImputer to score a blank"
    )
