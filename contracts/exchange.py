"""A request and its answer, as the kit sent and received them; secrets are left out where they are captured."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
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

    @property
    def name(self) -> str:
        """The request in a few words."""
        return f"{self.method} {self.path}"

    def curl(self, base_url: str) -> str:
        """Give a line that sends the same again; the actor's token is read from a variable."""
        words = ["curl", "-sS", "-X", self.method, shlex.quote(base_url + self.path)]
        if self.actor is not None:
            words += ["-H", f'"Authorization: Bearer ${token_variable(self.actor)}"']
        if self.sent is not NOTHING:
            body = self.sent.decode("utf-8", "replace") if isinstance(self.sent, bytes) else json.dumps(self.sent)
            words += ["-H", "'Content-Type: application/json'", "-d", shlex.quote(body)]
        return " ".join(words)


def token_variable(actor: str) -> str:
    """Name the shell variable that holds an actor's token in reproductions: `TOKEN_ADMIN`, `TOKEN_OWNER_OAUTH`."""
    return "TOKEN_" + actor.upper().replace("/", "_").replace("-", "_")
