"""What the monitor found last: the small object that it leaves, and how GET /model tells of it."""

import json

STATE_KEY = "monitoring/state.json"  # of the models' bucket

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
