"""Answers as bytes: JSON, problems, and the headers in which the mock speaks of its own answer."""

from __future__ import annotations

from asyncio import sleep
from collections.abc import Awaitable, Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar
from urllib.parse import quote

from pydantic_core import to_json

from ..core.redaction import are_texts_innocent
from ..core.refusals import Refusal
from ..state.kept import Kept
from .call import Ignored

JSON = b"application/json"
IGNORED_BYTES = 4000  # many servers and proxies take headers of 4 KiB, name and value, and no longer ones

R = TypeVar("R")
Header = tuple[bytes, bytes]
Rendered = tuple[bytes, bool]
"""A record as JSON, and whether it is known to hold no secret."""


class Occurrence(NamedTuple):
    """One refusal among those of its problem: its id, where a tenant's chance gave one, and when it was."""

    id: str | None
    at: int


NOTHING: Mapping[str, tuple[object, bytes, bool]] = {}


class Answer:
    """A whole answer: status, headers as they go out (lower-case), body. Leaner than a response that may stream."""

    __slots__ = ("body", "headers", "is_innocent", "status")

    def __init__(self, status: int, body: bytes = b"", media_type: bytes | None = None) -> None:
        self.status = status
        self.body = body
        self.is_innocent = False
        """Whether the body is known to hold no secret, so that the journal need not look."""
        self.headers: list[Header] = []
        if media_type is not None:
            self.headers += ((b"content-type", media_type), (b"content-length", b"%d" % len(body)))

    async def __call__(self, _scope: object, _receive: object, send: Callable[[Any], Awaitable[None]]) -> None:
        """Send it, as an ASGI app does."""
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": self.body})


class ComposedAnswer(Answer):
    """A long answer, made of pieces once its unit of work is done, while others are answered in between."""

    __slots__ = ("_pieces",)

    def __init__(self, pieces: Iterator[bytes]) -> None:
        super().__init__(200)
        self._pieces = pieces

    async def compose(self) -> None:
        """Make the body."""
        made = []
        for piece in self._pieces:
            made.append(piece)
            await sleep(0)  # no time: whoever waits for the loop goes first
        self.body = b"".join(made)
        self.headers += ((b"content-type", JSON), (b"content-length", b"%d" % len(self.body)))


def json_answer(value: Any, status: int = 200) -> Answer:
    """Answer with a value as JSON."""
    return Answer(status, to_json(value), JSON)


def rendered_answer(status: int, rendered: Rendered) -> Answer:
    """Answer with a record that is JSON already."""
    answer = Answer(status, rendered[0], JSON)
    answer.is_innocent = rendered[1]
    return answer


def rendered(kept: Kept, tenant: str, key: str, record: R, show: Callable[[R], Any]) -> Rendered:
    """Return a record as JSON; serialised once, and kept as long as the record is there and there is room.

    None of the members that are shown may be a secret's: it is looked for in the texts alone.
    """
    known = kept.of.get(tenant, NOTHING).get(key)
    # `is`: records are replaced, never changed, so that the same object is the same content.
    if known is not None and known[0] is record:
        return known[1], known[2]
    body = to_json(show(record))
    is_innocent = are_texts_innocent(body)
    kept.keep(tenant, key, record, body, known=is_innocent)
    return body, is_innocent


def no_content() -> Answer:
    """Answer 204 without a body."""
    return Answer(204)


def problem_answer(refusal: Refusal, occurrence: Occurrence | None = None) -> Answer:
    """Answer with a refusal as `application/problem+json` (RFC 9457), with its id, what is wrong as meta."""
    problem = refusal.problem
    told: dict[str, Any] = {
        "type": problem.type,
        "title": problem.title,
        "status": problem.status,
        "detail": refusal.detail,
    }
    # Drawn from a tenant's chance: where no token named a tenant, a refusal has no id.
    if occurrence is not None and occurrence.id is not None:
        told["id"] = occurrence.id
    if refusal.field_errors:
        told["meta"] = [
            {"name": one.name, "reason": one.reason, "category": one.category} for one in refusal.field_errors
        ]
    answer = Answer(problem.status, to_json(told), b"application/problem+json")
    # ASGI wants names in lower case.
    answer.headers += ((name.lower().encode(), value.encode("latin-1")) for name, value in refusal.headers.items())
    return answer


class RulesHeader:
    """Writes `X-Mock-Rules`: which rules decided an answer, and how sure each is."""

    def __init__(self, levels: Mapping[str, str]) -> None:
        self._levels = levels
        # A server answers with the same few dozen sets of rules again and again.
        self.write = lru_cache(maxsize=4096)(self._told)
        """From rules to the header's value: `CREATE-OK;S, CREATE-URI-AUTO;D`."""

    def _told(self, rules: tuple[str, ...]) -> bytes:
        return ", ".join(f"{rule};{self._levels[rule]}" for rule in dict.fromkeys(rules)).encode()


def ignored_header(ignored: Ignored) -> bytes:
    """Return the value of `X-Mock-Ignored`: `body.ownerID, query.limt`; escaped where a header could not hold it.

    Names that would make it longer than IGNORED_BYTES are counted with those that are not told.
    """
    told: list[str] = []
    # The room for the longest count is kept free from the beginning.
    room = IGNORED_BYTES - len(", and 18446744073709551616 more")
    for name in ignored.names:
        escaped = quote(name, safe="[].-_~")
        room -= len(escaped) + len(", ")
        if room < 0:
            break
        told.append(escaped)
    if more := len(ignored.names) - len(told) + ignored.more:
        told.append(f"and {more} more")
    return ", ".join(told).encode()
