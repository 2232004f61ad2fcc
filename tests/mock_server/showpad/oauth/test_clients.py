"""OAuth clients that nobody here wrote, over real HTTP: Authlib and requests-oauthlib."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from authlib.integrations.requests_client import OAuth2Session
from oauthlib.oauth2 import InvalidGrantError, LegacyApplicationClient
from requests_oauthlib import OAuth2Session as RequestsSession

from showpad_mock import MockShowpad, MockTenant

from .flow import CLIENT, REDIRECT, SECRET


@pytest.fixture
def tenant(monkeypatch: pytest.MonkeyPatch) -> Iterator[MockTenant]:
    # Both refuse plain HTTP, even to loopback, unless told otherwise.
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    with MockShowpad() as server, server.tenant("acme") as tenant:
        yield tenant


def origin(tenant: MockTenant) -> str:
    return tenant.base_url.removesuffix("/v4")


def answered(address: str, user: str) -> str:
    """Answer the page as a script does; gives the address that the browser is sent to."""
    answer = requests.post(address, data={"user": user, "decision": "allow"}, allow_redirects=False, timeout=5)
    return answer.headers["location"]


def test_authlib_takes_a_code_with_pkce_and_renews_its_token(tenant: MockTenant) -> None:
    endpoint = f"{origin(tenant)}/api/v3/oauth2"
    with OAuth2Session(
        f"mock.acme.{CLIENT}", SECRET, redirect_uri=REDIRECT, code_challenge_method="S256", scope="refresh_token"
    ) as session:
        address, state = session.create_authorization_url(f"{endpoint}/authorize", code_verifier="v" * 48)
        back = answered(address, "seller")
        assert parse_qs(urlsplit(back).query)["state"] == [state]
        first = session.fetch_token(f"{endpoint}/token", authorization_response=back, code_verifier="v" * 48)
        assert session.get(f"{tenant.base_url}/shared-spaces").status_code == 200
        anew = session.refresh_token(f"{endpoint}/token")
        assert anew["access_token"] != first["access_token"]
        assert session.get(f"{tenant.base_url}/shared-spaces").status_code == 200


def test_requests_oauthlib_renews_by_itself_what_has_expired(tenant: MockTenant) -> None:
    tenant.freeze("2026-03-10T12:00:00.000Z")
    endpoint = f"{origin(tenant)}/api/v3/oauth2/token"
    client = LegacyApplicationClient(client_id=f"mock.acme.{CLIENT}")
    kept: list[str] = []
    with RequestsSession(
        client=client,
        auto_refresh_url=endpoint,
        auto_refresh_kwargs={"client_id": f"mock.acme.{CLIENT}", "client_secret": SECRET},
        token_updater=lambda token: kept.append(token["access_token"]),
    ) as session:
        first = session.fetch_token(endpoint, username="seller", password="mock-password", client_secret=SECRET)
        assert session.get(f"{tenant.base_url}/shared-spaces").status_code == 200
        session.token = {**first, "expires_in": -1, "expires_at": 1}
        assert session.get(f"{tenant.base_url}/shared-spaces").status_code == 200
        assert kept
        assert kept[0] != first["access_token"]


def test_requests_oauthlib_understands_a_refusal(tenant: MockTenant) -> None:
    with RequestsSession(client=LegacyApplicationClient(client_id=f"mock.acme.{CLIENT}")) as session:
        with pytest.raises(InvalidGrantError):
            session.fetch_token(
                f"{origin(tenant)}/api/v3/oauth2/token", username="seller", password="wrong", client_secret=SECRET
            )
