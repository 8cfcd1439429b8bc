import pytest

from model.registry.attachments import delete_version, find_page, write_page, write_report
from model.registry.registry import read_candidate, write_version

V1 = "20261122T090001Z-000000000001"
V2 = "20261122T090002Z-000000000002"


@pytest.mark.parametrize(("write", "ending"), [(write_report, "html"), (write_page, "page.html")])
def test_attachment_lies_beside_its_version_and_stays(registry, bucket, write, ending):
    assert write(registry, V1, b"<p>first</p>")
    assert not write(registry, V1, b"<p>second</p>")

    key = f"models/versions/{V1}.{ending}"
    assert bucket[key] == b"<p>first</p>"
    assert bucket.head(key)["ContentType"] == "text/html; charset=utf-8"


def test_page_is_found_where_it_lies(registry):
    write_page(registry, V1, b"<p></p>")
    write_report(registry, V2, b"<p></p>")

    assert find_page(registry, V1) == f"s3://models/models/versions/{V1}.page.html"
    assert find_page(registry, V2) is None


def test_deleted_version_takes_report_and_page_along(registry, bucket, model_file):
    write_version(registry, read_candidate(model_file(1)))
    write_report(registry, V1, b"<p></p>")
    write_page(registry, V1, b"<p></p>")
    write_page(registry, V2, b"<p>of another</p>")

    delete_version(registry, V1)

    assert bucket == {f"models/versions/{V2}.page.html": b"<p>of another</p>"}
