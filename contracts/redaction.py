"""Takes tokens out of what is kept of an exchange, where it is captured."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from .exchange import NOTHING

SHORTEST = 8  # what is shorter is no secret, and may be a word of the answer
REDACTED = "[token]"
COOKIES = ("set-cookie", "cookie", "authorization")


class Redaction:
    """Knows the tokens of a run, and replaces them in every spelling that an answer may give them."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = frozenset(secret for secret in secrets if len(secret) >= SHORTEST)
        spellings = {spelling for secret in self._secrets for spelling in _spellings(secret)}
        self._spellings = sorted(spellings, key=len, reverse=True)  # the longest first: one may begin with another

    def also(self, secret: str) -> Redaction:
        """Give one that knows this secret too."""
        return self if secret in self._secrets or len(secret) < SHORTEST else Redaction([*self._secrets, secret])

    def text(self, text: str) -> str:
        """Give a text without the secrets."""
        for spelling in self._spellings:
            text = text.replace(spelling, REDACTED)
        return text

    def body(self, sent: Any) -> Any:
        """Give a request's body without the secrets."""
        if sent is NOTHING:
            return sent
        if isinstance(sent, bytes):
            return self.text(sent.decode("latin-1")).encode("latin-1")
        told = json.dumps(sent)
        redacted = self.text(told)
        return sent if redacted == told else json.loads(redacted)

    def headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Give an answer's headers, lower-case, without the secrets and without cookies."""
        lower = {name.lower(): value for name, value in headers.items()}
        return {name: "[redacted]" if name in COOKIES else self.text(value) for name, value in lower.items()}


def _spellings(secret: str) -> set[str]:
    escaped = json.dumps(secret)[1:-1]
    return {secret, escaped, escaped.replace("/", "\\/"), quote(secret), quote(secret, safe="")}
