"""Bodies that were encoded on the way: the mock reads them as they are, and says so."""

from __future__ import annotations

from ..core.refusals import Problem

ENCODED = Problem(
    "",
    415,
    "/mock-server/body-encoded",
    "Unsupported Media Type",
    "The body is encoded as {encoding} (Content-Encoding); the mock reads bodies that are not compressed.",
)


def refuse_encoded(encoding: str | None) -> None:
    """Refuse with 415 a body whose Content-Encoding is any but identity."""
    # Read as JSON, a compressed body would be refused as malformed, which tells nobody the reason.
    if encoding is not None and encoding.strip().lower() not in ("", "identity"):
        raise ENCODED.error(encoding=encoding).with_headers(**{"Accept-Encoding": "identity"})
