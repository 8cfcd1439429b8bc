"""Which version is the shadow: a whole copy at one key, beside the live one's."""

from model.errors import RegistryError
from model.registry.bucket import delete_object, overwrite
from model.registry.gate import schema_changes
from model.registry.registry import JSON, Model, Registry, find_shadow, read_live


def start_shadow(registry: Registry, model: Model) -> list[str]:
    """Make a version the shadow; return what it asks of clients that the live one doesn't.

    Raises:
        RegistryError: nothing is live that it could be compared with, or it is live itself.
    """
    live = read_live(registry)
    if live is None or live.artifact is None:
        raise RegistryError("a shadow needs a live model to be compared with; publish one")
    if live.version == model.version or model.artifact is None:
        raise RegistryError(f"{model.version} is live already")
    overwrite(registry.bucket, registry.shadow_key, model.body, JSON)
    return schema_changes(live.artifact, model.artifact)


def end_shadow(registry: Registry) -> str | None:
    """Have no shadow any more; return the version that was it, or None."""
    version = find_shadow(registry)
    if version is not None:
        delete_object(registry.bucket, registry.shadow_key)
    return version
