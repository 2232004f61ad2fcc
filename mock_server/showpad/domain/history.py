"""What happened: timeline entries of a space, notifications to its owner, events for webhooks.

Delivery comes later; here it is decided who is told what. All of it is readable through the control API alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...clock import iso
from ...state.store import Kind
from ...state.unit import Unit
from .access import Caller, Initiator, initiator
from .content import Item
from .organisation import Wording
from .people import Participant, User
from .space import Space

TIMELINE_CAP = 1000
EVENT_ITEMS = 1000

OUTBOX = "outbox"
EVENTS = "events"


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line of a space's activity timeline."""

    at: int
    text: str
    initiator: Initiator


@dataclass(frozen=True, slots=True)
class Timeline:
    """A space's last TIMELINE_CAP activities, oldest first; what had to make room is counted."""

    space_id: str
    entries: tuple[TimelineEntry, ...] = ()
    dropped: int = 0


TIMELINES = Kind("timelines", Timeline, key=lambda timeline: timeline.space_id)


def write_timeline(unit: Unit, caller: Caller, space: Space, did: str) -> None:
    """Add an activity, as an automation's when the token's user is no participant (CREATE-TIMELINE)."""
    takes_part = space.participant(caller.user.id) is not None
    actor = caller.user.name if takes_part else "An automation"
    add_to_timeline(unit, space, f"{actor} {did}", initiator(caller, space))


def add_to_timeline(unit: Unit, space: Space, text: str, who: Initiator) -> None:
    """Add a line to the space's timeline."""
    before = unit.store.get(TIMELINES, space.id) or Timeline(space.id)
    entries = (*before.entries, TimelineEntry(unit.now, text, who))
    dropped = max(0, len(entries) - TIMELINE_CAP)
    unit.put(TIMELINES, Timeline(space.id, entries[dropped:], before.dropped + dropped))


def notify(unit: Unit, to: User, space: Space, wording: Wording, link: str) -> None:
    """Put a notification to a user into the outbox (CREATE-NOTIFY, TRANSFER-NOTIFY)."""
    places = {"{title}": space.title, "{owner}": to.name}
    unit.record(
        OUTBOX,
        {
            "to": {"userId": to.id, "email": to.email},
            "subject": _filled(wording.subject, places),
            "body": _filled(wording.body, places),
            "link": link,
            "sharedSpaceId": space.id,
            "time": iso(unit.now),
        },
    )


def _filled(text: str, places: Mapping[str, str]) -> str:
    for place, value in places.items():
        text = text.replace(place, value)
    return text


def emit(unit: Unit, type_: str, data: Mapping[str, Any]) -> None:
    """Record an event in the form that webhooks deliver (AROUND-DELIVERY, AROUND-EVENT-TYPES)."""
    unit.record(EVENTS, {"type": type_, "specversion": 1, "id": unit.ids.uuid(), "time": iso(unit.now), "data": data})


def emit_items_added(unit: Unit, space: Space, who: Initiator, items: Sequence[Item]) -> None:
    """Record content that was added, at most EVENT_ITEMS items an event (ITEMS-EVENT)."""
    for start in range(0, len(items), EVENT_ITEMS):
        added = [shown_item(item) for item in items[start : start + EVENT_ITEMS]]
        emit(
            unit,
            "shared-space-content-added-v2",
            {"sharedSpace": shown_space(space), "initiator": shown_initiator(who), "items": added},
        )


def shown_space(space: Space) -> dict[str, Any]:
    """Show a space in an event."""
    return {"id": space.id, "name": space.title}


def shown_item(item: Item) -> dict[str, Any]:
    """Show an item in an event and in the control API; members without a value are left out."""
    shown = {
        "id": item.id,
        "type": item.type,
        "assetId": item.asset_id,
        "page": item.page,
        "name": item.name,
        "description": item.description,
        "folderItemId": item.folder_id,
    }
    return {name: value for name, value in shown.items() if value is not None}


def shown_participant(participant: Participant) -> dict[str, Any]:
    """Show a member of a space (ROLE-OUTSIDE)."""
    return {
        "id": participant.id,
        "email": participant.email,
        "userId": participant.user_id,
        "firstName": participant.first_name,
        "lastName": participant.last_name,
        "company": participant.company,
        "jobTitle": participant.job_title,
    }


def shown_initiator(who: Initiator) -> dict[str, Any]:
    """Show who did something (ITEMS-WHO)."""
    if who.participant is not None:
        return {"type": who.type, "participant": shown_participant(who.participant)}
    return {"type": who.type, "userId": who.user_id}
