import json
from datetime import UTC, datetime

import pytest

from model.errors import RegistryError
from model.registry.attachments import write_page, write_report
from model.registry.registry import (
    Registry,
    list_versions,
    read_candidate,
    read_live,
    read_version,
    read_versions,
    swap_live,
    write_version,
)

V1 = "20261122T090001Z-000000000001"
V2 = "20261122T090002Z-000000000002"
LIVE_KEY = "models/telco_churn_light.json"


@pytest.fixture
def first(model_file):
    return read_candidate(model_file(1))


@pytest.fixture
def second(model_file):
    return read_candidate(model_file(2))


def test_keys_lie_beside_the_live_one(bucket):
    team = Registry(bucket, "models/sales/churn.json")

    keys = (team.version_key(V1), team.report_key(V1), team.page_key(V1))
    assert (*keys, team.history_prefix) == (
        f"models/sales/versions/{V1}.json",
        f"models/sales/versions/{V1}.html",
        f"models/sales/versions/{V1}.page.html",
        "models/sales/history/",
    )


def test_version_is_written_as_it_is(registry, bucket, first):
    was_new = write_version(registry, first)

    key = f"models/versions/{V1}.json"
    assert was_new
    assert bucket[key] == first.body
    assert list(bucket) == [key]
    assert bucket.head(key)["ContentType"] == "application/json"


def test_same_file_again_changes_nothing(registry, bucket, first):
    write_version(registry, first)
    before = dict(bucket)

    assert not write_version(registry, first)
    assert bucket == before


def test_version_is_never_overwritten(registry, bucket, first, model_file):
    write_version(registry, first)
    other = read_candidate(model_file(1, served="SGDClassifier"))

    with pytest.raises(RegistryError, match=f"version {V1}: exists with other content; not over"):
        write_version(registry, other)
    assert bucket[f"models/versions/{V1}.json"] == first.body


def test_first_live_model_is_put_where_none_is(registry, bucket, first):
    swap_live(registry, first, None)

    assert bucket[LIVE_KEY] == first.body
    assert read_live(registry).version == V1


def test_second_of_two_first_publishers_is_told(registry, first, second):
    swap_live(registry, first, None)

    with pytest.raises(RegistryError, match=f"{V1} went live meanwhile; {V2} isn't live"):
        swap_live(registry, second, None)
    assert read_live(registry).body == first.body


def test_second_of_two_crossing_promotions_is_told(registry, model_file, first, second):
    swap_live(registry, first, None)
    seen_by_both = read_live(registry)
    third = read_candidate(model_file(3))

    swap_live(registry, second, seen_by_both)

    with pytest.raises(RegistryError, match=f"{V2} went live meanwhile"):
        swap_live(registry, third, seen_by_both)
    assert read_live(registry).body == second.body


def test_live_model_deleted_meanwhile_is_told(registry, bucket, first, second):
    swap_live(registry, first, None)
    seen = read_live(registry)
    del bucket[LIVE_KEY]

    with pytest.raises(RegistryError, match="the live model was deleted meanwhile"):
        swap_live(registry, second, seen)


def test_swap_whose_answer_was_lost_counts_as_done(registry, first, second):
    swap_live(registry, first, None)
    seen = read_live(registry)
    swap_live(registry, second, seen)

    swap_live(registry, second, seen)

    assert read_live(registry).body == second.body


def test_first_versions_file_is_kept_when_replaced(registry, bucket, document, first):
    old = json.dumps({"artifact": document["artifact"]}).encode()
    bucket[LIVE_KEY] = old

    swap_live(registry, first, read_live(registry))

    (kept,) = [item.version for item in list_versions(registry)]
    assert kept.startswith("unversioned-")
    assert read_version(registry, kept).body == old


def test_unreadable_live_model_is_replaced_and_not_kept(registry, bucket, first):
    bucket[LIVE_KEY] = b"{"
    live = read_live(registry)

    swap_live(registry, first, live)

    assert (live.artifact, live.problem) == (None, "not a JSON document")
    assert list(bucket) == [LIVE_KEY]


def test_versions_come_newest_first_without_what_lies_beside_them(registry, bucket, first, second):
    write_version(registry, first)
    write_version(registry, second)
    bucket.date(registry.version_key(V2), datetime(2026, 11, 22, 9, tzinfo=UTC))
    write_report(registry, V1, b"<p></p>")
    write_page(registry, V2, b"<p></p>")

    listed = list_versions(registry)

    assert [(item.version, item.size_bytes, item.has_page) for item in listed] == [
        (V1, len(first.body), False),
        (V2, len(second.body), True),
    ]


def test_many_versions_are_read_in_order_and_deleted_ones_left_out(registry, first, second):
    write_version(registry, first)
    write_version(registry, second)

    models = read_versions(registry, [V2, "20250101T000000Z-000000000000", V1])

    assert [model.version for model in models] == [V2, V1]


@pytest.mark.parametrize("text", [V2, "20261122T090002", "live"], ids=["whole", "prefix", "live"])
def test_version_is_found_by(registry, first, second, text):
    for model in (first, second):
        write_version(registry, model)
    swap_live(registry, second, None)

    assert read_version(registry, text).body == second.body


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2026", "version 2026: 2 versions start with that"),
        ("2025", r"version 2025: not in the registry \(2 versions are\)"),
        ("live", "no model is live yet; publish one"),
    ],
)
def test_version_is_not_guessed(registry, first, second, text, message):
    for model in (first, second):
        write_version(registry, model)

    with pytest.raises(RegistryError, match=message):
        read_version(registry, text)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"[]", "the function couldn't load this file: expected a JSON object"),
        (b"{", "the function couldn't load this file: not a JSON document"),
    ],
)
def test_file_that_the_function_cannot_load_is_no_candidate(body, message):
    with pytest.raises(RegistryError, match=message):
        read_candidate(body)


def test_changed_file_is_no_candidate(model_file):
    with pytest.raises(RegistryError, match="digest: doesn't match the content"):
        read_candidate(model_file(1).replace(b"0.5", b"0.6", 1))


@pytest.mark.parametrize("listed", [{"apart": [[[0], [9]]]}, {"ranges": [[9, True, [], []]]}])
def test_file_that_names_companions_that_are_not_there_is_no_candidate(document, pack, listed):
    document["schema"]["companions"] = listed

    with pytest.raises(RegistryError, match=r"couldn't use this file: companions: expected"):
        read_candidate(pack(document))


def test_file_without_a_version_is_no_candidate(model_file):
    with pytest.raises(RegistryError, match=r"training_meta\.version: missing"):
        read_candidate(model_file(1, version="latest"))
