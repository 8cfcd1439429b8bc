"""A run's steps, as the state machine takes them, on a moto S3."""

import gzip
import json
import time

import pytest

from inference.bulk import plan as plan_module
from inference.bulk import upload as upload_module
from inference.bulk.answer import score_piece, write_header
from inference.bulk.errors import ChangedError, IncompleteError, RequestError, TableError
from inference.bulk.job import make_job
from inference.bulk.join import clean_run, join_run
from inference.bulk.plan import plan_run
from inference.bulk.run import load_model
from inference.bulk.storage import Bucket, read_json
from inference.bulk.worker import score_part

RUN = "may"
MODEL_KEY = "models/live.json"
EVENT = {"run": RUN, "request": {"input": "in/may.csv"}}
HEADER = b"customerID,tenure,charges,contract,paperless\n"
ROWS = b"".join(b"C%d,%d,%d,Two year,No\n" % (n, n % 73, 20 + n % 90) for n in range(400))


@pytest.fixture
def run(bucket, models):
    """Return the function that takes all steps, and returns the answer and the summary."""

    def run(request, *, between=lambda: None):
        plan = plan_run(
            bucket, models, {"run": RUN, "request": request}, model_key=MODEL_KEY, workers=4
        )
        items = read_json(bucket, plan["items"]["key"])
        assert len(items) >= plan["workers"]
        between()
        results = [{"part": score_part(bucket, models, item)} for item in items]
        ended = join_run(bucket, RUN, results)
        assert ended["scores"] == f"s3://bulk/out/{RUN}/scores.csv"
        clean_run(bucket, RUN, None)
        answer = bucket.client.get_object(Bucket="bulk", Key=f"out/{RUN}/scores.csv")["Body"].read()
        return answer, read_json(bucket, f"out/{RUN}/summary.json")

    return run


@pytest.fixture
def small_ranges(monkeypatch):
    """Parts and blocks as small as they must be for tables of a few kB to have several."""
    monkeypatch.setattr(plan_module, "RANGE_BYTES", 2_000)
    monkeypatch.setattr("inference.bulk.storage.BLOCK_BYTES", 700)


NOT_BELOW = "input: expected it below in/ in the bulk bucket bulk"


def expected(artifact, rows, **options):
    """Return the answer of one process."""
    header = HEADER.decode().strip().split(",")
    job = make_job(artifact, header, ",", options)
    return write_header(job) + score_piece(job, rows)[0]


def test_one_small_table(run, put, keys, artifact):
    put("may.csv", HEADER + ROWS)
    started_s = time.time()

    answer, summary = run({"input": "in/may.csv"})

    took_s = time.time() - started_s
    assert answer == expected(artifact, ROWS)
    assert keys() == ["in/may.csv", "out/may/scores.csv", "out/may/summary.json"]
    times_s = [summary["worker_seconds"], summary["seconds"]]
    assert 0 < times_s[0] < times_s[1] < took_s + 0.001
    assert [round(time_s, 3) for time_s in times_s] == times_s
    assert summary["customers"] == summary["scored"] == 400
    assert (summary["parts"], summary["workers"]) == (1, 1)
    assert summary["model_version"] == artifact.version
    assert summary["threshold"] == 0.5


@pytest.mark.usefixtures("small_ranges")
def test_table_in_many_parts_is_answered_in_its_order(run, put, artifact):
    put("may.csv", HEADER + ROWS)

    answer, summary = run({"input": "s3://bulk/in/may.csv", "columns": "all", "calls": 10})

    assert answer == expected(artifact, ROWS, columns="all")
    assert summary["parts"] >= 4
    assert summary["customers"] == 400
    assert summary["reach"]["calls"] == 10


def test_table_may_end_where_a_part_does(run, put, artifact, monkeypatch):
    row = b"A,10,90,Two year,No\n"
    monkeypatch.setattr(plan_module, "RANGE_BYTES", 10 * len(row))
    monkeypatch.setattr("inference.bulk.storage.BLOCK_BYTES", len(row))
    put("may.csv", HEADER + row * 20)

    answer, summary = run({"input": "in/may.csv"})

    assert answer == expected(artifact, row * 20)
    assert summary["parts"] == 2


@pytest.mark.usefixtures("small_ranges")
def test_row_numbers_go_on_from_part_to_part(run, put):
    rows = ROWS.replace(b"C399,", b"C399,x").replace(b"C2,", b"C2,x")
    put("may.csv", HEADER + rows)

    summary = run({"input": "in/may.csv"})[1]

    assert summary["parts"] > 1
    assert summary["errors"] == [
        {"message": "tenure: expected a number, got text", "rows": 2, "first_rows": [3, 400]}
    ]


