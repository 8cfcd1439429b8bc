import hashlib
import runpy
import sys

import pytest

from inference import digest
from inference.digest import check_digest
from inference.errors import ArtifactError

REST = b'"format_version":2}'
HEX = hashlib.sha256(REST).hexdigest().encode()


def test_digest_of_what_follows_its_comma_is_right():
    assert check_digest(b'{"digest":"sha256:' + HEX + b'",' + REST) is True


def test_file_without_a_digest_has_none():
    assert check_digest(b'{"artifact":{}}') is False


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"digest":"sha256:' + HEX + b'",' + REST + b" ", id="one byte more"),
        pytest.param(b'{"digest":"sha256:' + HEX + b'",' + REST[:-1], id="cut off"),
        pytest.param(b'{"digest":"sha256:' + HEX[:-1] + b'",' + REST, id="short digest"),
        pytest.param(b'{"digest":"sha256:' + HEX.upper() + b'",' + REST, id="capitals"),
        pytest.param(b'{"digest":"sha256:', id="nothing else"),
    ],
)
def test_digest_of_other_bytes_is_refused(body):
    with pytest.raises(ArtifactError, match=r"^digest: doesn't match the content"):
        check_digest(body)


def test_pythons_without_a_sha2_module_use_hashlib(monkeypatch):
    monkeypatch.setitem(sys.modules, "_sha2", None)

    assert runpy.run_path(digest.__file__)["sha256"] is hashlib.sha256
