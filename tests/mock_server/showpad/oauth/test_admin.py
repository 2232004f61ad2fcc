"""What tests arrange of OAuth by the control API, and what stays over a snapshot."""

from __future__ import annotations

import pytest

from ....harness.api import Api, assert_problem
from .flow import REDIRECT, admin, call_with, client_id, code, exchange, refresh, token, tokens

OAUTH = "/__admin/tenants/acme/oauth"


def given(api: Api) -> str:
    """The id under which the control API knows the only tokens."""
    [only] = admin(api, "GET", f"{OAUTH}/tokens").json()
    return str(only["id"])


def test_tokens_are_listed_without_their_texts(api: Api) -> None:
    made = tokens(api)
    answer = admin(api, "GET", f"{OAUTH}/tokens")
    [only] = answer.json()
    assert (only["client"], only["userId"]) == ("integration", api.tenant.user_id("seller"))
    assert (only["issuedAt"], only["accessExpiresAt"]) == ("2026-03-10T12:00:00.000Z", "2026-03-10T13:00:00.000Z")
    assert made["access_token"] not in answer.text
    assert made["refresh_token"] not in answer.text


@pytest.mark.parametrize(
    ("which", "calls", "renews"), [("access", 401, 200), ("refresh", 200, 400), ("both", 401, 400)]
)
def test_tokens_expire_when_told(api: Api, which: str, calls: int, renews: int) -> None:
    made = tokens(api)
    answer = admin(api, "PATCH", f"{OAUTH}/tokens/{given(api)}", {"expire": which})
    assert answer.status_code == 200, answer.text
    assert call_with(api, made["access_token"]).status_code == calls
    assert refresh(api, made["refresh_token"]).status_code == renews


def test_revoked_tokens_are_unknown(api: Api) -> None:
    made = tokens(api)
    assert admin(api, "DELETE", f"{OAUTH}/tokens/{given(api)}").status_code == 204
    assert_problem(call_with(api, made["access_token"]), 401, "CONV-AUTH-401")
    assert refresh(api, made["refresh_token"]).json()["error"] == "invalid_grant"


def test_a_client_is_added_shown_without_its_secret_and_deleted_with_its_tokens(api: Api) -> None:
    new = {"id": "added", "secret": "s3cret-of-added", "redirectUris": ["https://app.example.com/back"]}
    answer = admin(api, "POST", f"{OAUTH}/clients", new)
    assert answer.status_code == 201, answer.text
    assert answer.json()["clientId"] == "mock.acme.added"
    assert "s3cret-of-added" not in admin(api, "GET", f"{OAUTH}/clients").text
    mine = {"client_id": client_id(api, "added"), "client_secret": "s3cret-of-added"}
    made = token(api, grant_type="password", username="seller", password="mock-password", **mine).json()
    assert call_with(api, made["access_token"]).status_code == 200
    assert admin(api, "DELETE", f"{OAUTH}/clients/added").status_code == 204
    assert_problem(call_with(api, made["access_token"]), 401)
    assert "added" not in admin(api, "GET", f"{OAUTH}/clients").text


def test_the_codes_of_a_deleted_client_are_not_its_successors(api: Api) -> None:
    new = {"id": "added", "redirectUris": [REDIRECT]}
    mine = {"client_id": client_id(api, "added"), "client_secret": ""}
    admin(api, "POST", f"{OAUTH}/clients", new)
    drawn = code(api, **mine)
    admin(api, "DELETE", f"{OAUTH}/clients/added")
    admin(api, "POST", f"{OAUTH}/clients", new)
    assert exchange(api, drawn, **mine).json()["error"] == "invalid_grant"
    assert exchange(api, code(api, **mine), **mine).status_code == 200


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"id": "integration"}, "integration already"),
        ({"id": "a b"}, "id"),
        ({"id": "x", "redirectUris": ["no address"]}, "redirectUris"),
        ({"id": "x", "redirectUris": ["https://a.example.com/;script-src"]}, "redirectUris"),
        ({"id": "x", "grantTypes": ["implicit"]}, "grantTypes"),
        ({"id": "x", "scopes": ["two words"]}, "scopes"),
    ],
)
def test_a_client_that_cannot_be_is_refused(api: Api, body: dict[str, object], told: str) -> None:
    answer = admin(api, "POST", f"{OAUTH}/clients", body)
    assert answer.status_code in (400, 409)
    assert told in answer.text


def test_an_unknown_name_is_told_with_the_nearest(api: Api) -> None:
    assert "integration" in admin(api, "DELETE", f"{OAUTH}/clients/integratoin").json()["detail"]
    assert admin(api, "DELETE", f"{OAUTH}/tokens/nothing").status_code == 404


def test_a_snapshot_holds_codes_and_tokens(api: Api) -> None:
    made, drawn = tokens(api), code(api)
    snapshot = admin(api, "GET", "/__admin/tenants/acme/state").content
    api.tenant.reset()
    assert call_with(api, made["access_token"]).status_code == 401
    assert admin(api, "PUT", "/__admin/tenants/acme/state", content=snapshot).status_code == 204
    assert call_with(api, made["access_token"]).status_code == 200
    assert exchange(api, drawn).status_code == 200
