"""What a release says that it answers otherwise: `x-changes` of the API's description."""

import json

from comparison.answer import OK, Answer

CHANGES = "x-changes"  # member of openapi.json; each entry has `route`, `where` and a sentence

Change = tuple[str, str]  # route and place, such as `POST /predict`, `body.warnings`


def read_declared(before: Answer | None, after: Answer | None) -> set[Change]:
    """Return what the new version declares and the live one doesn't.

    Args:
        before: the live version's answer to `GET /openapi.json`, if there is such a version.
        after: the new one's.
    """
    return _read(after) - _read(before)


def is_declared(declared: set[Change], route: str, place: str) -> bool:
    """Return whether a difference lies at a declared place, or below one."""
    return any(
        named == route and (place == where or place.startswith((f"{where}.", f"{where}[")))
        for named, where in declared
    )


def _read(answer: Answer | None) -> set[Change]:
    if answer is None or answer.status != OK:
        return set()
    changes = json.loads(answer.body).get(CHANGES, [])
    return {(change["route"], change["where"]) for change in changes}
