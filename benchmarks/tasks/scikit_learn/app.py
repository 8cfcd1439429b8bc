"""A function with scikit-learn and the pickled pipeline in its package."""

import json
import os
from pathlib import Path

from scorer import load_scorer

score = load_scorer(Path(os.environ["MODEL_FILE"]))


def lambda_handler(event: dict, _context: object) -> dict:
    """Return probabilities and labels of the records in an HTTP API event."""
    probabilities = score(json.loads(event["body"])["records"])
    labels = [int(probability >= 0.5) for probability in probabilities]  # noqa: PLR2004  as there
    answer = {"predictions": probabilities, "labels": labels}
    return {"statusCode": 200, "body": json.dumps(answer)}
