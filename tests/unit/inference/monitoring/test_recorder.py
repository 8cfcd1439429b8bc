import pytest

from inference.monitoring.counts import Counts
from inference.monitoring.recorder import LINE_S, MOST, SAMPLE, Recorder
from inference.scoring.artifact import load_artifact

NOON_S = 1_795_000_000.0


class Clock:
    def __init__(self):
        self.now_s = NOON_S

    def __call__(self):
        return self.now_s


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def lines():
    return []


@pytest.fixture
def recorder(lines, clock):
    return Recorder(lines.append, clock)


def scored(artifact, records, header=None):
    return artifact, header, records, [0.6] * len(records)


def count(artifact, records):
    counts = Counts(artifact)
    for record in records:
        counts.add_record(record, 0.6)
    return counts.to_json()


def test_a_line_says_what_a_minute_scored(recorder, lines, clock, artifact, customers):
    for record in customers(120):
        recorder.record(scored(artifact, [record]))
    clock.now_s += LINE_S
    recorder.record(scored(artifact, customers(1, first=500)))

    assert lines == [
        {
            "event": "customer_counts",
            "model_version": artifact.version,
            "since": NOON_S,
            "until": NOON_S + 60,
            **count(artifact, customers(120) + customers(1, first=500)),
        }
    ]


def test_no_line_comes_before_its_minute_is_over(recorder, lines, clock, artifact, customers):
    for record in customers(500):
        recorder.record(scored(artifact, [record]))
        clock.now_s += 0.1

    assert lines == []


def test_few_customers_wait_for_more(recorder, lines, clock, artifact, customers):
    for record in customers(99):
        recorder.record(scored(artifact, [record]))
        clock.now_s += LINE_S
    assert lines == []

    recorder.record(scored(artifact, customers(1, first=99)))

    assert [line["customers"] for line in lines] == [100]


def test_the_next_line_starts_anew(recorder, lines, clock, artifact, customers):
    for first in (0, 150, 300):
        recorder.record(scored(artifact, customers(150, first)))
        clock.now_s += LINE_S

    assert [line["customers"] for line in lines] == [300, 150]
    assert lines[1]["since"] == lines[0]["until"]


def test_a_flood_of_one_customer_makes_no_line(recorder, lines, clock, artifact, record):
    for _ in range(5_000):
        recorder.record(scored(artifact, [record]))
        clock.now_s += 1

    assert lines == []


def test_of_a_large_request_a_sample_is_counted(recorder, lines, clock, artifact, customers):
    recorder.record(scored(artifact, customers(1_000)))
    clock.now_s += LINE_S
    recorder.record(scored(artifact, []))

    assert lines[0]["customers"] == 143 <= SAMPLE
    assert lines[0] == {**lines[0], **count(artifact, customers(1_000)[::7])}


def test_one_line_has_no_more_than_about_a_thousand(recorder, lines, clock, artifact, customers):
    for record in customers(1_500):
        recorder.record(scored(artifact, [record]))
    clock.now_s += LINE_S
    recorder.record(scored(artifact, []))

    assert [line["customers"] for line in lines] == [MOST]


def test_who_could_not_be_scored_is_not_counted(recorder, lines, clock, artifact, customers):
    records = customers(150)
    records[7] = {"tenure": "soon"}
    predictions = [None if place == 7 else 0.6 for place in range(150)]
    recorder.record((artifact, None, records, predictions))
    clock.now_s += LINE_S
    recorder.record(scored(artifact, []))

    assert [line["customers"] for line in lines] == [149]


def test_rows_of_a_table_count_as_records(recorder, lines, clock, artifact, customers):
    records = customers(150)
    header = ["note", *records[0]]
    rows = [["x", *("" if v is None else str(v) for v in record.values())] for record in records]
    recorder.record(scored(artifact, rows, header))
    clock.now_s += LINE_S
    recorder.record(scored(artifact, []))

    assert lines[0] == {**lines[0], **count(artifact, records)}


def test_each_model_has_lines_of_its_own(recorder, lines, clock, document, pack, customers):
    artifact = load_artifact(pack(document))
    document["training_meta"]["version"] = "20261124T090000Z-0123456789ab"
    newer = load_artifact(pack(document))
    recorder.record(scored(artifact, customers(120)))
    recorder.record(scored(newer, customers(130)))
    clock.now_s += LINE_S
    recorder.record(scored(newer, []))

    told = [(line["model_version"], line["customers"]) for line in lines]
    assert told == [(artifact.version, 120), (newer.version, 130)]


def test_a_model_without_a_reference_is_not_counted(
    recorder, lines, clock, document, pack, customers
):
    del document["reference"]
    artifact = load_artifact(pack(document))

    recorder.record(scored(artifact, customers(150)))
    clock.now_s += LINE_S
    recorder.record(scored(artifact, customers(150)))

    assert lines == []
