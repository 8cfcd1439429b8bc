"""Which values of other features go with a category, and what a change therefore brings along.

Training finds them (model/export/companions.py); a model file without any limits no change.
"""

from inference.errors import ArtifactError
from inference.scoring.records import UNSEEN

TYPE_CHECKING = False  # typing takes 2 ms to import
if TYPE_CHECKING:
    from inference.scoring.model_types import Feature

Change = tuple[int, float | str]  # place of the feature in the schema, value
Companions = dict[Change, dict[int, list[str]]]  # what goes with a value, by the other's place


def read_companions(schema: dict) -> Companions:
    """Return, for each value that isn't seen with all others, which are: the most frequent first.

    Args:
        schema: the model file's; its `companions` are described in docs/artifact.md.

    Raises:
        ArtifactError: they name a feature or a category that isn't there, or nothing.
    """
    features = schema["features"]
    try:
        return {
            (place, _category(features, place, code)): {
                other: [_category(features, other, there) for there in (first, *more)]
                for other, first, *more in listed
            }
            for place, code, listed in schema.get("companions", ())
        }
    except (IndexError, KeyError, TypeError, ValueError) as error:
        raise ArtifactError("companions: expected features and categories of the schema") from error


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


def _category(features: "list[Feature]", place: int, code: int) -> str:
    if place < 0 or code < 0:
        raise IndexError
    return features[place]["categories"][code]
