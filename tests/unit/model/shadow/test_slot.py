import json

import pytest

from model.errors import RegistryError
from model.registry.registry import find_shadow
from model.registry.release import Terms, promote, store
from model.shadow.slot import end_shadow, start_shadow

V1 = "20261122T090001Z-000000000001"
V2 = "20261122T090002Z-000000000002"
KEY = "models/shadow.json"


@pytest.fixture
def live(registry, model_file):
    promote(registry, store(registry, model_file(1)), Terms(by="ada"), "publish")


@pytest.mark.usefixtures("live")
def test_shadow_is_a_whole_copy_beside_the_live_one(registry, bucket, model_file):
    changes = start_shadow(registry, store(registry, model_file(2)))

    assert changes == []
    assert bucket[KEY] == model_file(2)
    assert bucket["models/telco_churn_light.json"] == model_file(1)
    assert find_shadow(registry) == V2


@pytest.mark.usefixtures("live")
def test_another_shadow_takes_its_place(registry, model_file):
    for number in (2, 3):
        start_shadow(registry, store(registry, model_file(number)))

    assert find_shadow(registry) == "20261122T090003Z-000000000003"


@pytest.mark.usefixtures("live")
def test_end_leaves_none(registry, bucket, model_file):
    start_shadow(registry, store(registry, model_file(2)))

    assert (end_shadow(registry), end_shadow(registry)) == (V2, None)
    assert KEY not in bucket


def test_shadow_needs_a_live_model(registry, model_file):
    with pytest.raises(RegistryError, match="a shadow needs a live model to be compared with"):
        start_shadow(registry, store(registry, model_file(2)))


@pytest.mark.usefixtures("live")
def test_live_model_is_no_shadow(registry, bucket, model_file):
    with pytest.raises(RegistryError, match=f"{V1} is live already"):
        start_shadow(registry, store(registry, model_file(1)))

    assert KEY not in bucket


@pytest.mark.usefixtures("live")
def test_what_a_shadow_asks_of_clients_is_told(registry, model_file, pack):
    document = json.loads(model_file(2))
    del document["digest"]
    document["schema"]["features"][0]["name"] = "months"
    document["artifact"]["numeric_features"][0] = "months"

    changes = start_shadow(registry, store(registry, pack(document)))

    assert changes == ["schema: tenure is no longer used", "schema: months is newly required"]