def test_no_cut_falls_into_a_record_with_line_breaks(
    run, bucket, models, put, artifact, monkeypatch
):
    """The cut moves through a whole record, byte by byte."""
    monkeypatch.setattr("inference.bulk.storage.BLOCK_BYTES", 50)
    row = b'"a\n""b""\r\n,c",10,90,Month-to-month,"Yes"\r\n'
    put("may.csv", HEADER + row * 30)
    for size in range(700, 700 + len(row)):
        monkeypatch.setattr(plan_module, "RANGE_BYTES", size)

        plan = plan_run(bucket, models, EVENT, model_key=MODEL_KEY, workers=1)

        items = read_json(bucket, plan["items"]["key"])
        ends = [piece["end"] - len(HEADER) for item in items for piece in item["pieces"]]
        assert len(ends) == 2, size
        assert [end % len(row) for end in ends] == [0, 0], size
    assert run({"input": "in/may.csv"})[0] == expected(artifact, row * 30)


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body.replace(b"\n", b"\r\n"),
        lambda body: body.rstrip(b"\n"),
        lambda body: b"\xef\xbb\xbf" + body,
        gzip.compress,
        lambda body: gzip.compress(body[:99]) + gzip.compress(body[99:]),
    ],
    ids=["CRLF", "no final newline", "BOM", "gzip", "two gzips"],
)
@pytest.mark.usefixtures("small_ranges")
def test_table_written_otherwise_has_the_same_answer(run, put, artifact, change):
    put("may.csv", change(HEADER + ROWS))

    assert run({"input": "in/may.csv"})[0] == expected(artifact, ROWS)


@pytest.mark.parametrize("rows", [b"", b"A,10,90,Two year,No"], ids=["header only", "one line"])
def test_hardly_any_rows(run, put, artifact, rows):
    put("may.csv", HEADER.strip() if not rows else HEADER + rows)

    answer, summary = run({"input": "in/may.csv"})

    assert answer == expected(artifact, rows)
    assert summary["customers"] == len(rows.splitlines())


def test_many_small_objects_are_one_table(run, put, artifact):
    lines = ROWS.splitlines(keepends=True)[:252]
    for number, line in enumerate(lines):
        put(f"may/{number:05}.csv", HEADER + line.rstrip() if number % 2 else HEADER + line)
    put("may/empty.csv", b"")

    answer, summary = run({"input": "in/may/"})

    assert answer == expected(artifact, b"".join(lines))
    assert summary["parts"] == 2  # of at most 250 objects


def test_large_parts_are_copied_and_small_ones_are_gathered(
    run, bucket, put, artifact, monkeypatch
):
    """The least size of a part is 5 MiB, which moto checks."""
    monkeypatch.setattr(plan_module, "MAX_OBJECTS_PER_PART", 1)
    monkeypatch.setattr(upload_module, "PART_BYTES", 6 << 20)
    filler = b"x" * 100_000
    wide = HEADER.strip() + b",note\n"
    row = b"A,10,90,Two year,No," + filler + b"\n"
    for number, rows in enumerate([70, 1, 3, 60, 56]):  # 5 MiB are 53 rows
        put(f"may/{number}.csv", wide + row * rows)

    copies = []
    events = bucket.client.meta.events
    events.register("before-call.s3.UploadPartCopy", lambda **_told: copies.append(1), "copies")

    answer, _ = run({"input": "in/may/", "columns": "all"})

    events.unregister("before-call.s3.UploadPartCopy", unique_id="copies")
    assert len(copies) == 2  # the first and the last; before the other large one lie 4 rows
    job = make_job(artifact, wide.decode().strip().split(","), ",", {"columns": "all"})
    assert answer == write_header(job) + score_piece(job, row * 190)[0]


@pytest.mark.usefixtures("small_ranges")
def test_promotion_in_mid_run_changes_nothing(run, put, models, document, pack, artifact):
    def promote():
        document["artifact"]["intercept"] = [9.0]
        models.client.put_object(Bucket="models", Key=MODEL_KEY, Body=pack(document))

    put("may.csv", HEADER + ROWS)

    answer, _ = run({"input": "in/may.csv"}, between=promote)

    assert answer == expected(artifact, ROWS)
    assert run({"input": "in/may.csv"})[0] != answer


@pytest.mark.parametrize("body", [b"", HEADER + ROWS.replace(b"Two", b"2"), None])
def test_input_that_changes_in_mid_run_ends_it(run, put, bucket, body):
    def change():
        if body is None:
            bucket.client.delete_object(Bucket="bulk", Key="in/may.csv")
        else:
            put("may.csv", body)

    put("may.csv", HEADER + ROWS)

    with pytest.raises(ChangedError) as caught:
        run({"input": "in/may.csv"}, between=change)

    assert str(caught.value) == "in/may.csv: was changed or deleted during the run"


