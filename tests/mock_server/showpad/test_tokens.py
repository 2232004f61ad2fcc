from __future__ import annotations

import pytest

from showpad_mock.showpad.tokens import MockToken, format_token, parse_token


@pytest.mark.rule("ROLE-KINDS")
@pytest.mark.parametrize("tenant", ["a", "acme-2", "a" * 63])
@pytest.mark.parametrize("user", ["seller", "Some_Body-1", "3d57fdd4699b20391685706edc3785ef"])
@pytest.mark.parametrize("oauth", [False, True])
def test_a_token_names_what_it_was_made_of(tenant: str, user: str, *, oauth: bool) -> None:
    assert parse_token(format_token(tenant, user, oauth=oauth)) == MockToken(tenant, user, oauth)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "mock.acme",
        "mock.acme.",
        "mock..seller",
        "mock.Acme.seller",
        f"mock.{'a' * 64}.seller",
        "mock.acme.seller.",
        "mock.acme.seller.OAUTH",
        "mock.acme.seller.oauth.",
        "mock.acme.sel ler",
        "mock.acme.seller\n",
        "mock.a.b.c",
        "Mock.acme.seller",
        "xmock.acme.seller",
    ],
)
def test_any_other_text_is_no_token_of_the_mocks(text: str) -> None:
    assert parse_token(text) is None
