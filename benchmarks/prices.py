"""What requests cost at Amazon's list prices in us-east-2, as known in 2025; SOURCES have today's.

Without the free tier, data transfer, storage and logs.
"""

SOURCES = ("https://aws.amazon.com/lambda/pricing/", "https://aws.amazon.com/api-gateway/pricing/")
LAMBDA_GB_SECOND = {"arm64": 0.0000133334, "x86_64": 0.0000166667}  # dollars
LAMBDA_MILLION_REQUESTS = 0.20
HTTP_API_MILLION_REQUESTS = 1.00  # of up to 512 kB each
MB_PER_GB = 1024


def cost_of_requests(
    requests: int, billed_ms: int, memory_mb: int, architecture: str = "arm64"
) -> float:
    """Return what Lambda asks for requests, in dollars; the gateway's price comes on top.

    Args:
        requests: how many.
        billed_ms: of each, rounded up to a whole millisecond as Lambda does.
        memory_mb: the function's memory.
        architecture: of its processor, as in the template.
    """
    gb_seconds = requests * billed_ms / 1000 * memory_mb / MB_PER_GB
    price = LAMBDA_GB_SECOND[architecture]
    return gb_seconds * price + requests / 1_000_000 * LAMBDA_MILLION_REQUESTS
