"""The pages that people see, in a real browser: headless Chromium, by keyboard, with axe looking for barriers."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests

from showpad_mock import MockShowpad, MockTenant

from ..harness.installed import environment, program, tool

HERE = Path(__file__).parent
HOSTILE = "</title><script>window.scripted = true; alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture(scope="module")
def tenant() -> Iterator[MockTenant]:
    with MockShowpad() as server, server.tenant("acme") as tenant:
        yield tenant


def visit(tenant: MockTenant, home: Path, *visits: dict[str, Any]) -> list[dict[str, Any]]:
    """Open pages one after the other; Showpad's own host names lead to the tenant's server."""
    port = urlsplit(tenant.origin).port
    asked = {
        "chromium": program("chromium"),
        "rules": f"MAP *.showpad.com 127.0.0.1:{port}",
        "visits": visits,
    }
    done = subprocess.run(
        [tool("node"), HERE / "visit.mjs", json.dumps(asked)],
        env=environment(home),
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: list[dict[str, Any]] = json.loads(done.stdout)
    return told


def share(tenant: MockTenant, **fields: Any) -> dict[str, Any]:
    body = {
        "title": "Our offer",
        "origin": "test",
        "assets": [{"id": tenant.asset_id("brochure"), "page": 2}],
        **fields,
    }
    answer = requests.post(f"{tenant.base_url}/shares", json=body, headers=tenant.headers(), timeout=10)
    shown: dict[str, Any] = answer.json()
    return shown


def reported(tenant: MockTenant, type_: str) -> Sequence[dict[str, Any]]:
    return [one["data"] for one in tenant.events if one["type"] == type_]


def http(address: str) -> str:
    """The same over plain HTTP, since the browser trusts no certificate of ours."""
    return address.replace("https://", "http://", 1)


@pytest.mark.rule("SHARE-TRACK", "LINK-PAGE")
def test_a_share_is_opened_read_and_passed_on_by_keyboard(tenant: MockTenant, tmp_path: Path) -> None:
    made, hostile = share(tenant), share(tenant, title=HOSTILE[:200])
    tracked = f"{http(made['dynamicUrl'])}?recipient=robin%40example.org&platform=crm"
    to_the_address = ["Tab", "Tab"]  # the download, then the field
    shown, passed_on, attacked, gone = visit(
        tenant,
        tmp_path,
        {"url": tracked},
        {"url": tracked, "keys": [*to_the_address, {"type": "kim@example.org"}, {"submit": "Enter"}]},
        {"url": http(hostile["anonymousUrl"])},
        {"url": http(made["anonymousUrl"]) + "x"},
    )
    assert (shown["status"], shown["title"]) == (200, "Our offer")
    assert "opens at page 2" in shown["text"]
    assert "Shared with kim@example.org." in passed_on["text"]
    assert attacked["title"] == HOSTILE[:200]
    assert (attacked["scripted"], attacked["dialogs"]) == (False, [])
    assert gone["status"] == 404
    assert [one["violations"] for one in (shown, passed_on, attacked, gone)] == [[]] * 4
    assert [one["recipient"] for one in reported(tenant, "link-share-viewed")][:2] == ["robin@example.org"] * 2
    assert [one["recipient"] for one in reported(tenant, "link-share-reshared")] == ["kim@example.org"]


@pytest.mark.rule("SPACE-INVITE", "LINK-PAGE")
def test_a_space_is_opened_by_whom_it_invites(tenant: MockTenant, tmp_path: Path) -> None:
    spaces = requests.get(f"{tenant.base_url}/shared-spaces", headers=tenant.headers(), timeout=10).json()["items"]
    space = next(one for one in spaces if one["status"] == "ACTIVE")
    brochure = {"type": "asset", "assetId": tenant.asset_id("brochure")}
    folders = [{"type": "folder", "name": "Read first", "folderItems": [brochure]}, {"type": "folder", "name": "Empty"}]
    added = requests.post(
        f"{tenant.base_url}/shared-spaces/{space['id']}/items",
        json={"items": folders},
        headers=tenant.headers(),
        timeout=10,
    )
    added.raise_for_status()
    guest = tenant.add_participant(space["id"], email="robin@example.org", firstName="Robin")
    invited, uninvited = visit(
        tenant, tmp_path, {"url": tenant.open_link(space["id"], guest["id"])}, {"url": http(space["publicUrl"])}
    )
    assert (invited["status"], space["title"] in invited["text"], "Robin" in invited["text"]) == (200, True, True)
    assert "Read first" in invited["text"]
    assert (uninvited["status"], "invitation only" in uninvited["text"]) == (403, True)
    assert invited["violations"] == uninvited["violations"] == []


@pytest.mark.rule("AROUND-OAUTH")
def test_consent_is_given_by_keyboard_and_sends_the_browser_to_the_client(tenant: MockTenant, tmp_path: Path) -> None:
    # The mock's own health check stands for the client: the browser has to be let go there, and find somebody.
    origin = tenant.origin
    client = {"id": "browser", "redirectUris": [f"{origin}/livez"]}
    requests.post(f"{origin}/__admin/tenants/acme/oauth/clients", json=client, timeout=10).raise_for_status()
    asked = {"client_id": "mock.acme.browser", "response_type": "code", "state": "s"}
    address = f"{origin}/api/v3/oauth2/authorize?{urlencode(asked)}"
    page, allowed, denied, wrong = visit(
        tenant,
        tmp_path,
        {"url": address},
        # Into the group of users, one further down, to the first button.
        {"url": address, "keys": ["Tab", "ArrowDown", "Tab", {"submit": "Enter"}]},
        {"url": address, "keys": ["Tab", "Tab", "Tab", {"submit": "Enter"}]},
        {"url": address.replace("browser", "nobody")},
    )
    assert (page["status"], page["violations"], page["scripted"]) == (200, [], False)
    query = parse_qs(urlsplit(allowed["url"]).query)
    assert query["code"][0].startswith("mock-code.acme.")
    assert query["state"] == ["s"]
    assert parse_qs(urlsplit(denied["url"]).query)["error"] == ["access_denied"]
    assert (wrong["status"], wrong["violations"]) == (400, [])
