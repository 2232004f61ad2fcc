"""RSpace's guide: its requests, one after the other in a fresh tenant, get the answers that it shows."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import pytest

from fixtures.guides.exchanges import read_json
from showpad_mock import MockShowpad, RSpaceTenant

from ..harness.rspace import RSpaceApi

EXCHANGES: list[dict[str, Any]] = read_json("rspace.json")
KEYS = {"<APIKEY>": "alice", "<APIKEY of bob>": "bob"}


def shows(printed: Any, came: Any) -> bool:
    """Return whether an answer holds what the guide prints; it may hold more members."""
    if isinstance(printed, dict):
        return isinstance(came, dict) and all(name in came and shows(one, came[name]) for name, one in printed.items())
    if isinstance(printed, list):
        return isinstance(came, list) and len(printed) == len(came) and all(map(shows, printed, came))
    return bool(printed == came)


def send(lab: RSpaceApi, request: dict[str, Any]) -> httpx2.Response:
    headers = {
        name: lab.tenant.key(KEYS[text]) if name == "apiKey" else text for name, text in request["headers"].items()
    }
    body = {"json": request["body"]} if "body" in request else {}
    return lab.request(request["method"], request["path"], as_=None, headers=headers, **body)


@pytest.mark.rule("RS-GROUPS-OK", "RS-SHARE-OK", "RS-SHARES-OK", "RS-UNSHARE-OK", "RS-AUTH-KEY")
@pytest.mark.parametrize("behaviour", ["documented", "observed"])
def test_the_guide_can_be_followed(
    rspace: RSpaceTenant, showpad_server: MockShowpad, runner: asyncio.Runner, behaviour: Any
) -> None:
    rspace.behave(behaviour)
    lab = RSpaceApi(rspace, showpad_server.app, runner)
    for exchange in EXCHANGES:
        answer, printed = send(lab, exchange["request"]), exchange["response"]
        assert answer.status_code == printed["status"], exchange["name"]
        came = answer.json() if answer.content else None
        assert shows(printed.get("body"), came), (exchange["name"], came)
    assert {item["itemId"]: item["permission"] for item in rspace.shares if item["targetType"] == "USER"} == {
        1241: "EDIT",
        1245: "EDIT",
    }


def test_every_part_of_the_guide_is_followed() -> None:
    assert [exchange["name"] for exchange in EXCHANGES] == [
        "004-list-groups",
        "004-share-an-item-with-a-group",
        "004-list-shares",
        "004-unshare",
        "004-share-several",
    ]
