"""What was made of records and is kept: within a number of bytes, and no longer than the records."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from showpad_mock.state.kept import ENTRY_BYTES, Kept

ROOM = 4 * ENTRY_BYTES
NAMES = st.sampled_from("abc")
ACTS = st.one_of(
    st.tuples(st.just("keep"), NAMES, NAMES, st.binary(max_size=2 * ENTRY_BYTES)),
    st.tuples(st.just("drop"), NAMES, NAMES),
    st.tuples(st.just("drop_tenant"), NAMES),
)


def size_of(kept: Kept) -> int:
    return sum(len(made) + ENTRY_BYTES for of in kept.of.values() for _, made, _ in of.values())


@given(st.lists(ACTS))
def test_its_size_is_that_of_what_it_holds_and_never_more_than_there_is_room_for(acts: list[tuple[str, ...]]) -> None:
    kept = Kept(most=ROOM)
    for act, *options in acts:
        if act == "keep":
            tenant, key, made = options
            kept.keep(tenant, key, object(), made)  # type: ignore[arg-type]  # Hypothesis knows no shapes of tuples
        else:
            getattr(kept, act)(*options)
        assert kept.size == size_of(kept) <= ROOM


def test_what_is_kept_last_is_there() -> None:
    kept = Kept(most=ROOM)
    for number in range(100):
        record = object()
        kept.keep("acme", str(number), record, b"made", known=number % 2 == 0)
        assert kept.of["acme"][str(number)] == (record, b"made", number % 2 == 0)


def test_what_is_larger_than_all_the_room_is_not_kept() -> None:
    kept = Kept(most=ROOM)
    kept.keep("acme", "a", object(), b"x" * ROOM)
    assert kept.size == size_of(kept) == 0


def test_a_tenant_is_dropped_whole_and_alone() -> None:
    kept = Kept()
    for tenant in ("acme", "other"):
        for key in "ab":
            kept.keep(tenant, key, object(), b"made")
    kept.drop_tenant("acme")
    assert {tenant: set(of) for tenant, of in kept.of.items()} == {"other": {"a", "b"}}
