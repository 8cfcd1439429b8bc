"""The first version's design: a boto3 client made at import, and a loop over each record."""

import json
import os

import boto3
from naive_scoring import compile_model

s3 = boto3.client("s3")
predict = None


def lambda_handler(event: dict, _context: object) -> dict:
    """Return probabilities and labels of the records in an HTTP API event."""
    global predict  # noqa: PLW0603  as the first version keeps its model
    if predict is None:
        stored = s3.get_object(Bucket=os.environ["MODEL_BUCKET"], Key=os.environ["MODEL_KEY"])
        predict = compile_model(json.loads(stored["Body"].read())["artifact"])
    records = json.loads(event["body"])["records"]
    probabilities = [predict(record) for record in records]
    labels = [int(probability >= 0.5) for probability in probabilities]  # noqa: PLR2004  as there
    answer = {"predictions": probabilities, "labels": labels}
    return {"statusCode": 200, "body": json.dumps(answer)}
