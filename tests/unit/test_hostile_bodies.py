"""Whatever comes, the handler answers: never an exception, never a fault, always JSON or CSV."""

import base64
import csv
import json
import math
import os
from io import StringIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import app
from inference.errors import BodyError
from inference.http_api.json_body import parse_json

pytestmark = pytest.mark.usefixtures("store")

# The fixtures stay as they are from one example to the next, which is part of what is tested.
bounded = settings(
    max_examples=500 if os.environ.get("CI") == "true" else 25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

EVENT_PARTS = ("routeKey", "rawPath", "headers", "body", "queryStringParameters")
FIELDS = ("tenure", "charges", "contract", "paperless")
any_text = st.text(alphabet=st.characters())  # half surrogate pairs as well
scalars = st.none() | st.booleans() | st.integers() | st.floats() | any_text
json_values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(any_text, inner, max_size=4),
    max_leaves=12,
)
field_values = json_values | st.sampled_from(["", " ", "1e5", "-0", "Two year", 10**400, 1e-320])
records = st.dictionaries(st.sampled_from(FIELDS) | any_text, field_values) | json_values
documents = st.fixed_dictionaries(
    {"records": st.lists(records, max_size=4) | json_values},
    optional=dict.fromkeys(("threshold", "treshold", "reasons", "economics"), json_values),
)
figures = st.dictionaries(st.sampled_from(["value", "cost", "success", "budget"]), scalars)
questions = st.fixed_dictionaries(
    {"record": records},
    optional={
        "fields": json_values | st.lists(st.sampled_from(FIELDS)),
        "limit": json_values,
        "threshold": json_values,
    },
)
headers = st.dictionaries(
    st.sampled_from(["content-type", "accept", "content-encoding"]),
    st.sampled_from(["application/json", "text/csv", "text/csv;q=0.5, */*", "gzip", ";;"])
    | st.text(max_size=20),
)


@pytest.fixture
def answers(context, record):
    """Return the function that sends an event and checks that the answer is one."""

    def send(event):
        response = app.lambda_handler(event, context)
        assert response["statusCode"] in {200, 400, 404, 405, 413, 415, 422}
        if response["headers"]["content-type"] == "application/json":
            answer = json.loads(response["body"], parse_constant=pytest.fail)
            assert (response["statusCode"] == 200) or answer["error"]
        else:
            answer = list(csv.reader(StringIO(response["body"], newline=""), strict=True))
        assert json.dumps(response, ensure_ascii=False).encode()
        return response["statusCode"], answer

    good = send({"records": [record]})
    yield send
    assert send({"records": [record]}) == good


@bounded
@given(document=documents | json_values, headers=headers)
def test_any_json_value_as_body(answers, event, document, headers):
    answers(event(body=json.dumps(document), headers=headers))


@bounded
@given(document=questions | json_values)
def test_any_json_value_as_a_what_if(answers, event, document):
    answers(event(path="/whatif", body=json.dumps(document)))


@bounded
@given(reasons=json_values | st.integers(1, 10), economics=json_values | figures)
def test_any_value_for_reasons_and_economics(answers, event, record, reasons, economics):
    document = {"records": [record, {}], "reasons": reasons, "economics": economics}

    answers(event(body=json.dumps(document)))


@bounded
@given(body=any_text, headers=headers, query=st.dictionaries(st.just("threshold"), any_text))
def test_any_text_as_body(answers, event, body, headers, query):
    answers(event(body=body, headers=headers, query=query))


@bounded
@given(content=st.binary() | st.text().map(str.encode), headers=headers)
def test_any_bytes_as_body(answers, event, content, headers):
    body = base64.b64encode(content).decode()

    answers(event(body=body, headers=headers) | {"isBase64Encoded": True})


@bounded
@given(field=st.sampled_from(FIELDS), value=field_values)
def test_any_value_for_any_field(answers, record, field, value):
    spoilt = record | {field: value}

    status, answer = answers({"records": [record, spoilt]})

    assert status == 200
    assert answer["labels"][0] == 1
    assert (answer["predictions"][1] is None) == ("errors" in answer)
    assert answer["predictions"][1] is None or 0 <= answer["predictions"][1] <= 1


@bounded
@given(value=json_values | documents)
def test_any_value_as_event(answers, value):
    answers(value)


@bounded
@given(
    parts=st.fixed_dictionaries(
        {"requestContext": st.just({"http": {"method": "POST"}}) | json_values},
        optional=dict.fromkeys(
            ("routeKey", "rawPath", "headers", "body", "queryStringParameters"), json_values
        ),
    )
)
def test_any_value_for_any_part_of_an_event(answers, parts):
    answers(parts)


@bounded
@given(rows=st.lists(st.lists(st.text(alphabet='a1,"\r\n .;', max_size=6), max_size=6), max_size=6))
def test_any_table_as_csv(answers, event, rows):
    text = ",".join(FIELDS) + "\n" + "\n".join(map(",".join, rows))

    answers(event(body=text, headers={"content-type": "text/csv"}))


@bounded
@given(
    st.fixed_dictionaries(
        {
            "tenure": st.integers() | st.floats(allow_nan=False, allow_infinity=False),
            "charges": st.floats(-1e9, 1e9).map(repr) | st.sampled_from(["", " ", "x", "1_0"]),
            "contract": st.sampled_from(["Two year", "Month-to-month", "Weekly", ""]),
            "paperless": st.text(st.characters(codec="utf-8"), max_size=8),
        }
    )
)
def test_record_scores_identically_through_csv_and_json(answers, event, record):
    table = StringIO()
    writer = csv.DictWriter(table, FIELDS)
    writer.writeheader()
    writer.writerow(record)
    as_json = {"accept": "application/json"}

    through_csv = answers(
        event(body=table.getvalue(), headers=as_json | {"content-type": "text/csv"})
    )

    assert through_csv == answers(event(body={"records": [record]}, headers=as_json))


@bounded
@given(
    st.recursive(
        st.sampled_from(["1", '":"', "null", '"\\":"']),
        lambda inner: (
            st.lists(st.tuples(st.sampled_from("abc"), inner), max_size=3).map(
                lambda pairs: "{" + ",".join(f'"{name}":{value}' for name, value in pairs) + "}"
            )
            | st.lists(inner, max_size=3).map(lambda items: "[" + ",".join(items) + "]")
            | inner.map(lambda value: f'{{"records":[{value},{{"a":1}}]}}')
        ),
        max_leaves=8,
    )
)
def test_repeated_member_is_found_wherever_it_stands(text):
    has_repeated = False

    def look(pairs):
        nonlocal has_repeated
        has_repeated |= len(dict(pairs)) < len(pairs)
        return dict(pairs)

    value = json.loads(text, object_pairs_hook=look)

    if has_repeated:
        with pytest.raises(BodyError, match=r"two members of one name$|stands twice in an object$"):
            parse_json(text)
    else:
        assert parse_json(text) == value
        assert not isinstance(value, float) or not math.isnan(value)
