"""A request and its answer, as the kit sent and received them; secrets are left out where they are captured."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any


class _Nothing:
    def __repr__(self) -> str:
        return "nothing"


NOTHING = _Nothing()
"""No body, or none that is JSON; JSON's null is None."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One exchange. `path` lies under the base URL, or is a whole address, and bears the query; `actor` is who asked,
    None for nobody.

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
        return None if self.sent is NOTHING else body_text(self.sent)

    def shortened(self, most: int) -> Exchange:
        """Return it without an answer's body beyond so many characters, but for its beginning as text."""
        return self if len(self.text) <= most else replace(self, received=NOTHING, text=self.text[:most])


def body_text(sent: Any) -> str:
    """Return a request's body as the text that was sent."""
    return sent.decode("utf-8", "replace") if isinstance(sent, bytes) else json.dumps(sent)
