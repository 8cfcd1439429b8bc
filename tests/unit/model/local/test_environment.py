import contextlib
import os

import pytest

from model.local.environment import (
    describe_environment,
    import_handler,
    make_environment,
    use_environment,
)

S3_URL = "http://127.0.0.1:5000"


def test_environment_is_the_users_pointed_at_the_local_s3(monkeypatch):
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("HOME", "/home/someone")

    environment = make_environment(S3_URL)

    assert environment == dict(os.environ) | describe_environment(S3_URL)
    assert (environment["AWS_REGION"], environment["HOME"]) == ("us-east-2", "/home/someone")


@pytest.mark.parametrize("name", ["AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"])
def test_what_would_lead_past_the_local_s3_is_left_out(monkeypatch, name):
    monkeypatch.setenv(name, "the user's own")

    assert name not in make_environment(S3_URL)


def test_environment_is_put_back_afterwards(monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "work")
    before = dict(os.environ)

    with use_environment({"ONLY": "this"}):
        during = dict(os.environ)

    assert (during, dict(os.environ)) == ({"ONLY": "this"}, before)


def test_environment_is_put_back_after_an_error():
    before = dict(os.environ)

    with contextlib.suppress(ZeroDivisionError), use_environment({}):
        assert 1 / 0

    assert dict(os.environ) == before


def test_each_import_gives_a_handler_without_a_model(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LAMBDA_TASK_ROOT", "")  # so that it is put back

    first, second = import_handler(), import_handler()

    assert first is not second
