"""Which fault a delivery meets, how that is counted, and what is refused."""

from __future__ import annotations

from typing import Any
from unittest.mock import Mock

import pytest

from showpad_mock import MockTenant
from showpad_mock.faults.deliveries import choosing

from ....harness.receiver import Receiver
from .hooks import Hooks


@pytest.mark.parametrize(
    ("match", "titles"),
    [
        ({"type": "shared-space-created"}, ["b"]),
        ({"type": "shared-space-c*"}, ["b"]),
        ({"type": "link-share-*"}, ["a", "b"]),
        ({"subscription": "CRM"}, ["b"]),
        ({"subscription": "C*M"}, ["b"]),
        ({"subscription": "ERP"}, ["a", "b"]),
        ({"body": {"data.sharedSpace.name": "b"}}, ["a"]),
        ({"body": {"data.sharedSpace.name": "b*"}, "type": "link-share-viewed"}, ["a", "b"]),
        ({"nth": 2}, ["a"]),
    ],
)
def test_it_meets_what_fits_all_of_its_match(hooks: Hooks, match: dict[str, Any], titles: list[str]) -> None:
    hooks.fault("lost", match=match, times=1)
    hooks.happen("a", "b")
    assert hooks.titles() == titles


def test_a_subscription_is_known_by_its_id_too(hooks: Hooks) -> None:
    with Receiver() as other:
        hooks.caller.subscribe(url=other.url)
        hooks.fault("lost", match={"subscription": hooks.subscription})
        hooks.happen("a")
    assert (len(hooks.receiver.received), len(other.received)) == (0, 1)


def test_the_newest_acts_and_behind_it_the_one_before(hooks: Hooks) -> None:
    hooks.fault("lost")
    hooks.control("POST", "/faults", {"effect": {"kind": "duplicate"}, "times": 1})
    hooks.happen("a", "b")
    assert hooks.titles() == ["a", "a"]


def test_calls_and_deliveries_have_faults_of_their_own(hooks: Hooks) -> None:
    hooks.fault("lost")
    hooks.control("POST", "/faults", {"name": "slow", "effect": {"kind": "delay", "milliseconds": 0}})
    hooks.happen("a")
    assert hooks.control("GET", "/faults/slow")["seen"] == 1  # the creation
    assert hooks.counts() == (1, 1)


def test_without_a_fault_a_delivery_is_held_against_none(hooks: Hooks, monkeypatch: pytest.MonkeyPatch) -> None:
    choose = Mock(wraps=choosing.choose)
    monkeypatch.setattr(choosing, "choose", choose)
    hooks.happen("a")
    assert choose.call_count == 0
    hooks.fault("lost")
    hooks.happen("b")
    assert choose.call_count == 1


def test_it_shows_what_it_acts_on(hooks: Hooks) -> None:
    hooks.fault("lost", match={"type": "link-share-*"})
    shown = hooks.control("GET", "/faults/it")
    assert (shown["on"], shown["match"]) == ("deliveries", {"type": "link-share-*"})
    hooks.control("POST", "/faults", {"name": "slow", "effect": {"kind": "delay"}})
    assert hooks.control("GET", "/faults/slow")["on"] == "calls"


@pytest.mark.parametrize(
    ("match", "on"), [({}, "calls"), ({"method": "GET"}, "calls"), ({"subscription": "CRM"}, "deliveries")]
)
def test_what_nothing_acts_on_its_match_says(hooks: Hooks, match: Any, on: str) -> None:
    assert hooks.control("POST", "/faults", {"effect": {"kind": "nothing"}, "match": match})["on"] == on


def test_it_expires_by_the_tenants_clock(hooks: Hooks) -> None:
    hooks.fault("lost", expiresIn=60)
    hooks.advance(59.999)
    hooks.happen("a")
    hooks.advance(0.001)
    hooks.happen("b")
    assert hooks.titles() == ["b"]


def lost_of_twenty(hooks: Hooks) -> list[str]:
    hooks.fault("lost", probability=0.5)
    hooks.happen(*(f"{number}" for number in range(20)))
    return hooks.titles()


