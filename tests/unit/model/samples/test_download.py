import gc
import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from model.samples.download import TELCO, DownloadError, Source, fetch

BODY = b"a,b\n1,2\n" * 500


@pytest.fixture
def cache(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "churn-scoring"


@pytest.fixture
def server():
    """An HTTP server that answers with `status` and `body`, and lists what it was asked for."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            server.asked.append(self.path)
            self.send_response(server.status)
            self.send_header("Content-Length", str(server.length))
            self.end_headers()
            self.wfile.write(server.body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.status, server.body, server.length, server.asked = 200, BODY, len(BODY), []
    server.source = Source(
        f"http://127.0.0.1:{server.server_port}/t.csv", hashlib.sha256(BODY).hexdigest(), "t.csv"
    )
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
    yield server
    server.shutdown()
    server.server_close()


def test_file_is_downloaded_once_and_kept(server, cache):
    first = fetch(server.source)
    second = fetch(server.source)

    assert first == second == cache / "t.csv"
    assert first.read_bytes() == BODY
    assert server.asked == ["/t.csv"]


def test_copy_that_was_changed_is_downloaded_again(server, cache):
    cache.mkdir()
    (cache / "t.csv").write_bytes(BODY[:-1])

    assert fetch(server.source).read_bytes() == BODY


# pooch leaves the socket of a failed answer to the garbage collector
@pytest.mark.filterwarnings("ignore:Exception ignored:pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"body": BODY[::-1]}, "what came isn't the file with the known SHA-256"),
        ({"body": BODY[:100]}, "no connection"),
        ({"status": 404}, "its server answered 404"),
        ({"status": 503}, "its server answered 503"),
    ],
    ids=["other bytes", "cut off", "not found", "overloaded"],
)
def test_download_that_fails_says_why_and_leaves_nothing(server, cache, answer, reason):
    vars(server).update(answer)

    with pytest.raises(DownloadError) as failure:
        fetch(server.source)

    assert str(failure.value) == reason
    assert list(cache.iterdir()) == []
    del failure
    gc.collect()


def test_no_connection_is_said(cache):
    with pytest.raises(DownloadError) as failure:
        fetch(Source("http://127.0.0.1:9/t.csv", "0" * 64, "t.csv"))

    assert str(failure.value) == "no connection"
    assert list(cache.iterdir()) == []


def test_cache_folder_that_cannot_be_made_is_said(server, monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))

    with pytest.raises(DownloadError) as failure:
        fetch(server.source)

    assert str(failure.value) == "it can't be kept in the cache folder (Not a directory)"


def test_ibms_table_is_checked_by_its_hash():
    assert (len(TELCO.sha256), TELCO.url[:8], TELCO.url[-4:]) == (64, "https://", ".csv")
