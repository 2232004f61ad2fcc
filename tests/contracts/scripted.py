"""A target whose every answer a test writes, and small checks of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2

from showpad_contracts.core.check import Check
from showpad_contracts.core.events import Event, Outcome, RunEnded
from showpad_contracts.core.rule import Level, Rule
from showpad_contracts.core.target import Actor, Target
from showpad_contracts.running.runner import PROFILES, Plan, run
from showpad_contracts.suite import Cleanup
from showpad_contracts.transport.limits import Limits
from showpad_contracts.transport.session import Caller, Session

TOKEN = "token-of-the-administrator"
CLEANUP = Cleanup(actor="admin", noun="space", collections=("/shared-spaces",))
CATALOGUE = {
    rule_id: Rule(rule_id, level, source, f"The sentence of {rule_id}.")
    for rule_id, level, source in (
        ("DOC-ONE", Level.DOCUMENTED, "guide 000"),
        ("DOC-TWO", Level.DOCUMENTED, "guide 001"),
        ("STATED-ONE", Level.STATED, "OpenAPI description"),
        ("ASSUMED-ONE", Level.ASSUMED, "assumption"),
    )
}


@dataclass
class Scripted:
    """A client over a scripted target."""

    session: Session
    deleted: list[str] = field(default_factory=list)
    suite: str = "showpad"
    cleanup: Cleanup = CLEANUP

    @property
    def admin(self) -> Caller:
        return Caller(self.session, "admin", TOKEN)

    def operation_of(self, method: str, path: str) -> str:
        return f"{method.lower()}{path.rpartition('/')[0]}"

    def clean_up(self) -> list[str]:
        for space_id in self.session.kept():
            self.session.forget(space_id)
            self.deleted.append(space_id)
        return []

    def sweep(self) -> list[str]:
        return []


@contextmanager
def scripted(
    handler: Callable[[httpx2.Request], httpx2.Response], *, is_own: bool = True, **limits: Any
) -> Iterator[Scripted]:
    actors = {"admin": Actor("admin", api_token=TOKEN)}
    target = Target("scripted", "http://127.0.0.1/v4", None, actors=actors, offers={}, is_own=is_own)
    session = Session(target, "check", limits=Limits(**limits), transport=httpx2.MockTransport(handler))
    try:
        yield Scripted(session)
    finally:
        session.close()


def well(_: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(200, json={"count": 0, "items": []})


def plan_of(*checks: Check[Scripted], **more: Any) -> Plan[Scripted]:
    more = {"profile": PROFILES["default"], "allow_writes": True, **more}
    return Plan(checks=checks, catalogue=CATALOGUE, **more)


def events_of(
    *checks: Check[Scripted],
    handler: Callable[[httpx2.Request], httpx2.Response] = well,
    is_own: bool = True,
    **more: Any,
) -> list[Event]:
    with scripted(handler, is_own=is_own) as client:
        return list(run(plan_of(*checks, **more), client))


def outcomes_of(events: Sequence[Event]) -> list[Outcome]:
    return [one for one in events if isinstance(one, Outcome)]


def end_of(events: Sequence[Event]) -> RunEnded:
    ended = events[-1]
    assert isinstance(ended, RunEnded)
    return ended
