"""ONNX Runtime: the pipeline as skl2onnx converts it, in float32 as its documentation shows."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime


def load_scorer(path: Path) -> Callable[[list[dict]], list[float]]:
    """Return the function from records to probabilities."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # below 1,769 MB a function has one CPU at most
    session = onnxruntime.InferenceSession(path, options)
    dtypes = {
        column.name: np.float32 if column.type == "tensor(float)" else object
        for column in session.get_inputs()
    }

    def score(records: list[dict]) -> list[float]:
        columns = {
            name: np.array([[record[name]] for record in records], dtype=dtype)
            for name, dtype in dtypes.items()
        }
        (probabilities,) = session.run(["probabilities"], columns)
        return probabilities[:, 1].tolist()

    return score
