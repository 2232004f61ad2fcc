"""Right now and wrong later: stale by one change, lost after the next one, back after a delete, times that move."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from ..acting import SPACES, as_admin_asks
from ..wrapping import App, Ask, Broken, Seen, Wrong
from .memory import Before, Neighbours, Overlay, default_of, fields, space_id, space_path
from .table import (
    CHANGEABLE,
    CREATE,
    DELETE,
    FILL,
    HAND_OVER,
    LATER,
    LIST,
    LISTED,
    READ,
    READ_ALONE,
    SHARE,
    TIMES,
    UPDATE,
    UPDATED,
    Operation,
    Place,
    shown,
)

KIND = "later"
Space = dict[str, Any]


class StaleByOne(Before):
    """Shows in these places what was before the last change; `once` the first time alone."""

    def __init__(self, right: App, *, operation: Operation, places: tuple[Place, ...], once: bool = False) -> None:
        super().__init__(right, operation)
        self.places, self.once = places, once

    async def after(self, seen: Seen, ask: Ask) -> None:
        self.remember(seen)
        for place in self.places:
            for space in place.spaces(seen):
                if space["id"] in self.states:
                    old = self.states.pop(space["id"]) if self.once else self.states[space["id"]]
                    space.update({name: value for name, value in old.items() if name in space})


class NewOnesComeLate(Wrong):
    """Shows a new space only after the next request that writes, or the second time that it is asked for."""

    def __init__(self, right: App, *, place: Place, once: bool) -> None:
        super().__init__(right)
        self.place, self.once = place, once
        self.late: str | None = None

    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.method != "GET" and not self.once:
            self.late = None

    async def after(self, seen: Seen, ask: Ask) -> None:
        if CREATE.done(seen):
            self.late = seen.answer["id"]
            return
        found = [space for space in self.place.spaces(seen) if space["id"] == self.late]
        if not found:
            return
        if self.place is LISTED:
            seen.answer["items"] = [space for space in seen.answer["items"] if space["id"] != self.late]
            seen.answer["count"] -= 1
        else:
            seen.status, seen.answer, seen.answer_headers = _not_found()
        self.late = None if self.once else self.late


def _not_found() -> tuple[int, Space, list[tuple[bytes, bytes]]]:
    problem = {"type": "/errors/not-found", "title": "Not Found", "detail": "No such space.", "status": 404}
    return 404, problem, [(b"content-type", b"application/problem+json")]


class GoneLate(Before):
    """Shows a deleted space until the next request that writes, or once."""

    def __init__(self, right: App, *, place: Place, once: bool) -> None:
        super().__init__(right, DELETE)
        self.place, self.once = place, once

    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.method != "GET" and not self.once:
            self.states.clear()
        await super().before(seen, ask)

    async def after(self, seen: Seen, ask: Ask) -> None:
        self.remember(seen)
        ghosts = list(self.states.values())
        if self.place is LISTED and LIST.done(seen) and "offset" not in seen.query and ghosts:
            seen.answer["items"] += [_listed(space) for space in ghosts]
            seen.answer["count"] += len(ghosts)
        elif self.place is READ_ALONE and READ.asked(seen) and seen.status == 404 and space_id(seen) in self.states:
            seen.status, seen.answer = 200, self.states[space_id(seen)]
            seen.answer_headers = [(b"content-type", b"application/json")]
        else:
            return
        if self.once:
            self.states.clear()


def _listed(space: Space) -> Space:
    return {name: value for name, value in space.items() if name != "description"}


class Lost(Before):
    """Takes back a change to a space when the next thing is done, to it or to others."""

    def __init__(self, right: App, *, change: Operation, then: Operation, same: bool) -> None:
        super().__init__(right, change)
        self.change, self.then, self.same = change, then, same
        self._sent: Any = None

    async def before(self, seen: Seen, ask: Ask) -> None:
        self._sent = seen.body
        await super().before(seen, ask)

    async def after(self, seen: Seen, ask: Ask) -> None:
        if self.then.done(seen):
            about = space_id(seen) if self.then not in (CREATE, SHARE) else ""
            for one in [one for one in self.states if (one == about) is self.same]:
                await self._take_back(seen, ask, self.states.pop(one))
        self.remember(seen)

    async def _take_back(self, seen: Seen, ask: Ask, old: Space) -> None:
        path = f"{SPACES}/{old['id']}"
        if self.change is HAND_OVER:
            await as_admin_asks(seen, ask, "POST", f"{path}/transfer-ownership", old["owner"])
            return
        sent = self._sent if self.then is UPDATE and self.same and isinstance(self._sent, dict) else {}
        changes = {name: value for name, value in fields(old, CHANGEABLE).items() if name not in sent}
        await as_admin_asks(seen, ask, "PATCH", path, changes)
        if self.then is UPDATE and self.same:
            seen.answer.update({name: value for name, value in changes.items() if name != "status"})


class CreatedAndLost(Neighbours):
    """Loses a new space when the next thing is done to another one."""

    def __init__(self, right: App, *, then: Operation) -> None:
        super().__init__(right)
        self.then = then

    async def after(self, seen: Seen, ask: Ask) -> None:
        lost = self.neighbour(seen)
        if self.then.done(seen) and lost is not None:
            await as_admin_asks(seen, ask, "DELETE", lost)
        await super().after(seen, ask)


class Resurrected(Before):
    """Shows a deleted space again once something else was done."""

    def __init__(self, right: App, *, then: Operation, place: Place) -> None:
        super().__init__(right, DELETE)
        self.then, self.place = then, place
        self.back: dict[str, Space] = {}

    async def after(self, seen: Seen, ask: Ask) -> None:
        if self.then.done(seen):
            self.back.update(self.states)
        self.remember(seen)
        if self.place is LISTED and LIST.done(seen) and "offset" not in seen.query:
            seen.answer["items"] += [_listed(space) for space in self.back.values()]
            seen.answer["count"] += len(self.back)
        if self.place is READ_ALONE and READ.asked(seen) and seen.status == 404 and space_id(seen) in self.back:
            seen.status, seen.answer = 200, self.back[space_id(seen)]
            seen.answer_headers = [(b"content-type", b"application/json")]


def _moved(time: str, by: int) -> str:
    moved = datetime.fromisoformat(time) + timedelta(seconds=by)
    return moved.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class TimeMoves(Wrong):
    """Moves a time by a second whenever something is done to the space."""

    def __init__(self, right: App, *, name: str, trigger: Operation) -> None:
        super().__init__(right)
        self.name, self.trigger = name, trigger
        self.steps: dict[str, int] = {}

    async def after(self, seen: Seen, ask: Ask) -> None:
        if self.trigger.done(seen):
            about = [space["id"] for space in shown(seen)] if self.trigger is LIST else [space_id(seen)]
            for one in about:
                self.steps[one] = self.steps.get(one, 0) + 1
        for space in shown(seen):
            if space.get("id") in self.steps and space[self.name] is not None:
                space[self.name] = _moved(space[self.name], self.steps[space["id"]])


class MemberResets(Overlay):
    """Sets a member back to its default when something else is done to the space."""

    def __init__(self, right: App, *, name: str, trigger: Operation, archiving: bool = False) -> None:
        super().__init__(right)
        self.name, self.trigger, self.archiving = name, trigger, archiving

    async def after(self, seen: Seen, ask: Ask) -> None:
        sent = seen.body if isinstance(seen.body, dict) else {}
        if UPDATE.done(seen) and self.name in sent:
            self.members.pop(space_id(seen), None)
        if self.trigger.done(seen) and self.name not in sent and ("status" in sent) is self.archiving:
            await as_admin_asks(seen, ask, "PATCH", space_path(seen), {self.name: default_of(self.name)})
            if self.trigger is UPDATE:
                seen.answer[self.name] = default_of(self.name)


class UriChanges(Overlay):
    """Has another publicUri after something else was done to the space."""

    def __init__(self, right: App, *, trigger: Operation) -> None:
        super().__init__(right)
        self.trigger = trigger

    async def after(self, seen: Seen, ask: Ask) -> None:
        if self.trigger.done(seen):
            self.members[space_id(seen)] = {"publicUri": "moved"}
        self.cover(seen)


NAMES = {UPDATE: "an update", HAND_OVER: "a transfer", FILL: "items", CREATE: "a create", DELETE: "a deletion"}
RULES = {UPDATE: "PATCH-OK", HAND_OVER: "TRANSFER-OK"}
ABOUT = {READ_ALONE: "GET-OK", LISTED: "SPACE-LISTED", UPDATED: "PATCH-OK"}


def _stale() -> Iterator[Broken]:
    for operation in (UPDATE, HAND_OVER, FILL):
        for places, where in (((READ_ALONE,), "a GET"), ((LISTED,), "the list"), (LATER, "whatever is read")):
            for once in (False, True):
                rule = "SPACE-ACTIVITY-SET" if operation is FILL else RULES[operation]
                if operation is UPDATE:
                    rule = ABOUT[places[0]]
                story = f"{where} is stale by one change after {NAMES[operation]}{', once' if once else ''}"
                make = partial(StaleByOne, operation=operation, places=places, once=once)
                yield Broken(rule, story, make, KIND)
    make = partial(StaleByOne, operation=UPDATE, places=(UPDATED,))
    yield Broken("PATCH-OK", "the answer to an update is stale by one change", make, KIND)
    for place, name in ((READ_ALONE, "a GET"), (LISTED, "the list")):
        for once in (False, True):
            when = "the first time" if once else "until the next write"
            rule = "CREATE-OK"
            yield Broken(
                rule, f"{name} lacks a new space {when}", partial(NewOnesComeLate, place=place, once=once), KIND
            )
            story = f"{name} shows a deleted space {when}"
            yield Broken("DELETE-GONE", story, partial(GoneLate, place=place, once=once), KIND)


def _then(change: Operation) -> Iterator[tuple[Operation, bool, str]]:
    """Give what may come after a change: what it is, whether to the same space, and how stories call it."""
    for then in (UPDATE, HAND_OVER, FILL):
        if not then is change is HAND_OVER:
            yield then, True, f"{NAMES[then]} of the same space"
        yield then, False, f"{NAMES[then]} of others"
    yield DELETE, False, "a deletion of others"
    yield CREATE, False, "a create of something new"
    yield SHARE, False, "a Share of something new"


def _lost() -> Iterator[Broken]:
    for change, rule in RULES.items():
        for then, same, what in _then(change):
            make: Any = partial(Lost, change=change, then=then, same=same)
            yield Broken(rule, f"{NAMES[change]} is lost after {what}", make, KIND)
    for then in (CREATE, UPDATE, DELETE, HAND_OVER):
        story = f"a new space is lost after {NAMES[then]} of another"
        yield Broken("CREATE-OK", story, partial(CreatedAndLost, then=then), KIND)
    for then in (CREATE, UPDATE, DELETE):
        for place in LATER:
            story = f"{place.name} shows a deleted space again after {NAMES[then]} of another"
            yield Broken("DELETE-GONE", story, partial(Resurrected, then=then, place=place), KIND)


def _moving() -> Iterator[Broken]:
    triggers = {READ: "a GET", LIST: "a list", UPDATE: "an update", HAND_OVER: "a transfer", FILL: "items"}
    for name in TIMES:
        for trigger, what in triggers.items():
            if name == "updatedAt" and trigger not in (READ, LIST):
                continue
            if name == "lastActivityAt" and trigger in (HAND_OVER, FILL):
                continue
            rule = "SPACE-ACTIVITY" if (name, trigger) == ("lastActivityAt", UPDATE) else "GET-OK"
            if trigger is LIST:
                rule = "SPACE-LISTED"
            if name == "archivedAt" and trigger is UPDATE:
                rule = "PATCH-OK"
            yield Broken(rule, f"{what} moves {name}", partial(TimeMoves, name=name, trigger=trigger), KIND)


def _reset() -> Iterator[Broken]:
    for name in CHANGEABLE:
        for trigger, archiving, what in (
            (UPDATE, False, "an update of something else"),
            (UPDATE, True, "archiving"),
            (HAND_OVER, False, "a transfer"),
            (FILL, False, "items"),
        ):
            if name == "status" and (archiving or trigger is FILL):
                continue  # an archived space takes no items
            rule = {UPDATE: "PATCH-OK", HAND_OVER: "TRANSFER-OK", FILL: "ITEMS-OK"}[trigger]
            make = partial(MemberResets, name=name, trigger=trigger, archiving=archiving)
            yield Broken(rule, f"{what} sets {name} back", make, KIND)
    for trigger in (UPDATE, HAND_OVER, FILL):
        rule = "PATCH-URI"
        yield Broken(rule, f"{NAMES[trigger]} changes the publicUri", partial(UriChanges, trigger=trigger), KIND)


BROKEN = (*_stale(), *_lost(), *_moving(), *_reset())
