"""The right status and the wrong effect: a change is told and not kept, or kept and not told, whole or one member."""

from __future__ import annotations

from functools import partial
from typing import Any

from ..acting import SPACES, TARGET, actor, as_admin_asks
from ..wrapping import App, Ask, Broken, Seen, Wrong
from .memory import Before, read, space_path
from .table import CHANGEABLE, CREATE, DEFAULTS, DELETE, FILL, HAND_OVER, LATER, LISTED, UPDATE, Operation, Place

Body = dict[str, Any]
KIND = "effect"


class Forgets(Wrong):
    """Tells one member as it was sent, and stores it not."""

    def __init__(self, right: App, *, operation: Operation, name: str) -> None:
        super().__init__(right)
        self.operation, self.name = operation, name
        self._sent: Body = {}

    async def before(self, seen: Seen, ask: Ask) -> None:
        self._sent = {}
        if self.operation.asked(seen) and isinstance(seen.body, dict) and self.name in seen.body:
            self._sent = {self.name: seen.body[self.name]}
            seen.body = {name: value for name, value in seen.body.items() if name != self.name}
            if self.operation is CREATE and self.name == "title":
                seen.body["title"] = "Untitled"

    async def after(self, seen: Seen, ask: Ask) -> None:
        if self.operation.done(seen):
            seen.answer.update(self._sent)


class TellsTheOld(Wrong):
    """Stores one member as it was sent, and answers with what it was before."""

    def __init__(self, right: App, *, operation: Operation, name: str) -> None:
        super().__init__(right)
        self.operation, self.name = operation, name
        self._old: Body = {}

    async def before(self, seen: Seen, ask: Ask) -> None:
        self._old = {}
        if self.operation.asked(seen) and isinstance(seen.body, dict) and self.name in seen.body:
            old = DEFAULTS if self.operation is CREATE else await read(seen, ask, seen.path)
            self._old = {self.name: (old or {}).get(self.name, "Untitled")}

    async def after(self, seen: Seen, ask: Ask) -> None:
        if self.operation.done(seen):
            seen.answer.update(self._old)


class TellsTheOldThere(Before):
    """Shows one member in one place as it was before the last update."""

    def __init__(self, right: App, *, name: str, place: Place) -> None:
        super().__init__(right, UPDATE)
        self.name, self.place = name, place

    async def after(self, seen: Seen, ask: Ask) -> None:
        self.remember(seen)
        for space in self.place.spaces(seen):
            if space["id"] in self.states and self.name in space:
                space[self.name] = self.states[space["id"]][self.name]


class Nothing(Wrong):
    """Says that it was done, and does nothing; `who` says for which actor."""

    def __init__(self, right: App, *, operation: Operation, who: str = "") -> None:
        super().__init__(right)
        self.operation, self.who = operation, who

    async def before(self, seen: Seen, ask: Ask) -> None:
        if not self.operation.asked(seen) or (self.who and actor(seen) != self.who):
            return
        # A refusal stays one: the right server is asked on the caller's behalf, and what it did is undone.
        if self.operation is DELETE and (await ask("PATCH", seen.path, {}))[0] == 200:
            seen.status = 204
        if self.operation is HAND_OVER and isinstance(seen.body, dict):
            space = await read(seen, ask, space_path(seen))
            users = [one.user_id for name, one in TARGET.actors.items() if name != "deactivated"]
            if space is not None and seen.body.get("userId") in users:
                seen.body = {"userId": space["owner"]["userId"]}

    async def after(self, seen: Seen, ask: Ask) -> None:
        if self.operation is CREATE and CREATE.done(seen) and self.who in ("", actor(seen)):
            await as_admin_asks(seen, ask, "DELETE", f"{SPACES}/{seen.answer['id']}")


class FilledWithNothing(Before):
    """Answers items as asked, and adds none: nothing has moved."""

    def __init__(self, right: App) -> None:
        super().__init__(right, FILL)

    async def after(self, seen: Seen, ask: Ask) -> None:
        self.remember(seen)
        for place in LATER:
            for space in place.spaces(seen):
                old = self.states.get(space["id"], {})
                space.update({name: old[name] for name in ("lastActivityAt", "updatedAt") if name in old})


def _nouns(operation: Operation, name: str) -> str:
    if operation is CREATE:
        return "CREATE-OK"
    return "PATCH-ARCHIVE" if name == "status" else "PATCH-FIELDS"


BROKEN = (
    *(
        Broken(
            _nouns(operation, name),
            f"{operation.name} tells {name} as asked, and does not keep it",
            partial(Forgets, operation=operation, name=name),
            KIND,
        )
        for operation, names in ((CREATE, CHANGEABLE[:-1]), (UPDATE, CHANGEABLE))
        for name in names
    ),
    *(
        Broken(
            _nouns(operation, name),
            f"{operation.name} keeps {name} as asked, and tells it as it was",
            partial(TellsTheOld, operation=operation, name=name),
            KIND,
        )
        for operation, names in ((CREATE, CHANGEABLE[:-1]), (UPDATE, CHANGEABLE))
        for name in names
    ),
    *(
        Broken(
            "SPACE-LISTED" if place is LISTED else "PATCH-OK",
            f"{place.name} shows {name} as it was before the last update",
            partial(TellsTheOldThere, name=name, place=place),
            KIND,
        )
        for place in LATER
        for name in CHANGEABLE
        if not (place is LISTED and name == "description")
    ),
    *(
        Broken(
            {CREATE: "CREATE-OK", DELETE: "DELETE-GONE", HAND_OVER: "TRANSFER-OK"}[operation],
            f"{operation.name}{f' by the {who}' if who else ''} is only said to be done",
            partial(Nothing, operation=operation, who=who),
            KIND,
        )
        for operation in (CREATE, DELETE, HAND_OVER)
        for who in ("", "admin", "owner")
    ),
    Broken("SPACE-ACTIVITY-SET", "adding items is only said to be done", FilledWithNothing, KIND),
)
