"""What each effect does to a delivery, as its receiver and the list of attempts see it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from showpad_mock.webhooks.plans import MOST_COPIES
from showpad_mock.webhooks.weather.mangling import OVERSIZE

from ....harness.receiver import Receiver
from .hooks import Hooks


def outcomes(hooks: Hooks) -> list[tuple[int | None, str, str | None]]:
    return [(one["status"], one["state"], one["fault"]) for one in hooks.attempts()]


def test_a_duplicate_is_sent_twice_under_one_id_and_before_the_next(hooks: Hooks) -> None:
    hooks.fault("duplicate", times=1)
    hooks.happen("a", "b")
    assert hooks.titles() == ["a", "a", "b"]
    first, second, _ = [json.loads(one.body)["id"] for one in hooks.receiver.received]
    assert first == second
    assert outcomes(hooks) == [(200, "PENDING", "it"), (200, "DELIVERED", "it"), (200, "DELIVERED", None)]


def test_copies_meet_no_fault_so_that_they_do_not_multiply(hooks: Hooks) -> None:
    hooks.fault({"kind": "duplicate", "copies": MOST_COPIES})
    hooks.happen("a", "b")
    assert hooks.titles() == ["a"] * (MOST_COPIES + 1) + ["b"] * (MOST_COPIES + 1)
    assert hooks.counts() == (2, 2)


def test_what_the_last_copy_is_answered_decides(runner: asyncio.Runner) -> None:
    with Receiver(200, 500, 204) as receiver:
        hooks = Hooks(runner, receiver)
        hooks.fault("duplicate", times=1)
        hooks.happen("a")
        hooks.advance(3)
    assert outcomes(hooks) == [(200, "PENDING", "it"), (500, "PENDING", "it"), (204, "DELIVERED", None)]
    assert [one["attempt"] for one in hooks.attempts()] == [1, 2, 3]


def test_one_that_is_held_back_comes_behind_the_next_one(hooks: Hooks) -> None:
    hooks.fault("reorder", times=1)
    hooks.happen("a", "b", "c")
    assert hooks.titles() == ["b", "a", "c"]
    assert [fault for _, _, fault in outcomes(hooks)] == [None, "it", None]


def test_it_may_be_held_back_behind_more_that_come_later(hooks: Hooks) -> None:
    hooks.fault({"kind": "reorder", "behind": 3}, times=1)
    hooks.happen("a", "b", "c")
    assert hooks.titles() == ["b", "c"]
    hooks.happen("d")
    assert hooks.titles() == ["b", "c", "d", "a"]


def test_where_each_would_be_held_back_each_second_one_is(hooks: Hooks) -> None:
    hooks.fault("reorder")
    hooks.happen("a", "b", "c", "d")
    assert hooks.titles() == ["b", "a", "d", "c"]


def test_one_behind_which_nothing_comes_is_held_back_for_so_long(hooks: Hooks) -> None:
    hooks.fault({"kind": "reorder", "seconds": 20})
    hooks.happen("a")
    (waiting,) = hooks.deliveries()
    assert (waiting["state"], waiting["dueAt"], waiting["fault"]) == ("PENDING", "2026-03-10T15:43:45.000Z", "it")
    hooks.advance(19.999)
    assert hooks.titles() == []
    hooks.advance(0.001)
    assert hooks.titles() == ["a"]


def test_only_first_attempts_are_reordered(runner: asyncio.Runner) -> None:
    with Receiver(500, 200) as receiver:
        hooks = Hooks(runner, receiver)
        hooks.happen("a")
        hooks.fault("reorder")
        hooks.advance(3)
    assert [status for status, _, _ in outcomes(hooks)] == [500, 200]
    assert hooks.counts() == (0, 0)


def test_a_retry_is_none_of_those_that_it_waits_for(runner: asyncio.Runner) -> None:
    with Receiver(500, 200) as receiver:
        hooks = Hooks(runner, receiver)
        hooks.happen("a")
        hooks.fault("reorder")
        hooks.happen("b")
        hooks.advance(3)
        assert hooks.titles() == ["a", "a"]
        hooks.happen("c")
        assert hooks.titles()[2:] == ["c", "b"]


def test_beside_a_late_one_others_are_reordered(hooks: Hooks) -> None:
    hooks.fault("late", "reorder")
    hooks.happen("a", "b", "c")
    assert hooks.titles() == ["c", "b"]


def test_a_late_one_comes_later_by_the_tenants_clock_and_holds_up_nothing(hooks: Hooks) -> None:
    hooks.fault({"kind": "late", "seconds": 30})
    hooks.happen("a")
    hooks.control("DELETE", "/faults/it")
    hooks.happen("b")
    hooks.advance(29.999)
    assert hooks.titles() == ["b"]
    hooks.advance(0.001)
    assert hooks.titles() == ["b", "a"]
    assert [one["time"] for one in hooks.attempts()] == ["2026-03-10T15:43:25.000Z", "2026-03-10T15:43:55.000Z"]


def test_a_late_one_is_late_once(hooks: Hooks) -> None:
    hooks.fault("late")
    hooks.happen("a", "b")
    hooks.advance(60)
    assert sorted(hooks.titles()) == ["a", "b"]
    assert hooks.counts() == (2, 2)


def test_of_a_lost_one_the_receiver_sees_nothing_and_the_attempt_says_so(hooks: Hooks) -> None:
    hooks.fault("lost", times=1)
    hooks.happen("a", "b")
    hooks.advance(60)
    assert hooks.titles() == ["b"]
    lost, _ = hooks.attempts()
    assert (lost["status"], lost["state"], lost["fault"]) == (None, "DELIVERED", "it")
    assert lost["error"] == "nothing was sent: the fault it lost it"


def test_a_lost_one_can_be_asked_for_again(hooks: Hooks) -> None:
    hooks.fault("lost", times=1)
    hooks.happen("a")
    (lost,) = hooks.deliveries()
    hooks.control("POST", f"/webhooks/deliveries/{lost['id']}/redeliver")
    hooks.deliver()
    assert hooks.titles() == ["a"]
    assert json.loads(hooks.receiver.received[0].body)["id"] == lost["eventId"]


def test_what_is_put_off_can_be_asked_for_at_once(hooks: Hooks) -> None:
    hooks.fault("late", times=1)
    hooks.happen("a")
    (late,) = hooks.deliveries()
    hooks.control("POST", f"/webhooks/deliveries/{late['id']}/redeliver")
    hooks.deliver()
    assert (hooks.titles(), outcomes(hooks)) == (["a"], [(200, "DELIVERED", None)])


def sent(hooks: Hooks, effect: str | dict[str, Any]) -> Any:
    """Return what a receiver gets under a fault; what follows is as documented again."""
    hooks.fault(effect, times=1)
    hooks.happen("a", "b")
    under, after = hooks.receiver.received
    assert hooks.is_good(after)
    assert [fault for _, _, fault in outcomes(hooks)] == ["it", None]
    return under


def test_a_wrong_key_is_not_the_subscriptions(hooks: Hooks) -> None:
    under = sent(hooks, "wrong-key")
    assert not hooks.is_good(under)
    assert hooks.is_good(under, key=hooks.key + "-wrong")


def test_while_a_key_is_rotated_two_sign(hooks: Hooks) -> None:
    under = sent(hooks, "rotated-key")
    assert under.headers["x-showpad-signature-v1"].count(",") == 1
    assert hooks.is_good(under)
    assert hooks.is_good(under, key=hooks.key + "-next")


def test_a_rotated_key_may_sign_alone(hooks: Hooks) -> None:
    under = sent(hooks, {"kind": "rotated-key", "alone": True})
    assert not hooks.is_good(under)
    assert hooks.is_good(under, key=hooks.key + "-next")


@pytest.mark.parametrize(
    ("effect", "ago"), [("stale-timestamp", 360), ({"kind": "stale-timestamp", "seconds": 9000}, 9000)]
)
def test_a_stale_timestamp_is_rightly_signed_and_too_old(hooks: Hooks, effect: Any, ago: int) -> None:
    under = sent(hooks, effect)
    assert not hooks.is_good(under)
    assert hooks.is_good(under, ago=ago)


def test_a_forged_one_has_other_data_than_was_signed(hooks: Hooks) -> None:
    under = sent(hooks, "forged")
    assert not hooks.is_good(under)
    assert json.loads(under.body)["data"].pop("forged") is True


@pytest.mark.parametrize(("effect", "size"), [("oversized", OVERSIZE), ({"kind": "oversized", "bytes": 5000}, 5000)])
def test_an_oversized_one_has_so_many_bytes_and_a_good_signature(hooks: Hooks, effect: Any, size: int) -> None:
    under = sent(hooks, effect)
    assert len(under.body) == size
    assert hooks.is_good(under)
    assert json.loads(under.body)["data"]["sharedSpace"]["name"] == "a"


def test_effects_are_used_in_turn(hooks: Hooks) -> None:
    hooks.fault("nothing", "lost", "duplicate")
    hooks.happen("a", "b", "c", "d")
    assert hooks.titles() == ["a", "c", "c", "d"]
    assert hooks.counts() == (3, 3)


def test_a_fault_meets_a_retry_as_well(runner: asyncio.Runner) -> None:
    with Receiver(500, 200) as receiver:
        hooks = Hooks(runner, receiver)
        hooks.fault("wrong-key", after=1)
        hooks.happen("a")
        hooks.advance(3)
        first, second = receiver.received
    assert [hooks.is_good(first), hooks.is_good(second)] == [True, False]
