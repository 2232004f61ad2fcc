"""Faults on deliveries over snapshots, several servers, and a server that dies."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from showpad_mock.webhooks.claims import Job, Turn, take
from showpad_mock.webhooks.plans import Plan
from showpad_mock.webhooks.service import real_time
from showpad_mock.webhooks.weather.mangling import Weather

from ....harness.change_log import ListLog
from ...control.caller import Caller
from .hooks import Hooks


def test_a_snapshot_keeps_what_waits_and_what_is_counted(hooks: Hooks) -> None:
    hooks.fault({"kind": "late", "seconds": 30}, times=2)
    hooks.happen("a")
    snapshot = hooks.control("GET", "/state")
    hooks.advance(60)
    hooks.control("PUT", "/state", snapshot)
    assert hooks.counts() == (1, 1)
    hooks.happen("b", "c")
    assert hooks.titles() == ["a", "c"]
    hooks.advance(30)
    # Both are due at once, and what is late has no order.
    assert sorted(hooks.titles()[2:]) == ["a", "b"]
    assert hooks.attempts()[-1]["fault"] == "it"


def older(snapshot: Any) -> Any:
    """Return a snapshot as version 5 was."""
    records = snapshot["tenant"]["records"]
    for fault in records["faults"]:
        del fault["on"], fault["match"]["type"], fault["match"]["subscription"]
    for name, member in (("webhookdeliveries", "plan"), ("webhookattempts", "fault")):
        for one in records[name]:
            del one[member]
    return {**snapshot, "version": 5}


def test_a_snapshot_of_before_is_taken(hooks: Hooks) -> None:
    hooks.control("POST", "/faults", {"name": "it", "effect": {"kind": "status"}})
    hooks.control("DELETE", "/faults/it")
    hooks.happen("a")
    hooks.control("POST", "/faults", {"name": "it", "effect": {"kind": "delay"}, "match": {"method": "PUT"}})
    before = hooks.control("GET", "/state")
    assert before["tenant"]["records"]["webhookattempts"] != []
    hooks.control("PUT", "/state", older(json.loads(json.dumps(before))))
    assert hooks.control("GET", "/state") == before


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"copies": 11}, "copies must be between 0 and 10"),
        ({"copies": -1}, "copies must be between 0 and 10"),
        ({"later": -1}, "later must be at least 0"),
        ({"behind": 101}, "behind must be between 0 and 100"),
        ({"weather": Weather.OVERSIZED, "amount": 5_000_000}, "amount must be at most 4194304"),
        ({"weather": "snow"}, "plan[1]"),
    ],
)
def test_a_snapshot_with_what_no_fault_plans_is_refused(hooks: Hooks, changes: dict[str, Any], told: str) -> None:
    hooks.fault("late")
    hooks.happen("a")
    snapshot = hooks.control("GET", "/state")
    (waiting,) = snapshot["tenant"]["records"]["webhookdeliveries"]
    waiting["plan"] = Plan(*waiting["plan"])._replace(**changes)
    refused = hooks.caller("PUT", "tenants/acme/state", snapshot)
    assert refused.status_code == 400
    assert told in refused.json()["detail"]


def test_a_snapshot_with_a_fault_on_what_it_cannot_act_on_is_refused(hooks: Hooks) -> None:
    hooks.fault("late")
    snapshot = hooks.control("GET", "/state")
    snapshot["tenant"]["records"]["faults"][0]["on"] = "calls"
    refused = hooks.caller("PUT", "tenants/acme/state", snapshot)
    assert 'the fault "it": effects[0].kind: late is for deliveries' in refused.json()["detail"]


def server(runner: asyncio.Runner, log: ListLog) -> Caller:
    """A server on the log that delivers nothing by itself."""
    caller = Caller(runner, log=log)
    caller.app.deliveries.begin = lambda: None  # type: ignore[method-assign]
    runner.run(caller.app.begin())
    return caller


def take_in_hand(caller: Caller, *, ahead: int = 0) -> list[Job]:
    """Take in hand what is due, at a real time that is so many milliseconds ahead."""
    app = caller.app
    app.deliveries.clock = lambda: real_time() + ahead

    def act() -> Turn:
        with app.tenants.transaction("acme") as unit:
            parts = app.deliveries.server({}), app.deliveries.sources, app.deliveries.limits()
            return take(unit, *parts, app.deliveries.choose_fault)

    return caller.run(app.tenants.run("acme", act)).jobs


def fired(caller: Caller) -> list[int]:
    return [fault["fired"] for fault in caller("GET", "tenants/acme/faults").json()]


def wrong_key(caller: Caller) -> None:
    caller.subscribe()
    assert caller("POST", "tenants/acme/faults", {"effect": {"kind": "wrong-key"}}).status_code == 201
    caller.create_space()


def test_what_a_dead_server_had_in_hand_goes_on_under_its_fault_and_counts_once(runner: asyncio.Runner) -> None:
    dead, living = [server(runner, log) for log in [ListLog()] for _ in range(2)]
    wrong_key(dead)
    (before,) = take_in_hand(dead)
    assert take_in_hand(living) == []
    assert living("DELETE", "tenants/acme/faults/fault-1").status_code == 204
    (after,) = take_in_hand(living, ahead=60_000)
    assert before.plan == after.plan == Plan("fault-1", weather=Weather.WRONG_KEY)


def test_a_fault_holds_on_every_server_and_is_counted_for_all(runner: asyncio.Runner) -> None:
    one, other = [server(runner, log) for log in [ListLog()] for _ in range(2)]
    wrong_key(one)
    assert [job.plan is not None for job in take_in_hand(other)] == [True]
    assert fired(one) == fired(other) == [1]


def test_a_claim_that_is_taken_back_and_made_again_counts_once(runner: asyncio.Runner) -> None:
    log = ListLog()
    one, other = server(runner, log), server(runner, log)
    wrong_key(one)
    between = iter([True])

    async def be_faster(call: str) -> None:
        if call == "append" and next(between, False):
            await other.send("PATCH", "tenants/acme", {"clock": {"offsetSeconds": 1}})

    log.before = be_faster
    assert len(take_in_hand(one)) == 1
    assert next(between, None) is None
    assert fired(other) == [1]
