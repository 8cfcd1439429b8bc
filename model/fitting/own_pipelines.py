"""A team's own candidates: what MODULE:FUNCTION returns."""

from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

from sklearn.pipeline import Pipeline

from model.errors import ModelError
from model.table.dataset import Dataset


def load_pipelines(reference: str, dataset: Dataset, taken: Iterable[str]) -> dict[str, Pipeline]:
    """Return what a function of the user's makes: name -> unfitted pipeline.

    It is called with the names of the table's numeric and categorical columns, two tuples.

    Args:
        reference: MODULE:FUNCTION; the module can be imported from the current folder.
        dataset: the customers.
        taken: names of the other candidates.

    Raises:
        ModelError: there is no such function, or it returns something else.
    """
    made = _find_function(reference)(dataset.numeric, dataset.categorical)
    where = f"--pipeline {reference}"
    if not isinstance(made, dict) or not all(isinstance(name, str) for name in made):
        raise ModelError(f"{where}: expected a dict of name: Pipeline, got {type(made).__name__}")
    for name, pipeline in made.items():
        if not isinstance(pipeline, Pipeline):
            kind = type(pipeline).__name__
            raise ModelError(f'{where}: "{name}": expected a scikit-learn Pipeline, got {kind}')
        if name in taken:
            raise ModelError(f'{where}: "{name}" is the name of another candidate')
    return made


def _find_function(reference: str) -> Callable[..., Any]:
    module, _, function = reference.partition(":")
    try:
        return getattr(import_module(module), function)
    except (ImportError, AttributeError, ValueError) as error:
        raise ModelError(f"--pipeline {reference}: expected MODULE:FUNCTION ({error})") from error
