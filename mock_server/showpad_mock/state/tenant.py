"""One tenant: its records, clock, chance, and what it recorded of what happened."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from ..core.clock import Clock
from ..core.ids import Ids
from .base import Base
from .memory import MemoryStore

# Without a cap, a log that nobody reads would grow with every create.
LOG_CAP = 1000


class LogEntry(Protocol):
    """Something that happened, made of records, which never change."""

    def shown(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""


@dataclass(frozen=True, slots=True)
class Seed:
    """What a tenant starts from. Literal tokens (token -> user) belong to the tenant named `subdomain` alone.

    Unless the data name none themselves (`is_named`): then a host may name another.
    `fingerprint` names its records and clock where tenants are kept in a log; see `commits.py`.
    """

    base: Base = field(default_factory=Base)
    subdomain: str = "demo"
    tokens: Mapping[str, str] = field(default_factory=dict)
    clock: Clock = field(default_factory=Clock)
    fingerprint: str = ""
    is_named: bool = True


def joined(seeds: Sequence[Seed]) -> Seed:
    """Return the seed of a tenant that has the records of several vendors; all but these are the first one's."""
    first, *others = seeds
    if not others:
        return first
    base = Base()
    for seed in seeds:
        if shared := base.records.keys() & seed.base.records.keys():
            raise ValueError(f"two vendors have record types named {', '.join(sorted(shared))}")
        base.records |= seed.base.records
    tokens = {token: user for seed in seeds for token, user in seed.tokens.items()}
    return replace(first, base=base, tokens=tokens)


class Log:
    """The last things recorded, oldest first; what had to make room is counted.

    An entry is shown when it is first read, since most never are.
    """

    __slots__ = ("_entries", "dropped")

    def __init__(self, entries: Iterable[dict[str, Any]] = (), dropped: int = 0) -> None:
        self._entries: deque[dict[str, Any] | LogEntry] = deque(entries, maxlen=LOG_CAP)
        self.dropped = dropped

    def add(self, entry: LogEntry | dict[str, Any]) -> LogEntry | dict[str, Any] | None:
        """Record one thing more; drops the oldest when there are LOG_CAP, and returns it."""
        oldest = None
        if len(self._entries) == LOG_CAP:
            self.dropped += 1
            oldest = self._entries[0]
        self._entries.append(entry)
        return oldest

    def take_back(self, oldest: LogEntry | dict[str, Any] | None) -> bool:
        """Undo the last `add`, which returned `oldest`; return whether nothing is left."""
        self._entries.pop()
        if oldest is not None:
            self._entries.appendleft(oldest)
            self.dropped -= 1
        return not self._entries and not self.dropped

    def held(self) -> list[dict[str, Any] | LogEntry]:
        """Return the entries as they are held."""
        return list(self._entries)

    def read(self) -> list[dict[str, Any]]:
        """Return the entries as JSON can hold them."""
        shown = [entry if isinstance(entry, dict) else entry.shown() for entry in self._entries]
        # What was shown replaces what it was made of, so that a second read costs nothing and records are let go.
        self._entries = deque(shown, maxlen=LOG_CAP)
        return shown


class Tenant:
    """One organisation, named by a DNS label; an overlay over its seed data."""

    __slots__ = ("clock", "ids", "logs", "name", "problem_ids", "seed", "store", "version", "written")

    def __init__(self, name: str, seed: Seed, *, stream: str) -> None:
        self.name = name
        self.seed = seed
        self.store = MemoryStore(seed.base)
        self.clock = seed.clock
        # Refusals draw from a stream of their own, so that a refused request moves no later id.
        self.ids = Ids(stream)
        self.problem_ids = Ids(f"{stream}:problems")
        # Each is made at its first entry (unit.py): most tenants only read.
        self.logs: dict[str, Log] = {}
        self.written = False
        self.version = 0
        """How many change sets of its log it holds; 0 where there is no log."""

    def log(self, name: str) -> Log:
        """Return the log of that name; one never written to is empty."""
        # Not kept: to read a log is no write, and a tenant that was not written to is exactly its seed data.
        return self.logs.get(name) or Log()
