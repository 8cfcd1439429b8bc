"""Made-up customers for the model that serves, from what `GET /model` says of its fields."""

from random import Random

Record = dict[str, object]
SEED = 20_261_125  # the same customers in each deploy


def make_up_customers(features: list[dict], count: int) -> list[Record]:
    """Return customers drawn from the fields' ranges and categories.

    Args:
        features: `features` of the answer to `GET /model`.
        count: how many.
    """
    rng = Random(SEED)  # noqa: S311  made-up customers are no secret  # nosec B311
    return [{spec["name"]: _draw(spec, rng) for spec in features} for _ in range(count)]


def spoil(customer: Record, features: list[dict]) -> list[Record]:
    """Return customers with which something is wrong, each with something else.

    A blank, a value that training never saw, a value of another type, a field that is missing, and
    one that is misspelt.
    """
    first, last = features[0]["name"], features[-1]["name"]
    without = {name: value for name, value in customer.items() if name != first}
    return [
        customer | {first: None},
        customer | {spec["name"]: _unseen(spec) for spec in features},
        customer | {last: [1]},
        without,
        without | {f"{first}x": customer[first]},
    ]


def _draw(spec: dict, rng: Random) -> object:
    if spec["kind"] == "category":
        return rng.choice(spec["categories"])
    middle = abs(spec.get("blank") or 0.0)
    low, high = spec.get("min"), spec.get("max")
    if low is None or high is None:  # the first version's file has no ranges
        low, high = 0.0, 2.0 * middle + 1.0
    if float(low).is_integer() and float(high).is_integer():
        return rng.randint(int(low), int(high))
    return min(high, max(low, round(rng.uniform(low, high), 2)))


def _unseen(spec: dict) -> object:
    if spec["kind"] == "category":
        return "never seen in training"
    return 10.0 * (spec.get("max") or 1.0) + 1.0
