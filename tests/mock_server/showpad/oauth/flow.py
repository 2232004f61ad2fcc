"""The steps of an OAuth client, by hand."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2

from ....harness.api import Api

REDIRECT = "http://127.0.0.1:5000/callback"
CLIENT, SECRET = "integration", "integration-secret"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def client_id(api: Api, client: str = CLIENT) -> str:
    return f"mock.{api.tenant.name}.{client}"


def authorize(api: Api, method: str = "GET", **fields: str) -> httpx2.Response:
    """Ask for a code, by default as the demo's own client."""
    sent = {"client_id": client_id(api), "response_type": "code", "redirect_uri": REDIRECT, **fields}
    params = {name: value for name, value in sent.items() if value}
    if method == "GET":
        return api.get("/api/v3/oauth2/authorize", as_=None, params=params)
    return api.post("/api/v3/oauth2/authorize", as_=None, content=urlencode(params).encode(), headers=FORM)


def sent_back(answer: httpx2.Response) -> dict[str, str]:
    """What a redirect tells the client."""
    assert answer.status_code == 302, answer.text
    address = urlsplit(answer.headers["location"])
    assert f"{address.scheme}://{address.netloc}{address.path}" == REDIRECT
    return {name: values[0] for name, values in parse_qs(address.query).items()}


def code(api: Api, user: str = "seller", **fields: str) -> str:
    return sent_back(authorize(api, "POST", user=user, decision="allow", **fields))["code"]


def token(api: Api, **fields: str) -> httpx2.Response:
    """Ask for tokens with the client's id and secret in the form; a field that is empty is left out."""
    sent = {"client_id": client_id(api), "client_secret": SECRET, **fields}
    content = urlencode({name: value for name, value in sent.items() if value}).encode()
    return api.post("/api/v3/oauth2/token", as_=None, content=content, headers=FORM)


def exchange(api: Api, code: str, **fields: str) -> httpx2.Response:
    return token(api, **{"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT, **fields})


def refresh(api: Api, refresh_token: str, **fields: str) -> httpx2.Response:
    return token(api, grant_type="refresh_token", refresh_token=refresh_token, **fields)


def tokens(api: Api, user: str = "seller") -> dict[str, Any]:
    answer = token(api, grant_type="password", username=user, password="mock-password")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def call_with(api: Api, access_token: str) -> httpx2.Response:
    return api.get("/v4/shared-spaces", as_=None, headers={"Authorization": f"Bearer {access_token}"})


def admin(api: Api, method: str, path: str, body: Any = None, **options: Any) -> httpx2.Response:
    """Call the control API, which answers to loopback names alone."""
    return api.request(method, path, body, as_=None, headers={"Host": "localhost"}, **options)
