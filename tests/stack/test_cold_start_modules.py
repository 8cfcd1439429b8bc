"""What a cold start loads: each further module costs every first answer a millisecond or more."""

import json
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from fake_s3 import FakeS3

ROOT = Path(__file__).parents[2]
FUNCTION = ROOT / "functions/predict"
FEATURES = [
    {"name": "tenure", "kind": "number", "blank": 29.0, "min": 0.0, "max": 72.0},
    {"name": "contract", "kind": "category", "blank": "No", "categories": ["No", "Yes"]},
]
MODELS = {
    "linear": {
        "numeric_features": ["tenure"],
        "numeric_imputer_medians": [29.0],
        "numeric_means": [30.0],
        "numeric_scales": [20.0],
        "categorical_features": ["contract"],
        "categories": [["No", "Yes"]],
        "coef": [[-0.8, 0.4, -0.4]],
        "intercept": [-0.5],
    },
    "trees": {
        "kind": "trees",
        "link": "logit",
        "baseline": -1.0,
        "divisor": 1,
        "thresholds": [[12.5]],
        "category_sets": [],
        "trees": {"nodes": [[0, -1, -1]], "values": [[0.5, -0.5]]},
    },
}
# What AWS's runtime client has loaded before it imports the handler (awslambdaric 4.2.2).
RUNTIME = (
    *("contextlib", "dataclasses", "decimal", "enum", "functools", "inspect"),
    *("json", "logging", "math", "re", "threading"),
)
# What a first answer may add, of the standard library; `_sha2` is there since 3.12.
HASHING = {"_sha2"} if sys.version_info >= (3, 12) else {"hashlib", "_hashlib", "_blake2"}
ALLOWED = {"_socket"} | HASHING
BY_MODEL = {"linear": {"linear"}, "trees": {"conditions", "tree_sums", "trees"}}
MODELS["sum"] = {
    "kind": "sum",
    "scale": 1.5,
    "shift": -0.5,
    "terms": [
        {
            "kind": "linear",
            "intercept": 0.5,
            "weights": [0.25],
            "categories": [[0.5, -0.5, 0.0]],
            "means": [0.5, 0.0],
        },
        MODELS["trees"],
    ],
}
BY_MODEL["sum"] = BY_MODEL["linear"] | BY_MODEL["trees"]
BISECTION = {"_bisect", "bisect"}  # what trees add of the standard library
FIRST_ANSWER = """
import json, sys
sys.path.insert(0, sys.argv[1])
for name in sys.argv[2].split():
    __import__(name)
event = json.loads(sys.argv[3])
before = set(sys.modules)
import app
answer = app.lambda_handler(event, None)
print(answer["statusCode"], *(set(sys.modules) - before))
"""
TLS = """
import sys
sys.path.insert(0, sys.argv[1])
for name in sys.argv[2].split():
    __import__(name)
import inference.live.http_get
before = set(sys.modules)
import inference.live.tls
print(*(set(sys.modules) - before))
"""


@pytest.fixture
def s3(request):
    """An S3 that has the parameter's model under every key."""
    rest = json.dumps(
        {
            "format_version": 3,
            "artifact": MODELS[request.param],
            "schema": {
                "target": "Churn",
                "labels": ["No", "Yes"],
                "threshold": 0.5,
                "id": None,
                "features": FEATURES,
            },
            "training_meta": {},
        }
    ).encode()[1:]
    body = b'{"digest":"sha256:' + sha256(rest).hexdigest().encode() + b'",' + rest

    server = FakeS3()
    server.stored.body = body
    yield server
    server.stop()


def run_python(script, *arguments, environment=None):
    """Return the words on the last line that a script prints in a fresh process."""
    process = subprocess.run(  # noqa: S603  our own words
        [sys.executable, "-I", "-S", "-B", "-c", script, FUNCTION, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return process.stdout.splitlines()[-1].split()


def first_answer(s3):
    """Return the first answer's status, and the modules that were loaded for it."""
    event = json.loads((ROOT / "events/predict_one_ok.json").read_text(encoding="utf-8"))
    event["body"] = json.dumps({"records": [{"tenure": 2, "contract": "Yes"}]})
    environment = s3.environment | {"MODEL_BUCKET": "models"}
    arguments = (" ".join(RUNTIME), json.dumps(event))
    status, *modules = run_python(FIRST_ANSWER, *arguments, environment=environment)
    return int(status), set(modules)


def packed_as_bytecode():
    """Return the modules that `sam build` makes bytecode of."""
    makefile = ["make", "--no-print-directory", "name-first-answer"]
    named = subprocess.run(  # noqa: S603  our own words
        makefile, cwd=FUNCTION, capture_output=True, text=True, check=True
    ).stdout.split()
    modules = (Path(name).with_suffix("").as_posix().replace("/", ".") for name in named)
    return {module.removesuffix(".__init__") for module in modules}


@pytest.mark.parametrize(
    ("s3", "model"), [(name, name) for name in MODELS], indirect=["s3"], ids=MODELS
)
def test_first_answer_loads_nothing_more(s3, model):
    status, modules = first_answer(s3)

    others = {f"inference.scoring.{name}" for name in BY_MODEL["sum"] - BY_MODEL[model]}
    others.add("inference.live.tls")
    library = BISECTION if "trees" in BY_MODEL[model] else set()
    assert status == 200
    assert modules == ALLOWED | library | (packed_as_bytecode() - others)


def test_tls_adds_the_part_of_ssl_that_does_the_work():
    assert set(run_python(TLS, " ".join(RUNTIME))) == {"_ssl", "inference.live.tls"}
