"""What requests cost at Amazon's list prices in us-east-2, as read in 2026; SOURCES have today's.

Without free tiers, discounts for amounts above the first tier, and storage.
"""

from dataclasses import dataclass
from math import ceil

SOURCES = (
    "https://aws.amazon.com/lambda/pricing/",
    "https://aws.amazon.com/api-gateway/pricing/",
    "https://aws.amazon.com/cloudwatch/pricing/",
)
LAMBDA_GB_SECOND = {"arm64": 0.0000133334, "x86_64": 0.0000166667}  # dollars
LAMBDA_MILLION_REQUESTS = 0.20
HTTP_API_MILLION_UNITS = 1.00
HTTP_API_UNIT_BYTES = 512 * 1024  # a larger request counts several times
LOGS_GB = 0.50  # taken in
DATA_OUT_GB = 0.09  # to the internet
MB_PER_GB = 1024
BYTES_PER_GB = 1024**3
SECONDS_PER_MONTH = 30 * 24 * 3600
# The function's line (tests/unit/inference/test_telemetry.py), the gateway's with the values of one
# request (template.yaml), and the 26 bytes that CloudWatch Logs counts on top of each.
LOGGED_BYTES = 579 + 229 + 2 * 26


@dataclass(frozen=True)
class Request:
    """A request as it is billed: milliseconds of the function, bytes of both bodies."""

    billed_ms: int
    bytes_in: int
    bytes_out: int


SMALL = Request(billed_ms=2, bytes_in=500, bytes_out=500)  # the README's
LARGE = Request(billed_ms=4_000, bytes_in=5_000_000, bytes_out=6_000_000)  # a CSV, with reasons


def cost_of_requests(
    requests: float, billed_ms: int, memory_mb: int, architecture: str = "arm64"
) -> float:
    """Return what Lambda asks for requests, in dollars.

    Args:
        requests: how many.
        billed_ms: of each, rounded up to a whole millisecond as Lambda does.
        memory_mb: the function's memory.
        architecture: of its processor, as in the template.
    """
    gb_seconds = requests * billed_ms / 1000 * memory_mb / MB_PER_GB
    price = LAMBDA_GB_SECOND[architecture]
    return gb_seconds * price + requests / 1_000_000 * LAMBDA_MILLION_REQUESTS


def month_of_requests(rate_per_s: float, request: Request, memory_mb: int = 1024) -> float:
    """Return what a month of requests at this rate costs in dollars, logs and data out included."""
    requests = rate_per_s * SECONDS_PER_MONTH
    units = requests * ceil(request.bytes_in / HTTP_API_UNIT_BYTES)
    return (
        cost_of_requests(requests, request.billed_ms, memory_mb)
        + units / 1_000_000 * HTTP_API_MILLION_UNITS
        + requests * LOGGED_BYTES / BYTES_PER_GB * LOGS_GB
        + requests * request.bytes_out / BYTES_PER_GB * DATA_OUT_GB
    )
