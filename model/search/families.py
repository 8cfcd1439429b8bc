"""The kinds of boosting whose settings are searched: where each starts, and what it may become."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from sklearn.ensemble import HistGradientBoostingClassifier

from model.evaluation.folds import SEED

Settings = dict[str, Any]


@dataclass(frozen=True)
class Family:
    """One library's boosting.

    Attributes:
        name: of its classifier's class, and of its row of the leaderboard.
        library: the module that has to be installed.
        max_trees: no more are tried, so that an answer stays fast and its file small.
        space: setting -> lowest and highest value; whole numbers where both are whole.
        starts: settings to try before any search, the library's own, or nearly so, first.
        build: settings and number of trees -> unfitted classifier of one thread and one seed.
    """

    name: str
    library: str
    max_trees: int
    space: dict[str, tuple[float, float]]
    starts: tuple[Settings, ...]
    build: Callable[[Settings, int], Any]


def list_families() -> tuple[list[Family], list[str]]:
    """Return the families whose libraries can be loaded, and a note on each of the others."""
    problems = {family.name: _find_problem(family.library) for family in FAMILIES}
    notes = [f"{name}: {problem}" for name, problem in problems.items() if problem]
    return [family for family in FAMILIES if not problems[family.name]], notes


def _find_problem(library: str) -> str | None:
    try:
        import_module(library)
    except ModuleNotFoundError:
        return f"not installed; pip install {library}"
    except (ImportError, OSError) as error:  # the system lacks what a wheel takes for granted
        return f"{library} can't be loaded: {error}"
    return None


def _build_catboost(settings: Settings, trees: int) -> Any:
    from catboost import CatBoostClassifier

    fixed: Settings = {"border_count": 128, "verbose": False, "allow_writing_files": False}
    return CatBoostClassifier(
        n_estimators=trees, thread_count=1, random_seed=SEED, **fixed, **settings
    )


def _build_hist(settings: Settings, trees: int) -> Any:
    return HistGradientBoostingClassifier(
        max_iter=trees, early_stopping=False, random_state=SEED, **settings
    )


def _build_lightgbm(settings: Settings, trees: int) -> Any:
    from lightgbm import LGBMClassifier

    fixed: Settings = {
        "subsample": 0.8,
        "subsample_freq": 1,
        "deterministic": True,
        "force_row_wise": True,
    }
    return LGBMClassifier(
        n_estimators=trees, n_jobs=1, verbose=-1, random_state=SEED, **fixed, **settings
    )


def _settings(names: tuple[str, ...], *rows: tuple[float, ...]) -> tuple[Settings, ...]:
    return tuple(dict(zip(names, row, strict=True)) for row in rows)


_CATBOOST = {
    "learning_rate": (0.04, 0.25),
    "depth": (3, 6),
    "rsm": (0.3, 1.0),
    "l2_leaf_reg": (1.0, 20.0),
    "random_strength": (0.2, 5.0),
}
_HIST = {
    "learning_rate": (0.03, 0.2),
    "max_leaf_nodes": (4, 31),
    "max_features": (0.2, 1.0),
    "min_samples_leaf": (5, 60),
    "l2_regularization": (0.01, 30.0),
}
_LIGHTGBM = {
    "learning_rate": (0.03, 0.2),
    "num_leaves": (4, 31),
    "colsample_bytree": (0.3, 1.0),
    "min_child_samples": (5, 60),
    "reg_lambda": (0.01, 30.0),
}
FAMILIES = (
    Family(
        name="CatBoostClassifier",
        library="catboost",
        max_trees=300,
        space=_CATBOOST,
        starts=_settings(
            tuple(_CATBOOST),
            (0.1, 6, 0.5, 6.0, 2.0),
            (0.12, 4, 1.0, 3.0, 1.0),
            (0.12, 5, 0.5, 5.0, 2.0),
            (0.08, 3, 0.4, 5.0, 1.0),
        ),
        build=_build_catboost,
    ),
    Family(
        name="HistGradientBoostingClassifier",
        library="sklearn",
        max_trees=250,
        space=_HIST,
        starts=_settings(
            tuple(_HIST),
            (0.1, 31, 1.0, 20, 0.01),
            (0.08, 5, 0.3, 20, 10.0),
            (0.05, 15, 0.5, 20, 5.0),
        ),
        build=_build_hist,
    ),
    Family(
        name="LGBMClassifier",
        library="lightgbm",
        max_trees=300,
        space=_LIGHTGBM,
        starts=_settings(tuple(_LIGHTGBM), (0.1, 31, 1.0, 20, 0.01), (0.05, 8, 0.5, 20, 5.0)),
        build=_build_lightgbm,
    ),
)
