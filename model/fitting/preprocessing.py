"""What happens to a table's columns before a classifier sees them; the export knows every step."""

from collections.abc import Sequence

from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

MAX_GROUPS = 50  # columns that a category of very many texts becomes, the rare ones in one


def build_preprocessing(
    numeric: Sequence[str],
    categorical: Sequence[str],
    grouped: Sequence[str] = (),
    *,
    keeps_blanks: bool = False,
) -> ColumnTransformer:
    """Return an unfitted transformer: numbers first, then a 0/1 column per category.

    Args:
        numeric: the table's columns of numbers.
        categorical: its columns of texts.
        grouped: those of them whose rare texts are put together.
        keeps_blanks: whether numbers stay as they are, missing ones included, as boosting takes
            them; else they are imputed by the median and scaled.
    """
    numbers = Pipeline(
        [("imputer", SimpleImputer(strategy="median")), ("scaler", StandardScaler())]
    )
    texts = [name for name in categorical if name not in grouped]
    steps = [
        ("numbers", "passthrough" if keeps_blanks else numbers, list(numeric)),
        ("categories", _encode(OneHotEncoder(handle_unknown="ignore")), texts),
    ]
    if grouped:
        encoder = OneHotEncoder(handle_unknown="infrequent_if_exist", max_categories=MAX_GROUPS)
        steps.append(("grouped", _encode(encoder), list(grouped)))
    # HistGradientBoostingClassifier takes dense matrices only
    return ColumnTransformer(steps, sparse_threshold=0.0)


def _encode(encoder: OneHotEncoder) -> Pipeline:
    return Pipeline([("imputer", SimpleImputer(strategy="most_frequent")), ("encoder", encoder)])
