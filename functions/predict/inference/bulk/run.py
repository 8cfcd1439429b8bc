"""What a run's functions agree on: where they leave word for each other, and which model scores."""

from dataclasses import dataclass
from functools import lru_cache

from inference.bulk.errors import ChangedError, RequestError
from inference.bulk.job import Job, make_job
from inference.bulk.storage import OUTPUT, WORK, Bucket, find_object, read_json, read_object
from inference.errors import ArtifactError
from inference.scoring.artifact import Artifact, load_artifact

JOB, ITEMS = "job.json", "items.json"
SCORES, SUMMARY = "scores.csv", "summary.json"


@dataclass(frozen=True)
class PinnedModel:
    """A model file as it was when the run began, whatever becomes of its key."""

    key: str
    etag: str
    version_id: str | None  # None where the bucket keeps no versions


def make_key(run: str, name: str) -> str:
    """Return the key of what a run's functions tell each other."""
    return f"{WORK}{run}/{name}"


def name_part(part: int, suffix: str) -> str:
    """Return a part's name, in the parts' order; its answer is `.csv`, its tally `.json`."""
    return f"parts/{part:05}{suffix}"


def make_output_key(run: str, name: str) -> str:
    """Return the key of what a run leaves."""
    return f"{OUTPUT}{run}/{name}"


def load_model(models: Bucket, key: str) -> tuple[PinnedModel, Artifact]:
    """Return the model that serves now, pinned.

    Raises:
        RequestError: there is none, or it can't be used.
    """
    found = find_object(models, key)
    if found is None:
        raise RequestError("there is no model to score with; publish one")
    model = PinnedModel(key, found["ETag"], found.get("VersionId"))
    return model, _load(models, model)


def open_job(bucket: Bucket, models: Bucket, run: str) -> Job:
    """Return the job that a run's plan has left.

    Raises:
        ChangedError: it or its model isn't there any more.
    """
    word = read_json(bucket, make_key(run, JOB))
    artifact = _load(models, PinnedModel(**word["model"]))
    return make_job(artifact, word["header"], word["delimiter"], word["options"])


@lru_cache(maxsize=1)
def _load(models: Bucket, model: PinnedModel) -> Artifact:
    """Return a pinned model, compiled; a function that is used again keeps its last one."""
    more = {"VersionId": model.version_id} if model.version_id else {"IfMatch": model.etag}
    try:
        return load_artifact(read_object(models, model.key, **more))
    except ChangedError as error:
        raise ChangedError("the model was changed during the run") from error
    except ArtifactError as error:
        raise RequestError(f"the model file can't be used: {error}") from error
