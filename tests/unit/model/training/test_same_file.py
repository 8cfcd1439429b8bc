"""The same table and budget give the same model file, however slow or busy a machine is."""

import json
import time

import pytest

from model.competition.serving import MAX_KB, MAX_US
from model.fitting.candidates import build_candidates
from model.search.search import search_candidates
from model.training.choices import Choices
from model.training.train import train

PLANNED = 4  # trials
BUDGET_S = 1_000.0
SLOWER = 50  # times: what takes 2 µs is measured as 100, far beyond the limit


@pytest.fixture
def be_slow(monkeypatch):
    """Return the function after whose call every clock runs ahead, as on a slow machine."""

    def slow_down():
        for name in ("monotonic", "perf_counter"):
            clock = getattr(time, name)
            monkeypatch.setattr(time, name, lambda clock=clock: SLOWER * clock())

    return slow_down


def train_once(customers):
    found = search_candidates(customers, PLANNED, BUDGET_S, lambda *_: None)
    candidates = build_candidates(customers.numeric, customers.categorical)
    choices = Choices(max_us=MAX_US, max_kb=MAX_KB)
    training = train(customers, candidates | found.candidates, choices, search=found)
    document = json.loads(training.body)
    for name in ("trained_at", "version"):
        del document["training_meta"][name]
    del document["digest"]
    return document


def test_a_slow_machine_writes_the_same_file(customers, be_slow):
    first = train_once(customers)
    be_slow()

    second = train_once(customers)

    assert second == first
    search = {"budget_s": BUDGET_S, "planned": PLANNED, "tried": PLANNED}
    assert first["training_meta"]["search"] == search
