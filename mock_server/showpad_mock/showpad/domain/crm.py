"""Records of a CRM that belong to spaces and Shares (AROUND-CRM): they come from seed data and the control API."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from ...core.refusals import Parsed
from ...state.record import record
from ...state.store import RecordType, Store, get_all, starting_with
from ...state.unit import Unit
from .. import problems
from .access import Caller, may_see, require_plan
from .page import Page, PageQuery
from .shares import SHARES
from .space import SPACES, Space


class LinkedTo(StrEnum):
    """What a record of a CRM belongs to."""

    SPACE = "space"
    SHARE = "share"


@record
class CrmRecord:
    """An account, an opportunity or the like; one may belong to several spaces and Shares. None is what it has not."""

    id: str
    linked_to: LinkedTo
    linked_id: str
    type: str
    name: str
    url: str | None
    account_id: str | None
    created_at: int


def key_of(linked_to: LinkedTo, linked_id: str, record_id: str) -> str:
    """Return the key of a record at a space or a Share."""
    return f"{linked_to}/{linked_id}/{record_id}"


def _dangling(store: Store) -> Iterator[str]:
    for one in store.all(CRM_RECORDS):
        spaces = one.linked_to is LinkedTo.SPACE
        if (store.get(SPACES, one.linked_id) if spaces else store.get(SHARES, one.linked_id)) is None:
            yield f"the CRM record {one.id} belongs to the {one.linked_to} {one.linked_id}, which is missing"


CRM_RECORDS = RecordType(
    "crmrecords",
    CrmRecord,
    key=lambda one: key_of(one.linked_to, one.linked_id, one.id),
    indexes={
        "linked": lambda one: (
            (one.linked_to, one.linked_id, one.created_at, key_of(one.linked_to, one.linked_id, one.id)),
        )
    },
    inconsistencies=_dangling,
)


def of_space(unit: Unit, caller: Caller, space_id: str, query: Parsed[PageQuery]) -> Page[CrmRecord]:
    """List the records of a space; no 404 is published, so that an unknown one is 400 (AROUND-CRM-WHO)."""
    require_plan(unit)
    space = unit.store.get(SPACES, space_id)
    if space is not None and not may_see(unit.store, caller, space):
        raise problems.CRM_NOT_YOURS.error()
    if space is None:
        raise problems.CRM_SPACE_UNKNOWN.error(at="sharedSpaceId", id=space_id)
    return _page(unit, LinkedTo.SPACE, space_id, query)


def of_share(unit: Unit, caller: Caller, share_id: str, query: Parsed[PageQuery]) -> Page[CrmRecord]:
    """List the records of a Share, to who created it and to administrators."""
    share = unit.store.get(SHARES, share_id)
    if share is not None and not caller.is_admin and share.creator_id != caller.user.id:
        raise problems.CRM_NOT_YOURS.error()
    if share is None:
        raise problems.CRM_SHARE_UNKNOWN.error(at="shareId", id=share_id)
    return _page(unit, LinkedTo.SHARE, share_id, query)


def _page(unit: Unit, linked_to: LinkedTo, linked_id: str, query: Parsed[PageQuery]) -> Page[CrmRecord]:
    request = query.require()
    unit.decide("AROUND-CRM")
    of_it = starting_with(linked_to, linked_id)
    keys = unit.store.scan(CRM_RECORDS, "linked", of_it, skip=request.offset, limit=request.limit)
    return Page(
        count=unit.store.count(CRM_RECORDS, "linked", of_it), items=list(get_all(unit.store, CRM_RECORDS, keys))
    )


def records_of(store: Store, linked_to: LinkedTo, linked_id: str) -> list[CrmRecord]:
    """Return what belongs to a space or a Share, oldest first."""
    keys = store.scan(CRM_RECORDS, "linked", starting_with(linked_to, linked_id))
    return list(get_all(store, CRM_RECORDS, keys))


def delete_of(unit: Unit, space: Space) -> None:
    """Delete the links of records to a space that is deleted."""
    for one in records_of(unit.store, LinkedTo.SPACE, space.id):
        unit.delete(CRM_RECORDS, key_of(one.linked_to, one.linked_id, one.id))
