"""What happened: timeline entries of a space, notifications to its owner, events for webhooks.

Delivery comes later; here it is decided who is told what. All of it is readable through the control API alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

from ...clock import iso
from ...state.record import record
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


@record
class TimelineEntry:
    """One line of a space's activity timeline."""

    at: int
    text: str
    initiator: Initiator


@record
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
    entry = TimelineEntry(at=unit.now, text=text, initiator=who)
    before = unit.store.get(TIMELINES, space.id)
    if before is None:
        unit.put(TIMELINES, Timeline(space_id=space.id, entries=(entry,)))
        return
    entries = (*before.entries, entry)
    dropped = max(0, len(entries) - TIMELINE_CAP)
    unit.put(TIMELINES, Timeline(space_id=space.id, entries=entries[dropped:], dropped=before.dropped + dropped))


class Notification(NamedTuple):
    """A message to a user; in its text `{title}` and `{owner}` are yet to be filled in."""

    to: User
    space: Space
    wording: Wording
    link: str
    at: int

    def shown(self) -> dict[str, Any]:
        """Show it as the outbox does."""
        return {
            "to": {"userId": self.to.id, "email": self.to.email},
            "subject": self._filled(self.wording.subject),
            "body": self._filled(self.wording.body),
            "link": self.link,
            "sharedSpaceId": self.space.id,
            "time": iso(self.at),
        }

    def _filled(self, text: str) -> str:
        return text.replace("{title}", self.space.title).replace("{owner}", self.to.name)


def notify(unit: Unit, to: User, space: Space, wording: Wording, link: str) -> None:
    """Put a notification to a user into the outbox (CREATE-NOTIFY, TRANSFER-NOTIFY)."""
    unit.record(OUTBOX, Notification(to, space, wording, link, unit.now))


class Event(NamedTuple):
    """An event, in the form that webhooks deliver once it is shown (AROUND-DELIVERY, AROUND-EVENT-TYPES)."""

    type: str
    id: str
    at: int
    data: Callable[[], dict[str, Any]]

    def shown(self) -> dict[str, Any]:
        """Show it as it is delivered."""
        return {"type": self.type, "specversion": 1, "id": self.id, "time": iso(self.at), "data": self.data()}


def emit(unit: Unit, type_: str, data: Callable[[], dict[str, Any]]) -> None:
    """Record an event; `data` is asked for when somebody reads of it."""
    unit.record(EVENTS, Event(type_, unit.ids.uuid(), unit.now, data))


def emit_created(unit: Unit, space: Space, who: Initiator) -> None:
    """Record a space that was created."""
    emit(unit, "shared-space-created", partial(_about_space, space, who))


def emit_items_added(unit: Unit, space: Space, who: Initiator, items: Sequence[Item]) -> None:
    """Record content that was added, at most EVENT_ITEMS items an event (ITEMS-EVENT)."""
    for start in range(0, len(items), EVENT_ITEMS):
        added = items[start : start + EVENT_ITEMS]
        emit(unit, "shared-space-content-added-v2", partial(_about_items, space, who, added))


def _about_space(space: Space, who: Initiator) -> dict[str, Any]:
    return {"sharedSpace": shown_space(space), "initiator": shown_initiator(who)}


def _about_items(space: Space, who: Initiator, items: Sequence[Item]) -> dict[str, Any]:
    return {**_about_space(space, who), "items": [shown_item(item) for item in items]}


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
