import json
from datetime import UTC, datetime

import pytest

from model.local.request_log import Exchange, format_exchange, print_exchange

NOON = datetime(2026, 11, 24, 12, 3, 4, tzinfo=UTC)


def request_line(records, bad_records, **more):
    """Return what the function logs of a request, as far as it counts here."""
    return json.dumps({"_aws": {}, "Records": records, "bad_records": bad_records, **more})


FAULT = request_line(0, 0, fault=["KeyError: app._respond:76"])


@pytest.mark.parametrize(
    ("exchange", "line"),
    [
        pytest.param(
            Exchange("POST", "/predict", 200, 0.0018, (request_line(1, 0),)),
            "12:03:04  POST /predict       200  1 customer                      1.8 ms",
            id="one",
        ),
        pytest.param(
            Exchange("POST", "/predict", 200, 0.12345, (request_line(9_998, 2),)),
            "12:03:04  POST /predict       200  9,998 of 10,000 customers     123.5 ms",
            id="some can't be scored",
        ),
        pytest.param(
            Exchange("GET", "/openapi.json", 200, 0.011, ("a warning", request_line(0, 0))),
            "12:03:04  GET  /openapi.json  200  -                              11.0 ms",
            id="of no customer",
        ),
        pytest.param(
            Exchange("POST", "/predict", 413, 1.0124),
            "12:03:04  POST /predict       413  -                            1012.4 ms",
            id="refused by the gateway",
        ),
        pytest.param(
            Exchange("GET", "/\x1b[2J", 404, 0.0, ("[1]", "not json")),
            "12:03:04  GET  /?[2J          404  -                               0.0 ms",
            id="which would clear the terminal",
        ),
    ],
)
def test_line_says_when_what_and_what_came_of_it(exchange, line):
    assert format_exchange(exchange, NOON) == line


def test_long_path_is_cut():
    line = format_exchange(Exchange("GET", "/" + "a" * 500, 404, 0.0), NOON)

    assert line.startswith(f"12:03:04  GET  /{'a' * 59}  404  -")


@pytest.mark.parametrize(
    ("status", "log", "below"),
    [
        pytest.param(200, (request_line(1, 0),), [], id="all said"),
        pytest.param(200, ("{}", request_line(1, 0)), ["{}"], id="a warning"),
        pytest.param(503, (request_line(0, 0),), [], id="no model"),
        pytest.param(500, (FAULT,), [FAULT], id="a fault of ours"),
    ],
)
def test_what_a_line_leaves_out_stands_below_it(capsys, status, log, below):
    print_exchange(Exchange("POST", "/predict", status, 0.0, log))

    assert capsys.readouterr().out.splitlines()[1:] == below
