"""What a run is asked to do, checked, and how a table's columns meet the model."""

from collections.abc import Callable
from dataclasses import dataclass

from inference.advice.economics import REQUIRED, read_economics
from inference.advice.reasons import MAX_REASONS, compile_reasons
from inference.bulk.errors import RequestError, TableError
from inference.errors import BodyError
from inference.http_api.options import read_count, read_threshold
from inference.scoring.artifact import Artifact
from inference.spelling import find_nearest

SHORT, ALL = "short", "all"
MAX_CALLS = 1_000_000_000
ERROR = "error"  # the answer's last column


@dataclass(frozen=True)
class Job:
    """A model, a table's header, and what is to be said of each row."""

    artifact: Artifact
    header: tuple[str, ...]
    delimiter: str
    options: dict


def read_options(request: dict) -> dict:
    """Return what a run is to do, checked; members that aren't given have no entry.

    Args:
        request: `columns` (short or all), `threshold`, `reasons` (how many), `economics`
            (value, cost, success, budget; or true), `calls` (how many customers can be called).

    Raises:
        RequestError: an unknown member, or one of the wrong type or range.
    """
    for name in request:
        if name not in READERS:
            near = find_nearest(name, READERS)
            hint = f'did you mean "{near}"?' if near else f"known are {', '.join(READERS)}"
            raise RequestError(f'unknown option "{name}"; {hint}')
    try:
        return {name: READERS[name](value) for name, value in request.items()}
    except BodyError as error:
        raise RequestError(error.message) from error


def make_job(artifact: Artifact, header: list[str], delimiter: str, options: dict) -> Job:
    """Return the job, when the table has what the model needs.

    Raises:
        TableError: columns that are absent, or that the answer adds itself.
        RequestError: economics without a figure that it needs, reasons that the model can't give.
    """
    job = Job(artifact, tuple(header), delimiter, _complete(options, artifact))
    absent = [spec["name"] for spec in artifact.features if spec["name"] not in header]
    if absent:
        raise TableError(f"the header lacks {', '.join(_hint(name, header) for name in absent)}")
    taken = [name for name in list_added(job) if name in list_own(job)]
    if taken:
        raise TableError(f'rename the column "{taken[0]}": the answer adds one of that name')
    if "reasons" in options:
        _check_reasons(artifact)
    return job


def list_own(job: Job) -> list[str]:
    """Return the table's own columns that the answer repeats: all, or the id if there is one."""
    if job.options.get("columns") == ALL:
        return [*job.header]
    return [job.artifact.id_column] if job.artifact.id_column in job.header else []


def list_added(job: Job) -> list[str]:
    """Return the columns that the answer adds."""
    reasons = range(1, count_reasons(job) + 1)
    return [
        "churn_probability",
        "churn_label",
        *(f"churn_{part}_{place}" for place in reasons for part in ("reason", "effect")),
        *(["churn_expected_gain"] if "economics" in job.options else []),
        ERROR,
    ]


def count_reasons(job: Job) -> int:
    """Return how many reasons each row gets."""
    return min(job.options.get("reasons", 0), len(job.artifact.features))


def describe_model(job: Job) -> dict:
    """Return what a summary says of the model: its version, and the probability of label 1."""
    threshold = job.options.get("threshold", job.artifact.threshold)
    return {"model_version": job.artifact.version, "threshold": threshold}


def _complete(options: dict, artifact: Artifact) -> dict:
    if "economics" not in options:
        return options
    figures = (artifact.schema.get("economics") or {}) | options["economics"]
    for name in REQUIRED:
        if name not in figures:
            raise RequestError(f"economics.{name}: missing; this model's file has no default")
    return options | {"economics": figures}


def _check_reasons(artifact: Artifact) -> None:
    try:
        compile_reasons(artifact)
    except BodyError as error:
        raise RequestError(error.message) from error


def _hint(name: str, header: list[str]) -> str:
    near = find_nearest(name, header)
    return f'"{name}" (there is "{near}")' if near else f'"{name}"'


def _read_columns(value: object) -> str:
    if value not in (SHORT, ALL):
        raise BodyError(f"columns: expected {SHORT} or {ALL}")
    return str(value)


READERS: dict[str, Callable] = {
    "columns": _read_columns,
    "threshold": read_threshold,
    "reasons": lambda value: read_count("reasons", value, MAX_REASONS),
    "economics": read_economics,
    "calls": lambda value: read_count("calls", value, MAX_CALLS),
}
