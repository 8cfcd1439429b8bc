"""Which model is the shadow: looked up now and then in a thread that nobody waits for."""

from collections.abc import Callable
from time import time

from inference.live.s3 import Fetch
from inference.live.side_object import SideObject
from inference.scoring.artifact import load_artifact

REFRESH_S = 300.0  # between two look-ups
DEADLINE_S = 5.0  # of one


class Candidate(SideObject):
    """The shadow as it was last found: an `Artifact`, or None."""

    read = staticmethod(load_artifact)
    deadline_s = DEADLINE_S

    def __init__(
        self,
        fetch: Fetch,
        on_failure: Callable[[Exception], None],
        clock: Callable[[], float] = time,
    ) -> None:
        """Know nothing yet; the arguments are as in `SideObject`."""
        super().__init__(fetch, REFRESH_S, on_failure, clock)
