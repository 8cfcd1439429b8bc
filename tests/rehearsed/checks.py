"""What a rehearsed stack has to do; each check returns what it found wrong, a sentence each."""

import base64
import json
import uuid
from pathlib import Path

import requests

from comparison.answer import Answer, read_answer
from comparison.differences import find_differences
from comparison.questions import name_route, read_events
from comparison.verdict import DOCUMENTS
from model.errors import VerifyError
from model.verify.api_client import ApiClient
from model.verify.comparison import await_version, verify
from model.verify.customers import make_up_customers
from rehearsed.stack import REGION

EVENTS = [
    (name, event)
    for name, event in read_events(Path(__file__).parents[2] / "events")
    if "requestContext" in event
]
OPEN = {"GET /health"}  # routes that ask for no credentials, whatever ApiAuth says
FOR_BROWSERS = OPEN | {"GET /"}  # with JWT: who comes to sign in has no token
REFUSED = {401, 403}
BY_GATEWAY = 404  # its own answer to a path or method without a route
PAGE = ("/", "/model/file")  # and what it asks for
TIMEOUT_S = 60
SEED = 20_261_125
# role -> what it may; any other of these actions on these things is a right too many
ACTIONS = [
    *("s3:GetObject", "s3:PutObject", "s3:DeleteObject"),
    *("lambda:InvokeFunction", "logs:FilterLogEvents"),
]
READ, WRITE, DELETE, INVOKE, SEARCH = ACTIONS
MAY = {
    "PredictRole": {(READ, "models"), (READ, "state")},
    "BulkPlanRole": {(READ, "models"), (READ, "in"), (WRITE, "work")},
    "BulkScoreRole": {(READ, "models"), (READ, "in"), (READ, "work"), (WRITE, "work")},
    "BulkJoinRole": {
        *((READ, "work"), (DELETE, "work"), (WRITE, "out"), (DELETE, "out"), (WRITE, "counts"))
    },
    "BulkMachineRole": {(READ, "work"), (INVOKE, "bulk function")},
    "MonitorRole": {
        *((READ, "models"), (READ, "counts"), (SEARCH, "log")),
        *((READ, "state"), (WRITE, "state"), (READ, "window"), (WRITE, "window")),
    },
    "DeployHookRole": {(INVOKE, "version")},
    "DeployRole": {(INVOKE, "hook")},
}


def send(url, event, headers=()):
    """Return the answer to an event's request, over HTTP."""
    method, path = name_route(event).split()
    body = event.get("body", "")
    sent = base64.b64decode(body) if event.get("isBase64Encoded") else body.encode()
    given = event["headers"]
    own = {name: given[name] for name in ("accept", "content-type") if name in given}
    found = requests.request(
        method, url + path, data=sent or None, headers=own | dict(headers), timeout=TIMEOUT_S
    )
    names = {name.lower(): value for name, value in found.headers.items()}
    return Answer(found.status_code, names, found.content.decode())


def check_answers(url, handler, headers=()):
    """Every request of events/ is answered as the handler here does."""
    findings = []
    for name, event in EVENTS:
        found = send(url, event, headers)
        if event["routeKey"] == "$default":
            if found.status != BY_GATEWAY:
                findings.append(f"{name}: {found.status} instead of the gateway's 404")
            continue
        expected = read_answer(handler(event))
        own = {k: v for k, v in found.headers.items() if k in expected.headers}
        answer = Answer(found.status, own, found.body)
        is_document = name_route(event) in DOCUMENTS
        differences = find_differences(expected, answer, is_document=is_document)
        findings += [f"{name}: {place}: {kind}" for place, kind in differences]
    return findings


def check_guards(url, body, open_routes=frozenset(OPEN)):
    """Every route but the open ones refuses a request without credentials."""
    findings = []
    for path, methods in body["paths"].items():
        for method in methods:
            route = f"{method.upper()} {path}"
            status = requests.request(method, url + path, timeout=TIMEOUT_S).status_code
            if (status in REFUSED) == (route in open_routes):
                findings.append(f"{route}: {status} without credentials")
    return findings


