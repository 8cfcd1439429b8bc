import base64
import hashlib
import re

from model.page.document import build_document
from model.page.policy import build_policy


def hash_of(text):
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_nothing_is_allowed_but_the_pages_own_script_and_style():
    policy = build_policy("run()", "b{}")

    assert dict(part.split(" ", 1) for part in policy.split("; ")) == {
        "default-src": "'none'",
        "script-src": hash_of("run()"),
        "style-src": hash_of("b{}"),
        "img-src": "data:",
        "worker-src": "blob:",
        "connect-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }


def test_document_states_the_hashes_of_what_is_in_it():
    page = build_document("{}")
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)[1]

    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    styles = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)

    assert f"script-src {hash_of(*scripts)};" in policy
    assert f"style-src {hash_of(*styles)};" in policy
