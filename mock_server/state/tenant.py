"""One tenant: its records, clock, chance, and what it recorded of what happened."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..clock import Clock
from ..ids import Ids
from .memory import Base, MemoryStore

LOG_CAP = 1000


@dataclass(frozen=True, slots=True)
class ClockSetting:
    """How a tenant's clock runs: frozen at a time, or real with an offset (both in milliseconds)."""

    frozen: int | None = None
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Seed:
    """What a tenant starts from. Literal tokens (token -> user) belong to the tenant named `subdomain` alone."""

    base: Base = field(default_factory=Base)
    subdomain: str = "demo"
    tokens: Mapping[str, str] = field(default_factory=dict)
    clock: ClockSetting = ClockSetting()


class Log:
    """The last things recorded, oldest first; what had to make room is counted."""

    __slots__ = ("dropped", "entries")

    def __init__(self, entries: list[Any] | None = None, dropped: int = 0) -> None:
        self.entries: deque[Any] = deque(entries or (), maxlen=LOG_CAP)
        self.dropped = dropped

    def add(self, entry: Any) -> None:
        """Record one thing more; drops the oldest when there are LOG_CAP."""
        if len(self.entries) == LOG_CAP:
            self.dropped += 1
        self.entries.append(entry)


class Tenant:
    """One organisation, named by a DNS label; an overlay over its seed data."""

    __slots__ = ("clock", "ids", "logs", "name", "problem_ids", "rendered", "seed", "store", "written")

    def __init__(self, name: str, seed: Seed, *, random_seed: int) -> None:
        self.name = name
        self.seed = seed
        self.store = MemoryStore(seed.base)
        self.clock = Clock(frozen=seed.clock.frozen, offset=seed.clock.offset)
        # Refusals draw from a stream of their own, so that a refused request moves no later id.
        self.ids = Ids(f"{random_seed}:{name}")
        self.problem_ids = Ids(f"{random_seed}:{name}:problems")
        self.logs: dict[str, Log] = {}
        self.rendered: dict[str, tuple[object, bytes]] = {}
        """Records as they were last shown; see web.render.rendered."""
        self.written = False

    def log(self, name: str) -> Log:
        """Give the log of that name; one never written to is empty."""
        return self.logs.get(name) or Log()
