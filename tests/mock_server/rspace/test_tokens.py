from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from showpad_mock.core.names import DNS_LABEL
from showpad_mock.rspace.tokens import USERNAME, format_key, parse_key


@given(
    tenant=st.from_regex(re.compile(DNS_LABEL), fullmatch=True),
    username=st.from_regex(re.compile(USERNAME), fullmatch=True),
)
def test_a_key_names_what_it_was_made_from_and_has_rspaces_form(tenant: str, username: str) -> None:
    key = format_key(tenant, username)
    assert parse_key(key) == (tenant, username, None)
    assert re.fullmatch("[A-Za-z_0-9]+", key)


@pytest.mark.parametrize("text", ["", "mock", "mock_", "mock_acme", "mock__alice", "mock_acme_", "mock_Acme_alice"])
def test_another_form_names_nobody(text: str) -> None:
    assert parse_key(text) is None
