"""Timelines: one record an activity, so that what a busy space adds to a log is no more than a quiet one does."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from showpad_mock.showpad.domain.timeline import ACTIVITIES

from ...harness.board import ListBoard, Seat
from ...harness.change_log import ListLog
from .caller import Caller, assert_refused

CAP = 1000


def transfer(caller: Caller, space: str, times: int) -> None:
    path = f"/shared-spaces/{space}/transfer-ownership"
    owners = [caller.user_id("partner"), caller.user_id("seller")]
    if caller.v4("GET", f"/shared-spaces/{space}").json()["owner"]["userId"] == owners[0]:
        owners.reverse()
    for turn in range(times):
        assert caller.v4("POST", path, {"userId": owners[turn % 2]}).status_code == 204


def timeline(caller: Caller, space: str) -> dict[str, Any]:
    told: dict[str, Any] = caller("GET", f"tenants/acme/shared-spaces/{space}/timeline").json()
    return told


def activities(caller: Caller) -> list[str]:
    return [one.id for one in caller.app.tenants.open("acme").store.all(ACTIVITIES)]


def test_a_busy_spaces_activity_adds_no_more_to_a_log_than_a_quiet_ones(runner: asyncio.Runner) -> None:
    log = ListLog()
    caller = Caller(runner, log=log, board=Seat(ListBoard()))
    runner.run(caller.app.begin())
    space = caller.create_space()["id"]
    transfer(caller, space, CAP + 10)
    sizes = [len(one.body) for one in log.of["acme"].change_sets]
    runner.run(caller.app.end())
    assert max(sizes[-4:]) < sizes[3] + 100


def test_a_timeline_has_its_last_thousand_entries_and_counts_those_before(caller: Caller) -> None:
    space = caller.create_space()["id"]
    assert timeline(caller, space)["dropped"] == 0
    transfer(caller, space, CAP - 1)
    assert timeline(caller, space)["dropped"] == 0
    assert timeline(caller, space)["entries"][0]["text"].endswith("created the Shared Space")
    transfer(caller, space, 3)
    told = timeline(caller, space)
    assert (told["dropped"], len(told["entries"]), len(activities(caller))) == (3, CAP, CAP)
    assert not any("created" in entry["text"] for entry in told["entries"])


def test_a_space_that_is_deleted_takes_its_timeline_along(caller: Caller) -> None:
    space = caller.create_space()["id"]
    transfer(caller, space, 2)
    assert activities(caller) == [f"{space}/0", f"{space}/1"]
    caller.v4("DELETE", f"/shared-spaces/{space}")
    assert activities(caller) == []


def test_a_timeline_of_version_4_is_shown_as_it_was_and_goes_on(caller: Caller) -> None:
    space = caller.create_space()["id"]
    transfer(caller, space, 2)
    before = timeline(caller, space)
    assert caller("PUT", "tenants/acme/state", as_version_4(caller)).status_code == 204
    assert timeline(caller, space) == before
    transfer(caller, space, 1)
    assert timeline(caller, space)["entries"][:-1] == before["entries"]


def as_version_4(caller: Caller) -> Any:
    """Return a snapshot as version 4 had it, with a space's timeline in the space."""
    document = json.loads(caller.snapshot())
    entries = [one["entry"] for one in document["tenant"]["records"].pop("activities")]
    for space in document["tenant"]["records"]["spaces"]:
        creation, count = space.pop("creation"), space.pop("activities")
        space.update(timeline=[creation, *entries] if count else [], timeline_dropped=0)
    return {**document, "version": 4}


def test_a_snapshot_that_lacks_an_activity_is_refused(caller: Caller) -> None:
    space = caller.create_space()["id"]
    transfer(caller, space, 2)
    document = json.loads(caller.snapshot())
    del document["tenant"]["records"]["activities"][0]
    refused = caller("PUT", "tenants/acme/state", document)
    assert_refused(refused, 400, "invalid-snapshot", f'the space {space} counts on "{space}/0", which is missing')
