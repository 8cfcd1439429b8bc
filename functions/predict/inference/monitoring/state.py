"""What the monitor found last: the small object that it leaves, and how GET /model tells of it."""

import json
from collections.abc import Callable
from threading import Thread
from time import time

from inference.errors import find_reason

TYPE_CHECKING = False  # typing takes 2 ms to import
if TYPE_CHECKING:
    from inference.live.s3 import Fetch

STATE_KEY = "monitoring/state.json"  # of the models' bucket
DEADLINE_S = 1.0  # of a look-up; who asks then gets what was known before

LIKE_TRAINING, DRIFTED, ALARM, NOT_JUDGED = "like_training", "drifted", "alarm", "not_judged"
NOT_KNOWN = "whether customers of the same score leave as often as in training; only outcomes tell"
FIGURES = (  # of a field that has drifted
    "name",
    "moved",
    "psi",
    "psi_critical",
    "q",
    "blank",
    "blank_in_training",
    "outside",
    "unseen",
)


def describe_state(window: dict) -> dict:
    """Return what is kept of a window beside its own object: no counts, no fields at rest."""
    versions = {
        version: _describe_verdict(verdict) for version, verdict in window["versions"].items()
    }
    return {"day": window["day"], "versions": versions}


def _describe_verdict(verdict: dict) -> dict:
    drifted = [field for field in verdict.get("fields", ()) if field["drifted"]]
    return {
        "customers": verdict["customers"],
        "verdict": _name_verdict(verdict),
        "fields": [
            {name: field[name] for name in FIGURES if name in field}
            | {"alarm": field["name"] in verdict["alarm"]}
            for field in drifted
        ],
        "estimates": verdict.get("estimates"),
    }


def _name_verdict(verdict: dict) -> str:
    if not verdict["is_judged"]:
        return NOT_JUDGED
    if verdict["alarm"]:
        return ALARM
    return DRIFTED if verdict["drifted"] else LIKE_TRAINING


def read_state(body: bytes) -> dict:
    """Return a state.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: it isn't one.
    """
    state = json.loads(body)
    members = ("customers", "verdict", "fields", "estimates")
    return {
        "day": state["day"],
        "versions": {
            version: {name: verdict[name] for name in members}
            for version, verdict in state["versions"].items()
        },
    }


def tell_version(state: dict, version: str) -> dict:
    """Return what a state says of a model: `monitoring` of GET /model."""
    nobody = {"customers": 0, "verdict": NOT_JUDGED, "fields": [], "estimates": None}
    told = {"day": state["day"], "model_version": version}
    return told | state["versions"].get(version, nobody) | {"not_known": NOT_KNOWN}


class LastState:
    """The monitor's last state, looked up when somebody asks for it."""

    def __init__(
        self,
        fetch: "Fetch",
        refresh_s: float,
        on_failure: Callable[[Exception], None],
        clock: Callable[[], float] = time,
    ) -> None:
        """Know nothing yet.

        Args:
            fetch: of `s3.make_fetcher`, for STATE_KEY.
            refresh_s: seconds between two look-ups, at least.
            on_failure: called, from any thread, with why the state can't be read; that there is
                none isn't wrong.
            clock: seconds since 1970.
        """
        self._fetch, self._on_failure, self._clock = fetch, on_failure, clock
        self._refresh_s = refresh_s
        self._looked_up_at = float("-inf")
        self._found: tuple[str | None, dict | None] = (None, None)

    def tell(self, version: str) -> dict | None:
        """Return what the last window says of a model; None where there is none to be read."""
        now_s = self._clock()
        if not 0 <= now_s - self._looked_up_at < self._refresh_s:
            self._looked_up_at = now_s
            look_up = Thread(target=self._look_up, daemon=True)
            look_up.start()
            look_up.join(DEADLINE_S)
        state = self._found[1]
        return tell_version(state, version) if state else None

    def _look_up(self) -> None:
        try:
            found = self._fetch(self._found[0], DEADLINE_S)
            if found.body is not None:
                self._found = (found.etag, read_state(found.body))
        except Exception as error:  # noqa: BLE001 (whatever it is, the model can be described)
            self._found = (None, None)
            if find_reason(error) != "missing":
                self._on_failure(error)
