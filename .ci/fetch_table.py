"""Fetch the table to train on: `python .ci/fetch_table.py s3://BUCKET/KEY FILE`.

A key that ends in / stands for the newest object below it, as exports come with a date in their
name. Prints the object's address.
"""

import sys
from typing import Any

import boto3


def main(address: str, path: str) -> None:
    """Write the object into a file."""
    bucket, _, key = address.removeprefix("s3://").partition("/")
    client = boto3.client("s3")
    if not key or key.endswith("/"):
        key = find_newest(client, bucket, key)
    client.download_file(bucket, key, path)
    print(f"s3://{bucket}/{key}")


def find_newest(client: Any, bucket: str, prefix: str) -> str:
    """Return the key of the object below a prefix that was written last."""
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    found = [
        (item["LastModified"], item["Key"])
        for page in pages
        for item in page.get("Contents", [])
        if item["Size"]
    ]
    if not found:
        sys.exit(f"error: s3://{bucket}/{prefix}: there is no table")
    return str(max(found)[1])


if __name__ == "__main__":
    main(*sys.argv[1:])
