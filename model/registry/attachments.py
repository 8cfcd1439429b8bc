"""What lies beside a version for people: its report, and its page with the model inside."""

from model.registry.bucket import delete_object, list_objects, write_new
from model.registry.registry import Registry

HTML = "text/html; charset=utf-8"


def write_report(registry: Registry, version: str, html: bytes) -> bool:
    """Write the report beside its version; return False, and keep the old one, where one is."""
    return write_new(registry.bucket, registry.report_key(version), html, HTML)


def write_page(registry: Registry, version: str, html: bytes) -> bool:
    """Write the page beside its version; return False, and keep the old one, where one is."""
    return write_new(registry.bucket, registry.page_key(version), html, HTML)


def find_page(registry: Registry, version: str) -> str | None:
    """Return the address of a version's page, or None where there is none."""
    key = registry.page_key(version)
    is_there = list_objects(registry.bucket, key)
    return f"s3://{registry.bucket.name}/{key}" if is_there else None


def delete_version(registry: Registry, version: str) -> None:
    """Delete a version, after what lies beside it."""
    for key in (registry.report_key, registry.page_key, registry.version_key):
        delete_object(registry.bucket, key(version))
