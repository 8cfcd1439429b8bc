"""An object beside the live model, such as its shadow: looked up now and then, off the request."""

from collections.abc import Callable
from threading import Thread
from time import time

from inference.errors import find_reason
from inference.live.s3 import Fetch

TYPE_CHECKING = False  # typing takes 2 ms to import
if TYPE_CHECKING:
    from typing import Any


class SideObject:
    """What the object was when last found; nothing before that, and nothing after a failure.

    A kind of object says how it is `read` from its bytes, where what that raises is a failure, and
    after how many seconds a look-up is given up.
    """

    read: "Callable[[bytes], Any]"
    deadline_s: float

    def __init__(
        self,
        fetch: Fetch,
        refresh_s: float,
        on_failure: Callable[[Exception], None],
        clock: Callable[[], float] = time,
    ) -> None:
        """Know nothing yet.

        Args:
            fetch: of `s3.make_fetcher`, for the object's key.
            refresh_s: seconds between two look-ups, at least.
            on_failure: called, from any thread, with what went wrong; that there is no such object
                isn't wrong.
            clock: seconds since 1970.
        """
        self._fetch, self._on_failure = fetch, on_failure
        self._refresh_s, self._clock = refresh_s, clock
        self._looked_up_at = float("-inf")
        self._found: tuple[str | None, Any] = (None, None)

    def peek(self, wait_s: float = 0.0) -> "Any":
        """Return what is known, None for nothing, and have it looked up if that is due.

        Args:
            wait_s: how long to wait for that look-up.
        """
        now_s = self._clock()
        if not 0 <= now_s - self._looked_up_at < self._refresh_s:
            self._looked_up_at = now_s
            look_up = Thread(target=self._look_up, daemon=True)
            look_up.start()
            if wait_s:
                look_up.join(wait_s)
        return self._found[1]

    def drop(self) -> None:
        """Know nothing until the next look-up."""
        self._found = (None, None)

    def _look_up(self) -> None:
        try:
            found = self._fetch(self._found[0], self.deadline_s)
            if found.body is not None:
                self._found = (found.etag, self.read(found.body))
        except Exception as error:  # noqa: BLE001 (whatever it is, no answer may suffer)
            self.drop()
            if find_reason(error) != "missing":
                self._on_failure(error)
