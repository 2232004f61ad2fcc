"""Takes secrets out of what is kept of an exchange: by the names that they go by, however these and they are encoded.

Headers, queries, forms and JSON are looked through, and what they hold in percent-encoding, in escapes of JSON, as JSON
or URLs in strings, too. What was cut off, or is no JSON after all, is looked through as far as it can be read.
"""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Iterable, Sequence
from functools import lru_cache
from urllib.parse import quote_plus, unquote_plus

REDACTED = "[redacted]"
DEEPEST = 6
"""How many encodings within each other are undone; what lies deeper is taken out whole."""

Headers = Sequence[tuple[bytes, bytes]]

# Letters and digits of a name count, in lower case: client_secret, clientSecret and Client-Secret are one.
_SECRET_NAME = re.compile(
    r".*(?:password|passwd|passphrase|secret(?!ar)"
    r"|(?:api|access|auth|encryption|master|private|shared|signature|signing)key).*"
    r"|.*(?:token|pwd|passcode|cookie|session|sessionid|authorization|(?<!o)auth|jwt|otp|assertion|samlresponse"
    r"|(?<!allow)credential|(?:access|auth|authorization|device|otp|user|verification)code|codeverifier"
    r"|(?:amz|goog)signature)s?"
    r"|code|invitation|pass|pin|sid|sig"
)
LONGEST_NAME = 100
"""How much of a name counts: the end of it."""
NAMES_REMEMBERED = 4096
# Only what is no secret is remembered, never a secret itself.
_innocent: set[bytes] = set()
# Most headers are those of the request before.
HEADERS_REMEMBERED, LONGEST_HEADER = 1000, 200
_innocent_headers: set[tuple[bytes, bytes]] = set()

_NAME_IN_JSON = re.compile(rb'"([^"]*+)"\s*+:')

# The scanners. None begins twice in the same run of characters: their time is in proportion to the text.
_STRING = re.compile(r'"((?:[^"\\]++|\\.)*+)"?(\s*+:\s*+)?', re.DOTALL)
_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]', re.DOTALL)
_PLAIN_VALUE = re.compile(r"[^,\]}\r\n]*+")
_MAY_HOLD = re.compile(r"[=%\\ ]")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_SHORT_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_WORD = re.compile(r"[^=&?#;,\s\"'<>(){}]++=?")
_WORD_IN_BYTES = re.compile(_WORD.pattern.encode())
_QUOTED_NAME = re.compile(r'("([^"\\{}\[\],:]{1,100}+)"\s*+:\s*+)("(?:[^"\\]++|\\.)*+"?|[^\s,"{}\[\]]++)', re.DOTALL)
_PART = re.compile(
    r'(name="?([^"\r\n;]{1,100}+)[^\r\n]{0,200}+\r?\n(?:[^\r\n]{1,200}+\r?\n){0,2}+\r?\n)(.*?)(?=\r?\n--|\Z)',
    re.DOTALL,
)
_COLON = re.compile(r"\s*+:\s*+")
_NAMING, _VALUES = ("name", "key", "header"), ("value", "values")
"""Members of an object that holds a name and, beside it, what goes by that name: `{"name": "X-Key", "value": ...}`."""
_VALUES_IN_BYTES = {b"value", b"Value", b"VALUE", b"values", b"Values", b"VALUES"}
_CREDENTIALS = re.compile(r"\b((basic|bearer) ++)([\w.~+/=-]{6,}+)", re.IGNORECASE)
_NOTHING = ("", '""', "null", "true", "false", f'"{REDACTED}"')


# Names are a client's: without a cut, one of 10 MiB would be remembered whole.
def is_secret(name: str) -> bool:
    """Return whether what goes by this name is usually a secret."""
    return _is_secret(name[-LONGEST_NAME:])


@lru_cache(maxsize=NAMES_REMEMBERED)
def _is_secret(name: str) -> bool:
    plain = "".join(one for one in name.lower() if one.isascii() and one.isalnum())
    return _SECRET_NAME.fullmatch(plain) is not None


def redact_headers(headers: Headers) -> Headers:
    """Return the headers with secrets taken out."""
    if _innocent_headers.issuperset(headers):
        return headers
    return [one if (one := (name, value)) in _innocent_headers else _redacted_header(one) for name, value in headers]


