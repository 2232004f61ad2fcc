"""No spelling of a token gets past what takes tokens out."""

from __future__ import annotations

import html
import json
import re
from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from string import ascii_letters, printable
from typing import Any
from urllib.parse import quote, unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from showpad_contracts.core.exchange import NOTHING
from showpad_contracts.transport.redaction import REDACTED, TOO_DEEP, Redaction

VISIBLE = [character for character in printable if "!" <= character <= "~"]
SECRETS = st.text(VISIBLE, min_size=8, max_size=60)
PLAIN = st.text(" \u00e9", max_size=20)
"""What stands around a secret: nothing that could be a part of its spelling."""


TEXTS = st.lists(st.sampled_from([*VISIBLE, " ", "\n", "\u00e9", "%41", "\\u0041", "&amp;"])).map("".join)


@dataclass(frozen=True)
class Kind:
    """A kind of escapes, and the characters that it can never leave as they are."""

    escapes: tuple[Callable[[str], str], ...]
    always: str


@st.composite
def spelled(draw: st.DrawFn, text: str, kind: Kind) -> str:
    """Escape some of a text's characters."""
    ways: dict[str, tuple[Callable[[str], str], ...]] = {
        character: kind.escapes if character in kind.always else (*kind.escapes, str) for character in text
    }
    return "".join(draw(st.sampled_from(ways[character]))(character) for character in text)


def json_escape(character: str) -> str:
    return f"\\u{ord(character):04x}"


def json_escape_in_capitals(character: str) -> str:
    return f"\\u{ord(character):04X}"


def slashed(character: str) -> str:
    return f"\\{character}" if character in '/"\\' else character


def percent(character: str) -> str:
    return f"%{ord(character):02x}"


def percent_in_capitals(character: str) -> str:
    return f"%{ord(character):02X}"


def entity(character: str) -> str:
    return f"&#{ord(character)};"


def hexadecimal_entity(character: str) -> str:
    return f"&#x{ord(character):x};"


ESCAPES = {
    "JSON": Kind((json_escape, json_escape_in_capitals, slashed), '"\\'),
    "URL": Kind((percent, percent_in_capitals), "%"),
    "HTML": Kind((entity, hexadecimal_entity, html.escape), "&<"),
}


@st.composite
def escaped(draw: st.DrawFn, secret: str) -> str:
    """Spell a secret by escapes, perhaps those of one kind within those of another."""
    text = secret
    for kind in draw(st.lists(st.sampled_from(tuple(ESCAPES)), min_size=1, max_size=3)):
        text = draw(spelled(text, ESCAPES[kind]))
    return text


@settings(max_examples=200, deadline=None)
@given(data=st.data(), secret=SECRETS, before=PLAIN, after=PLAIN)
def test_no_escape_hides_a_secret(data: st.DataObject, secret: str, before: str, after: str) -> None:
    told = Redaction([secret]).text(before + data.draw(escaped(secret)) + after)
    # A part of an escape may itself be escaped: the reading that shows the secret then leaves something beside it.
    assert REDACTED in told or told == TOO_DEEP
    assert not any(secret in reading for reading in readings(told))
    if told != TOO_DEEP:
        assert told.startswith(before)
        assert told.endswith(after)


def readings(text: str) -> set[str]:
    """Return what a text becomes as its escapes are undone, kind by kind in any order, up to four of them."""
    undo = (html.unescape, unquote, lambda escaped: re.sub(r"\\u([0-9a-fA-F]{4})", from_json_escape, escaped))
    found = {text}
    for _ in range(4):
        found |= {one(reading) for one in undo for reading in found}
    return found


def from_json_escape(escape: re.Match[str]) -> str:
    return chr(int(escape[1], 16))


def test_an_escaped_end_of_an_escape_hides_nothing() -> None:
    """An entity needs no semicolon, so that the secret is seen before its semicolon is."""
    assert Redaction(["s3cret-1"]).text(r"s3cret-&#49\u003b") in (f"{REDACTED};", rf"{REDACTED}\u003b")


@settings(max_examples=100, deadline=None)
@given(data=st.data(), secret=SECRETS, kind=st.sampled_from(tuple(ESCAPES.values())))
def test_escapes_of_one_kind_are_always_undone(data: st.DataObject, secret: str, kind: Kind) -> None:
    assert Redaction([secret]).text(data.draw(spelled(secret, kind))) == REDACTED


@st.composite
def in_base64(draw: st.DrawFn, secret: str) -> str:
    """Put a secret somewhere into what Base64 encodes, as Basic does a password; perhaps escaped for JSON or a URL."""
    around = st.binary(max_size=10)
    content = draw(around) + secret.encode() + draw(around)
    encoded = draw(st.sampled_from((b64encode, urlsafe_b64encode)))(content).decode()
    padded = draw(st.sampled_from((encoded, encoded.rstrip("="))))
    return draw(st.sampled_from((padded, quote(padded, safe=""), padded.replace("/", "\\/"))))


