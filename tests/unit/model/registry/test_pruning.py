import pytest

from model.errors import RegistryError
from model.registry.pruning import delete_versions, plan_pruning
from model.registry.registry import list_versions, read_version, swap_live
from model.registry.release import Terms, promote, roll_back, store

ALL_TIME = 365_000  # days
NO_TIME = -365_000  # the fake S3's clock stands still in 2026
FORCED = Terms(by="ada", reason="test", is_forced=True)


def name(number):
    return f"20261122T09000{number}Z-{number:012x}"


@pytest.fixture
def published(registry, model_file):
    """Versions 1 to 5; 2, 3 and 4 were live one after the other, then 3 again."""
    models = {number: store(registry, model_file(number)) for number in range(1, 6)}
    for number in (2, 3, 4):
        promote(registry, models[number], FORCED)
    roll_back(registry, FORCED)
    return models


def reasons(registry, keep, days):
    return {item.version: reason for item, reason in plan_pruning(registry, keep, days).items()}


@pytest.mark.usefixtures("published")
def test_live_newest_and_the_one_before_stay(registry):
    assert reasons(registry, 1, NO_TIME) == {
        name(5): "among the newest 1",
        name(4): "",
        name(3): "live",
        name(2): "rollback would take it",
        name(1): "",
    }


@pytest.mark.usefixtures("published")
def test_versions_in_the_recent_history_stay(registry):
    assert reasons(registry, 1, ALL_TIME) == {
        name(5): "among the newest 1",
        name(4): "in the history of the last 365000 days",
        name(3): "live",
        name(2): "rollback would take it",
        name(1): "",
    }


def test_the_shadow_stays(registry, bucket, model_file, published):  # noqa: ARG001  versions
    bucket[registry.shadow_key] = model_file(1)

    assert reasons(registry, 1, NO_TIME)[name(1)] == "the shadow"


def test_registry_without_a_live_model_keeps_the_newest(registry, model_file):
    store(registry, model_file(1))
    store(registry, model_file(2))

    assert reasons(registry, 1, ALL_TIME) == {name(2): "among the newest 1", name(1): ""}


def test_deleting_leaves_the_others(registry, published):
    delete_versions(registry, [name(1), name(4)])

    assert [item.version for item in list_versions(registry)] == [name(5), name(3), name(2)]
    assert read_version(registry, "live").body == published[3].body


def test_version_that_went_live_meanwhile_is_not_deleted(registry, published):
    live = read_version(registry, "live")
    swap_live(registry, published[1], live)

    with pytest.raises(RegistryError, match=f"{name(1)} went live meanwhile: stopped"):
        delete_versions(registry, [name(1)])
    assert read_version(registry, name(1)).body == published[1].body
