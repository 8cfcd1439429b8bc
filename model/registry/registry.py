"""The registry in S3: versions that never change, and a whole copy of the one that is live.

models/<name>.json               the live one (MODEL_KEY), replaced only by compare-and-swap
models/shadow.json               a copy of the version that scores a sample unseen, if one does
models/versions/<version>.json   every published version; <version>.html is its report,
                                 <version>.page.html the page that has it inside
models/history/<time>-<id>.json  one object per change of the live one
"""

import hashlib
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from inference.advice.companions import read_companions
from inference.advice.ranges import read_ranges
from inference.errors import ArtifactError
from inference.scoring.artifact import Artifact, load_artifact
from model.errors import RegistryError
from model.paths import MODEL_KEY
from model.registry.bucket import (
    Bucket,
    StoredObject,
    list_objects,
    read_object,
    replace,
    write_new,
)

LIVE = "live"  # stands for the live version wherever a version is asked for
JSON = "application/json"

_VERSION = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{12}")
_READERS = 8  # versions fetched at once


@dataclass(frozen=True)
class Registry:
    """A bucket and the key of its live model; versions and history lie in folders beside it."""

    bucket: Bucket
    live_key: str = MODEL_KEY

    @property
    def versions_prefix(self) -> str:
        """The folder of the versions."""
        return f"{self._folder}versions/"

    @property
    def history_prefix(self) -> str:
        """The folder of the history."""
        return f"{self._folder}history/"

    @property
    def shadow_key(self) -> str:
        """Where the model lies that scores a sample of the traffic unseen."""
        return f"{self._folder}shadow.json"

    def version_key(self, version: str) -> str:
        """Return where a version lies."""
        return f"{self.versions_prefix}{version}.json"

    def report_key(self, version: str) -> str:
        """Return where a version's report lies."""
        return f"{self.versions_prefix}{version}.html"

    def page_key(self, version: str) -> str:
        """Return where the page lies that has a version inside."""
        return f"{self.versions_prefix}{version}.page.html"

    @property
    def _folder(self) -> str:
        return self.live_key[: self.live_key.rfind("/") + 1]


@dataclass(frozen=True)
class Model:
    """A model file: its name in the registry, its bytes, and the model, or why there is none."""

    version: str
    body: bytes
    artifact: Artifact | None
    problem: str = ""


@dataclass(frozen=True)
class LiveModel(Model):
    """The model that serves now; `etag` is what a change must find unchanged."""

    etag: str = ""


@dataclass(frozen=True)
class VersionObject:
    """A version as the bucket lists it."""

    version: str
    size_bytes: int
    published: datetime
    has_page: bool


def read_model(body: bytes) -> Model:
    """Return what a model file holds; a file that can't be used has a `problem` and no artifact."""
    try:
        artifact = load_artifact(body)
    except ArtifactError as error:
        return Model(_unversioned(body), body, None, str(error))
    is_named = _VERSION.fullmatch(artifact.version)
    return Model(artifact.version if is_named else _unversioned(body), body, artifact)


def read_candidate(body: bytes) -> Model:
    """Return a model file that may be published.

    Raises:
        RegistryError: the function couldn't load it, or it has no version of its own.
    """
    model = read_model(body)
    if model.artifact is None:
        raise RegistryError(f"the function couldn't load this file: {model.problem}")
    try:
        read_companions(model.artifact.schema)
        read_ranges(model.artifact.schema)
    except ArtifactError as error:
        raise RegistryError(f"the function couldn't use this file: {error}") from error
    if not _VERSION.fullmatch(model.version):
        raise RegistryError("training_meta.version: missing; make the file with this version")
    return model


def read_live(registry: Registry) -> LiveModel | None:
    """Return the live model, or None before the first publish."""
    stored = read_object(registry.bucket, registry.live_key)
    if stored is None:
        return None
    model = read_model(stored.body)
    return LiveModel(model.version, model.body, model.artifact, model.problem, stored.etag)


