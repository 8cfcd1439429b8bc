import json

import pytest

from model.errors import RegistryError
from model.registry.history import read_history
from model.registry.registry import read_live, read_version
from model.registry.release import Terms, promote, roll_back, store

V1 = "20261122T090001Z-000000000001"
V2 = "20261122T090002Z-000000000002"
BY_ADA = Terms(by="ada")
FORCED = Terms(by="ada", reason="sales asked for it", is_forced=True)


@pytest.fixture
def publish(registry, model_file):
    """Return the function that publishes one of a series of models."""

    def put(number, terms=BY_ADA):
        return promote(registry, store(registry, model_file(number)), terms, "publish")

    return put


def test_first_publish_goes_live_and_on_record(registry, bucket, model_file, publish):
    release = publish(1)

    (entry,) = read_history(registry)
    assert bucket["models/telco_churn_light.json"] == model_file(1)
    assert entry == {
        "when": entry["when"],
        "by": "ada",
        "action": "publish",
        "from": None,
        "to": V1,
        "why": "",
        "forced": False,
        "gate": release.verdict.as_dict(),
    }
    assert release.as_dict() == {
        "version": V1,
        "live": True,
        "previous": None,
        "gate": release.verdict.as_dict(),
        "history": entry,
    }


def test_stored_model_is_not_live(registry, bucket, model_file):
    store(registry, model_file(1), b"<p>report</p>")

    assert sorted(bucket) == [f"models/versions/{V1}.html", f"models/versions/{V1}.json"]


def test_refused_model_stays_in_the_registry_and_changes_nothing_else(registry, bucket, publish):
    publish(1)

    release = publish(2)  # no table to compare with

    assert (release.is_live, release.previous, release.entry) == (False, V1, None)
    assert not release.verdict.has_passed
    assert read_live(registry).version == V1
    assert f"models/versions/{V2}.json" in bucket
    assert len(read_history(registry)) == 1


def test_force_goes_live_and_on_record(registry, publish):
    publish(1)

    release = publish(2, FORCED)

    entry = read_history(registry)[-1]
    assert (release.is_live, release.previous) == (True, V1)
    assert [entry[key] for key in ("from", "to", "why", "forced")] == [
        V1,
        V2,
        "sales asked for it",
        True,
    ]
    assert entry["gate"]["passed"] is False


def test_force_needs_a_reason(publish):
    with pytest.raises(RegistryError, match="--force needs --reason: the history has to say why"):
        publish(1, Terms(is_forced=True, reason=" "))


def test_allowed_leak_needs_a_reason(publish):
    with pytest.raises(RegistryError, match="--allow-leak needs --reason: the history has to say"):
        publish(1, Terms(allowed_leaks=("score",)))


def test_force_that_the_gate_did_not_need_is_not_called_forced(registry, publish):
    publish(1, FORCED)

    assert read_history(registry)[0]["forced"] is False


def test_live_model_published_again_changes_nothing(bucket, publish):
    publish(1)
    before = dict(bucket)

    release = publish(1)

    assert (release.is_live, release.entry, release.verdict) == (True, None, None)
    assert bucket == before


def test_model_that_went_live_during_the_gate_is_not_lost(registry, bucket, model_file, publish):
    publish(1)
    third = store(registry, model_file(3))
    second = store(registry, model_file(2))

    bucket.before_put = [lambda: promote(registry, third, FORCED)]

    with pytest.raises(RegistryError, match=f"{third.version} went live meanwhile"):
        promote(registry, second, FORCED)
    assert bucket["models/telco_churn_light.json"] == third.body
    assert [entry["to"] for entry in read_history(registry)] == [V1, third.version]


def test_roll_back_is_bit_for_bit_and_on_record(registry, bucket, model_file, publish):
    publish(1)
    publish(2, FORCED)

    release = roll_back(registry, Terms(by="bob", reason="complaints"))

    assert bucket["models/telco_churn_light.json"] == model_file(1)
    assert (release.version, release.previous) == (V1, V2)
    assert [
        (entry["action"], entry["by"], entry["from"], entry["to"], entry["why"])
        for entry in read_history(registry)
    ] == [
        ("publish", "ada", None, V1, ""),
        ("publish", "ada", V1, V2, "sales asked for it"),
        ("rollback", "bob", V2, V1, "complaints"),
    ]


def test_roll_back_goes_to_a_stated_version(registry, publish):
    for number in (1, 2, 3):
        publish(number, FORCED)

    assert roll_back(registry, BY_ADA, to=V1).version == V1


def test_roll_back_to_the_live_version_changes_nothing(registry, publish):
    publish(1)

    release = roll_back(registry, BY_ADA, to=V1)

    assert (release.is_live, release.entry) == (True, None)


def test_nothing_to_roll_back_to(registry, publish):
    with pytest.raises(RegistryError, match="no model is live yet; publish one"):
        roll_back(registry, BY_ADA)

    publish(1)

    with pytest.raises(RegistryError, match=f"{V1} is the first in the history; say --to VERSION"):
        roll_back(registry, BY_ADA)


def test_roll_back_to_a_version_that_is_gone_names_it(registry, bucket, publish):
    publish(1)
    publish(2, FORCED)
    del bucket[f"models/versions/{V1}.json"]

    with pytest.raises(RegistryError, match=f"version {V1}: not in the registry"):
        roll_back(registry, BY_ADA)


def test_version_that_cannot_be_loaded_goes_live_by_no_way(registry, bucket, publish):
    publish(1)
    broken = f"models/versions/{V2}.json"
    bucket[broken] = b"{"
    model = read_version(registry, V2)

    with pytest.raises(RegistryError, match=f"version {V2}: can't be loaded: not a JSON document"):
        promote(registry, model, FORCED)
    with pytest.raises(RegistryError, match=f"version {V2}: can't be loaded: not a JSON document"):
        roll_back(registry, BY_ADA, to=V2)


def test_first_versions_file_can_be_rolled_back_to(registry, bucket, document, publish):
    old = json.dumps({"artifact": document["artifact"]}).encode()
    key = "models/telco_churn_light.json"
    bucket[key] = old
    publish(1, FORCED)

    roll_back(registry, BY_ADA)

    assert bucket[key] == old
