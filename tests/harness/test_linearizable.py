"""The checker of histories: what it must let pass, and what it must catch."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from .linearizable import NEVER, Recorded, is_linearizable


def register(value: int, call: Recorded) -> Iterable[int]:
    """A place for one number."""
    if call.asked[0] == "write":
        return [call.asked[1]]
    return [value] if call.answer == value else []


def write(number: int, began: float, ended: float = NEVER) -> Recorded:
    return Recorded(("write", number), None, began, ended)


def read(number: int, began: float, ended: float) -> Recorded:
    return Recorded(("read",), number, began, ended)


def holds(*history: Recorded) -> bool:
    return is_linearizable(history, 0, register)


def test_what_came_one_after_the_other_is_seen_in_that_order() -> None:
    assert holds(write(1, 0, 1), write(2, 2, 3), read(2, 4, 5))
    assert not holds(write(1, 0, 1), write(2, 2, 3), read(1, 4, 5))


def test_what_was_answered_is_not_unseen_later() -> None:
    assert not holds(write(1, 0, 1), read(0, 2, 3))


def test_two_at_the_same_time_may_come_in_either_order() -> None:
    for seen in (1, 2):
        assert holds(write(1, 0, 3), write(2, 1, 4), read(seen, 5, 6))


def test_two_readers_may_not_see_two_writes_in_different_orders() -> None:
    together = (write(1, 0, 9), write(2, 0, 9))
    assert holds(*together, read(1, 1, 2), read(2, 3, 4), read(2, 5, 6))
    assert not holds(*together, read(1, 1, 2), read(2, 3, 4), read(1, 5, 6))


def test_a_write_once_seen_stays_seen_although_it_has_not_ended() -> None:
    assert holds(write(1, 0, 9), read(0, 1, 2), read(1, 3, 4))
    assert not holds(write(1, 0, 9), read(1, 1, 2), read(0, 3, 4))


def test_what_was_not_answered_may_be_done_late_or_never_but_once_at_most() -> None:
    assert holds(write(1, 0), read(0, 1, 2), read(1, 3, 4))
    assert holds(write(1, 0), read(0, 1, 2))
    assert not holds(write(1, 0), read(1, 1, 2), write(2, 3, 4), read(2, 5, 6), read(1, 7, 8))


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 3), st.floats(0, 0.9), st.floats(0, 0.9)), max_size=40))
def test_whatever_overlaps_a_history_with_an_order_is_let_pass(drawn: list[tuple[bool, int, float, float]]) -> None:
    value, history = 0, []
    for place, (is_write, number, before, behind) in enumerate(drawn):
        value = number if is_write else value
        call = write(value, place - before, place + behind) if is_write else read(value, place - before, place + behind)
        history.append(call)
    assert holds(*history)
