"""What checks of the conventions send: wrong tokens, foreign origins, any JSON."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from hypothesis import strategies as st

from ...strategies.text import ANY
from .spaces import CREATE_OBJECTS, CREATE_TEXTS, SWITCHES

WRONG_AUTHORIZATIONS = (
    "Bearer",
    "TOKEN",
    "Basic TOKEN",
    "Token TOKEN",
    "BearerTOKEN",
    "Bearer: TOKEN",
    "Bearer TOKENx",
)
"""Authorization headers that let nobody in; TOKEN stands for one that is known."""
UNKNOWN_TOKENS = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~", min_size=20, max_size=64)
FOREIGN_ORIGINS = (
    "https://example.com",
    "http://localhost:3000",
    "null",
    "https://TENANT.showpad.com.example.com",
    "https://xTENANT.showpad.com",
    "https://xTENANT.showpad.biz",
    "https://TENANT-showpad.com",
    "https://example.com/TENANT.showpad.com",
)
"""Origins of pages that may not call; TENANT stands for the subdomain."""
LIMITS = st.sampled_from([1, 2, 50, 1000]) | st.integers(1, 1000)
LIST_PARAMETERS = ("limit", "offset", "sort", "title", "userRole", "isOwnerDeactivated", "lastActivitySince")

_NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
_JSON_LEAVES = st.none() | st.booleans() | _NUMBERS | st.text(ANY)
JSON = st.recursive(
    _JSON_LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(ANY, max_size=8), inner, max_size=3),
    max_leaves=6,
)
KNOWN_MEMBERS = (*CREATE_TEXTS[:3], *CREATE_OBJECTS, *SWITCHES, "status", "userId", "items", "folderItemId")
# Any JSON alone would hardly ever hit on a member that a server looks at.
JSON_BODIES = JSON | st.dictionaries(st.sampled_from(KNOWN_MEMBERS), JSON, max_size=4)
"""Any JSON, and objects of members that mean something with any value."""
BODIES_THAT_ARE_NO_OBJECT = (
    *(b"", b"{", b"[]", b'"a"', b"1", b"true", b"null"),
    *(b"{'title': 'a'}", b"title=a", b"\xff\xfe{}", b'{"title":"\xff"}'),
)
"""Bodies that are no JSON object in UTF-8."""

MOMENTS = st.datetimes(
    min_value=datetime(2000, 1, 1),
    max_value=datetime(2030, 1, 1),
    timezones=st.sampled_from([timezone(timedelta(hours=hours)) for hours in (-11, 0, 2, 13)]),
)
NO_MOMENTS = st.sampled_from(
    ["2025-01-09", "2025-01-09T11:38:06", "2025-01-09T11:38:06.000", "09/01/2025", "1736422686", ""]
)
"""Texts that are no RFC 3339 time with an offset."""
