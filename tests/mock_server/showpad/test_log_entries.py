"""What an entry of the outbox and the events holds until it is read: the values it shows, and no record whole."""

from __future__ import annotations

import asyncio
import gc
from typing import Any

import pytest

from showpad_mock import MockShowpad, MockTenant
from showpad_mock.showpad.domain.content import Batch, Item
from showpad_mock.showpad.domain.organisation import Organisation
from showpad_mock.showpad.domain.people import User
from showpad_mock.showpad.domain.shares import Share
from showpad_mock.showpad.domain.space import Space, TimelineEntry

from ...harness.api import Api, in_process

WHOLE = (Space, Batch, Share, User, Organisation, TimelineEntry)


@pytest.fixture
def api(showpad: MockTenant, showpad_server: MockShowpad, runner: asyncio.Runner) -> Api:
    return in_process(showpad, showpad_server.app, runner)


def reached(root: Any) -> list[Any]:
    """Return what a value keeps alive: all that its references lead to, but for classes, modules and globals."""
    found: dict[int, Any] = {}
    waiting = [root]
    while waiting:
        one = waiting.pop()
        if id(one) in found or isinstance(one, type) or hasattr(one, "__spec__"):
            continue
        found[id(one)] = one
        waiting += gc.get_referents(one) if not hasattr(one, "__code__") else [one.__closure__, one.__defaults__]
    return list(found.values())


def do_everything(api: Api) -> dict[str, Any]:
    """Create a space, add to it, transfer it, let somebody take part, and create a Share."""
    space = api.create_space(title="Soon gone")
    path = f"/shared-spaces/{space['id']}"
    asset = api.tenant.asset_id("brochure")
    items = [{"type": "asset", "assetId": asset}, {"type": "folder", "name": "A folder"}]
    assert api.post(f"{path}/items", {"items": items}, oauth=True).status_code == 201
    partner = {"userId": api.tenant.user_id("partner")}
    assert api.post(f"{path}/transfer-ownership", partner).status_code == 204
    api.tenant.add_participant(space["id"], email="buyer@example.com")
    share = {"title": "Soon gone", "origin": "o", "assets": [{"id": asset}]}
    assert api.post("/shares", share).status_code == 201
    return space


def test_an_entry_holds_no_record_whole(api: Api) -> None:
    do_everything(api)
    logs = api.tenant._app.tenants.open(api.tenant.name).logs
    assert sorted(logs) == ["events", "outbox"]
    held = reached(logs)
    assert sum(isinstance(one, Item) for one in held) == 2
    assert [one for one in held if isinstance(one, WHOLE)] == []


def test_a_deleted_space_is_freed_while_its_events_and_notifications_can_be_read(api: Api) -> None:
    space = do_everything(api)
    assert api.delete(f"/shared-spaces/{space['id']}").status_code == 204
    gc.collect()
    records = [one for one in gc.get_objects() if isinstance(one, Space | Batch)]
    assert [one for one in records if one.id.startswith(space["id"])] == []
    types = [event["type"] for event in api.tenant.events]
    assert types == [
        "shared-space-created",
        "shared-space-content-added-v2",
        "shared-space-user-added",
        "shared-space-user-added",
        "link-share-created",
    ]
    assert [event["data"]["sharedSpace"]["name"] for event in api.tenant.events[:4]] == ["Soon gone"] * 4
    assert len(api.tenant.events[1]["data"]["items"]) == 2
    assert [one["sharedSpaceId"] for one in api.tenant.outbox] == [space["id"]] * 2
