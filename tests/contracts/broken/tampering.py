"""Ways to make a wrong server in a line: change what one operation is asked, what it answers, or refuse it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode

from .wrapping import App, Ask, Seen, Wrong

Change = Callable[[Seen], Any]
Make = Callable[[App], App]


class _Tampering(Wrong):
    def __init__(self, right: App, operation: tuple[str, str], *, before: Change | None, after: Change | None) -> None:
        super().__init__(right)
        self._operation, self._before, self._after = operation, before, after

    async def before(self, seen: Seen, ask: Ask) -> None:
        if self._before is not None and seen.is_(*self._operation):
            self._before(seen)

    async def after(self, seen: Seen, ask: Ask) -> None:
        if self._after is not None and seen.is_(*self._operation) and 200 <= seen.status < 300:
            self._after(seen)


def asking(method: str, path: str, change: Change) -> Make:
    """The operation does as if it had been asked something else."""
    return lambda right: _Tampering(right, (method, path), before=change, after=None)


def answering(method: str, path: str, change: Change) -> Make:
    """What the operation answers when it succeeds is changed."""
    return lambda right: _Tampering(right, (method, path), before=None, after=change)


def both(method: str, path: str, before: Change, after: Change) -> Make:
    """The operation is asked something else, and its answer changed."""
    return lambda right: _Tampering(right, (method, path), before=before, after=after)


def refusing(method: str, path: str, when: Callable[[Seen], bool], *, code: int = 400) -> Make:
    """The operation refuses what it should accept."""

    def refuse(seen: Seen) -> None:
        if when(seen):
            answer_problem(seen, code)

    return asking(method, path, refuse)


def answer_problem(seen: Seen, code: int) -> None:
    """Answer with a problem."""
    seen.status = code
    seen.answer = {"type": "/errors/bad-request", "title": "No", "detail": "This is refused.", "status": code}
    seen.answer_headers = [(b"content-type", b"application/problem+json")]


def with_status(code: int) -> Change:
    """Answer the same with another status."""

    def change(seen: Seen) -> None:
        seen.status = code

    return change


def query(seen: Seen) -> dict[str, str]:
    """Give the query's parameters."""
    return dict(parse_qsl(seen.query, keep_blank_values=True))


def requery(seen: Seen, **changes: str | None) -> None:
    """Change the query's parameters; None drops one."""
    seen.query = urlencode({name: value for name, value in {**query(seen), **changes}.items() if value is not None})


def ignoring(path: str, *names: str) -> Make:
    """These parameters of a list mean nothing."""
    return asking("GET", path, lambda seen: requery(seen, **dict.fromkeys(names)))


def taking(path: str, name: str, change: Callable[[str], str]) -> Make:
    """A parameter of a list is read otherwise."""

    def ask(seen: Seen) -> None:
        if name in query(seen):
            requery(seen, **{name: change(query(seen)[name])})

    return asking("GET", path, ask)


def calling(path: str, old: str, new: str) -> Make:
    """A parameter of a list is taken for another one."""
    return asking(
        "GET", path, lambda seen: requery(seen, **{old: None, new: query(seen).get(old, query(seen).get(new))})
    )


def keeping(path: str, test: Callable[[Seen, Any], bool]) -> Make:
    """A list leaves out more than it should."""

    def keep(seen: Seen) -> None:
        seen.answer["items"] = [item for item in seen.answer["items"] if test(seen, item)]
        seen.answer["count"] = len(seen.answer["items"])

    return answering("GET", path, keep)


def as_admin(seen: Seen) -> None:
    """Ask with the administrator's token, whoever asks."""
    seen.headers = [
        (name, b"Bearer mock.contracts.admin" if name == b"authorization" else value) for name, value in seen.headers
    ]
