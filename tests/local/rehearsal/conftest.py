"""The shared stack's API, the handler here beside it, and builds with a fault in them."""

import io
import json
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest
from browsing import browser, new_page  # noqa: F401  fixtures
from rehearsed.gateway import import_body, read_api
from rehearsed.issuer import Issuer

import app

CONTEXT = SimpleNamespace(aws_request_id="here", function_name="here", function_version="1")


@pytest.fixture(scope="session")
def api(stack):
    """The API's address, its routes made, open to all."""
    body, _ = read_api(stack)
    return import_body(stack, body)


@pytest.fixture
def handler(stack, monkeypatch):
    """The handler in this process, with the stack's model."""
    for name, value in stack.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", stack.url)
    app.open_store.cache_clear()
    yield lambda event: app.lambda_handler(event, CONTEXT)
    app.open_store.cache_clear()


@pytest.fixture(scope="session")
def issuer(authority):
    """An issuer of tokens that the gateway can ask for its keys."""
    issuer = Issuer(authority)
    yield issuer
    issuer.stop()


@pytest.fixture(scope="session")
def table(dataset):
    """The first 200 customers as CSV."""
    return dataset.frame.head(200).to_csv(index=False).encode()


@pytest.fixture(scope="session")
def package(built_template):
    """The files of the function's package, by name."""
    folder = built_template.parent / "PredictFunction"
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.fixture(scope="session")
def publish_build(stack, package):
    """Return the function that makes a version of code around the handler; gives its ARN."""
    functions, name = stack.client("lambda"), stack.resources["PredictFunction"]
    before = functions.get_function_configuration(FunctionName=name)

    def publish(source, timeout_s=before["Timeout"]):
        body = io.BytesIO()
        with zipfile.ZipFile(body, "w") as archive:
            for path, content in (package | {"faulty.py": source.encode()}).items():
                archive.writestr(path, content)
        functions.update_function_code(FunctionName=name, ZipFile=body.getvalue())
        functions.update_function_configuration(
            FunctionName=name, Handler="faulty.lambda_handler", Timeout=timeout_s
        )
        return functions.publish_version(FunctionName=name)["FunctionArn"]

    return publish


@pytest.fixture(scope="session")
def codedeploy():
    """What CodeDeploy was told; MiniStack has none."""
    told = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            told.append(self.rfile.read(int(self.headers["content-length"])).decode())
            self.send_response(200)
            self.send_header("content-length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("0.0.0.0", 0), Handler)  # noqa: S104  containers ask it
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield SimpleNamespace(told=told, port=server.server_port)
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def ask_hook(stack, codedeploy):
    """Return the function that has the hook compare a version with the live one."""
    functions, name = stack.client("lambda"), stack.resources["DeployHookFunction"]
    before = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    there = {"AWS_ENDPOINT_URL_CODEDEPLOY": f"http://host.docker.internal:{codedeploy.port}"}

    def ask(version):
        functions.update_function_configuration(
            FunctionName=name, Environment={"Variables": before | there | {"NEW_VERSION": version}}
        )
        event = {"DeploymentId": "d-1", "LifecycleEventHookExecutionId": "e-1"}
        found = functions.invoke(FunctionName=name, Payload=json.dumps(event))
        report = json.loads(found["Payload"].read())
        assert "FunctionError" not in found, report
        return report

    return ask
