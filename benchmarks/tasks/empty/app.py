"""What any Python function costs, before it does anything."""


def lambda_handler(_event: dict, _context: object) -> dict:
    """Return an answer to anything."""
    return {"statusCode": 200, "body": "{}"}
