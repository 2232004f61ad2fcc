"""Text of an exact length, in characters that no reading of "characters" counts differently."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

# Letters, digits, punctuation and symbols of the first plane: one code point is one UTF-16 unit. No blanks, which a
# server might trim.
CHARACTERS = st.characters(categories=("L", "N", "P", "S"), max_codepoint=0xFFFF)

# UTF-8 has bytes for all but surrogates. Not `codec="utf-8"`, as st.text() has it by itself: in a new folder Hypothesis
# takes more than a second to find out which characters those are.
ANY = st.characters(exclude_categories=["Cs"])


def texts(*, most: int = 40) -> SearchStrategy[str]:
    """Draw a text of 1 to `most` characters."""
    return st.text(CHARACTERS, min_size=1, max_size=most)


def texts_of(length: int) -> SearchStrategy[str]:
    """Draw a text of exactly this many characters."""
    return texts(most=12).map(lambda text: (text * length)[:length])


def texts_within(limit: int) -> SearchStrategy[str]:
    """Draw a text of 1 to `limit` characters, the limit itself among them."""
    return st.one_of(texts(most=min(40, limit)), texts_of(limit), texts_of(limit - 1))


def texts_beyond(limit: int) -> SearchStrategy[str]:
    """Draw a text that is too long for the limit, mostly by one."""
    return st.one_of(texts_of(limit + 1), st.integers(limit + 1, limit + 60).flatmap(texts_of))


TO_KEEP = (
    " at both ends ",
    "a  b   c",
    "caf\u00e9 cafe\u0301",
    "\U0001f6a2 \U0001d49c \u6f22",
    "\u201ccurly\u201d \u2018ones\u2019",
    "%41 100%25 a+b",
    "&amp; <b>x</b> &lt;",
    "C:\\Temp\\n \\u0041",
    'It\'s "100 %" {{x}}',
    "\u0130\u0131\ufb01\u00df \u05e9\u05dc\u05d5\u05dd",
)
"""Texts of 20 characters at most that a server may be tempted to trim, escape, unescape, fold or normalise."""
LINES_TO_KEEP = (*TO_KEEP, "one\ntwo\n\nthree", "one\r\ntwo", "\ttab\t", "\n")
"""The same where there may be several lines."""


def at_the_limit(limit: int) -> tuple[str, ...]:
    """Return texts of 1, of just below, and of just as many characters as are allowed."""
    return ("a", "\u6f22", "a" * (limit - 1), "a" * limit, "\u00e9" * limit, "\u6f22" * limit)


def beyond_the_limit(limit: int) -> tuple[str, ...]:
    """Return texts with more characters than are allowed, mostly by one."""
    return ("a" * (limit + 1), "\u6f22" * (limit + 1), "a" * (2 * limit))