@settings(max_examples=300, deadline=None)
@given(data=st.data(), secret=SECRETS, before=PLAIN, after=PLAIN)
def test_base64_hides_no_secret_wherever_it_begins(data: st.DataObject, secret: str, before: str, after: str) -> None:
    encoded = data.draw(in_base64(secret))
    told = Redaction([secret]).text(f"{before} {encoded} {after}")
    assert REDACTED in told
    assert encoded not in told
    if re.fullmatch("[A-Za-z0-9+/_=-]+", encoded):  # else an escape may cut off what stood beside the secret
        assert told == f"{before} {REDACTED} {after}"


@settings(max_examples=100, deadline=None)
@given(secret=SECRETS, text=TEXTS)
def test_what_holds_no_secret_stays_as_it_is(secret: str, text: str) -> None:
    """The tokens of a target are not such as turn up by chance."""
    redaction = Redaction([f"token-{secret}-token-{secret}"])
    assert redaction.text(text) == text
    assert redaction.body({"a": [text, 1, None, True]}) == {"a": [text, 1, None, True]}


@settings(max_examples=100, deadline=None)
@given(secret=SECRETS, before=st.text(VISIBLE, max_size=5))
def test_what_basic_makes_of_a_secret_that_is_escaped_first_hides_nothing(secret: str, before: str) -> None:
    """As OAuth has it: id and secret are those of a form (RFC 6749, 2.3.1)."""
    encoded = b64encode(f"{before}:{quote(secret, safe='')}".encode()).decode()
    assert Redaction([secret]).text(f"Basic {encoded} x") == f"Basic {REDACTED} x"


def test_what_is_learned_is_taken_out_from_then_on() -> None:
    redaction = Redaction(["secret-token"])
    assert redaction.text("another-one, secret-token") == f"another-one, {REDACTED}"
    redaction.learn(["another-one", "short"])
    assert redaction.text("another-one, secret-token, short") == f"{REDACTED}, {REDACTED}, short"


def test_a_line_break_within_base64_hides_nothing() -> None:
    secret = "s3cret-" * 20
    lines = b64encode(f"user:{secret}".encode()).decode()
    wrapped = "\n".join(lines[start : start + 76] for start in range(0, len(lines), 76))
    for text in (wrapped, json.dumps(wrapped)[1:-1]):
        assert Redaction([secret]).text(text) == REDACTED


def test_a_spelling_of_more_layers_than_are_undone_is_not_shown_at_all() -> None:
    text = "abcdefgh"
    for _ in range(200):
        text = text.replace("%", "%25") if "%" in text else "%61" + text[1:]
    assert Redaction(["abcdefgh"]).text(text) == TOO_DEEP


def test_utf_16_hides_nothing() -> None:
    told = Redaction(["abcdefgh"]).text("abcdefgh".encode("utf-16-le").decode())
    assert told == REDACTED


JSON_VALUES: list[Any] = ["a-secret", {"a-secret": 1}, [["x a-secret y"]], {"a": {"b": "%61-secret"}}]


@pytest.mark.parametrize("value", JSON_VALUES)
def test_a_json_value_keeps_its_form(value: Any) -> None:
    told = Redaction(["a-secret"]).json(value)
    assert told == json.loads(json.dumps(value).replace("%61", "a").replace("a-secret", REDACTED))


def test_a_number_may_be_a_secret() -> None:
    assert Redaction(["1234567890"]).body({"a": 1234567890, "b": 12}) == {"a": REDACTED, "b": 12}


@pytest.mark.parametrize("sent", [b"token=%73ecret-token", b'{"a": "\\u0073ecret-token"}', b"\xffsecret-token"])
def test_bytes_that_are_sent_are_kept_without_secrets(sent: bytes) -> None:
    assert b"ecret-token" not in Redaction(["secret-token"]).body(sent)


def test_what_is_sent_without_a_secret_is_kept_as_it_is() -> None:
    redaction = Redaction(["secret-token"])
    for sent in (b"{\xff", {"a": "\ud83d"}, NOTHING, None):
        assert redaction.body(sent) is sent


def test_headers_are_kept_without_secrets_by_value_and_by_name() -> None:
    headers = {"X-Echo": "%53ecret-Token", "Secret-Token": "x", "Set-Cookie": "a=b", "Via": "1.1 proxy"}
    told = Redaction(["Secret-Token"]).headers(headers)
    assert told == {"x-echo": REDACTED, REDACTED: "x", "set-cookie": "[redacted]", "via": "1.1 proxy"}


def test_the_longer_of_two_secrets_is_taken_out_whole() -> None:
    assert Redaction(["secret-token", "secret-token.oauth"]).text("secret-token.oauth") == REDACTED


@pytest.mark.parametrize("letter", ascii_letters[:3])
def test_every_place_that_base64_may_begin_at_is_known(letter: str) -> None:
    for before in range(4):
        encoded = b64encode(letter.encode() * before + b"12345678").decode()
        assert b64decode(encoded).endswith(b"12345678")
        assert Redaction(["12345678"]).text(encoded) == REDACTED
