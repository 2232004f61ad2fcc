"""Addresses in answers: under the one by which the caller knows the server (RS-LINKS-BASE)."""

from __future__ import annotations

from ...web.call import Call
from ..wire.paths import V1


def url_of(call: Call, path: str) -> str:
    """Return the whole address of a path of the API."""
    return call.origin + V1 + path
