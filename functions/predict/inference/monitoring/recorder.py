"""What one execution environment has scored, counted together and logged as one line at times."""

from collections.abc import Callable
from time import time

from inference.monitoring.counts import Counts
from inference.monitoring.lines import EVENT
from inference.scoring.artifact import Artifact

LINE_S = 60.0  # between two lines, at least
MOST = 1_000  # customers of one line, about; those who come after them cost nothing
SAMPLE = 150  # customers counted of one request, at most, spread over it; see bench_counting.py

# The model, a table's columns (None for records), its rows or the records, their probabilities.
Scored = tuple[Artifact, list[str] | None, list, list[float | None]]


class Recorder:
    """Counts of what the live model scores; a model without a reference isn't counted."""

    def __init__(self, log: Callable[[dict], None], clock: Callable[[], float] = time) -> None:
        """Start with nothing counted.

        Args:
            log: takes what a line says: the model's version, the seconds since 1970 of its first
                and last customer, and `Counts.to_json`.
            clock: seconds since 1970.
        """
        self._log, self._clock = log, clock
        self._artifact: Artifact | None = None
        self._counts: Counts | None = None
        self._since_s = 0.0

    def record(self, scored: Scored) -> None:
        """Count a request's customers, and log a line if it is time."""
        now_s = self._clock()
        artifact, header, records, predictions = scored
        if artifact is not self._artifact:
            self._change(artifact, now_s)
        counts = self._counts
        if counts and counts.customers < MOST:
            if len(records) == 1 and header is None:
                counts.add_record(records[0], predictions[0])  # type: ignore[arg-type]  # no None
            else:
                _add(counts, header, records, predictions)
        if now_s - self._since_s >= LINE_S:
            self._tell(now_s)

    def _change(self, artifact: Artifact, now_s: float) -> None:
        self._tell(now_s)
        self._artifact, self._since_s = artifact, now_s
        self._counts = Counts(artifact) if artifact.reference else None

    def _tell(self, now_s: float) -> None:
        """Log the counts, if they give nobody away, and start anew."""
        if not (self._artifact and self._counts and self._counts.has_enough()):
            return
        about = {"event": EVENT, "model_version": self._artifact.version}
        span = {"since": round(self._since_s), "until": round(now_s)}
        self._log(about | span | self._counts.to_json())
        self._counts.forget()
        self._since_s = now_s


def _add(counts: Counts, header: list[str] | None, records: list, predictions: list) -> None:
    """Count a sample of a request's customers."""
    step = max(1, -(-len(records) // SAMPLE))
    for record, prediction in zip(records[::step], predictions[::step], strict=True):
        if prediction is not None:
            named = dict(zip(header, record, strict=True)) if header else record
            counts.add_record(named, prediction)
