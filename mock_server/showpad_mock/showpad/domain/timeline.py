"""A space's timeline, one record an activity: to add one costs the same however many there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ...state.record import record
from ...state.store import RecordType, Store, get_all
from ...state.unit import Unit
from .people import Participant
from .space import SPACES, Space, TimelineEntry

TIMELINE_CAP = 1000


@record
class Activity:
    """What happened in a space after its creation; who owned it until then, where that is what changed."""

    id: str
    entry: TimelineEntry
    former_owner_id: str | None = None


def activity_id(space_id: str, number: int) -> str:
    """Name a space's activity; the first after its creation has the number 0."""
    return f"{space_id}/{number}"


def _kept(space: Space) -> range:
    """Return the numbers of the activities that a space has kept."""
    return range(max(0, space.activities - TIMELINE_CAP), space.activities)


def _missing_activities(store: Store) -> Iterator[str]:
    for space in store.all(SPACES):
        for number in _kept(space):
            if store.get(ACTIVITIES, activity_id(space.id, number)) is None:
                yield f'the space {space.id} counts on "{activity_id(space.id, number)}", which is missing'


ACTIVITIES = RecordType("activities", Activity, key=lambda activity: activity.id, inconsistencies=_missing_activities)


def put_with_activity(unit: Unit, space: Space, entry: TimelineEntry, **changes: Any) -> Space:
    """Put the space with an entry more in its timeline and what that changed beside (SPACE-ACTIVITY-SET)."""
    number = space.activities
    former = space.owner_id if "owner_id" in changes else None
    unit.put(ACTIVITIES, Activity(id=activity_id(space.id, number), entry=entry, former_owner_id=former))
    if number >= TIMELINE_CAP:
        unit.delete(ACTIVITIES, activity_id(space.id, number - TIMELINE_CAP))
    active = tuple(_noted(one, entry) for one in space.participants)
    space = replace(
        space, **changes, participants=active, updated_at=entry.at, last_activity_at=entry.at, activities=number + 1
    )
    unit.put(SPACES, space)
    return space


def _noted(participant: Participant, entry: TimelineEntry) -> Participant:
    """Return a participant with the time of what they did; as an integration, too."""
    who = entry.initiator
    is_theirs = who.participant.id == participant.id if who.participant is not None else _is(participant, who.user_id)
    return replace(participant, last_activity_at=entry.at) if is_theirs else participant


def _is(participant: Participant, user_id: str | None) -> bool:
    return user_id is not None and participant.user_id == user_id


def activities_of(store: Store, space: Space) -> Iterator[Activity]:
    """Return the activities that are kept of a space, oldest first."""
    return get_all(store, ACTIVITIES, (activity_id(space.id, number) for number in _kept(space)))


def timeline(store: Store, space: Space) -> tuple[list[TimelineEntry], int]:
    """Return the last TIMELINE_CAP entries, oldest first, and how many had to make room."""
    entries = [activity.entry for activity in activities_of(store, space)]
    if space.creation is not None:
        entries.insert(0, space.creation)
    happened = space.activities + (space.creation is not None)
    return entries[-TIMELINE_CAP:], max(0, happened - TIMELINE_CAP)


def delete_timeline(unit: Unit, space: Space) -> None:
    """Delete the activities of a space that is deleted."""
    for number in _kept(space):
        unit.delete(ACTIVITIES, activity_id(space.id, number))