def test_model_that_no_version_holds_fast_ends_the_run(bucket, models, put, s3, document, pack):
    """The stack's bucket keeps versions; where one doesn't, the run must not mix two models."""
    s3.create_bucket(Bucket="plain")
    plain = Bucket(s3, "plain")
    s3.put_object(Bucket="plain", Key=MODEL_KEY, Body=pack(document))
    put("may.csv", HEADER + ROWS)
    plan = plan_run(bucket, plain, EVENT, model_key=MODEL_KEY, workers=1)
    (item,) = read_json(bucket, plan["items"]["key"])
    s3.put_object(Bucket="plain", Key=MODEL_KEY, Body=pack(document | {"note": "another"}))
    load_model(models, MODEL_KEY)  # so that this process keeps another one

    with pytest.raises(ChangedError) as caught:
        score_part(bucket, plain, item)

    assert str(caught.value) == "the model was changed during the run"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (None, "there is no model to score with; publish one"),
        (b"x", "the model file can't be used: not a JSON document"),
    ],
)
def test_run_without_a_model_is_refused(bucket, models, put, body, message):
    put("may.csv", HEADER)
    if body:
        models.client.put_object(Bucket="models", Key="models/new.json", Body=body)

    with pytest.raises(RequestError) as caught:
        plan_run(bucket, models, EVENT, model_key="models/new.json", workers=1)

    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("request_", "error", "message"),
    [
        ([], RequestError, 'expected an object, such as {"input": "in/may.csv"}'),
        ({}, RequestError, "input: expected a key or prefix in the bulk bucket, as in/may.csv"),
        ({"input": "out/x"}, RequestError, NOT_BELOW),
        ({"input": "s3://another/in/x"}, RequestError, NOT_BELOW),
        ({"input": "in/gone.csv"}, RequestError, "in/gone.csv: there is no such object"),
        ({"input": "in/gone/"}, RequestError, "in/gone/: there is no table in it"),
        ({"reason": 1}, RequestError, 'unknown option "reason"; did you mean "reasons"?'),
        ({"input": "in/bad.csv"}, TableError, 'in/bad.csv: the header lacks "tenure"'),
        (
            {"input": "in/open.csv"},
            TableError,
            "in/open.csv: the header can't be read as CSV: is a quote out of place?",
        ),
        (
            {"input": "in/mixed/"},
            TableError,
            "in/mixed/b.csv: has another header than in/mixed/a.csv",
        ),
        ({"input": "in/half.gz"}, TableError, "in/half.gz: the gzip file is damaged"),
    ],
)
def test_what_can_not_be_scored_is_refused_before_any_work(
    bucket, models, put, keys, request_, error, message
):
    put("may.csv", HEADER)
    put("bad.csv", HEADER.replace(b"tenure", b"age"))
    put("open.csv", b'a,"b')
    put("mixed/a.csv", HEADER)
    put("mixed/b.csv", b"a,b\n")
    put("half.gz", b"\x1f\x8bxxxxxxxxxxxxxxxxx")

    with pytest.raises(error) as caught:
        plan_run(bucket, models, {"run": RUN, "request": request_}, model_key=MODEL_KEY, workers=1)

    assert str(caught.value) == message
    assert keys("work/") == []


def test_object_of_too_many_bytes_is_refused(bucket, models, put, monkeypatch):
    put("may.csv", HEADER + ROWS)
    size_bytes = len(HEADER + ROWS)

    monkeypatch.setattr(plan_module, "MAX_OBJECT_BYTES", size_bytes)
    assert plan_run(bucket, models, EVENT, model_key=MODEL_KEY, workers=1)["parts"] == 1
    monkeypatch.setattr(plan_module, "MAX_OBJECT_BYTES", size_bytes - 1)
    with pytest.raises(RequestError, match=r"^in/may\.csv: is larger than 0 GiB; split it$"):
        plan_run(bucket, models, EVENT, model_key=MODEL_KEY, workers=1)


@pytest.mark.usefixtures("small_ranges")
def test_input_of_too_many_parts_is_refused(bucket, models, put, monkeypatch):
    put("may.csv", HEADER + ROWS)
    parts = plan_run(bucket, models, EVENT, model_key=MODEL_KEY, workers=1)["parts"]

    monkeypatch.setattr(plan_module, "MAX_PARTS", parts)
    assert plan_run(bucket, models, EVENT, model_key=MODEL_KEY, workers=1)["parts"] == parts
    monkeypatch.setattr(plan_module, "MAX_PARTS", parts - 1)
    told = rf"^the input needs {parts} parts, above {parts - 1}: split it$"
    with pytest.raises(RequestError, match=told):
        plan_run(bucket, models, EVENT, model_key=MODEL_KEY, workers=1)


