"""The Accept headers decide between two forms of an answer."""


def choose_media_type(accept: str, offered: tuple[str, str]) -> str:
    """Return which of the offered types a caller likes better; the first if equally, or neither.

    Source: RFC 9110, section 12.5.1; a range that names more of the type overrules one that
    names less, and what has no quality has 1.
    """
    qualities = [_quality(accept, media_type) for media_type in offered]
    return offered[1] if qualities[1] > qualities[0] else offered[0]


def takes_gzip(accept_encoding: str) -> bool:
    """Return whether a caller's Accept-Encoding names gzip, and doesn't rule it out."""
    return _quality(accept_encoding, "gzip") > 0.0


def _quality(accept: str, media_type: str) -> float:
    ranges = {}
    for part in accept.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        weights = [text[2:] for text in parameters if text.startswith("q=")]
        ranges[name] = _read_weight(weights[0]) if weights else 1.0
    family = media_type.partition("/")[0]
    for name in (media_type, f"{family}/*", "*/*"):
        if name in ranges:
            return ranges[name]
    return 0.0


def _read_weight(text: str) -> float:
    try:
        weight = float(text)
    except ValueError:
        return 0.0
    return weight if 0.0 <= weight <= 1.0 else 0.0
