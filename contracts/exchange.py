"""A request and its answer, as the kit sent and received them; secrets are left out where they are captured."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


class _Nothing:
    def __repr__(self) -> str:
        return "nothing"


NOTHING = _Nothing()
"""No body, or none that is JSON; JSON's null is None."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One exchange. `path` lies under the base URL and bears the query; `actor` is who asked, None for nobody.

    `sent` is the JSON value of the request's body, bytes for what is none, NOTHING without a body. `received` is the
    JSON value of the answer's body, NOTHING where it has none; `text` is the body as it came. Headers are lower-case.
    """

    method: str
    path: str
    actor: str | None
    sent: Any
    status: int
    headers: Mapping[str, str]
    received: Any
    text: str
    seconds: float
    asked: Mapping[str, str] = field(default_factory=dict)
    """The headers that the request bore of its own, without an actor's token."""

    @property
    def name(self) -> str:
        """The request in a few words."""
        return f"{self.method} {self.path}"

    @property
    def sent_text(self) -> str | None:
        """The request's body as text, None where there was none."""
        return None if self.sent is NOTHING else _body(self.sent)

    def curl(self, base_url: str) -> str:
        """Give a line that sends the same again; the actor's token is read from a variable."""
        return _curl(self, base_url, {})


TAKE_ID = "python3 -c 'import json, sys; print(json.load(sys.stdin)[\"id\"])'"


def reproduction(exchanges: Sequence[Exchange], base_url: str) -> list[str]:
    """Give shell lines that send the same again; ids that an answer gave and a later request names become variables."""
    known: dict[str, str] = {}
    lines = []
    for position, exchange in enumerate(exchanges):
        line = _curl(exchange, base_url, known)
        found = _id_told(exchange)
        if found and found not in known and any(_names(later, found) for later in exchanges[position + 1 :]):
            known[found] = f"ID_{len(known) + 1}"
            line = f"{known[found]}=$({line} | {TAKE_ID})"
        lines.append(line)
    return lines


def _id_told(exchange: Exchange) -> str:
    """Give the id of what an exchange created, empty where it created nothing."""
    found = exchange.received.get("id") if isinstance(exchange.received, dict) else None
    return found if exchange.method == "POST" and isinstance(found, str) else ""


def _names(exchange: Exchange, text: Any) -> bool:
    return text in exchange.path or (exchange.sent is not NOTHING and text in _body(exchange.sent))


def _body(sent: Any) -> str:
    return sent.decode("utf-8", "replace") if isinstance(sent, bytes) else json.dumps(sent)


def _curl(exchange: Exchange, base_url: str, known: Mapping[str, str]) -> str:
    method = ["-I"] if exchange.method == "HEAD" else ["-X", exchange.method]
    words = ["curl", "-sS", *method, _quoted(base_url + exchange.path, known)]
    if exchange.actor is not None:
        words += ["-H", f'"Authorization: Bearer ${token_variable(exchange.actor)}"']
    headers = dict(exchange.asked)
    if exchange.sent is not NOTHING and not any(name.lower() == "content-type" for name in headers):
        headers["Content-Type"] = "application/json"
    for name, value in headers.items():
        words += ["-H", shlex.quote(f"{name}: {value}" if value else f"{name};")]  # as curl spells an empty one
    if exchange.sent is not NOTHING:
        words += ["--data-raw", _quoted(_body(exchange.sent), known)]
    return " ".join(words)


def _quoted(text: str, known: Mapping[str, str]) -> str:
    """Quote a text for the shell, the ids among it replaced by their variables."""
    if not known:
        return shlex.quote(text)
    parts = re.split("(" + "|".join(map(re.escape, known)) + ")", text)
    return "".join(f'"${known[part]}"' if part in known else shlex.quote(part) for part in parts if part)


def token_variable(actor: str) -> str:
    """Name the shell variable that holds an actor's token in reproductions: `TOKEN_ADMIN`, `TOKEN_OWNER_OAUTH`."""
    return "TOKEN_" + actor.upper().replace("/", "_").replace("-", "_")