def check_version(url, version):
    """The API serves the model that was published last."""
    served = requests.get(f"{url}/health", timeout=TIMEOUT_S).headers.get("x-model-version")
    return [] if served == version else [f"serves {served}, not {version}"]


def check_model(url, artifact):
    """The API serves this model, and answers as it does here."""
    client = ApiClient(url, attempts=1)
    customers = make_up_customers(artifact, 20, SEED)
    try:
        await_version(client, artifact, customers, 0, print)
        verify(client, artifact, customers)
    except VerifyError as error:
        return [str(error)]
    return []


def check_rights(stack):
    """Every role may what it has to, and nothing else of the same kind."""
    iam = stack.client("iam")
    findings = []
    for role, may in MAY.items():
        arn = iam.get_role(RoleName=stack.resources[role])["Role"]["Arn"]
        for thing, resource in list_things(stack).items():
            answer = iam.simulate_principal_policy(
                PolicySourceArn=arn, ActionNames=ACTIONS, ResourceArns=[resource]
            )
            for result in answer["EvaluationResults"]:
                action = result["EvalActionName"]
                is_allowed = result["EvalDecision"] == "allowed"
                if is_allowed != ((action, thing) in may):
                    verb = "may" if is_allowed else "may not"
                    findings.append(f"{role} {verb} {action} on {thing}")
    return findings


def list_things(stack):
    """Return what rights are about: the ARN of one thing of each kind."""
    named = ("ModelBucket", "BulkBucket", "PredictLogs")
    models, bulk, log = (stack.outputs[name] for name in named)
    functions = {
        item["FunctionName"]: item["FunctionArn"]
        for item in stack.client("lambda").list_functions()["Functions"]
    }
    arn = {name: functions.get(stack.resources[name]) for name in stack.resources}
    return {
        "models": f"arn:aws:s3:::{models}/models/a.json",
        "state": f"arn:aws:s3:::{models}/monitoring/state.json",
        "window": f"arn:aws:s3:::{models}/monitoring/windows/2026-11-24.json",
        "in": f"arn:aws:s3:::{bulk}/in/a.csv",
        "work": f"arn:aws:s3:::{bulk}/work/a/items.json",
        "out": f"arn:aws:s3:::{bulk}/out/a/scores.csv",
        "counts": f"arn:aws:s3:::{bulk}/counts/a.json",
        "log": f"arn:aws:logs:{REGION}:000000000000:log-group:{log}:log-stream:a",
        "bulk function": arn["BulkScoreFunction"],
        "version": f"{arn['PredictFunction']}:1",
        "hook": arn["DeployHookFunction"],
    }


def check_page(url, file):
    """The API has the page, and hands it the live model's file; both are kept and compressed."""
    page, model = (requests.get(url + path, timeout=TIMEOUT_S) for path in PAGE)
    findings = [] if b"Who is about to leave?" in page.content else ["GET /: not the page"]
    policy = page.headers.get("content-security-policy", "")
    if "default-src 'none'; script-src 'sha256-" not in policy:
        findings.append(f"GET /: a policy of {policy!r}")
    if model.content != file:
        findings.append("GET /model/file: not the live model")
    for answer in (page, model):
        name = f"GET {answer.request.path_url}"
        if answer.headers.get("content-encoding") != "gzip":
            findings.append(f"{name}: not compressed")
        known = {"if-none-match": answer.headers.get("etag", "")}
        again = requests.get(answer.url, headers=known, timeout=TIMEOUT_S)
        if (answer.status_code, again.status_code, again.content) != (200, 304, b""):
            findings.append(f"{name}: {answer.status_code}, then {again.status_code}")
    return findings


def check_bulk(stack, table):
    """A bulk run scores each line of a table."""
    name = f"check-{uuid.uuid4()}"
    stack.put_table(f"in/{name}.csv", table)
    run = stack.wait(stack.start(name, input=f"in/{name}.csv"))
    if run["status"] != "SUCCEEDED":
        return [f"the run {run['status']}: {run.get('error')}"]
    scored = json.loads(run["output"])["customers"]
    rows = len(table.splitlines()) - 1
    return [] if scored == rows else [f"{scored} customers were scored, not {rows}"]
