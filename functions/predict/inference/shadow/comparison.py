"""The shadow scores a sample of what the live model has scored, once the answer is ready."""

from collections.abc import Callable
from time import thread_time, time

from inference.monitoring.recorder import LINE_S, Scored
from inference.scoring.artifact import Artifact
from inference.scoring.batch import score_records
from inference.shadow.candidate import Candidate
from inference.shadow.differences import Differences

EVENT = "shadow_differences"
MAX_CUSTOMERS = 200  # of one request
MAX_S = 0.05  # of a processor that so many may take; far more than any model that serves does


class SlowShadowError(Exception):
    """The shadow takes too long to be compared."""


class Comparison:
    """Compares the live model with the shadow, if there is one, and logs counts as a line."""

    def __init__(
        self,
        candidate: Candidate,
        share: float,
        log: Callable[[dict], None],
        clock: Callable[[], float] = time,
    ) -> None:
        """Compare nothing yet.

        Args:
            candidate: knows the shadow.
            share: of all customers that are compared, over 0, at most 1.
            log: takes what a line says, `Differences.to_json` and when.
            clock: seconds since 1970.
        """
        self._candidate, self._log, self._clock = candidate, log, clock
        self._step = max(1, round(1 / share))  # of so many customers one is compared
        self._passed = 0
        self._differences: Differences | None = None
        self._since_s = 0.0

    def compare(self, scored: Scored) -> None:
        """Have the shadow score its share of a request's customers; it is dropped if it fails.

        Raises:
            Exception: whatever is wrong with the shadow, or SlowShadowError.
        """
        live, header, records, predictions = scored
        due = self._choose(len(records))
        shadow = self._candidate.peek() if due else None
        if shadow is None or shadow.version == live.version:
            return
        places = [place for place in due if predictions[place] is not None]
        chosen = [records[place] for place in places]
        try:
            answers = _score_in_time(shadow, header, chosen)
        except Exception:
            self._candidate.drop()
            raise
        differences = self._open(live, shadow)
        for place, record, answer in zip(places, chosen, answers, strict=True):
            named = dict(zip(header, record, strict=True)) if header else record
            differences.add(named, predictions[place], answer)  # type: ignore[arg-type]  # no None
        self._tell()

    def _choose(self, count: int) -> range:
        """Return the places of this request's customers whose turn it is."""
        first = -self._passed % self._step
        self._passed += count
        due = -(-(count - first) // self._step)
        return range(first, count, self._step * max(1, -(-due // MAX_CUSTOMERS)))

    def _open(self, live: Artifact, shadow: Artifact) -> Differences:
        found = self._differences
        if found is None or not found.is_about(live, shadow):
            if found and found.has_enough():
                self._log_line(found)
            found = self._differences = Differences(live, shadow)
            self._since_s = self._clock()
        return found

    def _tell(self) -> None:
        found = self._differences
        if found and found.has_enough() and self._clock() - self._since_s >= LINE_S:
            self._log_line(found)
            self._differences = None

    def _log_line(self, differences: Differences) -> None:
        span = {"since": round(self._since_s), "until": round(self._clock())}
        self._log({"event": EVENT} | span | differences.to_json())


def _score_in_time(shadow: Artifact, header: list[str] | None, records: list) -> list:
    started_s = thread_time()
    answers = _score(shadow, header, records)
    if thread_time() - started_s > MAX_S:
        raise SlowShadowError
    return answers


def _score(shadow: Artifact, header: list[str] | None, records: list) -> list[float | None]:
    if header is None:
        return score_records(shadow, records).predictions
    from inference.columns.rows import score_rows  # only tables need it

    return score_rows(shadow, header, records).predictions