def find_shadow(registry: Registry) -> str | None:
    """Return the version that scores a sample of the traffic unseen, or None."""
    stored = read_object(registry.bucket, registry.shadow_key)
    return read_model(stored.body).version if stored else None


def list_versions(registry: Registry) -> list[VersionObject]:
    """Return every version, the one published last first."""
    prefix = registry.versions_prefix
    items = list_objects(registry.bucket, prefix)
    keys = {item.key for item in items}
    named = [(item.key[len(prefix) : -len(".json")], item) for item in items]
    found = [
        VersionObject(name, item.size_bytes, item.modified, registry.page_key(name) in keys)
        for name, item in named
        if item.key == registry.version_key(name)
    ]
    return sorted(found, key=lambda item: (item.published, item.version), reverse=True)


def read_versions(registry: Registry, versions: list[str]) -> list[Model]:
    """Return versions with their content, in the order given; one deleted meanwhile is left out."""
    with ThreadPoolExecutor(_READERS) as pool:
        keys = map(registry.version_key, versions)
        stored = list(pool.map(lambda key: read_object(registry.bucket, key), keys))
    pairs = zip(versions, stored, strict=True)
    return [_named(version, found) for version, found in pairs if found is not None]


def read_version(registry: Registry, text: str) -> Model:
    """Return the version that a text means: its name, a prefix only it has, or `live`.

    Raises:
        RegistryError: no version or several are meant, or no model is live.
    """
    if text == LIVE:
        live = read_live(registry)
        if live is None:
            raise RegistryError("no model is live yet; publish one")
        return live
    version = _find_version(registry, text)
    stored = read_object(registry.bucket, registry.version_key(version))
    if stored is None:
        raise RegistryError(f"version {version}: deleted meanwhile")
    return _named(version, stored)


def write_version(registry: Registry, model: Model) -> bool:
    """Write a version that isn't there yet; return False where this very file is there already.

    Raises:
        RegistryError: another file has this version's name.
    """
    key = registry.version_key(model.version)
    if write_new(registry.bucket, key, model.body, JSON):
        return True
    stored = read_object(registry.bucket, key)
    # A write that S3 did, but whose answer was lost and which boto3 repeated, ends up here too.
    if stored is None or stored.body != model.body:
        raise RegistryError(f"version {model.version}: exists with other content; not overwritten")
    return False


def swap_live(registry: Registry, model: Model, live: LiveModel | None) -> None:
    """Put a version live if `live` still is what is live.

    What is replaced is kept as a version first, if it was put there by other means than this.

    Raises:
        RegistryError: another model went live meanwhile; nothing is changed.
    """
    if live is None:
        done = write_new(registry.bucket, registry.live_key, model.body, JSON)
    else:
        if live.artifact is not None:
            write_new(registry.bucket, registry.version_key(live.version), live.body, JSON)
        done = replace(registry.bucket, registry.live_key, model.body, JSON, live.etag)
    if done:
        return
    now = read_live(registry)
    if now is None or now.body != model.body:
        found = f"{now.version} went live" if now else "the live model was deleted"
        raise RegistryError(f"{found} meanwhile; {model.version} isn't live: look, then promote it")


def _find_version(registry: Registry, text: str) -> str:
    names = [item.version for item in list_versions(registry)]
    found = [name for name in names if name == text] or [n for n in names if n.startswith(text)]
    if len(found) == 1:
        return found[0]
    if found:
        raise RegistryError(f"version {text}: {len(found)} versions start with that")
    raise RegistryError(f"version {text}: not in the registry ({len(names)} versions are)")


def _named(version: str, stored: StoredObject) -> Model:
    model = read_model(stored.body)
    return Model(version, model.body, model.artifact, model.problem)


def _unversioned(body: bytes) -> str:
    """Return the name of a file that has none: the first version's, or one that can't be read."""
    return f"unversioned-{hashlib.sha256(body).hexdigest()[:12]}"
