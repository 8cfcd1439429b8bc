import boto3
import pytest

from comparison.answer import Answer, ask_version


@pytest.fixture
def ask(aws):
    """Ask a function that answers what the test says."""
    client = boto3.client("lambda")

    def ask(function):
        aws.functions = {"f:live": function} if function else {}
        return ask_version(client, "f:live", {"rawPath": "/health"})

    return ask


def test_answer_is_taken_apart(ask):
    answer = ask(lambda event: {"statusCode": 200, "headers": {"X-A": 1}, "body": event["rawPath"]})

    assert answer == Answer(200, {"x-a": "1"}, "/health")


def test_body_is_read_out_of_base64(ask):
    wrapped = {"statusCode": 200, "headers": {}, "body": "e30=", "isBase64Encoded": True}

    assert ask(lambda _event: wrapped) == Answer(200, {}, "{}")


def test_function_that_raises_has_crashed(ask):
    def raises(_event):
        raise TimeoutError("of customer 4711")

    assert ask(raises) == Answer(599, crash="TimeoutError")


@pytest.mark.parametrize("payload", [None, [], {}, {"body": "x"}])
def test_function_that_answers_something_else_has_crashed(ask, payload):
    assert ask(lambda _event: payload) == Answer(599, crash="no HTTP answer")


def test_function_that_is_not_there_answers_nothing(ask):
    assert ask(None) is None


def test_media_type_and_model_are_read_from_headers():
    answer = Answer(200, {"content-type": "text/csv; charset=utf-8", "x-model-version": "v1"})

    assert (answer.media_type, answer.model) == ("text/csv", "v1")
    assert (Answer(404).media_type, Answer(404).model) == ("", None)
