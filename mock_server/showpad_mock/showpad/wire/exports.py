"""Exports on the wire: the rows of each, and the envelope of v3 around them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Annotated, Any, TypeVar

from pydantic import Field
from pydantic_core import to_json
from typing_extensions import TypedDict

from ...core.clock import iso
from ..domain.deleted import Deleted
from ..domain.exports import Export, ExportQuery, ItemRow, ParticipantRow
from ..domain.shares import Share
from ..domain.space import Space
from .forms import Integer, Offset, query_form

T = TypeVar("T")

ROWS_A_PIECE = 500


class Query(TypedDict, total=False):
    """What an export takes."""

    limit: Annotated[Integer, Field(ge=1, le=100_000)]
    offset: Offset


def _query(query: Query) -> ExportQuery:
    return ExportQuery(limit=query.get("limit", 1000), offset=query.get("offset", 0))


QUERY = query_form(Query, _query, rule="AROUND-EXPORTS")


def pieces(export: Export, show: Callable[[Any], dict[str, Any]], now: int) -> Iterator[bytes]:
    """Return an answer in pieces; no rate limit is published, so that its members are null (AROUND-EXPORTS-FORM)."""
    limits = dict.fromkeys(("requestRateLimit", "requestRateLimitReset", "requestsRemaining"))
    meta = to_json({"code": 200, "serverTime": iso(now), **limits})
    yield b'{"meta":%b,"response":{"count":%d,"items":[' % (meta, export.total)
    comma = b""
    while some := [show(row) for row in islice(export.rows, ROWS_A_PIECE)]:
        yield comma + to_json(some)[1:-1]
        comma = b","
    yield b"]}}"


def _time(milliseconds: int | None) -> str | None:
    return iso(milliseconds) if milliseconds is not None else None


def space_row(space: Space | Deleted) -> dict[str, Any]:
    """Show a space, one that is there or a deleted one."""
    return {
        "sharedSpaceId": space.id,
        "creatorId": space.creator_id,
        "ownerId": space.owner_id,
        "title": space.title,
        "description": space.description,
        "status": space.status.lower() if isinstance(space, Space) else "deleted",
        "createdAt": iso(space.created_at),
        "lastActivityAt": iso(space.last_activity_at),
        "deletedAt": None if isinstance(space, Space) else iso(space.deleted_at),
        "sharedSpaceParticipantsIds": [one.id for one in space.participants],
    }


def participant_row(row: ParticipantRow) -> dict[str, Any]:
    """Show who takes part in a space."""
    participant = row.participant
    return {
        "sharedSpaceParticipantId": participant.id,
        "sharedSpaceId": row.space_id,
        "userId": participant.user_id,
        "accessGrantedAt": iso(participant.granted_at),
        "accessRevokedAt": _time(row.revoked_at),
        "lastActivityAt": _time(participant.last_activity_at),
        "createdAt": iso(participant.granted_at),
        "deletedAt": _time(row.revoked_at),
        "firstName": participant.first_name,
        "lastName": participant.last_name,
        "emailAddress": participant.email,
        "organisation": participant.company,
        "jobTitle": participant.job_title,
    }


def item_row(row: ItemRow) -> dict[str, Any]:
    """Show an asset in a space; pages count from 0 here."""
    item = row.item
    return {
        "sharedSpaceItemId": item.id,
        "sharedSpaceId": row.space_id,
        "userId": row.user_id,
        "assetId": item.asset_id,
        "page": item.page - 1 if item.page is not None else None,
        "createdAt": iso(row.added_at),
        "updatedAt": iso(row.added_at),
        "deletedAt": _time(row.deleted_at),
    }


def share_row(share: Share) -> dict[str, Any]:
    """Show a Share. Each is a link to which nobody is invited by name, and nothing revokes one."""
    return {
        "shareId": share.id,
        "title": share.title,
        "type": "link",
        "salesforce": None,
        "theme": {"id": share.theme_id},
        "recipients": [],
        "creatorId": share.creator_id,
        "sharedAt": iso(share.created_at),
        "revokedAt": None,
    }
