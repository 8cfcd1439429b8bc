"""Which old versions may go: never the live one, nor one that somebody may want back soon."""

from model.errors import RegistryError
from model.registry.attachments import delete_version
from model.registry.history import mentioned_versions, previous_version, read_history
from model.registry.registry import (
    Registry,
    VersionObject,
    find_shadow,
    list_versions,
    read_live,
)


def plan_pruning(registry: Registry, keep: int, days: float) -> dict[VersionObject, str]:
    """Return every version, newest first, with the reason why it stays, or "" where it may go."""
    live = read_live(registry)
    before = previous_version(read_history(registry), live.version) if live else None
    recent = mentioned_versions(registry, days)
    shadow = find_shadow(registry)
    plan = {}
    for place, item in enumerate(list_versions(registry), 1):
        reasons = {
            "live": live is not None and item.version == live.version,
            "rollback would take it": item.version == before,
            "the shadow": item.version == shadow,
            f"in the history of the last {days:g} days": item.version in recent,
            f"among the newest {keep}": place <= keep,
        }
        plan[item] = next((reason for reason, holds in reasons.items() if holds), "")
    return plan


def delete_versions(registry: Registry, versions: list[str]) -> None:
    """Delete versions, but not one that has gone live since they were chosen.

    Raises:
        RegistryError: one has; it and those after it are still there.
    """
    for version in versions:
        live = read_live(registry)
        if live is not None and live.version == version:
            raise RegistryError(f"{version} went live meanwhile: stopped; run prune again")
        delete_version(registry, version)
