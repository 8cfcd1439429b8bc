"""Which model serves now: loaded once, looked up again and again, kept when that fails.

A look-up ("check") runs in a thread of its own, so that nothing it does can hold a request
for longer than the deadline: not a name server, not a body that drips, not boto3.
"""

from collections.abc import Callable
from threading import Event, Lock, Thread
from time import monotonic, time

from inference.errors import ArtifactError, ModelUnavailableError, StorageError, find_reason
from inference.live.s3 import Fetch
from inference.scoring.artifact import Artifact

RETRY_AFTER_S = 5  # what a caller without a model is told

_GRACE_S = 0.1  # past the deadline: a check that ends by itself says more than one given up on
_FROZEN_S = 0.5  # past that: the environment was asleep, and the error says nothing about S3
_COLD_PAUSE_S = 1.0  # between checks while there is no model and S3 does not answer
_LONGEST_PAUSE_S = 30.0  # between failed checks while a model serves; 1, 2, 4, … before
_WAIT_IN_OUTAGE_S = 0.25  # what a request gives S3 after a failed check
_NEVER = float("-inf")
_WITHOUT_MODEL = {  # reason -> what a caller is told
    "missing": "no model has been published yet; publish one with `make train-upload`",
    "forbidden": "the function may not read the model in S3; its log says what S3 answered",
    "misconfigured": "the function can't find its model: bucket, region, endpoint or certificates "
    "are misconfigured; its log says which",
    "unavailable": "the model can't be reached at the moment; try again",
    "unusable": "what is published is no model that this function can use; "
    "publish one with `make train-upload`",
    "unexpected": "a fault on our side keeps the model from being loaded; the log says where",
}


class _Live:
    __slots__ = ("artifact", "etag", "since")

    def __init__(self, artifact: Artifact, etag: str | None, since: float) -> None:
        self.artifact = artifact
        self.etag = etag
        self.since = since


class _Check:
    __slots__ = ("began_at", "has_answer", "has_ended", "started_at")

    def __init__(self, started_at: float) -> None:
        self.started_at = started_at  # by the store's clock
        self.began_at = monotonic()
        self.has_answer = False  # from then on it computes, which no deadline need bound
        self.has_ended = Event()

    def wait(self, timeout_s: float) -> bool:
        if not self.has_ended.wait(max(0.0, timeout_s)) and self.has_answer:
            self.has_ended.wait()
        return self.has_ended.is_set()


