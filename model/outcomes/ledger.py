"""Where looks at outcomes are kept: one JSON object per version and period, a later look instead.

monitoring/outcomes/<version>/<period>.json in the models' bucket, or the same below a folder.
"""

import json
from pathlib import Path
from typing import Any

from model.files import read_file, write_file
from model.paths import OUTCOMES_PREFIX
from model.registry.bucket import Bucket, list_objects, overwrite, read_object
from model.registry.registry import JSON

Look = dict[str, Any]  # see `model.outcomes.evaluation.evaluate`


def make_key(look: Look) -> str:
    """Return where a look is kept."""
    return f"{OUTCOMES_PREFIX}{look['model_version']}/{look['period']}.json"


def get_proof(look: Look) -> dict[str, Any]:
    """Return the figures that tell how good the scores were: of customers without an offer."""
    figures: dict[str, Any] = look["groups"][look["proof"]]["figures"]
    return figures


def keep_in_bucket(bucket: Bucket, look: Look) -> str:
    """Write a look, in place of an earlier one of its version and period; return its address."""
    key = make_key(look)
    overwrite(bucket, key, _serialize(look), JSON)
    return f"s3://{bucket.name}/{key}"


def keep_in_folder(folder: Path, look: Look) -> str:
    """Write a look into a file below a folder; return its path.

    Raises:
        ModelError: it can't be written.
    """
    path = folder / make_key(look)
    write_file(path, _serialize(look))
    return str(path)


def read_looks(bucket: Bucket, version: str) -> list[Look]:
    """Return all looks at a version in a bucket, by period."""
    keys = [item.key for item in list_objects(bucket, f"{OUTCOMES_PREFIX}{version}/")]
    return _read(bucket, keys)


def read_last_looks(bucket: Bucket) -> dict[str, Look]:
    """Return each version's look of the last period."""
    last = {}
    for item in list_objects(bucket, OUTCOMES_PREFIX):
        last[item.key.rpartition("/")[0]] = item.key
    return {look["model_version"]: look for look in _read(bucket, [*last.values()])}


def read_looks_of_folder(folder: Path, version: str) -> list[Look]:
    """Return all looks at a version below a folder, by period.

    Raises:
        ModelError: one can't be read.
    """
    paths = sorted((folder / OUTCOMES_PREFIX / version).glob("*.json"))
    return [json.loads(read_file(path)) for path in paths]


def _read(bucket: Bucket, keys: list[str]) -> list[Look]:
    found = [read_object(bucket, key) for key in keys]
    return [json.loads(stored.body) for stored in found if stored is not None]


def _serialize(look: Look) -> bytes:
    return json.dumps(look, indent=1).encode()