def _redacted_header(header: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
    name, value = header
    # Headers are bytes of any kind; latin-1 decodes each of them.
    if name == b"authorization" or is_secret(name.decode("latin-1")):
        return name, REDACTED.encode()
    if redact(value) != value:
        return name, redact(value)
    if len(name) + len(value) <= LONGEST_HEADER:
        if len(_innocent_headers) >= HEADERS_REMEMBERED:
            _innocent_headers.clear()
        _innocent_headers.add(header)
    return header


def redact(content: bytes) -> bytes:
    """Return a query, a body or a header's value with secrets taken out."""
    if _is_innocent(content):
        return content
    # What is no UTF-8 comes back byte by byte: the journal shows what was sent.
    text = content.decode("utf-8", "surrogateescape")
    shown = redact_text(text)
    return content if shown == text else shown.encode("utf-8", "surrogateescape")


def redact_text(text: str) -> str:
    """Return a text with secrets taken out."""
    return _redacted(text, 0)


def redact_answer(content: bytes) -> bytes:
    """Redact an answer of the mock's own, faster: every secret's name in these contains one of the words below."""
    low = content.lower()
    is_plain = not (b"token" in low or b"password" in low or b"secret" in low or b"key" in low)
    return content if is_plain and are_texts_innocent(content) else redact(content)


def are_texts_innocent(content: bytes) -> bool:
    """Return whether the texts in JSON surely hold no secret: a cheap look that errs towards no. Names are not read."""
    return not (b"=" in content or b"%" in content or b"\\" in content or b"asic " in content or b"earer " in content)


def _is_innocent(content: bytes) -> bool:
    """Return whether there is surely nothing to take out: a cheap look, which mostly suffices."""
    if _is_encoded(content):
        return False
    if content[:1] in (b"{", b"["):
        names = _NAME_IN_JSON.findall(content)
        return b"=" not in content and _VALUES_IN_BYTES.isdisjoint(names) and _are_innocent(names)
    # `+` may stand for the space of `Basic dXNl...`, a quote for JSON within a text.
    if b"+" in content or b'"' in content:
        return False
    if b"=" not in content:
        return True
    return _are_innocent([word[:-1] for word in _WORD_IN_BYTES.findall(content) if word.endswith(b"=")])


def _is_encoded(content: bytes) -> bool:
    return b"%" in content or b"\\" in content or b"asic " in content or b"earer " in content


def _are_innocent(names: Iterable[bytes]) -> bool:
    if _innocent.issuperset(names):
        return True
    new = set(names) - _innocent
    if any(is_secret(name.decode("latin-1")) for name in new):
        return False
    # Long names are not remembered: some of 100 KiB would fill the memory within the count.
    short = [name for name in new if len(name) <= LONGEST_NAME][:NAMES_REMEMBERED]
    if len(_innocent) + len(short) > NAMES_REMEMBERED:
        _innocent.clear()
    _innocent.update(short)
    return True


def _redacted(text: str, depth: int) -> str:
    # A client may encode in as many layers as it likes; what is not looked through is not shown.
    if depth > DEEPEST:
        return REDACTED
    if _looks_like_json(text):
        text = _redacted_json(text, depth)
    else:
        # An empty field has nothing to look for, and must stay: `a&&b` is shown as it came.
        text = "&".join(field and _redacted_field(field, depth) for field in text.split("&"))
    if "{" in text and ("value" in text.lower() or "\\u" in text):
        text = _redacted_pairs(text)
    # Once more, by names alone: JSON may begin in the middle of a text that does not look like it.
    if '"' in text:
        text = _QUOTED_NAME.sub(_redact_named, text)
    if "form-data" in text:
        text = _PART.sub(_redact_part, text)
    return _CREDENTIALS.sub(_redact_credentials, text)


def _looks_like_json(text: str) -> bool:
    return text.lstrip().startswith(("{", "[", '"'))


def _redacted_json(text: str, depth: int) -> str:
    """Redact values by their names, and what the other strings hold."""
    pieces: list[str] = []
    kept = position = 0
    while found := _STRING.search(text, position):
        start, position = found.span()
        shown = None
        if found[2] is None:
            shown = _redacted_string(found[1], depth)
        elif is_secret(_unescaped(found[1])):
            start, position = position, _value_end(text, position)
            shown = _instead_of(text[start:position])
        if shown is not None:
            pieces += (text[kept:start], shown)
            kept = position
    return "".join((*pieces, text[kept:]))


class _Object:
    """An object of JSON under way: the name it holds, where the value beside that begins and ends."""

    __slots__ = ("end", "key", "name", "start")

    def __init__(self) -> None:
        self.key = self.name = ""
        self.start = self.end = -1

    def take_key(self, key: str, start: int, value_start: int) -> None:
        """Note a member's name, where that begins, and where its value does."""
        self.close(start)
        self.key = key.lower()
        if self.key in _VALUES:
            self.start, self.end = value_start, -1

    def take_text(self, text: str) -> None:
        """Note a text that is the value of the last member."""
        if self.key in _NAMING:
            self.name = text

    def close(self, end: int) -> None:
        """Note where the last member ends."""
        if self.start >= 0 and self.end < 0:
            self.end = end


def _redacted_pairs(text: str) -> str:
    """Redact the value that stands beside a secret's name in one object."""
    whole: list[_Object] = []
    opened: list[_Object] = []
    for found in _STRING_OR_BRACKET.finditer(text):
        one = found[0]
        if one in "{[":
            opened.append(_Object())
        elif one in "}]":
            if opened:
                opened[-1].close(found.start())
                whole.append(opened.pop())
        elif opened:
            colon = _COLON.match(text, found.end())
            inner = _unescaped(one[1:].removesuffix('"'))
            if colon is not None:
                opened[-1].take_key(inner, found.start(), colon.end())
            else:
                opened[-1].take_text(inner)
    for one_cut in opened:  # the name may have been cut off
        one_cut.close(len(text))
    spans = [(one.start, one.end) for one in whole if one.start >= 0 and is_secret(one.name)]
    spans += [(one.start, one.end) for one in opened if one.start >= 0 and (not one.name or is_secret(one.name))]
    return _without(text, sorted(spans))


def _without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    pieces: list[str] = []
    kept = 0
    for start, end in spans:
        value = text[start:end].rstrip(", \t\r\n")
        # An object within a value that is taken out goes with it.
        if start >= kept and (shown := _instead_of(value)) is not None:
            pieces += (text[kept:start], shown)
            kept = start + len(value)
    return "".join((*pieces, text[kept:]))


def _redacted_string(inner: str, depth: int) -> str | None:
    """Return the string anew if it holds a secret."""
    if _MAY_HOLD.search(inner) is None:
        return None
    held = _unescaped(inner)
    shown = _redacted(held, depth + 1)
    return None if shown == held else json.dumps(shown)


def _instead_of(value: str) -> str | None:
    return None if value.strip() in _NOTHING else f'"{REDACTED}"'


def _unescaped(inner: str) -> str:
    """Undo the escapes of a JSON string, also of half a one."""
    if "\\" not in inner:
        return inner
    return _ESCAPE.sub(lambda one: chr(int(one[1], 16)) if one[1] else _SHORT_ESCAPES.get(one[2], one[2]), inner)


def _value_end(text: str, start: int) -> int:
    """Return where the JSON value that begins here ends; an unfinished one ends with the text."""
    if text[start : start + 1] not in ('"', "{", "["):
        found = _PLAIN_VALUE.match(text, start)
        return found.end() if found is not None else start
    depth, position = 0, start
    while found := _STRING_OR_BRACKET.search(text, position):
        position = found.end()
        depth += (found[0] in "{[") - (found[0] in "}]")
        if depth == 0:
            return position
    return len(text)


def _redacted_field(field: str, depth: int) -> str:
    """Redact a field of a form or query, or a text with URLs in it."""
    for word in _WORD.finditer(field):
        if word[0].endswith("=") and len(field) > word.end() and is_secret(unquote_plus(word[0][:-1])):
            return field[: word.end()] + REDACTED
    start = field.find("=") + 1
    value = field[start:]
    # Decoded once to look, encoded again only where something was found: the rest is shown as it came.
    held = unquote_plus(value)
    if held == value and not _looks_like_json(value):
        return field
    shown = _redacted(held, depth + 1)
    if shown == held:
        return field
    return field[:start] + (shown if held == value else quote_plus(shown, safe="[]", errors="surrogatepass"))


def _redact_named(found: re.Match[str]) -> str:
    shown = _instead_of(found[3]) if is_secret(found[2]) else None
    return found[0] if shown is None else found[1] + shown


def _redact_part(found: re.Match[str]) -> str:
    return found[1] + REDACTED if is_secret(found[2]) else found[0]


def _redact_credentials(found: re.Match[str]) -> str:
    return found[1] + REDACTED if _are_credentials(found[2], found[3]) else found[0]


def _are_credentials(scheme: str, value: str) -> bool:
    """Distinguish `Basic dXNlcjpwYXNz` and `Bearer mock.acme.ann` from words such as `Basic training`."""
    if scheme.lower() == "bearer":
        # "Bearer authentication" is prose; a token of letters alone is rare.
        return not value.isalpha()
    try:
        whole = value.rstrip("=")
        return b":" in urlsafe_b64decode(whole[: len(whole) // 4 * 4].replace("+", "-").replace("/", "_"))
    except ValueError:
        return False
