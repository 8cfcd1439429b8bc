"""A plan for more objects than an S3 on this machine gives away in a few seconds."""

import io
import json

import pytest

from inference.bulk.plan import plan_run
from inference.bulk.storage import Bucket

MODEL_KEY = "models/live.json"
PAGE = 1_000  # keys in an answer of S3's, at most
TABLE = b"customerID,tenure,charges,contract,paperless\nC1,10,90,Two year,No\n"


class Objects:
    """Stands for S3's client: keys and bodies."""

    def __init__(self, bodies):
        self.bodies = bodies

    def get_paginator(self, _name):
        return self

    def paginate(self, **_asked):
        keys = sorted(self.bodies)
        for start in range(0, len(keys), PAGE):
            some = keys[start : start + PAGE]
            yield {
                "Contents": [
                    {"Key": key, "ETag": f'"{key}"', "Size": len(self.bodies[key])} for key in some
                ]
            }

    def get_object(self, **asked):
        first, last = map(int, asked["Range"].removeprefix("bytes=").split("-"))
        return {"Body": io.BytesIO(self.bodies[asked["Key"]][first : last + 1])}

    def put_object(self, **asked):
        self.bodies[asked["Key"]] = asked["Body"]


def test_ten_thousand_small_objects_are_forty_parts_in_the_order_of_their_keys(models):
    keys = [f"in/many/{number:05}.csv" for number in range(10_000)]
    objects = Objects(dict.fromkeys(keys, TABLE))
    event = {"run": "many", "request": {"input": "in/many/"}}

    plan = plan_run(Bucket(objects, "bulk"), models, event, model_key=MODEL_KEY, workers=8)

    items = json.loads(objects.bodies[plan["items"]["key"]])
    assert (plan["parts"], plan["workers"]) == (40, 8)
    assert [item["part"] for item in items] == [*range(40)]
    assert [piece["key"] for item in items for piece in item["pieces"]] == keys
    assert {len(item["pieces"]) for item in items} == {250}
    assert items[0]["pieces"][0] == {
        "key": keys[0],
        "etag": f'"{keys[0]}"',
        "start": TABLE.index(b"\n") + 1,
        "end": len(TABLE),
    }
    assert max(len(json.dumps(item)) for item in items) < 256 * 1024  # what the map takes


@pytest.mark.parametrize(("rows", "parts"), [(24 * 1024, 1), (24 * 1024 + 1, 2)])
def test_a_part_has_24_mib(models, rows, parts):
    header, row = TABLE.splitlines(keepends=True)
    kibibyte = row.rjust(1024, b"C")
    objects = Objects({"in/one/may.csv": header + kibibyte * rows})
    event = {"run": "one", "request": {"input": "in/one/"}}

    plan = plan_run(Bucket(objects, "bulk"), models, event, model_key=MODEL_KEY, workers=8)

    assert plan["parts"] == parts
