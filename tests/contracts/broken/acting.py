"""More ways to make a wrong server: who asks, asking as somebody else, another status, done though refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...harness.in_process import mock_target
from .tampering import Make, answering, asking
from .wrapping import Ask, Seen, Wrong

TARGET = mock_target()
SPACES = "/shared-spaces"
SPACE = "/shared-spaces/[^/]+"
TRANSFER = "/shared-spaces/[^/]+/transfer-ownership"
LISTS = "/(shared-spaces|users|assets|themes|shared-space-templates|divisions)"
BUSY = ("POST", "PATCH", "DELETE")


def authorization(seen: Seen) -> str:
    """Give the Authorization header of a request, empty where there is none."""
    return next((value.decode("latin-1") for name, value in seen.headers if name == b"authorization"), "")


def authorize(seen: Seen, value: str) -> None:
    """Put another Authorization header in its place."""
    others = [(name, old) for name, old in seen.headers if name != b"authorization"]
    seen.headers = [*others, (b"authorization", value.encode())]


def act_as(seen: Seen, name: str) -> None:
    """Let an actor ask in the caller's place."""
    authorize(seen, f"Bearer {TARGET.token(name, oauth=False)}")


def actor(seen: Seen) -> str | None:
    """Name the actor who asks."""
    token = authorization(seen).removeprefix("Bearer ")
    found = (name for name, one in TARGET.actors.items() if token in (one.api_token, one.oauth_token))
    return next(found, None)


def is_in_person(seen: Seen) -> bool:
    """Say whether the caller has an OAuth token."""
    return authorization(seen).endswith(".oauth")


async def as_admin_asks(seen: Seen, ask: Ask, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    """Send a request of the administrator's in between."""
    kept = seen.headers
    act_as(seen, "admin")
    answered = await ask(method, path, body)
    seen.headers = kept
    return answered


def told(method: str, path: str, change: Callable[[dict[str, Any]], object]) -> Make:
    """What the operation answers when it succeeds is changed in place."""
    return answering(method, path, lambda seen: change(seen.answer))


def taken(method: str, path: str, change: Callable[[dict[str, Any]], object]) -> Make:
    """The operation takes the JSON object it is sent for another one, changed in place."""

    def take(seen: Seen) -> None:
        if isinstance(seen.body, dict):
            seen.body = dict(seen.body)
            change(seen.body)

    return asking(method, path, take)


def recoded(method: str, path: str, old: int, new: int) -> Make:
    """A refusal has another status."""

    class Recoded(Wrong):
        async def after(self, seen: Seen, ask: Ask) -> None:
            if seen.is_(method, path) and seen.status == old:
                seen.status = new
                seen.answer = {**seen.answer, "status": new}

    return Recoded


def as_somebody(name: str, method: str, path: str, when: Callable[[Seen], bool] = lambda _: True) -> Make:
    """The operation asks for another's rights than the caller's."""

    def act(seen: Seen) -> None:
        if actor(seen) is not None and when(seen):
            act_as(seen, name)

    return asking(method, path, act)


def done_all_the_same(method: str, path: str, status: int) -> Make:
    """A refusal comes after what was asked has been done."""

    class Done(Wrong):
        async def after(self, seen: Seen, ask: Ask) -> None:
            if seen.is_(method, path) and seen.status == status:
                await as_admin_asks(seen, ask, seen.method, seen.path, seen.body)

    return Done
