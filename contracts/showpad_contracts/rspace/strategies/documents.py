"""Documents: their names and tags."""

from __future__ import annotations

from hypothesis import strategies as st

LONGEST_NAME = 255
WORDS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12)
"""Words without a sign that a search takes for anything."""
# Letters and digits of every script, of the first plane: one code point is one character to whoever counts.
NAMES = st.text(st.characters(categories=("L", "N"), max_codepoint=0xFFFF), min_size=1, max_size=40)
TAGS = st.lists(WORDS, max_size=3, unique=True)
