"""Which part somebody played in a space, and from when to when: owner or participant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ...state.store import Store
from .people import Participant
from .space import Space
from .timeline import activities_of

OWNER, PARTICIPANT = "OWNER", "PARTICIPANT"


class Played(NamedTuple):
    """A part, and its time in milliseconds; `until` is None while it lasts."""

    role: str
    since: int
    until: int | None


class Membership(NamedTuple):
    """Somebody who takes part in a space or took part, and the parts played."""

    participant: Participant
    revoked_at: int | None
    roles: tuple[Played, ...]


def memberships(store: Store, space: Space) -> list[Membership]:
    """Return who takes part in a space and who left it, as far back as its timeline goes."""
    owned = list(_owned(store, space))
    people = [*((one, None) for one in space.participants), *space.left]
    return [Membership(one, until, tuple(_roles(owned, one, until))) for one, until in people]


def _owned(store: Store, space: Space) -> Iterator[tuple[str, int, int | None]]:
    """Return who owned the space, from when to when."""
    since = space.created_at
    for activity in activities_of(store, space):
        if activity.former_owner_id is not None:
            yield activity.former_owner_id, since, activity.entry.at
            since = activity.entry.at
    yield space.owner_id, since, None


def _roles(
    owned: list[tuple[str, int, int | None]], participant: Participant, revoked_at: int | None
) -> Iterator[Played]:
    last: Played | None = None
    for owner_id, since, until in owned:
        role = OWNER if owner_id == participant.user_id else PARTICIPANT
        start, end = max(since, participant.granted_at), _earlier(until, revoked_at)
        if end is not None and end <= start:
            continue
        if last is not None and last.role == role:
            last = last._replace(until=end)
            continue
        if last is not None:
            yield last
        last = Played(role, start, end)
    if last is not None:
        yield last


def _earlier(one: int | None, other: int | None) -> int | None:
    return min((time for time in (one, other) if time is not None), default=None)
