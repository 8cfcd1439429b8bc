"""A version goes live: written, judged by the gate, swapped in, and noted in the history."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from model.errors import RegistryError
from model.registry.attachments import write_report
from model.registry.history import Entry, add_entry, previous_version, read_history, who_am_i
from model.registry.registry import (
    LiveModel,
    Model,
    Registry,
    read_candidate,
    read_live,
    read_version,
    swap_live,
    write_version,
)

if TYPE_CHECKING:
    from model.reading.files import Files
    from model.registry.gate import Verdict  # needs numpy and scikit-learn: loaded when it judges


@dataclass(frozen=True)
class Terms:
    """On what terms a version may go live, and what the history will say about it.

    Attributes:
        by: who does it; None means the AWS identity, else this machine's user.
        reason: why, in their words; needed with `is_forced` and `allowed_leaks`.
        is_forced: go live whatever the gate says.
        may_change_schema: clients know that the features change.
        may_be_synthetic: a model of made-up customers may go live.
        allowed_leaks: columns that look like leaks, but are known before the outcome is.
        csv: the table that the candidate learned from (see `model.registry.holdout`).
        shadow: what it showed as the shadow of the live model, by `model.shadow.evidence`.
    """

    by: str | None = None
    reason: str = ""
    is_forced: bool = False
    may_change_schema: bool = False
    may_be_synthetic: bool = False
    allowed_leaks: tuple[str, ...] = ()
    csv: "Files | None" = None
    shadow: dict[str, Any] | None = None


@dataclass(frozen=True)
class Release:
    """What came of it: `entry` is the new line in the history, None where nothing went live."""

    version: str
    previous: str | None
    verdict: "Verdict | None"
    entry: Entry | None

    @property
    def is_live(self) -> bool:
        """Whether this version serves now."""
        return self.entry is not None or self.version == self.previous

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "version": self.version,
            "live": self.is_live,
            "previous": self.previous,
            "gate": self.verdict.as_dict() if self.verdict else None,
            "history": self.entry,
        }


def store(registry: Registry, body: bytes, report: bytes | None = None) -> Model:
    """Write a model file, and its report, as a new version; it isn't live by that.

    Raises:
        RegistryError: the file can't be used, or another one has its version.
    """
    model = read_candidate(body)
    write_version(registry, model)
    if report is not None:
        write_report(registry, model.version, report)
    return model


def promote(registry: Registry, model: Model, terms: Terms, action: str = "promote") -> Release:
    """Put a version live if the gate lets it, or if forced; the release tells which.

    Raises:
        RegistryError: forced, or a leak allowed, without a reason; or another model went live
            meanwhile.
    """
    from model.registry.gate import judge

    if terms.is_forced and not terms.reason.strip():
        raise RegistryError("--force needs --reason: the history has to say why")
    if terms.allowed_leaks and not terms.reason.strip():
        raise RegistryError("--allow-leak needs --reason: the history has to say why")
    if model.artifact is None:
        raise RegistryError(f"version {model.version}: can't be loaded: {model.problem}")
    live = read_live(registry)
    if live is not None and live.body == model.body:
        return Release(model.version, model.version, None, None)
    verdict = judge(
        model.artifact,
        live.artifact if live else None,
        terms.csv,
        may_change_schema=terms.may_change_schema,
        may_be_synthetic=terms.may_be_synthetic,
        allowed_leaks=terms.allowed_leaks,
        shadow=terms.shadow,
    )
    previous = live.version if live else None
    if not verdict.has_passed and not terms.is_forced:
        return Release(model.version, previous, verdict, None)
    facts = {"action": action, "gate": verdict.as_dict(), "forced": not verdict.has_passed}
    return Release(model.version, previous, verdict, _go_live(registry, model, live, terms, facts))


def roll_back(registry: Registry, terms: Terms, to: str | None = None) -> Release:
    """Put the version live that was before, or a stated one; the gate isn't asked.

    Raises:
        RegistryError: nothing was live before, its version is gone or can't be loaded, or another
            model went live meanwhile.
    """
    live = read_live(registry)
    if live is None:
        raise RegistryError("no model is live yet; publish one")
    version = to or previous_version(read_history(registry), live.version)
    if version is None:
        raise RegistryError(f"{live.version} is the first in the history; say --to VERSION")
    model = read_version(registry, version)
    if model.artifact is None:
        raise RegistryError(f"version {model.version}: can't be loaded: {model.problem}")
    if live.body == model.body:
        return Release(model.version, model.version, None, None)
    entry = _go_live(registry, model, live, terms, {"action": "rollback"})
    return Release(model.version, live.version, None, entry)


def _go_live(
    registry: Registry, model: Model, live: LiveModel | None, terms: Terms, facts: Entry
) -> Entry:
    by = terms.by or who_am_i(registry)
    swap_live(registry, model, live)
    entry = {
        "by": by,
        "action": facts["action"],
        "from": live.version if live else None,
        "to": model.version,
        "why": terms.reason,
        "forced": facts.get("forced", False),
        "gate": facts.get("gate"),
    }
    return add_entry(registry, entry)
