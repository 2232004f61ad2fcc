"""What happened: timeline entries of a space, notifications to its owner, events for webhooks.

Here it is decided who is told what; `subscriptions.py` queues events for delivery. Timelines and notifications are
readable through the control API alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

from ...core.clock import iso
from ...core.ids import uuid_of
from ...state.unit import Unit
from .access import Caller, initiator
from .content import Item
from .organisation import Wording
from .people import Initiator, Participant, User
from .space import Space, TimelineEntry, local_path, public_url
from .subscriptions import tell

EVENT_ITEMS = 1000

OUTBOX = "outbox"
EVENTS = "events"


def activity(unit: Unit, caller: Caller, member: Participant | None, did: str) -> TimelineEntry:
    """Make a timeline entry, an automation's when the token's user takes no part in the space (CREATE-TIMELINE)."""
    actor = caller.user.name if member is not None else "An automation"
    return TimelineEntry(at=unit.now, text=f"{actor} {did}", initiator=initiator(caller, member))


class Notification(NamedTuple):
    """A message to a user; in its text `{title}` and `{owner}` are yet to be filled in.

    Like an event, it holds what it shows and no record, since it may outlive the user and the space by far.
    """

    user_id: str
    email: str
    owner: str
    space_id: str
    title: str
    wording: Wording
    tenant: str
    public_uri: str
    at: int

    def shown(self) -> dict[str, Any]:
        """Show it as the outbox does."""
        return {
            "to": {"userId": self.user_id, "email": self.email},
            "subject": self._filled(self.wording.subject),
            "body": self._filled(self.wording.body),
            "link": public_url(self.tenant, self.public_uri),
            "localPath": local_path(self.tenant, self.public_uri),
            "sharedSpaceId": self.space_id,
            "time": iso(self.at),
        }

    def _filled(self, text: str) -> str:
        # Not `format`: the wording is a user's, and other braces in it are text.
        return text.replace("{title}", self.title).replace("{owner}", self.owner)


def notify(unit: Unit, to: User, space: Space, wording: Wording) -> None:
    """Put a notification to a user, with a link to the space, into the outbox (CREATE-NOTIFY, TRANSFER-NOTIFY)."""
    about = space.id, space.title, wording, unit.tenant.name, space.public_uri, unit.now
    unit.record(OUTBOX, Notification(to.id, to.email, to.name, *about))


class Recipient(NamedTuple):
    """Who opened a link, as its address says: the anonymous one does not (SHARE-TRACK)."""

    name: str | None = None
    platform: str | None = None


class Event(NamedTuple):
    """An event, in the form that webhooks deliver once it is shown (AROUND-DELIVERY, AROUND-EVENT-TYPES)."""

    type: str
    digits: str
    at: int
    data: Callable[[], dict[str, Any]]

    def shown(self) -> dict[str, Any]:
        """Show it as it is delivered."""
        return {
            "type": self.type,
            "specversion": 1,
            "id": uuid_of(self.digits),
            "time": iso(self.at),
            "data": self.data(),
        }


def emit(unit: Unit, type_: str, data: Callable[[], dict[str, Any]]) -> None:
    """Record an event; `data` is asked for when somebody reads of it."""
    # The id is drawn now and written as a UUID later: drawn when read, it would depend on who reads first.
    event = Event(type_, unit.ids.hex32(), unit.now, data)
    unit.record(EVENTS, event)
    tell(unit, event)


def emit_created(unit: Unit, space: Space, who: Initiator) -> None:
    """Record a space that was created."""
    emit(unit, "shared-space-created", partial(_about_space, space.id, space.title, who))


def emit_items_added(unit: Unit, space: Space, who: Initiator, items: Sequence[Item]) -> None:
    """Record content that was added, at most EVENT_ITEMS items an event (ITEMS-EVENT)."""
    for start in range(0, len(items), EVENT_ITEMS):
        added = items[start : start + EVENT_ITEMS]
        # The type's name is not published (AROUND-EVENT-TYPES, assumed).
        emit(unit, "shared-space-content-added-v2", partial(_about_items, space.id, space.title, who, added))


def emit_user_added(unit: Unit, space: Space, inviter: Participant | User | None, invitee: Participant) -> None:
    """Record somebody who takes part from now on, and who brought them in."""
    actors = (_shown_actor(inviter) if inviter is not None else None, _shown_actor(invitee))
    emit(unit, "shared-space-user-added", partial(_about_user, space.id, space.title, *actors))


def emit_share_created(unit: Unit, share_id: str, title: str, creator_id: str) -> None:
    """Record a Share that was created."""
    emit(unit, "link-share-created", partial(_about_share, share_id, title, creator_id))


def emit_share_viewed(unit: Unit, share_id: str, title: str, recipient: Recipient) -> None:
    """Record a Share that somebody opened (SHARE-TRACK)."""
    emit(unit, "link-share-viewed", partial(_about_recipient, share_id, title, recipient))


def emit_share_reshared(unit: Unit, share_id: str, title: str, recipient: Recipient) -> None:
    """Record a Share that somebody passed on."""
    emit(unit, "link-share-reshared", partial(_about_recipient, share_id, title, recipient))


# What is kept until somebody reads of it holds no record but what it shows whole (items, an initiator): one of a space
# would keep a version that is gone.
def _about_space(space_id: str, title: str, who: Initiator) -> dict[str, Any]:
    return {"sharedSpace": _shown_space(space_id, title), "initiator": shown_initiator(who)}


def _about_items(space_id: str, title: str, who: Initiator, items: Sequence[Item]) -> dict[str, Any]:
    return {**_about_space(space_id, title, who), "items": [shown_item(item) for item in items]}


def _about_user(space_id: str, title: str, inviter: dict[str, Any] | None, invitee: dict[str, Any]) -> dict[str, Any]:
    return {"inviter": inviter, "invitee": invitee, "sharedSpace": _shown_space(space_id, title)}


def _about_share(share_id: str, title: str, creator_id: str) -> dict[str, Any]:
    return {"share": {"id": share_id, "title": title}, "userId": creator_id}


def _about_recipient(share_id: str, title: str, recipient: Recipient) -> dict[str, Any]:
    shown = {"recipient": recipient.name, "platform": recipient.platform}
    return {"share": {"id": share_id, "title": title}, **shown}


def _shown_actor(who: Participant | User) -> dict[str, Any]:
    """Show who invited or was invited (AROUND-EVENT-TYPES); a user who takes no part in the space is no share actor."""
    if isinstance(who, User):
        return {"userId": who.id, "shareActorId": None, "email": who.email}
    return {"userId": who.user_id, "shareActorId": who.id, "email": who.email}


def _shown_space(space_id: str, title: str) -> dict[str, Any]:
    return {"id": space_id, "name": title}


def shown_item(item: Item) -> dict[str, Any]:
    """Show an item in an event and in the control API; members without a value are left out."""
    # One by one, since an event shows a thousand of them, within the unit of work.
    shown: dict[str, Any] = {"id": item.id, "type": item.type}
    if item.asset_id is not None:
        shown["assetId"] = item.asset_id
    if item.page is not None:
        shown["page"] = item.page
    if item.name is not None:
        shown["name"] = item.name
    if item.description is not None:
        shown["description"] = item.description
    if item.folder_id is not None:
        shown["folderItemId"] = item.folder_id
    return shown


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
