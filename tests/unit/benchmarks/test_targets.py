"""Rows as the benchmarks give them, with round numbers, become the issue's list."""

import pytest

from benchmarks.contenders import EMPTY, FIRST, ONNX, OURS, SCORER, SKLEARN
from benchmarks.emulator import HTTP, TLS
from benchmarks.figures import summarize
from benchmarks.tables import make_tables
from benchmarks.targets import list_targets


def cold(name, model, s3, first_ms):
    return {
        "name": name,
        "model": model,
        "s3": s3,
        "first_ms": summarize([first_ms, first_ms]),
        "further_ms": summarize([1.0, 1.0]),
        "peak_mb": summarize([20.0, 20.0]),
    }


def warm(name, model, records, us_per_record, difference=0.0):
    return {
        "name": name,
        "model": model,
        "records": records,
        "us_per_record": summarize([us_per_record, us_per_record]),
        "difference": difference,
    }


@pytest.fixture
def results():
    return {
        "run": {"date": "2026-11-22", "machine": "a machine", "python": "3.14.0", "image": "one"},
        "data": {"name": "customers.csv", "rows": 7043},
        "cold_start": [
            cold(EMPTY, "", None, 50.0),
            cold(FIRST, "linear", HTTP, 250.0),
            cold(FIRST, "linear", TLS, 350.0),
            cold(OURS, "linear", HTTP, 60.0),
            cold(OURS, "linear", TLS, 100.0),
            cold(OURS, "100 trees", HTTP, 75.0),
            cold(OURS, "100 trees", TLS, 125.0),
            cold(ONNX, "100 trees", None, 300.0),
            cold(SKLEARN, "100 trees", None, 1500.0),
        ],
        "scoring": [
            warm(name, model, records, us)
            for model in ("linear", "100 trees")
            for records in (1, 1_000)
            for name, us in ((FIRST, 8.0), (ONNX, 50.0), (SKLEARN, 6000.0), (OURS, 2.0))
        ]
        + [
            warm(SCORER, model, records, 1.0)
            for model in ("linear", "100 trees")
            for records in (1, 1_000)
        ],
        "memory_size": [
            {
                "memory_mb": 512,
                "first_ms": summarize([200.0, 200.0]),
                "further_ms": summarize([2.0, 2.0]),
                "batch_ms": summarize([20.0, 20.0]),
                "dollars_per_million": {"cold": 1.5, "warm": 0.22, "in_batches": 0.0004},
            }
        ],
        "package": [{"name": OURS, "model": "100 trees", "zip_bytes": 90_000}],
    }


def test_each_figure_is_held_against_its_limit(results):
    met = {target.what: (target.reached, target.is_met) for target in list_targets(results)}

    assert met == {
        "cold start over the empty handler: linear, http": (1.2, True),
        "cold start over the empty handler: 100 trees, http": (1.5, True),
        "cold start over the empty handler: linear, TLS": (2.0, False),
        "cold start over the empty handler: 100 trees, TLS": (2.5, False),
        "cold time above empty, of boto3's: linear, http": (0.05, True),
        "cold time above empty, of boto3's: 100 trees, http": (0.125, True),
        "cold time above empty, of boto3's: linear, TLS": (pytest.approx(1 / 6), True),
        "cold time above empty, of boto3's: 100 trees, TLS": (0.25, False),
        "cold start against onnxruntime, packaged": (4.0, True),
        "cold start against scikit-learn, packaged": (20.0, False),
        "one record, linear, against first version": (4.0, True),
        "one record, linear, against onnxruntime": (25.0, False),
        "one record, linear, against scikit-learn": (3000.0, True),
        "one record, 100 trees, against first version": (4.0, False),
        "one record, 100 trees, against onnxruntime": (25.0, True),
        "one record, 100 trees, against scikit-learn": (3000.0, True),
        "1,000 records, linear, against first version": (4.0, True),
        "1,000 records, linear, against onnxruntime": (25.0, True),
        "1,000 records, linear, against scikit-learn": (3000.0, True),
        "1,000 records, 100 trees, against first version": (4.0, False),
        "1,000 records, 100 trees, against onnxruntime": (25.0, True),
        "1,000 records, 100 trees, against scikit-learn": (3000.0, True),
        "largest difference from scikit-learn": (0.0, True),
        "peak memory after the first answer, MB: http": (20.0, True),
        "peak memory after the first answer, MB: TLS": (20.0, True),
        "deployment package, bytes": (90_000, True),
    }


def test_without_docker_there_are_targets_for_scoring_and_size(results):
    results["cold_start"] = []

    first, *_, last = [target.what for target in list_targets(results)]

    assert (first, last) == (
        "one record, linear, against first version",
        "deployment package, bytes",
    )


def test_tables_say_what_they_come_from_and_round_to_three_digits(results):
    tables = make_tables(results)

    assert tables["run"] == (
        "`make bench`, 2026-11-22, a machine, CPython 3.14.0 in one,"
        " 7,043 customers of customers.csv."
    )
    assert tables["memory"].splitlines()[-1] == "| 512 | 200 | 2 | 20 | 1.5000 | 0.2200 | 0.0004 |"
    assert tables["targets"].splitlines()[11] == (
        "| cold start against scikit-learn, packaged | ≥ 35 | 20 |  | **missed** |"
    )
    assert tables["scoring"].splitlines()[2] == "| linear | first version | 8 | 8 | 0 |"
