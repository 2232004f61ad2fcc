"""What the model predicts of a list: which of its spaces, in which order, and what a wrong answer breaks."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .model import Model, Person, Space, sees

DEFAULT_SORT = "-lastActivityAt"
SORTS = ("title", "createdAt", "lastActivityAt", "archivedAt", "updatedAt", "status")


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter of a list: the rule that promises it, its parameters, and which spaces it keeps."""

    rule: str
    params: Mapping[str, str]
    keeps: Callable[[Space], bool]


@dataclass(frozen=True, slots=True)
class Query:
    """What a list is asked for. `sort` None is the default order, `limit` None the default size."""

    filters: Sequence[Filter] = ()
    sort: str | None = None
    limit: int | None = None
    offset: int | None = None

    @property
    def params(self) -> dict[str, str]:
        """The parameters to send."""
        given = {"sort": self.sort, "limit": self.limit, "offset": self.offset}
        params = {name: str(value) for name, value in given.items() if value is not None}
        for one in self.filters:
            params |= one.params
        return params

    @property
    def is_paged(self) -> bool:
        """Whether it asks for a part only."""
        return self.limit is not None or self.offset is not None

    def simpler(self) -> Iterator[Query]:
        """Return what asks for less, the simplest first."""
        for length in range(len(self.filters)):
            yield Query(self.filters[:length])
        if self.is_paged or self.sort is not None:
            yield Query(self.filters)
        if self.is_paged:
            yield Query(self.filters, self.sort)

    def cut(self, ids: Sequence[str]) -> list[str]:
        """Return the page of a whole list."""
        start = self.offset or 0
        return list(ids[start : start + (self.limit or 1000)])  # the default of LIST-LIMIT


def by_title(text: str) -> Filter:
    """LIST-TITLE: a contains match, in either case."""
    return Filter(
        "LIST-TITLE-CONTAINS", {"title": text}, lambda space: text.casefold() in space.fields["title"].casefold()
    )


def by_owner(person: Person, *, email: bool) -> Filter:
    """LIST-OWNER, LIST-OWNER-EMAIL-NAME: the spaces of an owner."""

    def keeps(space: Space) -> bool:
        return space.owner == person.user_id

    if email:
        return Filter("LIST-OWNER-EMAIL-NAME", {"ownerEmail": str(person.email)}, keeps)
    return Filter("LIST-OWNER", {"ownerUserId": person.user_id}, keeps)


def by_user(person: Person, role: str | None) -> Filter:
    """LIST-USER: the spaces in which somebody has a role."""
    params = {"userId": person.user_id, **({} if role is None else {"userRole": role})}
    return Filter("LIST-USER", params, lambda space: _has_role(person.user_id, space, role or "ANY"))


def by_participant(person: Person) -> Filter:
    """LIST-EMAIL: the spaces in which somebody takes part without owning them; ask only for who owns none."""
    return Filter("LIST-EMAIL", {"participantEmail": str(person.email)}, lambda space: person.user_id in space.members)


def by_mine(person: Person) -> Filter:
    """LIST-EMAIL-MINE: the spaces in which who asks takes part without owning them."""
    return Filter("LIST-EMAIL-MINE", {"participantEmail": "mine"}, lambda space: person.user_id in space.members)


def by_owner_state(*, is_deactivated: bool) -> Filter:
    """LIST-DEACTIVATED: no owner of the model's spaces is deactivated."""
    params = {"isOwnerDeactivated": "true" if is_deactivated else "false"}
    return Filter("LIST-DEACTIVATED", params, lambda _: not is_deactivated)


def since(time: str) -> Filter:
    """LIST-SINCE: lastActivityAt on or after a time."""
    # As texts: in the one form of CONV-TIME they compare as the times do.
    return Filter("LIST-SINCE", {"lastActivitySince": time}, lambda space: str(space.times["lastActivityAt"]) >= time)


def by_members(rule: str, params: Mapping[str, str], users: Iterable[str], role: str) -> Filter:
    """LIST-MANAGER, LIST-GROUP: the spaces in which one of some users has a role."""
    known = tuple(users)
    return Filter(rule, params, lambda space: any(_has_role(user, space, role) for user in known))


