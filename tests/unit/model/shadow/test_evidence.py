from model.shadow.evidence import add_up, keep_evidence, read_evidence


def make_line(until, live="v1", shadow="v2", **more):
    line = {
        "model_version": live,
        "shadow_version": shadow,
        "since": until - 60,
        "until": until,
        "customers": 100,
        "not_scored": 1,
        "changes": [90, 9],
        "labels": [60, 4, 5, 30],
        "live_scores": [50, 49],
        "shadow_scores": [40, 59],
    }
    return line | more


def test_lines_of_a_pair_are_added_up():
    lines = [make_line(1_000), make_line(5_000, customers=200, labels=[100, 0, 0, 99])]

    assert add_up(lines) == [
        make_line(
            5_000,
            since=940,
            customers=300,
            not_scored=2,
            changes=[180, 18],
            labels=[160, 4, 5, 129],
            live_scores=[100, 98],
            shadow_scores=[80, 118],
        )
    ]


def test_pairs_are_told_apart_and_the_newest_is_last():
    lines = [make_line(3_000), make_line(1_000, shadow="v3"), make_line(2_000, live="v0")]

    pairs = [(found["model_version"], found["shadow_version"]) for found in add_up(lines)]

    assert pairs == [("v1", "v3"), ("v0", "v2"), ("v1", "v2")]


def test_no_lines_are_no_evidence():
    assert add_up([]) == []


def test_evidence_is_kept_by_pair(registry, bucket):
    keep_evidence(registry.bucket, make_line(1_000))
    keep_evidence(registry.bucket, make_line(2_000))

    assert list(bucket) == ["monitoring/shadow/v2/v1.json"]
    assert read_evidence(registry.bucket, "v2", "v1") == make_line(2_000)
    assert read_evidence(registry.bucket, "v2", "v0") is None
