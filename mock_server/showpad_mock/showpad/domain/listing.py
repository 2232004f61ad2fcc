"""The list of spaces: what the role shows, what the filters keep, in which order (LIST-, ROLE-).

Each condition knows how to judge one space, and most know where in an index their matches stand. A list with one such
condition in the default order, or none at all, is read off the index; any other narrows to the condition with the
fewest matches, judges those by the rest, and sorts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ...core.refusals import Parsed
from ...state.record import record
from ...state.store import TOP, Range, Store, get_all, starting_with
from ...state.unit import Unit
from ..problems import LIST_OTHER_MANAGER
from .access import Caller, require_plan
from .page import Page
from .people import USER_GROUPS, USERS, Role, find_user_by_email, reports_of
from .space import DEFAULT_ORDER, ORDERS, SPACES, Space


class Part(StrEnum):
    """What part a user plays in a space (LIST-USER)."""

    OWNER = "OWNER"
    PARTICIPANT = "PARTICIPANT"
    ANY = "ANY"


INDEX = {Part.OWNER: "owner", Part.PARTICIPANT: "participant", Part.ANY: "member"}
MINE = "mine"


@record
class SpaceQuery:
    """What a list asks for; None is what was left out. `last_activity_since` is in milliseconds."""

    limit: int = 1000
    offset: int = 0
    sort: str = DEFAULT_ORDER
    title: str | None = None
    participant_email: str | None = None
    owner_email: str | None = None
    is_owner_deactivated: bool | None = None
    last_activity_since: int | None = None
    owner_user_ids: tuple[str, ...] | None = None
    user_ids: tuple[str, ...] | None = None
    user_role: Part = Part.ANY
    manager_id: str | None = None
    team_role: Part = Part.ANY
    group_id: str | None = None
    group_role: Part = Part.ANY


@dataclass(frozen=True, slots=True)
class Condition:
    """What a space must meet. Where there is an `index`, its `ranges` together hold exactly the spaces that do."""

    rule: str
    holds: Callable[[Space], bool]
    index: str | None = None
    ranges: tuple[Range, ...] = ()


def list_spaces(unit: Unit, caller: Caller, query: Parsed[SpaceQuery]) -> Page[Space]:
    """List what the role may see and the filters keep; refuses another manager's team to all but admins."""
    require_plan(unit)
    request = _allowed(caller, query)
    conditions = [*_visible(unit, caller), *_filters(unit.store, caller, request)]
    unit.decide("LIST-OK", *(["ROLE-ADMIN"] if caller.is_admin else []), *(condition.rule for condition in conditions))
    count, keys = _select(unit.store, conditions, request)
    spaces = (unit.store.get(SPACES, key) for key in keys)
    return Page(count=count, items=[space for space in spaces if space is not None])


def _allowed(caller: Caller, query: Parsed[SpaceQuery]) -> SpaceQuery:
    # 403 before 400: who may not ask for this team is not told what else is wrong (CONV-ORDER).
    asked = query.partial()
    if asked is not None and asked.manager_id not in (None, MINE, caller.user.id) and not caller.is_admin:
        raise LIST_OTHER_MANAGER.error(at="managerId")
    return query.require()


def _visible(unit: Unit, caller: Caller) -> Iterator[Condition]:
    # No condition at all, so that an admin's list is read off the index (ROLE-ADMIN).
    if caller.is_admin:
        return
    seen_for = [caller.user.id]
    rule = "ROLE-USER"
    if caller.user.role is Role.MANAGER:
        rule = "ROLE-MANAGER"
        seen_for += reports_of(unit.store, caller.user.id)
    yield _of_users(rule, seen_for, Part.ANY)


def _filters(store: Store, caller: Caller, request: SpaceQuery) -> Iterator[Condition]:
    if request.title is not None:
        # That upper and lower case are one is assumed (LIST-TITLE-CONTAINS).
        part = request.title.casefold()
        yield Condition("LIST-TITLE-CONTAINS", lambda space: part in space.title.casefold())
    if request.participant_email is not None:
        yield _of_email(request.participant_email, caller)
    if request.is_owner_deactivated is not None:
        yield _of_deactivated(store, deactivated=request.is_owner_deactivated)
    if request.last_activity_since is not None:
        yield _since(request.last_activity_since)
    yield from _people_filters(store, caller, request)


