"""Wrong servers that remember: what they show of a space, how it was before, which came before it."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from ..acting import as_admin_asks
from ..wrapping import App, Ask, Seen, Wrong
from .table import CREATE, DEFAULTS, DELETE, Operation, Place, shown

Space = dict[str, Any]


def space_id(seen: Seen) -> str:
    """Give the id of the space that a request is about."""
    return seen.path.split("/")[2]


def space_path(seen: Seen) -> str:
    """Give the path of the space that a request is about."""
    return f"/shared-spaces/{space_id(seen)}"


async def read(seen: Seen, ask: Ask, path: str) -> Space | None:
    """Give a space as it is, None where there is none."""
    status, space = await as_admin_asks(seen, ask, "GET", path)
    return space if status == 200 else None


def fields(space: Space, names: Iterator[str] | list[str] | tuple[str, ...]) -> Space:
    """Give some members of a space, as an update would send them."""
    return {name: space[name] for name in names if name in space and name not in ("publicUri", "owner")}


class Overlay(Wrong):
    """Shows members of spaces otherwise than they are; `members` has them by the space's id."""

    def __init__(self, right: App, *places: Place) -> None:
        super().__init__(right)
        self.places = places
        self.members: dict[str, Space] = {}

    def cover(self, seen: Seen) -> None:
        """Put what is remembered over what is shown."""
        for space in _shown_at(seen, self.places):
            for name, value in self.members.get(space["id"], {}).items():
                if name in space:
                    space[name] = deepcopy(value)

    async def after(self, seen: Seen, ask: Ask) -> None:
        self.cover(seen)


def _shown_at(seen: Seen, places: tuple[Place, ...]) -> list[Space]:
    return [space for place in places for space in place.spaces(seen)] if places else shown(seen)


class Neighbours(Wrong):
    """Knows the spaces in the order in which they were created."""

    def __init__(self, right: App) -> None:
        super().__init__(right)
        self.made: list[str] = []

    def neighbour(self, seen: Seen) -> str | None:
        """Give the path of the space that was created last and is not the one in question."""
        other = next((one for one in reversed(self.made) if one not in seen.path), None)
        return f"/shared-spaces/{other}" if other is not None else None

    async def after(self, seen: Seen, ask: Ask) -> None:
        if CREATE.done(seen):
            self.made.append(seen.answer["id"])
        if DELETE.done(seen) and space_id(seen) in self.made:
            self.made.remove(space_id(seen))


class Before(Wrong):
    """Knows how a space was before the last of these operations; `states` has it by the space's id."""

    def __init__(self, right: App, *operations: Operation) -> None:
        super().__init__(right)
        self.operations = operations
        self.states: dict[str, Space] = {}
        self._pending: Space | None = None

    async def before(self, seen: Seen, ask: Ask) -> None:
        if any(one.asked(seen) for one in self.operations):
            self._pending = await read(seen, ask, space_path(seen))

    def remember(self, seen: Seen) -> bool:
        """Keep how the space was, once the operation is done."""
        if self._pending is not None and any(one.done(seen) for one in self.operations):
            self.states[self._pending["id"]] = self._pending
            self._pending = None
            return True
        return False


def default_of(name: str) -> Any:
    """Give what a member is when nothing was said: titles have no default, so it is a made-up one."""
    return DEFAULTS.get(name, {"title": "Untitled", "status": "ACTIVE"}.get(name))
