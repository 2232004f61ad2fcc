"""Clients that create spaces without a pause, while what keeps them is killed, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event, Semaphore

import httpx2

from .servers import PATIENCE, Tenant

PAGE = 1000


class Writers:
    """Each creates spaces of titles that are used once; what was answered with 201 is noted, and what was not."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._is_over = Event()
        self._progress = Semaphore(0)
        self._there = [Event() for _ in tenant.origins]
        self.answered: list[str] = []
        self.unanswered: list[str] = []

    def wait_for(self, count: int) -> None:
        """Wait until so many more creates were answered."""
        for _ in range(count):
            assert self._progress.acquire(timeout=PATIENCE)

    def is_there(self, server: int) -> None:
        """Let the writers ask a server."""
        self._there[server].set()

    def is_away(self, server: int) -> None:
        """Let the writers whom a server fails wait until it is there."""
        self._there[server].clear()

    def end(self) -> None:
        """Let each writer end after what it is about."""
        self._is_over.set()
        for event in self._there:
            event.set()

    def write(self, number: int) -> None:
        """Create one space after the other."""
        at = number % len(self._there)
        turn = 0
        while not self._is_over.is_set():
            assert self._there[at].wait(PATIENCE)
            turn += 1
            self._create(f"{number}-{turn}", at)

    def _create(self, title: str, at: int) -> None:
        try:
            answer = self._tenant.ask("POST", "/shared-spaces", {"title": title}, at=at)
        except httpx2.TransportError:
            self.unanswered.append(title)
            return
        if answer.status_code == 201:
            self.answered.append(title)
            self._progress.release()
        else:
            assert answer.json()["type"] == "/mock-server/state-unavailable", answer.text
            self.unanswered.append(title)

    def assert_kept(self, *, at: int = 0) -> None:
        """Assert that every answered write is there, and none twice, as a server shows them."""
        kept = titles(self._tenant, at=at)
        assert [title for title in self.answered if not kept[title]] == []
        ours = {*self.answered, *self.unanswered}
        assert {title: times for title, times in kept.items() if title in ours and times > 1} == {}


def titles(tenant: Tenant, *, at: int) -> Counter[str]:
    """Return how many spaces there are of each title."""
    found: Counter[str] = Counter()
    while True:
        page = tenant.ask("GET", f"/shared-spaces?limit={PAGE}&offset={found.total()}", at=at, as_="admin").json()
        found.update(space["title"] for space in page["items"])
        if found.total() >= page["count"]:
            return found


@contextmanager
def writing(tenant: Tenant, count: int) -> Iterator[Writers]:
    """Let so many write during the block."""
    writers = Writers(tenant)
    with ThreadPoolExecutor(count) as pool:
        futures: list[Future[None]] = [pool.submit(writers.write, number) for number in range(count)]
        try:
            yield writers
        finally:
            writers.end()
    for future in futures:
        future.result()
