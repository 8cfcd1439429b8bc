"""What the registry's commands print, for people and for scripts, and how they fail."""

import json

import pytest

from inference.scoring.artifact import load_artifact
from model.local.api_server import serve_api
from model.local.environment import import_handler
from model.registry.bucket import delete_object, open_bucket, overwrite, read_object
from model.registry.registry import JSON

HASH_DIGITS = 12


@pytest.fixture
def published(command, files, data):
    """Both versions' names; the second one is live."""
    for path in files:
        assert command("publish", path, *data, "--by", "ada", "--reason", path.stem)[0] == 0
    return [load_artifact(path.read_bytes()).version for path in files]


@pytest.fixture
def folder(environment):
    """The registry's folder in the bucket."""
    return environment["MODEL_KEY"].rpartition("/")[0]


@pytest.fixture
def attached(environment, folder):
    """Return the function from a name to what lies beside the versions, or None."""
    bucket = open_bucket(environment["MODEL_BUCKET"])

    def read(name):
        found = read_object(bucket, f"{folder}/versions/{name}")
        return found and found.body

    return read


@pytest.fixture
def reports(attached):
    """Return the function from a version to its report in the bucket."""
    return lambda version: attached(f"{version}.html")


def test_versions_marks_the_live_one_and_shows_where_each_comes_from(
    command, published, files, customers
):
    status, table, _ = command("versions")
    _, document, _ = command("versions", "--json")

    lines = [line for line in table.splitlines() if "2026" in line]
    size = f"{len(files[1].read_bytes()) / 1000:.1f} kB"
    assert status == 0
    assert [words in lines[0] for words in ("live", published[1], size, customers.sha256[:12])]
    assert "live" not in lines[1]
    assert published[0] in lines[1]
    assert [(item["version"], item["live"]) for item in json.loads(document)["versions"]] == [
        (published[1], True),
        (published[0], False),
    ]


def test_history_shows_who_when_from_to_why(command, published):
    _, table, _ = command("history")

    newest = next(line for line in table.splitlines() if "publish" in line)
    assert [words in newest for words in ("publish", *published, "ada", "v2")] == [True] * 5


def test_show_describes_a_version_by_prefix(command, published, customers):
    _, table, _ = command("show", published[0][:16])
    _, document, _ = command("show", "live", "--json")

    assert f"Version {published[0]}" in table
    assert customers.sha256 in table
    assert "Month-to-month, One year, Two year" in table
    assert json.loads(document)["version"] == published[1]
    members = ["version", "training_meta", "schema", "outcomes", "page", "monitoring"]
    assert list(json.loads(document)) == members


def test_page_with_the_model_is_stored_beside_each_version_and_named(
    command, published, attached, files, folder, environment, tmp_path
):
    _, document, _ = command("show", published[0], "--json")
    _, listed, _ = command("versions", "--json")
    command("page", "--model", files[0], "--out", tmp_path)

    page = attached(f"{published[0]}.page.html")

    key = f"{folder}/versions/{published[0]}.page.html"
    assert page == (tmp_path / "churn_page.html").read_bytes()
    assert json.loads(document)["page"] == f"s3://{environment['MODEL_BUCKET']}/{key}"
    assert [item["page"] for item in json.loads(listed)["versions"]] == [True, True]


def test_diff_names_what_differs_and_how_the_answers_do(command, published, data, customers):
    _, table, _ = command("diff", published[0], "live", *data)
    _, document, _ = command("diff", published[0], "live", *data, "--json")

    answers = json.loads(document)["answers"]
    assert "trained_at" in table
    assert f"Answers about the customers of {customers.name}" in table
    assert answers["customers"] == len(customers.target)
    assert 0.0 < answers["mean_change"] < answers["largest_change"] < 1.0


def test_diff_of_a_version_with_itself_is_empty(command, published):
    status, out, _ = command("diff", "live", published[1])

    assert (status, out.splitlines()[0]) == (0, "No differences.")


@pytest.mark.usefixtures("published")
def test_prune_keeps_what_rollback_would_take(command):
    _, document, _ = command("prune", "--keep", "1", "--days", "0", "--json")
    assert json.loads(document)["to_delete"] == []

    _, table, _ = command("prune", "--keep", "1", "--days", "0")
    assert "rollback would take it" in table
    assert table.splitlines()[-1] == "0 to delete"


