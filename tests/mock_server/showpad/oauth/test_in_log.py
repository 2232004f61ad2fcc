"""OAuth where several servers share a log: what one gives out the others know, and what works once does so for all."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from showpad_mock.app import App, AppOptions

from ....harness import asgi
from ....harness.change_log import ListLog
from .flow import REDIRECT, SECRET

CREDENTIALS = {"client_id": "mock.acme.integration", "client_secret": SECRET}
FORM = [(b"host", b"localhost"), (b"content-type", b"application/x-www-form-urlencoded")]


@pytest.fixture
def servers(runner: asyncio.Runner) -> Iterator[list[App]]:
    log = ListLog()
    apps = [App(AppOptions(), log=log) for _ in range(2)]
    for app in apps:
        runner.run(app.begin())
    yield apps
    for app in apps:
        runner.run(app.end())


def post(runner: asyncio.Runner, app: App, path: bytes, **fields: str) -> asgi.Answer:
    scope = asgi.scope_of("POST", b"/api/v3/oauth2" + path, FORM)
    return runner.run(asgi.answer_to(app, scope, urlencode(fields).encode()))


def token(runner: asyncio.Runner, app: App, **fields: str) -> Any:
    return json.loads(post(runner, app, b"/token", **CREDENTIALS, **fields).content)


def status_with(runner: asyncio.Runner, app: App, access: str) -> int:
    headers = [(b"host", b"localhost"), (b"authorization", f"Bearer {access}".encode())]
    return runner.run(asgi.answer_to(app, asgi.scope_of("GET", b"/v4/users", headers), b"")).status


@pytest.mark.rule("AROUND-OAUTH", "AROUND-OAUTH-ONCE")
def test_a_code_of_one_server_is_exchanged_at_another_once(runner: asyncio.Runner, servers: list[App]) -> None:
    one, other = servers
    asked = {"client_id": CREDENTIALS["client_id"], "response_type": "code", "redirect_uri": REDIRECT}
    sent_on = post(runner, one, b"/authorize", **asked, user="seller", decision="allow")
    code = parse_qs(urlsplit(dict(sent_on.headers)[b"location"].decode()).query)["code"][0]
    exchange = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT}
    access = token(runner, other, **exchange)["access_token"]
    assert token(runner, one, **exchange)["error"] == "invalid_grant"
    # A code that comes twice ends what it gave, wherever it comes.
    assert status_with(runner, other, access) == 401


@pytest.mark.rule("AROUND-OAUTH-ONCE")
def test_a_refresh_token_works_once_over_all_servers(runner: asyncio.Runner, servers: list[App]) -> None:
    one, other = servers
    given = token(runner, one, grant_type="password", username="seller", password="mock-password")
    refresh = {"grant_type": "refresh_token", "refresh_token": given["refresh_token"]}
    anew = token(runner, other, **refresh)
    assert token(runner, one, **refresh)["error"] == "invalid_grant"
    assert status_with(runner, one, anew["access_token"]) == 200
