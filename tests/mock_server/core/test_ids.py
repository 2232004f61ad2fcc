"""Chance as a counter: the n-th draw of a stream depends on its name and n alone."""

from __future__ import annotations

import re
import string
from hashlib import shake_128
from uuid import RFC_4122, UUID

from hypothesis import given
from hypothesis import strategies as st

from showpad_mock.core.ids import Ids, ulid_of

DRAWS = st.lists(st.sampled_from([Ids.hex32, Ids.uuid, Ids.token, Ids.slug]), max_size=20)


@given(stream=st.text(max_size=200), draws=DRAWS, more=DRAWS)
def test_a_stream_goes_on_from_its_position(stream: str, draws: list[type], more: list[type]) -> None:
    first = Ids(stream)
    drawn = [draw(first) for draw in draws]
    assert first.position == len(draws)
    second = Ids(stream, first.position)
    assert [draw(first) for draw in more] == [draw(second) for draw in more]
    first.position = 0
    assert [draw(first) for draw in draws] == drawn


@given(positions=st.lists(st.integers(0, 200), max_size=20))
def test_a_position_may_be_set_to_any(positions: list[int]) -> None:
    ids = Ids("any")
    for position in positions:
        ids.position = position
        assert ids.hex32() == Ids("any", position).hex32()


def test_the_nth_draw_is_a_hash_of_the_streams_name_and_n() -> None:
    ids = Ids("0:acme")
    drawn = "".join(ids.hex32() for _ in range(128))
    assert drawn == "".join(shake_128(bytes([0] * 7 + [block]) + b"0:acme").hexdigest(1024) for block in (0, 1))


def test_no_draw_comes_twice_in_one_stream_or_another() -> None:
    drawn = [Ids(stream, position).hex32() for stream in ("a", "b", "a:problems") for position in range(1000)]
    assert len(set(drawn)) == len(drawn)


@given(position=st.integers(0, 2**53))
def test_each_kind_of_draw_has_its_form(position: int) -> None:
    ids = Ids("forms", position)
    assert re.fullmatch("[0-9a-f]{32}", ids.hex32())
    assert re.fullmatch("[0-9a-f]{16}", ids.slug())
    assert re.fullmatch("[A-Za-z0-9]{21}", ids.token())
    uuid = UUID(ids.uuid())
    assert (uuid.version, uuid.variant) == (4, RFC_4122)


def test_a_token_uses_all_letters_and_digits() -> None:
    ids = Ids("letters")
    assert set("".join(ids.token() for _ in range(100))) == set(string.ascii_letters + string.digits)


def test_a_ulid_tells_its_time_and_keeps_its_order() -> None:
    # The time of the specification's example.
    assert ulid_of(1_469_918_176_385, "0" * 32) == "01ARYZ6S41" + "0" * 16
    assert ulid_of(2**48 - 1, "f" * 32) == "7" + "Z" * 25
    assert ulid_of(1, "f" * 32) < ulid_of(2, "0" * 32)