class ModelStore:
    """Holds the live model; any thread may ask.

    Args:
        fetch: `fetch(etag, deadline_s)` of `s3.make_fetcher`.
        load: bytes -> Artifact; raises ArtifactError.
        refresh_s: no answer comes from a model looked up longer ago, unless S3 fails; 0 looks
            on every request. From half of it on, requests start a look-up without waiting.
        deadline_s: seconds for one look-up.
        on_failure: called with the error of each failed look-up, from any thread.
        clock: wall time in seconds. Unlike a monotonic clock it also counts what a frozen or
            restored environment has slept; a step backwards counts as stale.
    """

    def __init__(  # noqa: PLR0913 (what it does, how often, how long, whom it tells, by which clock)
        self,
        fetch: Fetch,
        load: Callable[[bytes], Artifact],
        *,
        refresh_s: float = 60.0,
        deadline_s: float = 2.0,
        on_failure: Callable[[Exception], None] = lambda _error: None,
        clock: Callable[[], float] = time,
    ) -> None:
        self._fetch, self._load, self._on_failure, self._clock = fetch, load, on_failure, clock
        self._refresh_s, self._deadline_s = refresh_s, deadline_s
        self._patience_s = deadline_s + _GRACE_S
        self._guard = Lock()  # around every change of what follows
        self._live: _Live | None = None
        self._checked_at = _NEVER  # when the last good check began
        self._check: _Check | None = None
        self._failure: Exception | None = None
        self._failures_in_a_row = 0
        self._new_failures = 0
        self._paused_until = _NEVER

    @property
    def version(self) -> str | None:
        """The live model's version; None without a model."""
        return self._live.artifact.version if self._live else None

    @property
    def age_seconds(self) -> float:
        """Seconds since the live model was put in its place in S3; 0 without a model."""
        return max(0.0, self._clock() - self._live.since) if self._live else 0.0

    def get(self) -> Artifact:
        """Return the model that serves now.

        Raises:
            ModelUnavailableError: there is none yet.
        """
        now = self._clock()
        age = now - self._checked_at
        if not 0 <= age < self._refresh_s:
            self._wait_for_check(now)
        elif age >= self._refresh_s / 2:
            self.begin_check()
        live = self._live
        if live is None:
            reason = find_reason(self._failure) if self._failure else "unavailable"
            headers = {"Retry-After": str(RETRY_AFTER_S)}
            raise ModelUnavailableError(_WITHOUT_MODEL[reason], headers, reason)
        return live.artifact

    def take_failures(self) -> int:
        """Return how many look-ups have failed since this was last asked."""
        with self._guard:
            count, self._new_failures = self._new_failures, 0
        return count

    def begin_check(self) -> None:
        """Start a look-up, if one is due, without waiting for it."""
        self._join_check(self._clock() - self._refresh_s / 2)

    def _wait_for_check(self, now: float) -> None:
        has_failed = self._live is not None and self._failures_in_a_row > 0
        until = monotonic() + (_WAIT_IN_OUTAGE_S if has_failed else self._patience_s)
        needed_since = now - self._refresh_s
        check = self._join_check(needed_since)
        if check and check.started_at < needed_since:  # too early to count; the next one is not
            check.wait(until - monotonic())
            check = self._join_check(needed_since)
        if check is None or check.wait(until - monotonic()):
            return
        if self._get_elapsed_s(check) >= self._deadline_s:
            self._fail(check, StorageError("no answer from S3: timed out", "unavailable"))

    def _join_check(self, needed_since: float) -> _Check | None:
        """Return the check under way, else a new one, or None where none is due."""
        with self._guard:
            now = self._clock()
            if self._live and needed_since < self._checked_at <= now:
                return None
            if self._check is None or not 0 <= self._get_elapsed_s(self._check) <= self._patience_s:
                if 0 < self._paused_until - now <= _LONGEST_PAUSE_S:
                    return None
                self._check = _Check(now)
                Thread(target=self._run, args=(self._check,), daemon=True).start()
            return self._check

    def _get_elapsed_s(self, check: _Check) -> float:
        """Return the seconds that a check has been waiting for S3."""
        return 0.0 if check.has_answer else self._clock() - check.started_at

    def _run(self, check: _Check) -> None:
        try:
            live = self._look_up(check)
        except Exception as error:  # noqa: BLE001 (whatever it is, the last good model serves on)
            self._fail(check, None if self._is_frozen(check) else error)
        else:
            self._succeed(check, live)
        finally:
            check.has_ended.set()

    def _look_up(self, check: _Check) -> _Live | None:
        """Return what is to serve; while nothing does, a load cut short is begun once more."""
        try:
            return self._load_newer(check, self._deadline_s)
        except Exception as error:
            left_s = check.began_at + self._deadline_s - monotonic()
            is_cut_short = isinstance(error, ArtifactError) or self._is_frozen(check)
            if self._live or not is_cut_short or left_s <= 0:
                raise
        check.started_at, check.has_answer = self._clock(), False
        return self._load_newer(check, left_s)

    def _load_newer(self, check: _Check, deadline_s: float) -> _Live | None:
        live = self._live
        found = self._fetch(live.etag if live else None, deadline_s)
        check.has_answer = True
        if found.body is None:
            return live
        return _Live(self._load(found.body), found.etag, found.modified or check.started_at)

    def _is_frozen(self, check: _Check) -> bool:
        return self._get_elapsed_s(check) > self._patience_s + _FROZEN_S

    def _succeed(self, check: _Check, live: _Live | None) -> None:
        with self._guard:
            if self._check is not check:  # given up on; a newer one may have answered
                return
            self._check = None
            self._live, self._checked_at = live, check.started_at
            self._failure, self._failures_in_a_row, self._paused_until = None, 0, _NEVER

    def _fail(self, check: _Check, error: Exception | None) -> None:
        with self._guard:
            if self._check is not check:
                return
            self._check = None
            if error is None:
                return
            self._failure = error
            self._failures_in_a_row += 1
            self._new_failures += 1
            self._paused_until = self._clock() + self._get_pause_s(error)
        self._on_failure(error)

    def _get_pause_s(self, error: Exception) -> float:
        if self._live:
            return min(2.0 ** (self._failures_in_a_row - 1), _LONGEST_PAUSE_S)
        is_passing = isinstance(error, StorageError) and error.is_retryable
        return _COLD_PAUSE_S if is_passing else 0.0
