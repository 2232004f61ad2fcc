"""Right for one actor and wrong for another: who may do what, and who is shown what."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from ..acting import act_as, actor, is_in_person
from ..tampering import answer_problem
from ..wrapping import App, Ask, Broken, Seen, Wrong
from .memory import Before
from .table import (
    CREATE,
    DELETE,
    FILL,
    HAND_OVER,
    LATER,
    LISTED,
    LOOK_UPS,
    READ,
    READ_ALONE,
    SHARE,
    UPDATE,
    Operation,
    Place,
)

KIND = "whom"
TOKENS = {"as an integration": False, "in person": True}


class AllowsOne(Wrong):
    """Lets one actor do what only administrators may."""

    def __init__(self, right: App, *, operation: Operation, who: str, in_person: bool) -> None:
        super().__init__(right)
        self.operation, self.who, self.in_person = operation, who, in_person

    async def before(self, seen: Seen, ask: Ask) -> None:
        if self.operation.asked(seen) and actor(seen) == self.who and is_in_person(seen) is self.in_person:
            act_as(seen, "admin")


class ForbidsOne(Wrong):
    """Lets one actor not do what they may."""

    def __init__(self, right: App, *, operation: Operation, who: str, in_person: bool, status: int = 403) -> None:
        super().__init__(right)
        self.operation, self.who, self.in_person, self.status = operation, who, in_person, status

    async def after(self, seen: Seen, ask: Ask) -> None:
        mine = actor(seen) == self.who and is_in_person(seen) is self.in_person
        if self.operation.path and self.operation.method == "GET" and self.operation.done(seen) and mine:
            answer_problem(seen, self.status)

    async def before(self, seen: Seen, ask: Ask) -> None:
        mine = actor(seen) == self.who and is_in_person(seen) is self.in_person
        if self.operation.method == "GET" or not self.operation.asked(seen) or not mine:
            return
        space = seen.path.split("/")[2:3]
        if not space or (await ask("PATCH", f"/shared-spaces/{space[0]}", {}))[0] in (200, 403):
            answer_problem(seen, self.status)


class StaleForOne(Before):
    """Shows one actor what was before the last update."""

    def __init__(self, right: App, *, place: Place, who: str, in_person: bool) -> None:
        super().__init__(right, UPDATE)
        self.place, self.who, self.in_person = place, who, in_person

    async def after(self, seen: Seen, ask: Ask) -> None:
        self.remember(seen)
        if actor(seen) == self.who and is_in_person(seen) is self.in_person:
            for space in self.place.spaces(seen):
                old = self.states.get(space["id"], {})
                space.update({name: value for name, value in old.items() if name in space})


class HidesFromOne(Wrong):
    """Leaves what was created out of one actor's list, or lets them not read it."""

    def __init__(self, right: App, *, place: Place, who: str, in_person: bool) -> None:
        super().__init__(right)
        self.place, self.who, self.in_person = place, who, in_person
        self.fresh: set[str] = set()

    async def after(self, seen: Seen, ask: Ask) -> None:
        if CREATE.done(seen):
            self.fresh.add(seen.answer["id"])
        elif actor(seen) == self.who and is_in_person(seen) is self.in_person and self.place.spaces(seen):
            if self.place is READ_ALONE:
                if seen.answer["id"] in self.fresh:
                    answer_problem(seen, 404)
                return
            kept = [space for space in seen.answer["items"] if space["id"] not in self.fresh]
            seen.answer["count"] -= len(seen.answer["items"]) - len(kept)
            seen.answer["items"] = kept


class MemberForOne(Wrong):
    """Shows one actor a space without a member."""

    def __init__(self, right: App, *, place: Place, who: str, name: str) -> None:
        super().__init__(right)
        self.place, self.who, self.name = place, who, name

    async def after(self, seen: Seen, ask: Ask) -> None:
        if actor(seen) == self.who:
            for space in self.place.spaces(seen):
                space.pop(self.name, None)


ALLOWED: dict[Operation, tuple[str, tuple[str, ...]]] = {
    READ: ("CONV-HIDE", ("participant", "outsider")),
    UPDATE: ("PATCH-403", ("manager", "participant", "outsider")),
    DELETE: ("DELETE-403", ("manager", "participant", "outsider")),
    HAND_OVER: ("TRANSFER-403", ("manager", "participant", "outsider")),
    FILL: ("ITEMS-403", ("participant", "outsider")),
    CREATE: ("CREATE-OWNER-ADMIN", ("manager", "owner", "participant", "outsider")),
}
"""Which actor has no right to what, and the rule that says so."""


def _allowed() -> Iterator[Broken]:
    for operation, (rule, actors) in ALLOWED.items():
        for who in actors:
            for how, in_person in TOKENS.items():
                make = partial(AllowsOne, operation=operation, who=who, in_person=in_person)
                name = "a create for somebody else" if operation is CREATE else operation.name
                yield Broken(rule, f"{name} is open to the {who} {how}", make, KIND)


def _forbidden() -> Iterator[Broken]:
    for operation in (READ, UPDATE, DELETE, HAND_OVER, FILL, CREATE, SHARE):
        for who in ("admin", "owner"):
            for how, in_person in TOKENS.items():
                if operation is CREATE and (who, in_person) == ("owner", False):
                    pass  # an integration of the owner's may create, when it names the owner
                rule = "ROLE-TOKEN" if in_person else operation.rule
                make = partial(ForbidsOne, operation=operation, who=who, in_person=in_person)
                yield Broken(rule, f"{operation.name} is forbidden to the {who} {how}", make, KIND)
    for operation in LOOK_UPS:
        make = partial(ForbidsOne, operation=operation, who="admin", in_person=False)
        yield Broken(operation.rule, f"{operation.name} is forbidden to the admin as an integration", make, KIND)


def _seen_by_one() -> Iterator[Broken]:
    rules: dict[Place, str] = {READ_ALONE: "GET-OK", LISTED: "LIST-OK"}
    for place in LATER:
        for who in ("admin", "owner", "manager"):
            for how, in_person in TOKENS.items():
                make: Any = partial(StaleForOne, place=place, who=who, in_person=in_person)
                yield Broken(rules[place], f"{place.name} is stale for the {who} {how}", make, KIND)
                if (place, who) == (READ_ALONE, "manager"):
                    continue  # that a manager may read what they may list is not said
                make = partial(HidesFromOne, place=place, who=who, in_person=in_person)
                yield Broken(rules[place], f"{place.name} hides new spaces from the {who} {how}", make, KIND)
            for name in ("owner", "updatedAt"):
                rule = "SPACE-LISTED" if place is LISTED else "SPACE-FIELDS"
                rule = "SPACE-FIELDS-MORE" if name == "updatedAt" and place is READ_ALONE else rule
                make = partial(MemberForOne, place=place, who=who, name=name)
                yield Broken(rule, f"{place.name} lacks {name} for the {who}", make, KIND)


BROKEN = (*_allowed(), *_forbidden(), *_seen_by_one())
