"""Shares: with whom, with which permission, and requests that name too little."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from ...strategies.text import texts

PERMISSIONS = ("READ", "EDIT", "read", "edit")
WRONG_PERMISSIONS = ("WRITE", "Edit", "", "Read", "rEAD", "READ ", "OWNER")
TARGETS = ("group", "colleague")
"""With whom a check shares: the group of owner and colleague, or the colleague alone."""
MOST_ITEMS = 255
NO_TARGETS: tuple[dict[str, Any], ...] = ({}, {"groups": []}, {"users": []}, {"groups": [], "users": []})

permissions = st.sampled_from(PERMISSIONS)
targets = st.sampled_from(TARGETS)
# Mostly of the letters that a right one has: a text of any others is told at once.
wrong_permissions = (st.text("READWITredi ", max_size=6) | texts(most=12)).filter(lambda one: one not in PERMISSIONS)