def test_old_versions_go_only_with_yes_and_with_their_pages(
    command, published, attached, model_file, tmp_path
):
    newer = tmp_path / "v3.json"
    newest = tmp_path / "v4.json"
    for number, path in enumerate((newer, newest), 3):
        path.write_bytes(model_file(number))
        command("publish", path, "--no-promote")
    gone = load_artifact(newer.read_bytes()).version
    had_page = attached(f"{gone}.page.html") is not None

    _, table, _ = command("prune", "--keep", "1")
    _, before, _ = command("versions", "--json")
    _, done, _ = command("prune", "--keep", "1", "--yes", "--json")
    _, after, _ = command("versions", "--json")

    assert table.splitlines()[-1] == "1 to delete: say --yes to do it"
    assert len(json.loads(before)["versions"]) == 4
    assert json.loads(done)["deleted"] == [gone]
    assert (had_page, attached(f"{gone}.page.html")) == (True, None)
    assert [item["version"] for item in json.loads(after)["versions"]] == [
        load_artifact(newest.read_bytes()).version,
        published[1],
        published[0],
    ]


@pytest.mark.parametrize(
    ("words", "stored"),
    [
        (["--report", "{folder}/other.html"], "other"),
        ([], "beside"),
    ],
    ids=["the one stated", "the one beside the file"],
)
def test_report_is_stored_beside_the_version(command, files, reports, words, stored):
    version = load_artifact(files[0].read_bytes()).version
    folder = files[0].parent
    mark = f'<meta name="model-version" content="{version}">'
    (folder / "other.html").write_text(f"{mark}<p>other</p>")
    (folder / "report.html").write_text(f"{mark}<p>beside</p>")

    command("publish", files[0], "--no-promote", *(word.format(folder=folder) for word in words))

    assert reports(version) == f"{mark}<p>{stored}</p>".encode()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], (0, "note: {report}: isn't the report on {version}; not stored\n")),
        (["--report", "{report}"], (2, "error: {report}: isn't the report on {version}\n")),
    ],
    ids=["beside the file", "stated"],
)
def test_report_of_another_version_is_not_stored(command, files, reports, words, expected):
    version = load_artifact(files[0].read_bytes()).version
    report = files[0].parent / "report.html"
    report.write_text('<meta name="model-version" content="20250101T000000Z-000000000000">')

    words = [word.format(report=report) for word in words]
    status, _, err = command("publish", files[0], "--no-promote", *words)

    assert (status, err) == (expected[0], expected[1].format(report=report, version=version))
    assert reports(version) is None


def test_refusal_names_the_reason_and_leaves_the_live_one(command, published, data):
    status, out, err = command("promote", published[0], *data)

    assert status == 2
    assert "refused" in out
    assert err.startswith(f"error: {published[0]} isn't live: the gate refused it: AUC 0.")
    assert json.loads(command("versions", "--json")[1])["live"] == published[1]


@pytest.mark.usefixtures("published")
def test_promote_takes_what_only_one_version_starts_with(command, data):
    status, _, err = command("promote", "2026", *data)

    assert (status, err) == (2, "error: version 2026: 2 versions start with that\n")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["publish", "none.json"], "none.json: can't be read (No such file or directory)"),
        (["publish", __file__], "the function couldn't load this file: not a JSON document"),
        (["rollback"], "no model is live yet; publish one"),
        (["show", "live"], "no model is live yet; publish one"),
        (["show", "2026"], "version 2026: not in the registry (0 versions are)"),
        (["prune", "--keep", "0"], "--keep takes 1 or more, --days 0 or more"),
        (
            ["versions", "--bucket", "not-there"],
            "bucket not-there: doesn't exist; deploy the stack, or correct MODEL_BUCKET",
        ),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, list) else "",
)
def test_failure_is_one_line_and_status_2(command, words, message):
    assert command(*words) == (2, "", f"error: {message}\n")


def test_no_bucket_is_one_line(command, monkeypatch):
    monkeypatch.delenv("MODEL_BUCKET")

    status, _, err = command("versions")

    assert (status, err) == (
        2,
        "error: which bucket? say --bucket, or set MODEL_BUCKET (a stack output)\n",
    )


