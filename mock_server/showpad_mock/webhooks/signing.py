"""How a delivery is signed, and how its receiver verifies that."""

from __future__ import annotations

import hmac
import time
from base64 import b64encode

LONGEST_AGE = 300
"""How many seconds the timestamp of a delivery may be off, either way: what is older may be a replay."""


def sign(body: bytes, timestamp: int, key: str) -> str:
    """Return the signature of a body at a time in Unix seconds: Base64 of an HMAC-SHA256."""
    return b64encode(_digest(body, str(timestamp).encode(), key)).decode()


def _digest(body: bytes, timestamp: bytes, key: str) -> bytes:
    return hmac.digest(key.encode(), body + b"." + timestamp, "sha256")


def verify(body: bytes, *, signature: str, timestamp: str, key: str, now: float | None = None) -> bool:
    """Return whether a delivery is from whoever has the key, and no more than five minutes old.

    `body` is what was received, byte for byte, `signature` and `timestamp` are the headers' values, of which the first
    may hold several signatures with commas between them, while a key is changed. `now` is in Unix seconds.
    """
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 15):
        return False
    expected = b64encode(_digest(body, timestamp.encode(), key))
    # All are compared, each in constant time: how long it takes tells nothing of the key.
    # A header may hold any bytes, which some servers hand on as lone surrogates.
    sent = signature.encode("utf-8", "surrogatepass").split(b",")
    matches = [hmac.compare_digest(expected, one.strip()) for one in sent]
    age = (time.time() if now is None else now) - int(timestamp)
    return any(matches) and abs(age) <= LONGEST_AGE
