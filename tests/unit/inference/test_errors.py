import pytest

from inference.errors import (
    ApiError,
    ArtifactError,
    BodyError,
    MediaTypeError,
    MethodError,
    ModelUnavailableError,
    NothingScoredError,
    RouteError,
    StorageError,
    TooLargeError,
    find_reason,
)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ApiError("x"), 400),
        (BodyError("x"), 400),
        (RouteError("x"), 404),
        (MethodError("x"), 405),
        (TooLargeError("x"), 413),
        (MediaTypeError("x"), 415),
        (NothingScoredError("x", {}), 422),
        (ModelUnavailableError("x", {}, "missing"), 503),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, ApiError) else "",
)
def test_error_has_its_status_and_its_sentence(error, status):
    assert (error.status, error.message, str(error), error.headers) == (status, "x", "x", {})


def test_record_that_cannot_be_scored_is_one_unless_said_otherwise():
    assert NothingScoredError("x", {}).bad_records == 1
    assert NothingScoredError("x", {}, 3).bad_records == 3


@pytest.mark.parametrize(
    ("reason", "is_retryable"),
    [("missing", False), ("forbidden", False), ("misconfigured", False), ("unavailable", True)],
)
def test_only_what_is_unavailable_can_pass(reason, is_retryable):
    assert StorageError("x", reason).is_retryable is is_retryable


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (StorageError("x", "forbidden"), "forbidden"),
        (ArtifactError("x"), "unusable"),
        (KeyError("x"), "unexpected"),
    ],
)
def test_reason_is_one_word(error, reason):
    assert find_reason(error) == reason
