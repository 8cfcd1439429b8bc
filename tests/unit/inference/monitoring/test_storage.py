"""Answers of S3 and CloudWatch that moto doesn't give."""

import pytest
from botocore.exceptions import ClientError

from inference.monitoring.storage import Folder, Log, read_document, read_pages


class Client:
    """The edge to AWS: answers as it is told, and keeps what it was asked."""

    def __init__(self, *answers):
        self.answers, self.asked = [*answers], []

    def filter_log_events(self, **asked):
        self.asked.append(asked)
        return self.answers.pop(0)

    def get_object(self, **asked):
        self.asked.append(asked)
        raise self.answers.pop(0)


def test_pages_are_read_to_the_last_and_may_be_empty():
    event = {"timestamp": 7, "message": "line"}
    client = Client(
        {"events": [event], "nextToken": "a"},
        {"events": [], "nextToken": "b"},
        {"events": [event, event]},
    )

    pages = list(read_pages(Log(client, "predict"), "customer_counts", 5, 10))

    assert pages == [[(7, "line")], [], [(7, "line"), (7, "line")]]
    first = {
        "logGroupName": "predict",
        "startTime": 5,
        "endTime": 9,
        "filterPattern": '"customer_counts"',
    }
    assert [{**asked} for asked in client.asked][-1] == first | {"nextToken": "b"}


def test_an_object_that_may_not_be_read_is_no_absent_one():
    denied = ClientError({"Error": {"Code": "AccessDenied"}}, "GetObject")

    with pytest.raises(ClientError):
        read_document(Folder(Client(denied), "models"), "monitoring/state.json")
