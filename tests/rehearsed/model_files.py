"""What a model's file says, and one gone wrong."""

import json
from collections import Counter

from model.export.model_file import serialize


def turn_signs(body):
    """Return a linear model's file that takes those who stay for those who leave."""
    document = json.loads(body)
    (weights,) = document["artifact"]["coef"]
    payload = {name: document[name] for name in ("artifact", "schema", "reference")}
    payload["artifact"]["coef"] = [[-weight for weight in weights]]
    return serialize(payload, document["training_meta"])


def read_version(file):
    return json.loads(file.read_bytes())["training_meta"]["version"]


def count_contracts(line, model):
    """Return the customers of each contract, by a line of counts."""
    features = json.loads(model.read_bytes())["schema"]["features"]
    (place,) = [at for at, feature in enumerate(features) if feature["name"] == "Contract"]
    counts = zip(features[place]["categories"], line["features"][place], strict=False)
    return Counter(dict(counts))
