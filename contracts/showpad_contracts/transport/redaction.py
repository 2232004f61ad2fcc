"""Takes tokens out of what is kept of an exchange, where it is captured, however they are spelled."""

from __future__ import annotations

import html
import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote, unquote

from ..core.exchange import NOTHING

SHORTEST = 8  # what is shorter is no secret, and may be a word of the answer
REDACTED = "[token]"
COOKIES = ("set-cookie", "cookie", "authorization")
MOST_READINGS = 100  # layers go off in any order, so that each one more may multiply them
MOST_CHARACTERS = 2**26  # of all readings of a text
MOST_SPELLINGS = 8  # of tokens in one text, each by layers of its own
SHORT_TEXT, MOST_INNOCENT = 200, 10_000  # texts that are known to hold no secret, and how many of them are kept
TOO_DEEP = "[escaped too often to be looked through for tokens]"
# Of ASCII alone, in which tokens and the layers are written: others come by the ten thousand, one for each character.
ESCAPE = re.compile(r"""\\(?:u00([0-7][0-9a-f])|x([0-7][0-9a-f])|([\\/"'bfnrt]))""", re.IGNORECASE)
CONTROLS = dict(zip("bfnrt", "\b\f\n\r\t", strict=True))
BREAKS = str.maketrans("", "", "\r\n\0")
# Shorter runs hold no token: what Base64 surely keeps of one of SHORTEST characters is ten long.
BASE64 = re.compile(r"[A-Za-z0-9+/_=-]{8,}")


class Redaction:
    """Knows the tokens of a run, and replaces them in every spelling that an answer may give them.

    Those are escapes of JSON, of URLs and of HTML, within each other in any order, and Base64, in which a token may
    begin anywhere. A text that spells a token by escapes is given with them undone.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        # The longest first: one may begin with another.
        self._secrets = sorted({one for one in secrets if len(one) >= SHORTEST}, key=len, reverse=True)
        self._cores = [core for secret in self._secrets for core in _all_cores(secret)]
        # Names, ids and times come again and again; to look for secrets in each anew took a tenth of a run.
        self._innocent: set[str] = set()

    def also(self, secret: str) -> Redaction:
        """Return one that knows this secret too."""
        return self if secret in self._secrets or len(secret) < SHORTEST else Redaction([*self._secrets, secret])

    def learn(self, secrets: Iterable[str]) -> None:
        """Know these too from now on."""
        fresh = {one for one in secrets if len(one) >= SHORTEST} - {*self._secrets}
        if fresh:
            self._secrets = sorted([*self._secrets, *fresh], key=len, reverse=True)
            self._cores += [core for secret in fresh for core in _all_cores(secret)]
            self._innocent = set()

    def text(self, text: str) -> str:
        """Return a text without the secrets."""
        if text in self._innocent:
            return text
        redacted = self._redacted(text)
        if redacted == text and len(text) <= SHORT_TEXT and len(self._innocent) < MOST_INNOCENT:
            self._innocent.add(text)
        return redacted

    def _redacted(self, text: str) -> str:
        for _ in range(MOST_SPELLINGS):
            spelled = self._spelled(text)
            if spelled is None:
                return text
            text = self._without_secrets(spelled)
        return TOO_DEEP

    def _spelled(self, text: str) -> str | None:
        """Return the reading of a text that shows a secret; None where none does."""
        for reading in _readings(text):
            if reading is None:
                return TOO_DEEP
            if self._without_secrets(reading) != reading:
                return reading
        return None

    def json(self, value: Any) -> Any:
        """Return a JSON value without the secrets."""
        match value:
            case str():
                return self.text(value)
            case list():
                return [self.json(one) for one in value]
            case dict():
                return {self.text(name): self.json(one) for name, one in value.items()}
            case int() | float():
                # A token of digits may be told as a number.
                return value if self.text(str(value)) == str(value) else REDACTED
            case _:
                return value

    def body(self, sent: Any) -> Any:
        """Return a request's body without the secrets."""
        if sent is NOTHING:
            return sent
        # Latin-1 takes any bytes, and leaves a token, which is ASCII, as it is. JSON without escapes that it could do
        # without: each is undone to look behind it.
        told = sent.decode("latin-1") if isinstance(sent, bytes) else json.dumps(sent, ensure_ascii=False)
        redacted = self.text(told)
        if redacted == told:
            return sent
        return redacted.encode("utf-8", "replace") if isinstance(sent, bytes) else self.json(sent)

    def headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Return an answer's headers, lower-case, without the secrets and without cookies."""
        lower = {name.lower(): value for name, value in headers.items()}
        return {
            REDACTED if self._names_one(name) else name: "[redacted]" if name in COOKIES else self.text(value)
            for name, value in lower.items()
        }

    def _names_one(self, name: str) -> bool:
        """Return whether a header's name, which has no case, is one of the secrets."""
        return any(secret.lower() in name for secret in self._secrets)

    def _without_secrets(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, REDACTED)
        if not self._is_base64_in(text):
            return text
        return BASE64.sub(lambda run: REDACTED if self._is_base64_in(run[0]) else run[0], text)

    def _is_base64_in(self, text: str) -> bool:
        standard = text.replace("-", "+").replace("_", "/")
        return any(core in standard for core in self._cores)


def _readings(text: str) -> Iterator[str | None]:
    """Return a text, and what it becomes as layers of escapes are undone in any order; None where they are too many.

    Which of them are escapes, only who wrote the text knows.
    """
    seen, waiting, characters = {text}, [text], 0
    while waiting:
        reading = waiting.pop()
        characters += len(reading)
        if len(seen) > MOST_READINGS or characters > MOST_CHARACTERS:
            yield None
            return
        yield reading
        # Without its mark a layer changes nothing, and to undo it costs a copy of the text.
        for mark, undo in LAYERS:
            if mark in reading and (fresh := undo(reading)) not in seen:
                seen.add(fresh)
                waiting.append(fresh)


def _of_json(text: str) -> str:
    return ESCAPE.sub(_character, text)


def _character(escape: re.Match[str]) -> str:
    code = escape[1] or escape[2]
    return chr(int(code, 16)) if code else CONTROLS.get(escape[3], escape[3])


def _unbroken(text: str) -> str:
    """Join lines, over which Base64 may go, and leave out what UTF-16 puts between letters."""
    return text.translate(BREAKS)


LAYERS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("\\", _of_json),
    ("%", unquote),
    ("&", html.unescape),
    ("\n", _unbroken),
    ("\0", _unbroken),
)


def _all_cores(secret: str) -> list[str]:
    """Return the cores of a secret, and of what it is in a form: as such HTTP Basic encodes it for OAuth."""
    spellings = dict.fromkeys((secret, quote(secret, safe="")))
    return [core for spelling in spellings for core in _base64_cores(spelling.encode())]


def _base64_cores(secret: bytes) -> list[str]:
    """Return what Base64 makes of a secret whatever stands around it, for each of the three places it may begin at.

    At either end a character may hold bits of a neighbour.
    """
    cores = []
    # One byte before it has a share in the first two characters, two bytes have one in the first three.
    for before, shared in enumerate((0, 2, 3)):
        encoded = b64encode(bytes(before) + secret).decode().rstrip("=")
        cores.append(encoded[shared : -1 if (before + len(secret)) % 3 else None])
    return cores
