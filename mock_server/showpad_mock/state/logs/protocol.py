"""The narrow protocol of a log of change sets; no word of any domain in it.

A tenant's versions count from 1, one a change set, and go on when it was deleted: a server whose copy is older must see
that. What stands for a tenant that is gone may be forgotten, so that every copy of it is still told to be old; then
versions begin where the log says. A snapshot stands for all versions up to its own. Bodies are bytes that only the
writer understands; the empty body says that the tenant is gone, so that its next version begins from seed data.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

TAIL = 100
"""How many change sets behind the last one a log keeps although a snapshot stands for them: see `ChangeLog.append`."""


class Unavailable(Exception):
    """The log cannot be reached or written; what was being appended may or may not be there. The message says why."""


class ChangeSet(NamedTuple):
    """What one unit of work changed; `id` is used once in the world."""

    id: str
    body: bytes


class News(NamedTuple):
    """What a copy lacks: a snapshot of `version`, where one is needed, then the change sets that follow, in order.

    `version` is the copy's own where no snapshot is needed.
    """

    version: int
    snapshot: bytes | None
    change_sets: Sequence[bytes]


class ChangeLog(Protocol):
    """Tenants by name, each a log of change sets. Every method raises Unavailable.

    `is_shared` says whether others may append too; where they may not, a copy once made is always the newest.
    """

    is_shared: bool

    async def begin(self) -> int:
        """Return how many servers have begun on this log before, and count this one."""

    async def tenants(self) -> list[str]:
        """Return the names of the tenants that are there, in order; not of those that are gone."""

    async def since(self, tenant: str, version: int) -> News:
        """Return what a copy of that version lacks; version 0 is that of a tenant nobody has written to.

        Who has that gets the snapshot, where there is one, and so knows its size.
        """

    async def append(self, tenant: str, expected: int, change_sets: Sequence[ChangeSet]) -> bool:
        """Append change sets behind version `expected`, all or none; return False where that is not the last one.

        Appending once more behind the same version what is there already, as whoever lost a connection does, changes
        nothing and returns True: by its id a change set is known among the last TAIL ones. An empty body leaves nothing
        of the tenant but its version.
        """

    async def snapshot(self, tenant: str, version: int, body: bytes) -> None:
        """Let a snapshot stand for all versions up to `version`; an older one than that which is there is ignored."""

    async def keep(self, name: str, body: bytes) -> None:
        """Keep bytes under a name that says what they are (a hash), where they are not there yet."""

    async def kept(self, name: str) -> bytes | None:
        """Return what is kept under a name."""

    async def close(self) -> None:
        """Let go of files and connections."""
