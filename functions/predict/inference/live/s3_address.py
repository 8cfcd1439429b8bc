"""Where an S3 object is: which host, port and path, for which partition and endpoint.

What only boto3 can work out (profiles, proxies, ARNs, further partitions) is told apart here.
"""

from collections.abc import Mapping

from inference.live.sigv4 import quote_path

# With any of these, boto3's own reading of configuration decides.
_BOTO3_VARIABLES = (
    "AWS_PROFILE",
    "AWS_CONFIG_FILE",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "http_proxy",
    "https_proxy",
)
_CREDENTIALS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
# Isolated and sovereign regions have domains of their own, which boto3 knows.
_OTHER_PARTITIONS = ("us-iso", "eu-iso", "eusc-")
# Access points and directory buckets look like buckets, but are signed in other ways.
_OTHER_BUCKETS = ("--x-s3", "--ol-s3", ".mrap")
_LOWER_HOST = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")
_HOST = _LOWER_HOST | frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ._")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_MAX_LABEL = 63  # characters between the dots of a host name (RFC 1035)


class Address:
    """One object's address: what to connect to, what to ask for there."""

    __slots__ = ("host", "host_header", "is_tls", "path", "port")

    def __init__(self, scheme: str, netloc: str, path: str) -> None:
        host, _, port = netloc.partition(":")
        self.host = host
        self.port = int(port or _DEFAULT_PORTS[scheme])
        self.is_tls = scheme == "https"
        self.host_header = host if self.port == _DEFAULT_PORTS[scheme] else netloc
        self.path = path


def get_region(environment: Mapping[str, str]) -> str:
    """Return the region that the environment names, or the empty string."""
    return environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION") or ""


def get_endpoint(environment: Mapping[str, str]) -> str:
    """Return the S3 address to use instead of AWS's own; empty, as in the template, means none."""
    if environment.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "").lower() == "true":
        return ""
    return environment.get("AWS_ENDPOINT_URL_S3") or environment.get("AWS_ENDPOINT_URL") or ""


def needs_boto3(environment: Mapping[str, str], bucket: str) -> bool:
    """Return whether the environment alone does not say where the object is and who asks."""
    region, endpoint = get_region(environment), get_endpoint(environment)
    return (
        not all(environment.get(name) for name in _CREDENTIALS)
        or any(environment.get(name) for name in _BOTO3_VARIABLES)
        or not _HOST.issuperset(bucket)
        or bucket.endswith(_OTHER_BUCKETS)
        or not region
        or not _LOWER_HOST.issuperset(region)
        or (not _is_plain(endpoint) if endpoint else not _is_known_region(environment, region))
    )


def locate(environment: Mapping[str, str], bucket: str, key: str, region: str) -> Address:
    """Return an object's address; `needs_boto3` has said no."""
    endpoint = get_endpoint(environment)
    if endpoint:
        scheme, _, rest = endpoint.partition("://")
        netloc, _, prefix = rest.partition("/")
        return Address(scheme, netloc, quote_path(_join(prefix.rstrip("/"), bucket, key)))
    domain = _regional_domain(environment, region)
    if len(bucket) <= _MAX_LABEL and _LOWER_HOST.issuperset(bucket):
        return Address("https", f"{bucket}.{domain}", quote_path(_join("", key)))
    # A dot in the name would leave the wildcard of S3's certificate.
    return Address("https", domain, quote_path(_join("", bucket, key)))


def _regional_domain(environment: Mapping[str, str], region: str) -> str:
    service = "s3-fips" if _is_on(environment, "AWS_USE_FIPS_ENDPOINT") else "s3"
    stack = "dualstack." if _is_on(environment, "AWS_USE_DUALSTACK_ENDPOINT") else ""
    country = ".cn" if region.startswith("cn-") else ""
    return f"{service}.{stack}{region}.amazonaws.com{country}"


def _is_known_region(environment: Mapping[str, str], region: str) -> bool:
    if region.startswith("cn-") and _is_on(environment, "AWS_USE_FIPS_ENDPOINT"):
        return False  # there is none; boto3 says so
    return not region.startswith(_OTHER_PARTITIONS) and region[-1:].isdigit()


def _is_plain(endpoint: str) -> bool:
    scheme, _, rest = endpoint.partition("://")
    host, colon, port = rest.partition("/")[0].partition(":")
    has_port = port.isascii() and port.isdigit() if colon else True
    has_query = "?" in rest or "#" in rest or "%" in rest
    is_host = bool(host) and _HOST.issuperset(host)
    return scheme in _DEFAULT_PORTS and is_host and has_port and not has_query


def _is_on(environment: Mapping[str, str], name: str) -> bool:
    return environment.get(name, "").lower() == "true"


def _join(*parts: str) -> str:
    return "/".join(("", *(part for part in parts if part)))