def _has_role(user_id: str, space: Space, role: str) -> bool:
    is_owner = space.owner == user_id
    return user_id in space.members and (role == "ANY" or is_owner == (role == "OWNER"))


def whole(model: Model, person: Person, query: Query) -> list[Space]:
    """Return the model's spaces that a list must hold, whatever page is asked for, in no order."""
    passing = (space for space in model.living() if all(one.keeps(space) for one in query.filters))
    return [space for space in passing if sees(person, space) is not None]


def orders(spaces: Iterable[Space], sort: str | None) -> list[list[str]]:
    """Return the ids in each order that the rules allow: whether equal ids descend where the sort does is left open."""
    wanted = sort or DEFAULT_SORT
    descending, name = wanted.startswith("-"), wanted.removeprefix("-")
    by_id = sorted(spaces, key=lambda space: space.id)
    allowed = [_ordered(by_id, name, descending=descending)]
    if descending:
        allowed.append(_ordered(by_id[::-1], name, descending=True))
    return allowed


def _ordered(spaces: Sequence[Space], name: str, *, descending: bool) -> list[str]:
    known = [space for space in spaces if value(space, name) is not None]
    rest = [space for space in spaces if value(space, name) is None]
    # sorted() keeps equal ones in their order, also when it is reversed.
    in_order = sorted(known, key=lambda space: _key(space, name), reverse=descending)
    return [space.id for space in (*in_order, *rest)]


def value(space: Space, name: str) -> Any:
    """Return what a space is sorted by."""
    return space.fields[name] if name in space.fields else space.times[name]


def _key(space: Space, name: str) -> tuple[str, ...]:
    found = str(value(space, name))
    return (found.casefold(), found) if name == "title" else (found,)


def broken_rule(model: Model, person: Person, query: Query, ids: Sequence[str]) -> str | None:
    """Return the rule that a list breaks, None where it is as it must be; `ids` are of the model's spaces in it."""
    expected = whole(model, person, query)
    allowed = orders(expected, query.sort)
    if any(list(ids) == query.cut(order) for order in allowed):
        return None
    # The surest first: on a page, what is missing may only be misplaced, and an order is no fault of wrong members.
    unwanted = [space for space in model.spaces if space.id in ids and space not in expected]
    if unwanted:
        return _unwanted(person, query, unwanted[0])
    missing = [space for space in expected if space.id not in ids]
    if missing and not query.is_paged:
        return _missed(person, query, missing[0])
    if query.is_paged or len(set(ids)) != len(ids):
        return "LIST-SORT-TIES"  # the pages repeat or skip
    return _misplaced({space.id: space for space in expected}, query, ids)


def _unwanted(person: Person, query: Query, space: Space) -> str:
    if space.is_gone:
        return "DELETE-GONE"
    if sees(person, space) is None:
        return "ROLE-MANAGER" if person.reports else "ROLE-USER"
    return next(one.rule for one in query.filters if not one.keeps(space))


def _missed(person: Person, query: Query, space: Space) -> str:
    if query.filters:
        return query.filters[-1].rule  # the shortest sequence has the one filter that matters
    return sees(person, space) or "LIST-OK"


def _misplaced(spaces: Mapping[str, Space], query: Query, ids: Sequence[str]) -> str:
    wanted = query.sort or DEFAULT_SORT
    descending, name = wanted.startswith("-"), wanted.removeprefix("-")
    for first, second in itertools.pairwise(ids):
        one, other = (value(spaces[space_id], name) for space_id in (first, second))
        if None not in (one, other) and _is_wrong(one, other, name, descending=descending):
            return "LIST-SORT"
    return "LIST-SORT-TIES"


def _is_wrong(one: str, other: str, name: str, *, descending: bool) -> bool:
    """Return whether two neighbours are the wrong way round by any reading: how letters compare is assumed."""
    if descending:
        one, other = other, one
    return one > other and (name != "title" or one.casefold() > other.casefold())
