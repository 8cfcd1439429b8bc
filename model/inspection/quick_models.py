"""What a look at a table judges it by: models that are quick to fit, on columns of numbers."""

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier

SEED = 42


def to_numbers(frame: pd.DataFrame) -> pd.DataFrame:
    """Return texts as numbers that trees can split, blanks still blank."""
    return pd.DataFrame(
        {
            name: values if pd.api.types.is_numeric_dtype(values) else _code_texts(values)
            for name, values in frame.items()
        }
    )


def table_model() -> HistGradientBoostingClassifier:
    """Return the unfitted model that stands for what a whole table can tell."""
    return HistGradientBoostingClassifier(max_iter=40, learning_rate=0.2, random_state=SEED)


def _code_texts(values: "pd.Series") -> npt.NDArray[np.float64]:
    codes = pd.factorize(values, sort=True)[0].astype(float)
    return np.where(codes < 0, np.nan, codes)
