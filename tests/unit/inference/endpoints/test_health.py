def test_health_names_the_version_that_serves(ask):
    status, _, answer = ask("GET", "/health")

    assert status == 200
    assert answer == {"status": "ok", "version": "20261122T090000Z-0123456789ab"}


def test_health_without_a_model_is_unavailable(ask, s3):
    s3.stored.body = None

    status, _, answer = ask("GET", "/health")

    assert status == 503
    assert list(answer) == ["error"]