def test_the_same_seed_loses_the_same(hooks: Hooks) -> None:
    first = lost_of_twenty(hooks)
    assert 0 < len(first) < 20
    hooks.control("POST", "/reset")
    hooks.caller.subscribe(url=hooks.receiver.url)
    assert lost_of_twenty(hooks) == first * 2


def test_in_python_it_ends_with_the_block_and_tells_what_it_counted(showpad: MockTenant) -> None:
    with showpad.fault("lost", match={"type": "link-share-viewed"}, times=2) as fault:
        assert (fault.seen, fault.fired) == (0, 0)
    with pytest.raises(ValueError, match=r"match\.method is for calls, while lost is for deliveries"):
        with showpad.fault("lost", match={"method": "GET"}):
            raise AssertionError("nothing is set")


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"effect": {"kind": "status"}, "match": {"type": "link-share-viewed"}}, "body.match.type: match.type is for"),
        ({"effect": {"kind": "truncated-page"}, "match": {"subscription": "x"}}, "body.match.subscription:"),
        ({"effect": {"kind": "lost"}, "match": {"path": "/users"}}, "body.match.path: match.path is for calls, while"),
        ({"effect": {"kind": "lost"}, "match": {"named": True}}, "body.match.named:"),
        ({"effect": {"kind": "lost"}, "match": {"headers": {}}}, "body.match.headers:"),
        ({"effect": {"kind": "lost"}, "match": {"operation": "shared-space-create"}}, "body.match.operation:"),
        (
            {"effects": [{"kind": "nothing"}, {"kind": "lost"}, {"kind": "status"}]},
            "body.effects[2].kind: status is for calls, while lost is for deliveries; kinds for calls are problem,",
        ),
        ({"effect": {"kind": "lost"}, "match": {"type": "link-share-view"}}, "body.match.type: there is no event of a"),
        ({"effect": {"kind": "oversized", "bytes": 4 * 1024 * 1024 + 1}}, "body.effect.oversized.bytes:"),
        ({"effect": {"kind": "duplicate", "copies": 11}}, "body.effect.duplicate.copies:"),
        ({"effect": {"kind": "reorder", "behind": 101}}, "body.effect.reorder.behind:"),
        ({"effect": {"kind": "late", "seconds": 0}}, "body.effect.late.seconds:"),
        ({"effect": {"kind": "stale-timestamp", "seconds": 300}}, "body.effect.stale-timestamp.seconds:"),
        ({"effect": {"kind": "lost", "when": "before"}}, "body.effect"),
    ],
)
def test_what_does_not_go_together_is_refused_with_its_place(hooks: Hooks, body: Any, place: str) -> None:
    refused = hooks.caller("POST", "tenants/acme/faults", body)
    assert refused.status_code == 400
    assert refused.json()["detail"].startswith(place), refused.json()["detail"]
    assert hooks.control("GET", "/faults") == []


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"effect": {"kind": "status"}}, "body.effect.kind: status is for calls, while the fault is for deliveries"),
        ({"match": {"path": "/users"}}, "body.match.path:"),
    ],
)
def test_a_change_leaves_what_a_fault_acts_on(hooks: Hooks, change: Any, place: str) -> None:
    hooks.fault("lost")
    refused = hooks.caller("PATCH", "tenants/acme/faults/it", change)
    assert (refused.status_code, refused.json()["detail"].startswith(place)) == (400, True)
    assert hooks.control("PATCH", "/faults/it", {"effect": {"kind": "nothing"}})["on"] == "deliveries"


def test_a_token_names_no_fault_of_deliveries(hooks: Hooks) -> None:
    hooks.fault("lost")
    for name in ("it", "lost"):
        headers = {"Authorization": f"Bearer mock.acme.seller+fault-{name}"}
        refused = hooks.caller("GET", "/v4/users", headers=headers)
        assert (refused.status_code, refused.json()["type"]) == (400, "/mock-server/unknown-fault")