def test_no_credentials_is_one_line(command, monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")

    status, _, err = command("versions", "--bucket", "models")

    assert status == 2
    assert err == ("error: bucket models: no AWS credentials found; sign in, or set AWS_PROFILE\n")


@pytest.mark.usefixtures("published")
def test_verify_asks_the_served_api_and_prints_its_answer(command, files, data):
    with serve_api(import_handler()) as url:
        status, out, _ = command(
            "verify", "--url", url, "--artifact", files[1], "--seed", "7", *data
        )

    first, *_, last = [line for line in out.splitlines() if not line.startswith("{")]  # the log
    assert status == 0
    assert first.startswith(f"Asking {url} about 5 random customers (")
    assert first.endswith("seed 7)")
    assert last.startswith("SUCCESS. The API returned: {'predictions': [0.")


def test_verify_refuses_another_version(command, published, files):
    with serve_api(import_handler()) as url:
        status, _, err = command(
            *("verify", "--url", url, "--artifact", files[0], "--wait-for-version", "0")
        )

    assert status == 2
    assert err == (
        f"error: {url}/predict: serves {published[1]}, not {published[0]}; publish that, "
        "or wait longer (--wait-for-version)\n"
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--url", ""], "which API? say --url, or set API_URL (a stack output)"),
        (["--url", "http://x", "--rows", "0"], "--rows takes 1 or more"),
        (
            ["--url", "http://x", "--artifact", "none.json"],
            "none.json: can't be read (No such file or directory)",
        ),
        (["--url", "http://x", "--artifact", __file__], f"{__file__}: not a JSON document"),
    ],
    ids=["no address", "no customers", "no file", "no model file"],
)
def test_verify_is_told_what_is_missing(command, words, message):
    assert command("verify", *words) == (2, "", f"error: {message}\n")


def test_what_came_true_stands_beside_what_was_promised(command, published, data, tmp_path):
    csv = data[1]
    scored, summary = tmp_path / "scored.csv", tmp_path / "summary.json"
    command("score", csv, "--model", published[0], "--out", scored, "--summary", summary)

    status, out, _ = command(
        *("outcomes", "--scored", scored, "--truth", csv, "--summary", summary),
        *("--period", "2026-10"),
    )
    _, table, _ = command("versions")
    _, document, _ = command("show", published[0], "--json")
    _, shown, _ = command("show", published[0])

    (look,) = json.loads(document)["outcomes"]
    auc = look["groups"]["all"]["figures"]["auc"]["value"]
    (line,) = [line for line in table.splitlines() if published[0] in line]
    assert status == 0
    assert out.splitlines()[-1].endswith(f"/monitoring/outcomes/{published[0]}/2026-10.json")
    assert f"{auc:.4f}" in line
    assert "Outcomes: what came true" in shown


def test_show_says_what_the_monitor_found_last(command, environment, published):
    bucket = open_bucket(environment["MODEL_BUCKET"])
    drifted = {"name": "Contract", "alarm": True, "moved": 0.3}
    verdict = {"customers": 5_012, "verdict": "alarm", "fields": [drifted], "estimates": None}
    state = {"day": "2026-11-24", "versions": {published[0]: verdict}}
    _, before, _ = command("show", published[0], "--json")
    overwrite(bucket, "monitoring/state.json", json.dumps(state).encode(), JSON)
    try:
        _, after, _ = command("show", published[0], "--json")
        _, shown, _ = command("show", published[0])
        overwrite(bucket, "monitoring/state.json", b"[]", JSON)
        status, _, told = command("show", published[0])
    finally:
        delete_object(bucket, "monitoring/state.json")

    assert json.loads(before)["monitoring"] is None
    assert json.loads(after)["monitoring"].items() >= verdict.items()
    assert "2026-11-24: alarm (Contract), 5,012 customers" in shown
    assert (status, told) == (2, "error: monitoring/state.json: is no state of the monitor\n")


def test_shadow_stands_beside_the_live_model_until_it_is_promoted(
    command, files, data, environment, tmp_path
):
    live, shadow = (load_artifact(path.read_bytes()).version for path in files)
    bucket = open_bucket(environment["MODEL_BUCKET"])
    key = f"{environment['MODEL_KEY'].rpartition('/')[0]}/shadow.json"
    log = tmp_path / "log"
    counts = {"changes": [90], "labels": [60, 3, 2, 35], "live_scores": [100], "since": 1}
    line = {"event": "shadow_differences", "model_version": live, "shadow_version": shadow}
    more = {"shadow_scores": [100], "customers": 100, "not_scored": 0, "until": 61}
    log.write_text(json.dumps(line | counts | more))
    command("publish", files[0], *data)

    _, started, _ = command("publish", files[1], "--shadow")
    before = read_object(bucket, key)
    marked = json.loads(command("versions", "--json")[1])["versions"]
    command("shadow", "--log", log, "--json")
    _, table, _ = command("promote", shadow, *data)

    assert started.startswith(f"SHADOW: {shadow}; ")
    assert before.body == files[1].read_bytes()
    assert {item["version"]: item["shadow"] for item in marked} == {live: False, shadow: True}
    assert (
        "of 100 customers of the live traffic 3.0% would be flagged anew, 2.0% no longer" in table
    )
    assert json.loads(command("versions", "--json")[1])["live"] == shadow
    assert read_object(bucket, key) is None
    assert command("shadow", "--end") == (0, "There is no shadow.\n", "")
