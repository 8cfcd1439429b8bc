"""A shadow beside the live model, through the handler: no answer tells whether there is one."""

import copy
import json
import threading

import pytest
from fake_s3 import Stored

import app

LIVE = "20261122T090000Z-0123456789ab"
V2 = "20261125T090000Z-000000000002"
HEADER = "tenure,charges,contract,paperless"
WAIT_S = 0.5  # for a look-up; one that hangs is left alone

pytestmark = pytest.mark.usefixtures("store")


@pytest.fixture
def shadow(document):
    """A model that says less of everybody."""
    changed = copy.deepcopy(document)
    changed["training_meta"]["version"] = V2
    changed["artifact"]["intercept"] = [-2.5]
    return changed


@pytest.fixture
def all_customers(monkeypatch):
    monkeypatch.setenv("SHADOW_SHARE", "1")
    monkeypatch.setattr("inference.shadow.comparison.LINE_S", 0)


@pytest.fixture
def converse(ask, s3):
    """Return the function that asks about customers once a shadow could be there."""
    others = {*threading.enumerate()}

    def list_look_ups():
        return [thread for thread in {*threading.enumerate()} - others if thread.daemon]

    def talk(count=120):
        records = [
            {"tenure": n % 73, "charges": 20 + n / 8, "contract": "Two year", "paperless": "Yes"}
            for n in range(count)
        ]
        ask(body={"records": records})
        ask(body={"records": records})  # has the shadow looked up
        for thread in list_look_ups():
            thread.join(WAIT_S)
        table = "\n".join([HEADER, *(",".join(map(str, row.values())) for row in records)])
        as_csv = {"headers": {"content-type": "text/csv"}}
        return [ask(body={"records": records}), ask(body=table, **as_csv)]

    yield talk
    s3.released.set()
    for thread in list_look_ups():  # else it asks the next test's S3
        thread.join()


def read_events(capsys, *names):
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return [line for line in lines if line.get("event") in names]


@pytest.mark.usefixtures("all_customers")
def test_shadow_scores_what_the_live_model_answers(s3, converse, shadow, pack, capsys):
    s3.others["shadow.json"] = Stored(pack(shadow))

    (status, headers, _), _ = converse()

    *_, records, table = read_events(capsys, "shadow_differences")
    times = {"since": 0, "until": 0}
    assert (status, headers["x-model-version"]) == (200, LIVE)
    assert (records["level"], records["shadow_version"], records["customers"]) == ("INFO", V2, 120)
    assert records | times == table | times
    assert "GET /models/models/shadow.json" in " ".join(s3.requests)


def hide(s3, _shadow, _pack):
    s3.others["shadow.json"] = Stored(None)


def damage(s3, shadow, pack):
    s3.others["shadow.json"] = Stored(pack(shadow)[:-2])


def forbid(s3, _shadow, _pack):
    s3.others["shadow.json"] = Stored(None, error=(403, "AccessDenied"))


def rename_a_field(s3, shadow, pack):
    shadow["schema"]["features"][0]["name"] = "months"
    shadow["artifact"]["numeric_features"][0] = "months"
    s3.others["shadow.json"] = Stored(pack(shadow))


@pytest.mark.parametrize(
    ("trouble", "event", "reason"),
    [
        (hide, None, None),
        (damage, "shadow_failed", "unusable"),
        (forbid, "shadow_failed", "forbidden"),
        (rename_a_field, "shadow_differences", None),
    ],
)
@pytest.mark.usefixtures("all_customers")
def test_no_fault_of_the_shadow_reaches_an_answer(
    s3, converse, shadow, pack, capsys, monkeypatch, trouble, event, reason
):
    trouble(s3, shadow, pack)
    found = converse()
    lines = read_events(capsys, "shadow_failed", "shadow_differences")
    monkeypatch.setenv("SHADOW_SHARE", "0")
    app.open_comparison.cache_clear()

    assert found == converse()
    assert {line["event"] for line in lines} == ({event} if event else set())
    assert {line.get("reason") for line in lines} <= {reason}


@pytest.mark.usefixtures("all_customers")
def test_nobody_waits_for_a_bucket_that_hangs(s3, converse, monkeypatch):
    class Hanging(Stored):
        def answer(self, _request):
            s3.released.wait()
            return b""

    s3.others["shadow.json"] = Hanging()

    found = converse()
    monkeypatch.setenv("SHADOW_SHARE", "0")
    app.open_comparison.cache_clear()

    assert found == converse()


@pytest.mark.usefixtures("all_customers")
def test_shadow_that_scores_slowly_is_given_up(s3, converse, shadow, pack, monkeypatch, capsys):
    monkeypatch.setattr("inference.shadow.comparison.MAX_S", -1.0)
    s3.others["shadow.json"] = Stored(pack(shadow))

    answers = converse()

    (line,) = read_events(capsys, "shadow_failed", "shadow_differences")  # then there is none
    assert [status for status, _, _ in answers] == [200, 200]
    assert line["fault"][0].startswith("SlowShadowError: app._compare:")


@pytest.mark.parametrize("share", ["", "0"])
def test_without_a_share_nobody_looks_for_a_shadow(s3, converse, shadow, pack, monkeypatch, share):
    monkeypatch.setenv("SHADOW_SHARE", share)
    s3.others["shadow.json"] = Stored(pack(shadow))

    converse()

    assert "shadow.json" not in " ".join(s3.requests)


@pytest.mark.usefixtures("all_customers")
def test_a_first_answer_looks_for_no_shadow(s3, ask, record, shadow, pack):
    s3.others["shadow.json"] = Stored(pack(shadow))

    ask(body={"records": [record] * 200})

    assert not app.open_comparison.cache_info().currsize
    assert "shadow.json" not in " ".join(s3.requests)


@pytest.mark.usefixtures("all_customers")
def test_no_line_comes_of_one_customer_however_often(s3, ask, record, shadow, pack, capsys):
    s3.others["shadow.json"] = Stored(pack(shadow))

    for _ in range(300):
        ask(body={"records": [record]})

    assert read_events(capsys, "shadow_differences") == []
