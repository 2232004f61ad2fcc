"""Text of an exact length, in characters that no reading of "characters" counts differently."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

# Letters, digits, punctuation and symbols of the first plane: one code point is one UTF-16 unit. No blanks, which a
# server might trim.
CHARACTERS = st.characters(codec="utf-8", categories=("L", "N", "P", "S"), max_codepoint=0xFFFF)


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