@pytest.mark.usefixtures("small_ranges")
def test_quote_left_open_is_told_with_its_place(bucket, models, put, monkeypatch):
    monkeypatch.setattr("inference.bulk.cutting.MAX_RECORD_BYTES", 1_000)
    put("may.csv", HEADER + b'A,10,90,Two year,No\n"' + ROWS)

    with pytest.raises(TableError) as caught:
        plan_run(bucket, models, EVENT, model_key=MODEL_KEY, workers=1)

    assert str(caught.value) == (
        "in/may.csv: a record runs on for more than 1,000 bytes: is a quote left open? "
        "(after byte 65)"
    )


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (gzip.compress(HEADER + ROWS)[:-20], "the gzip file is cut off or damaged"),
        (
            gzip.compress(HEADER + b'"' + ROWS),
            "a record runs on for more than 1,000 bytes: is a quote left open?",
        ),
    ],
    ids=["cut off", "open quote"],
)
def test_worker_tells_what_the_plan_could_not_see(bucket, models, put, monkeypatch, rows, message):
    monkeypatch.setattr("inference.bulk.cutting.MAX_RECORD_BYTES", 1_000)
    put("may.csv", rows)
    plan = plan_run(bucket, models, EVENT, model_key=MODEL_KEY, workers=1)
    (item,) = read_json(bucket, plan["items"]["key"])

    with pytest.raises(TableError) as caught:
        score_part(bucket, models, item)

    assert str(caught.value) == f"in/may.csv: {message}"
    assert "Uploads" not in bucket.client.list_multipart_uploads(Bucket="bulk")


@pytest.fixture
def planned(bucket, models, put, small_ranges):  # noqa: ARG001
    """A run of three parts, of which two have been scored, and the map's results."""
    for number, rows in enumerate([100, 50, 50, 50], start=1):
        put(f"may/{number}.csv", HEADER + b"C,10,90,Two year,No\n" * rows)
    event = {"run": RUN, "request": {"input": "in/may/"}}
    plan = plan_run(bucket, models, event, model_key=MODEL_KEY, workers=1)
    items = read_json(bucket, plan["items"]["key"])
    assert len(items) == 3
    for item in items[:2]:
        score_part(bucket, models, item)
    return [{"part": number} for number in range(3)]


@pytest.mark.parametrize(
    ("part", "result", "message"),
    [
        (2, {"part": 2}, "in/may/4.csv, bytes 45 to 1,045: its answer isn't there"),
        (1, None, "in/may/2.csv to in/may/3.csv: its worker never answered"),
        (
            0,
            {"part": 0, "error": "ChangedError"},
            "in/may/1.csv, bytes 45 to 2,045: the input or the model was changed during the run",
        ),
        (0, {"part": 0, "error": "Odd"}, "in/may/1.csv, bytes 45 to 2,045: Odd"),
    ],
)
def test_part_that_is_missing_or_failed_is_named(bucket, planned, keys, part, result, message):
    planned[part] = result

    with pytest.raises(IncompleteError) as caught:
        join_run(bucket, RUN, planned)

    assert str(caught.value) == message
    assert keys("out/") == []


def test_part_that_is_not_what_its_worker_wrote_ends_the_run(bucket, models, planned, keys):
    items = read_json(bucket, f"work/{RUN}/items.json")
    score_part(bucket, models, items[2])
    key = f"work/{RUN}/parts/00001.csv"
    bucket.client.put_object(Bucket="bulk", Key=key, Body=b"another")

    with pytest.raises(ChangedError):
        join_run(bucket, RUN, planned)

    assert keys("out/") == []
    assert "Uploads" not in bucket.client.list_multipart_uploads(Bucket="bulk")


@pytest.mark.parametrize(
    ("failure", "message"),
    [
        (
            {"Error": "TableError", "Cause": json.dumps({"errorMessage": "in/x: bad"})},
            "in/x: bad",
        ),
        ({"Error": "States.Timeout", "Cause": "x"}, "the worker ran out of time"),
        ({"Error": "Odd", "Cause": "why"}, "Odd: why"),
        ({"Error": "Odd"}, "Odd: "),
    ],
)
@pytest.mark.usefixtures("planned")
def test_failed_run_leaves_nothing_and_says_why(bucket, keys, failure, message):
    upload = {"Bucket": "bulk", "Key": f"out/{RUN}/scores.csv"}
    bucket.client.create_multipart_upload(**upload)  # as a join that was killed leaves it
    bucket.client.put_object(**upload, Body=b"half")
    bucket.client.put_object(Bucket="bulk", Key="out/june/scores.csv", Body=b"another run's")

    ended = clean_run(bucket, RUN, failure)

    assert ended == {"error": failure["Error"].removeprefix("States."), "message": message}
    assert keys() == [
        "in/may/1.csv",
        "in/may/2.csv",
        "in/may/3.csv",
        "in/may/4.csv",
        "out/june/scores.csv",
    ]
    assert "Uploads" not in bucket.client.list_multipart_uploads(Bucket="bulk")
