"""Which model is the shadow: looked up now and then in a thread that nobody waits for."""

from collections.abc import Callable
from threading import Thread
from time import time

from inference.errors import find_reason
from inference.live.s3 import Fetch
from inference.scoring.artifact import Artifact, load_artifact

REFRESH_S = 300.0  # between two look-ups
DEADLINE_S = 5.0  # of one


class Candidate:
    """The shadow as it was last found; there is none before that, and none after a failure."""

    def __init__(
        self,
        fetch: Fetch,
        on_failure: Callable[[Exception], None],
        clock: Callable[[], float] = time,
    ) -> None:
        """Know nothing yet.

        Args:
            fetch: of `s3.make_fetcher`, for the shadow's key.
            on_failure: called, from any thread, with what went wrong; that there is no shadow
                isn't wrong.
            clock: seconds since 1970.
        """
        self._fetch, self._on_failure, self._clock = fetch, on_failure, clock
        self._looked_up_at = float("-inf")
        self._found: tuple[str | None, Artifact | None] = (None, None)

    def peek(self) -> Artifact | None:
        """Return the shadow without waiting, and have it looked up if that is due."""
        now_s = self._clock()
        if not 0 <= now_s - self._looked_up_at < REFRESH_S:
            self._looked_up_at = now_s
            Thread(target=self._look_up, daemon=True).start()
        return self._found[1]

    def drop(self) -> None:
        """Have no shadow until the next look-up."""
        self._found = (None, None)

    def _look_up(self) -> None:
        try:
            found = self._fetch(self._found[0], DEADLINE_S)
            if found.body is not None:
                self._found = (found.etag, load_artifact(found.body))
        except Exception as error:  # noqa: BLE001 (whatever it is, no answer may suffer)
            self.drop()
            if find_reason(error) != "missing":
                self._on_failure(error)