def _people_filters(store: Store, caller: Caller, request: SpaceQuery) -> Iterator[Condition]:
    if request.owner_email is not None:
        owner = find_user_by_email(store, request.owner_email)
        # An e-mail of nobody's matches nothing, and is no error (LIST-NOBODY, assumed).
        yield _of_users("LIST-OWNER-EMAIL", [owner.id] if owner is not None else [], Part.OWNER)
    if request.owner_user_ids is not None:
        yield _of_users("LIST-OWNER", request.owner_user_ids, Part.OWNER)
    if request.user_ids is not None:
        yield _of_users("LIST-USER", request.user_ids, request.user_role)
    if request.manager_id is not None:
        manager_id = caller.user.id if request.manager_id == MINE else request.manager_id
        yield _of_users("LIST-MANAGER", reports_of(store, manager_id), request.team_role)
    if request.group_id is not None:
        group = store.get(USER_GROUPS, request.group_id)
        yield _of_users("LIST-GROUP", group.user_ids if group is not None else (), request.group_role)


def _of_users(rule: str, user_ids: Sequence[str], part: Part) -> Condition:
    """At least one of the users plays the part."""
    # Each once: a second range, though the same, would keep the list from being read off the index.
    wanted = dict.fromkeys(user_ids)

    def holds(space: Space) -> bool:
        if part is Part.OWNER:
            return space.owner_id in wanted
        return any(one in wanted for one in space.members() if part is Part.ANY or one != space.owner_id)

    return Condition(rule, holds, INDEX[part], tuple(starting_with(user_id) for user_id in wanted))


def _of_email(email: str, caller: Caller) -> Condition:
    rule = "LIST-EMAIL-MINE" if email == MINE else "LIST-EMAIL"
    wanted = (caller.user.email if email == MINE else email).casefold()
    return Condition(
        rule,
        lambda space: any(one.email.casefold() == wanted for one in space.participants),
        "email",
        (starting_with(wanted),),
    )


def _of_deactivated(store: Store, *, deactivated: bool) -> Condition:
    def holds(space: Space) -> bool:
        owner = store.get(USERS, space.owner_id)
        return owner is not None and owner.is_active != deactivated

    # Without an index: one over spaces could not follow a user who is deactivated later.
    return Condition("LIST-DEACTIVATED", holds)


def _since(milliseconds: int) -> Condition:
    return Condition(
        "LIST-SINCE",
        lambda space: space.last_activity_at >= milliseconds,
        DEFAULT_ORDER,
        # The index runs from the newest on: "since" is its beginning, that millisecond included.
        (Range(high=(-milliseconds, TOP)),),
    )


def _select(store: Store, conditions: Sequence[Condition], request: SpaceQuery) -> tuple[int, Iterable[str]]:
    """Return how many spaces match, and the keys of those on the page."""
    if not conditions:
        return _read_off(store, request.sort, Range(), request)
    first = conditions[0]
    # Several ranges would each be in order, but not all together.
    if len(conditions) == 1 and request.sort == DEFAULT_ORDER and first.index is not None and len(first.ranges) == 1:
        return _read_off(store, first.index, first.ranges[0], request)
    matching = [
        space for space in _candidates(store, conditions) if all(condition.holds(space) for condition in conditions)
    ]
    order = ORDERS[request.sort]
    matching.sort(key=lambda space: (*order(space), space.id))
    return len(matching), [space.id for space in matching[request.offset : request.offset + request.limit]]


def _read_off(store: Store, index: str, within: Range, request: SpaceQuery) -> tuple[int, Iterable[str]]:
    keys = store.scan(SPACES, index, within, skip=request.offset, limit=request.limit)
    return store.count(SPACES, index, within), keys


def _candidates(store: Store, conditions: Sequence[Condition]) -> Iterator[Space]:
    narrowest: tuple[int, Condition] | None = None
    for condition in conditions:
        if condition.index is not None:
            # A space in two ranges is counted twice, which is near enough to choose by.
            matches = sum(store.count(SPACES, condition.index, within) for within in condition.ranges)
            if narrowest is None or matches < narrowest[0]:
                narrowest = (matches, condition)
    if narrowest is None or narrowest[1].index is None:
        yield from store.all(SPACES)
        return
    index = narrowest[1].index
    # Each once: a space may lie in several ranges (two of the users take part).
    keys = dict.fromkeys(key for within in narrowest[1].ranges for key in store.scan(SPACES, index, within))
    yield from get_all(store, SPACES, keys)
