"""Ways to make a wrong server of RSpace's in a line: change what an operation is asked, or what it answers."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from showpad_contracts.rspace.targets import DOCUMENTED

from ...broken.wrapping import App, Ask, Broken, Seen, Wrong

Change = Callable[[Seen], Any]
Make = Callable[[App], App]
Header = tuple[bytes, bytes]
ANY = ".*"
ALICE = b"mock_contracts_alice"
ERROR = {
    "status": "BAD_REQUEST",
    "message": "No",
    "messageCode": None,
    "errors": ["No"],
    "iso8601Timestamp": "2026-01-01T00:00:00Z",
    "data": None,
}


class Tampered(Wrong):
    """Changes what one operation is asked, or what it answers under these statuses."""

    def __init__(
        self, right: App, operation: tuple[str, str], before: Change | None, after: Change | None, statuses: str
    ) -> None:
        super().__init__(right)
        self._operation, self._before, self._after, self._statuses = operation, before, after, statuses

    def _is_it(self, seen: Seen) -> bool:
        method, path = self._operation
        return re.fullmatch(method, seen.method) is not None and re.fullmatch(path, seen.path) is not None

    async def before(self, seen: Seen, ask: Ask) -> None:
        if self._before is not None and self._is_it(seen):
            self._before(seen)

    async def after(self, seen: Seen, ask: Ask) -> None:
        if self._after is not None and self._is_it(seen) and re.fullmatch(self._statuses, str(seen.status)):
            self._after(seen)


def asked(method: str, path: str, change: Change) -> Make:
    return lambda right: Tampered(right, (method, path), change, None, "")


def answered(method: str, path: str, change: Change, statuses: str = "2..") -> Make:
    return lambda right: Tampered(right, (method, path), None, change, statuses)


def recoded(method: str, path: str, old: int, new: int) -> Make:
    """One status is told as another."""
    return answered(method, path, lambda seen: setattr(seen, "status", new), str(old))


def coded(method: str, path: str, status: int, internal: int) -> Make:
    """An error has another internalCode."""
    return answered(method, path, lambda seen: seen.answer.update(internalCode=internal), str(status))


def without(method: str, path: str, name: str, statuses: str = "2..") -> Make:
    """A member of the answer is missing."""
    return answered(method, path, lambda seen: seen.answer.pop(name, None), statuses)


def telling(method: str, path: str, statuses: str = "2..", **members: Any) -> Make:
    """Members of the answer have other values."""
    return answered(method, path, lambda seen: seen.answer.update(members), statuses)


def refuse(seen: Seen, status: int, internal: int) -> None:
    seen.status = status
    seen.answer = {**ERROR, "httpCode": status, "internalCode": internal}
    seen.answer_headers = [(b"content-type", b"application/json")]


def refusing(method: str, path: str, when: Callable[[Seen], Any], *, status: int = 400, internal: int = 40002) -> Make:
    """What should be taken is refused."""
    return asked(method, path, lambda seen: refuse(seen, status, internal) if when(seen) else None)


def each(name: str, change: Callable[[dict[str, Any]], Any]) -> Change:
    """Change each member of a list of the answer."""

    def change_all(seen: Seen) -> None:
        for one in seen.answer[name]:
            change(one)

    return change_all


def header(seen: Seen, name: bytes) -> bytes | None:
    return dict(seen.headers).get(name)


def with_header(seen: Seen, name: bytes, value: bytes | None) -> None:
    kept = [one for one in seen.headers if one[0] != name]
    seen.headers = kept if value is None else [*kept, (name, value)]


def as_alice(seen: Seen) -> None:
    with_header(seen, b"apikey", ALICE)


def without_key(seen: Seen) -> None:
    with_header(seen, b"apikey", None)


SHARE, SHARED, INFOS = "/share", "/share/document/.*", "shareInfos"


def wrong(rule: str, story: str, make: Make | type[Wrong], kind: str = DOCUMENTED) -> Broken:
    return Broken(rule, story, make, kind)
