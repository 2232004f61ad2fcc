"""RSpace's guide: its requests, one after the other in a fresh tenant, get the answers that it shows."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from fixtures.guides.exchanges import Answer
from fixtures.guides.rspace import steps
from showpad_mock import MockShowpad, RSpaceTenant

from ..harness.rspace import RSpaceApi


@pytest.mark.rule("RS-GROUPS-OK", "RS-SHARE-OK", "RS-SHARES-OK", "RS-UNSHARE-OK", "RS-AUTH-KEY")
@pytest.mark.parametrize("behaviour", ["documented", "observed"])
def test_the_guide_can_be_followed(
    rspace: RSpaceTenant, showpad_server: MockShowpad, runner: asyncio.Runner, behaviour: Any
) -> None:
    rspace.behave(behaviour)
    lab = RSpaceApi(rspace, showpad_server.app, runner)
    for step in steps(rspace.key):
        request = step.request
        came = lab.request(
            request.method,
            f"{request.path}?{request.query}",
            as_=None,
            headers=request.headers,
            content=request.content,
        )
        assert step.is_shown_by(Answer(came.status_code, came.content)), (step.name, came.text)
    assert {item["itemId"]: item["permission"] for item in rspace.shares if item["targetType"] == "USER"} == {
        1241: "EDIT",
        1245: "EDIT",
    }


def test_every_part_of_the_guide_is_followed() -> None:
    assert [step.name for step in steps(str)] == [
        "004-list-groups",
        "004-share-an-item-with-a-group",
        "004-list-shares",
        "004-unshare",
        "004-share-several",
    ]
