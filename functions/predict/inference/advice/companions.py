"""Which values of other features go with a category, and what a change therefore brings along.

Training finds them (model/export/companions.py); a model file without any limits no change.
"""

from itertools import product

from inference.errors import ArtifactError
from inference.scoring.records import UNSEEN

TYPE_CHECKING = False  # typing takes 2 ms to import
if TYPE_CHECKING:
    from inference.scoring.model_types import Feature

Change = tuple[int, float | str]  # place of the feature in the schema, value
Companions = dict[Change, dict[int, list[str]]]  # what goes with a value, by the other's place


def read_companions(schema: dict) -> Companions:
    """Return, for each value that doesn't go with all others, which it goes with.

    Of each feature that is limited by it: what a blank becomes first, which most customers have,
    then in the schema's order.

    Args:
        schema: the model file's; its `companions` are described in docs/artifact.md.

    Raises:
        ArtifactError: they name a category that isn't there, or none.
    """
    features = schema["features"]
    values = list_values(features)
    apart: dict[Change, set[Change]] = {}
    try:
        for block in read_limits(schema, "apart"):
            these, those = (_choose(values, listed) for listed in block)
            for one, other in product(these, those):
                apart.setdefault(one, set()).add(other)
                apart.setdefault(other, set()).add(one)
    except (AttributeError, IndexError, TypeError, ValueError) as error:
        raise ArtifactError("companions: expected places of the schema's categories") from error
    return {value: _list_allowed(features, value[0], others) for value, others in apart.items()}


def read_limits(schema: dict, kind: str) -> list:
    """Return the limits of one kind that a model file states; those in another form are none."""
    companions = schema.get("companions", {})
    return [] if isinstance(companions, list) else companions.get(kind, [])


def list_values(features: "list[Feature]") -> list[Change]:
    """Return all categories of all features, as the model file numbers them."""
    return [
        (place, text) for place, spec in enumerate(features) for text in spec.get("categories", ())
    ]


def _choose(values: list[Change], places: list[int]) -> list[Change]:
    if min(places) < 0:
        raise IndexError
    return [values[place] for place in places]


def _list_allowed(features: "list[Feature]", own: int, apart: set[Change]) -> dict[int, list[str]]:
    allowed = {}
    for place in sorted({other for other, _ in apart} - {own}):
        spec = features[place]
        ranked = sorted(spec["categories"], key=lambda text: text != spec["blank"])
        allowed[place] = [text for text in ranked if (place, text) not in apart]
    return allowed


def settle(companions: Companions, values: tuple, chosen: dict) -> dict | None:
    """Return all that has to change where some values are chosen: place -> value, or None.

    Whatever doesn't go with a chosen value takes the one that most often does, and so on for
    what doesn't go with that. A value that training never saw stays: nothing is known of it.

    Args:
        companions: as `read_companions` returns them.
        values: the customer's, in the schema's order.
        chosen: place -> value; kept in any case, so None where these don't go together.
    """
    settled = dict(chosen)
    waiting = [*chosen.items()]
    for change in waiting:  # which grows meanwhile
        for other, allowed in companions.get(change, {}).items():
            value = settled.get(other, values[other])
            if value is UNSEEN or value in allowed:
                continue
            follower = None if other in settled else _pick(companions, settled, other, allowed)
            if follower is None:
                return None
            settled[other] = follower
            waiting.append((other, follower))
    return settled


def _pick(companions: Companions, settled: dict, other: int, allowed: list[str]) -> str | None:
    """Return the first of the allowed values that goes with all that is settled."""
    limits = [companions.get(change, {}).get(other, allowed) for change in settled.items()]
    return next((text for text in allowed if all(text in limit for limit in limits)), None)
