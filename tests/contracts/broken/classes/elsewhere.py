"""The right status and the wrong effect: done to another space, or seen in some places and not in others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from ..acting import SPACES, TARGET, act_as, actor, as_admin_asks
from ..tampering import answer_problem
from ..wrapping import App, Ask, Broken, Seen, Wrong
from .memory import Before, Neighbours, fields, read, space_id, space_path
from .table import CHANGEABLE, CREATE, DEFAULTS, DELETE, HAND_OVER, LATER, LIST, UPDATE, Operation, Place

Body = dict[str, Any]
KIND = "effect"


class ToAnother(Neighbours):
    """Does what is asked to the space that was created last beside the one that it is about."""

    def __init__(self, right: App, *, operation: Operation, instead: bool) -> None:
        super().__init__(right)
        self.operation, self.instead = operation, instead
        self._sent: Any = None

    async def before(self, seen: Seen, ask: Ask) -> None:
        self._sent = seen.body
        other = self.neighbour(seen)
        if not self.instead or other is None or not self.operation.asked(seen):
            return
        if (await ask("PATCH", space_path(seen), {}))[0] != 200:
            return  # a refusal stays one
        if self.operation is DELETE:
            seen.status = 204
        if self.operation is UPDATE and isinstance(seen.body, dict):
            seen.body = {name: value for name, value in seen.body.items() if name not in CHANGEABLE}
        if self.operation is HAND_OVER and isinstance(seen.body, dict):
            space = await read(seen, ask, space_path(seen))
            seen.body = space["owner"] if space is not None else seen.body

    async def after(self, seen: Seen, ask: Ask) -> None:
        other = self.neighbour(seen)
        if self.operation.done(seen) and self.operation is not CREATE and other is not None:
            path = other + seen.path.removeprefix(space_path(seen))
            await as_admin_asks(seen, ask, seen.method, path, self._sent)
            if self.instead and self.operation is UPDATE:
                seen.answer.update(fields(self._sent, CHANGEABLE))
        await super().after(seen, ask)


class CreateTouchesTheLast(Neighbours):
    """Creates a space, and does something to the one that was created before it."""

    def __init__(self, right: App, *, method: str, body: Callable[[Body], Any]) -> None:
        super().__init__(right)
        self.method, self.body = method, body

    async def after(self, seen: Seen, ask: Ask) -> None:
        if CREATE.done(seen) and self.made:
            await as_admin_asks(seen, ask, self.method, f"{SPACES}/{self.made[-1]}", self.body(seen.answer))
        await super().after(seen, ask)


class InPart(Wrong):
    """Of several changes keeps some, and tells all."""

    def __init__(self, right: App, *, operation: Operation, keep: Callable[[list[str]], list[str]]) -> None:
        super().__init__(right)
        self.operation, self.keep = operation, keep
        self._sent: Body = {}

    async def before(self, seen: Seen, ask: Ask) -> None:
        self._sent = {}
        if self.operation.asked(seen) and isinstance(seen.body, dict):
            names = [name for name in seen.body if name in DEFAULTS or name in ("title", "status")]
            if len(names) > 1:
                self._sent = fields(seen.body, names)
                kept = [*self.keep(names), *(["title"] if self.operation is CREATE else [])]
                seen.body = {name: value for name, value in seen.body.items() if name not in names or name in kept}

    async def after(self, seen: Seen, ask: Ask) -> None:
        if self.operation.done(seen):
            seen.answer.update(self._sent)


class GoneInPart(Before):
    """A deleted space is seen on, in one place: by this parameter of the list, or by these callers."""

    def __init__(self, right: App, *, parameter: str) -> None:
        super().__init__(right, DELETE)
        self.parameter = parameter

    async def after(self, seen: Seen, ask: Ask) -> None:
        self.remember(seen)
        if LIST.done(seen) and f"{self.parameter}=" in seen.query and "offset" not in seen.query:
            ghosts = [fields_listed(space) for space in self.states.values()]
            seen.answer["items"] += ghosts
            seen.answer["count"] += len(ghosts)


def fields_listed(space: Body) -> Body:
    """Give a space as a list shows it."""
    return {name: value for name, value in space.items() if name != "description"}


class NotFoundBy(Wrong):
    """Leaves out of the list what was created or changed since the start, where it is asked with this parameter."""

    def __init__(self, right: App, *, operation: Operation, parameter: str) -> None:
        super().__init__(right)
        self.operation, self.parameter = operation, parameter
        self.fresh: set[str] = set()

    async def after(self, seen: Seen, ask: Ask) -> None:
        if self.operation.done(seen):
            self.fresh.add(seen.answer["id"] if self.operation is CREATE else space_id(seen))
        if LIST.done(seen) and f"{self.parameter}=" in seen.query:
            kept = [space for space in seen.answer["items"] if space["id"] not in self.fresh]
            seen.answer["count"] -= len(seen.answer["items"]) - len(kept)
            seen.answer["items"] = kept


FILTERS = {
    "title": "LIST-TITLE",
    "ownerEmail": "LIST-OWNER-EMAIL",
    "participantEmail": "LIST-EMAIL",
    "ownerUserId": "LIST-OWNER",
    "userId": "LIST-USER",
    "managerId": "LIST-MANAGER",
    "usergroupId": "LIST-GROUP",
    "lastActivitySince": "LIST-SINCE",
    "isOwnerDeactivated": "LIST-DEACTIVATED",
    "sort": "LIST-SORT",
}


class OwnerInPart(Before):
    """Goes by the owner before the last transfer, in one place."""

    def __init__(self, right: App, *, place: Place) -> None:
        super().__init__(right, HAND_OVER)
        self.place = place

    async def after(self, seen: Seen, ask: Ask) -> None:
        self.remember(seen)
        for space in self.place.spaces(seen):
            if space["id"] in self.states:
                space["owner"] = self.states[space["id"]]["owner"]


class RightsStay(Before):
    """After a transfer the former owner may go on doing this, or the new one may not."""

    def __init__(self, right: App, *, operation: Operation, former: bool) -> None:
        super().__init__(right, HAND_OVER)
        self.operation, self.former = operation, former

    async def before(self, seen: Seen, ask: Ask) -> None:
        await super().before(seen, ask)
        if not self.operation.asked(seen) or space_id(seen) not in self.states or actor(seen) in (None, "admin"):
            return
        was = self.states[space_id(seen)]["owner"]["userId"]
        is_former = TARGET.user_id(str(actor(seen))) == was
        if is_former and self.former:
            act_as(seen, "admin")
        elif not is_former and not self.former:
            answer_problem(seen, 403)

    async def after(self, seen: Seen, ask: Ask) -> None:
        if HAND_OVER.done(seen):
            self.remember(seen)


def _to_another() -> Iterator[Broken]:
    for operation, rule in ((UPDATE, "PATCH-OK"), (DELETE, "DELETE-GONE"), (HAND_OVER, "TRANSFER-OK")):
        for which, instead in (("another space", True), ("another space too", False)):
            make: Any = partial(ToAnother, operation=operation, instead=instead)
            yield Broken(rule, f"{operation.name} is done to {which}", make, KIND)
    touches: dict[str, tuple[str, Callable[[Body], Any]]] = {
        "writes over": ("PATCH", lambda made: fields(made, CHANGEABLE)),
        "deletes": ("DELETE", lambda _: None),
        "archives": ("PATCH", lambda _: {"status": "ARCHIVED"}),
    }
    for verb, (method, body) in touches.items():
        make = partial(CreateTouchesTheLast, method=method, body=body)
        yield Broken("CREATE-OK", f"a create {verb} the space created before", make, KIND)


SOME: dict[str, Callable[[list[str]], list[str]]] = {
    "the first": lambda names: names[:1],
    "the last": lambda names: names[-1:],
    "all but the last": lambda names: names[:-1],
}
NOT_BY = {
    DELETE: ("managerId", "usergroupId", "lastActivitySince", "isOwnerDeactivated"),
    CREATE: ("isOwnerDeactivated",),
    UPDATE: tuple(name for name in FILTERS if name not in ("title", "sort")),
    HAND_OVER: ("isOwnerDeactivated", "title", "sort", "lastActivitySince", "usergroupId"),
}
"""Parameters that an operation has nothing to do with."""
UNLISTED = {
    CREATE: "a new space is not listed",
    UPDATE: "an updated space is no longer listed",
    HAND_OVER: "a space that was passed on is no longer listed",
}


def _in_part() -> Iterator[Broken]:
    for operation in (CREATE, UPDATE):
        for which, keep in SOME.items():
            make: Any = partial(InPart, operation=operation, keep=keep)
            yield Broken(operation.rule, f"{operation.name} of several members keeps {which}", make, KIND)
    for parameter, rule in FILTERS.items():
        if parameter not in NOT_BY[DELETE]:
            make = partial(GoneInPart, parameter=parameter)
            yield Broken("DELETE-GONE", f"a deleted space is still listed by {parameter}", make, KIND)
        for operation, story in UNLISTED.items():
            if parameter not in NOT_BY[operation]:
                make = partial(NotFoundBy, operation=operation, parameter=parameter)
                yield Broken(rule, f"{story} by {parameter}", make, KIND)


def _owners() -> Iterator[Broken]:
    for place in LATER:
        make: Any = partial(OwnerInPart, place=place)
        yield Broken("TRANSFER-OK", f"{place.name} shows the owner before the last transfer", make, KIND)
    for operation, rule in ((UPDATE, "PATCH-403"), (DELETE, "DELETE-403"), (HAND_OVER, "TRANSFER-403")):
        make = partial(RightsStay, operation=operation, former=True)
        yield Broken(rule, f"the former owner may go on with {operation.name}", make, KIND)
        make = partial(RightsStay, operation=operation, former=False)
        yield Broken("TRANSFER-OK", f"the new owner may not do {operation.name}", make, KIND)


BROKEN = (*_to_another(), *_in_part(), *_owners())
