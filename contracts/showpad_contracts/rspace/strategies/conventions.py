"""What checks of the conventions send: wrong keys and tokens, bodies that cannot be read, ids that are none."""

from __future__ import annotations

import string
from typing import Any

from hypothesis import strategies as st

KEY_CHARACTERS = string.ascii_letters + string.digits + "_"
UNKNOWN = "abcdefghijklmnopqrstuvwxyz012345"
"""A key and a token of the usual form that nobody has."""
UNKNOWN_KEYS = st.text(string.ascii_letters + string.digits, min_size=32, max_size=32)
FOREIGN_SIGNS = st.sampled_from([sign for sign in string.punctuation if sign not in KEY_CHARACTERS])
"""What no key holds."""
WRONG_AUTHORIZATIONS = ("bearer {}", "BEARER {}", "Token {}", "{}", "Bearer {} more", "Bearer", "Bearer{}")
"""Forms of Authorization that let nobody in, whatever token stands for {}."""
# Not of digits alone, and none that begins with one: 0x1 is a number to some.
WRONG_IDS = st.from_regex(r"[a-z][a-z0-9]{0,8}", fullmatch=True) | st.sampled_from(("1x", "1.5", "SDx", "NB12"))
"""Ids in a path that are no integers."""
UNREADABLE: tuple[Any, ...] = (
    *(b"", b"{", b"share!", b"\xff", b"[", b"nothing"),
    *("text", 3, True),
    {"itemsToShare": [{}]},
    {"itemsToShare": ["x"]},
)
"""Bodies of POST /share that are no JSON object, or hold a value of another type."""
