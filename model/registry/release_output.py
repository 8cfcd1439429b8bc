"""What a change of the live model looks like in the terminal."""

from typing import TYPE_CHECKING

from model.console import print_json, print_line, print_table
from model.errors import RegistryError
from model.registry.release import Release

if TYPE_CHECKING:
    from model.registry.comparison import Comparison
    from model.registry.gate import Verdict

SEGMENTS_SHOWN = 3  # those that come off worst


def print_release(release: Release, *, as_json: bool) -> None:
    """Print what was found and done.

    Raises:
        RegistryError: the gate refused; names the reasons.
    """
    if as_json:
        print_json(release.as_dict())
    else:
        if release.verdict:
            _print_verdict(release.verdict)
        print_line(_summary(release))
    if not release.is_live and release.verdict:
        first, *others = release.verdict.refusals
        more = f" (and {len(others)} more, above)" if others else ""
        raise RegistryError(f"{release.version} isn't live: the gate refused it: {first}{more}")


def _summary(release: Release) -> str:
    if release.entry is None:
        state = "is live already" if release.is_live else "is in the registry, but not live"
        return f"{release.version} {state}"
    forced = ", FORCED against the gate" if release.entry["forced"] else ""
    before = f", after {release.previous}" if release.previous else ", the first"
    return f"LIVE: {release.version}{before} (by {release.entry['by']}{forced})"


def _print_verdict(verdict: "Verdict") -> None:
    rows = [
        (
            check.name,
            "refused" if check.refusals else "passed",
            "\n".join((check.note, *check.refusals)).strip(),
        )
        for check in verdict.checks
    ]
    print_table("Gate", ("check", "result", "why"), rows)
    shown = [item for item in verdict.comparisons if item.segment is None]
    segments = [item for item in verdict.comparisons if item.segment is not None]
    shown += sorted(segments, key=lambda item: item.high)[:SEGMENTS_SHOWN]
    if shown:
        columns = ("metric", "customers", "n#", "live#", "candidate#", "gain#", "from#", "to#")
        title = f"Candidate against live (segments: the {SEGMENTS_SHOWN} that come off worst)"
        print_table(title, columns, map(_figures, shown))


def _figures(item: "Comparison") -> tuple[str, ...]:
    signed = [f"{value:+.4f}" for value in (item.gain, item.low, item.high)]
    levels = [f"{value:.4f}" for value in (item.live, item.candidate)]
    return (item.metric, item.segment or "all", f"{item.customers:,}", *levels, *signed)
