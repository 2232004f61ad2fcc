"""No secret is kept, whatever it is called, wherever it stands and however it is encoded; everything else is."""

from __future__ import annotations

import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, quote_plus, unquote_plus, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from showpad_mock.core.redaction import REDACTED, is_secret, redact, redact_answer, redact_headers, redact_text

SECRET_NAMES = (
    *("access token", "refresh token", "id token", "api token", "csrf token", "token", "session token", "bot tokens"),
    *("password", "passwd", "pwd", "passphrase", "passcode", "new password", "password confirmation", "user pass word"),
    *("secret", "client secret", "app secret", "secret key", "shared secret", "webhook secret", "secrets"),
    *("api key", "access key", "access key id", "signature key", "signing key", "private key", "encryption key"),
    *("code", "auth code", "authorization code", "device code", "code verifier", "verification code"),
    *("cookie", "set cookie", "session", "session id", "sid", "authorization", "proxy authorization", "auth"),
    *("credential", "credentials", "jwt", "otp", "pin", "assertion", "client assertion", "saml response"),
    *("x amz signature", "sig"),
)
PLAIN_NAMES = (
    *("title", "public uri", "owner", "user id", "email", "asset id", "page", "limit", "offset", "sort by", "author"),
    *("country code name", "token type", "expires in", "monkey", "idempotency key", "session count", "design"),
    *("access control allow credentials", "code challenge", "oauth", "secretary", "www authenticate", "compass"),
    *("x mock rules", "signature", "keyword", "sidebar", "shopping", "passenger", "key"),
)
STYLES: tuple[Callable[[list[str]], str], ...] = (
    "_".join,
    "-".join,
    ".".join,
    "".join,
    lambda words: "".join(words[:1] + [word.capitalize() for word in words[1:]]),
    lambda words: "-".join(word.capitalize() for word in words),
    lambda words: "_".join(words).upper(),
    lambda words: f"user[{'_'.join(words)}]" if len(words) > 1 else words[0],
)


@st.composite
def names(draw: st.DrawFn, plain: tuple[str, ...] = SECRET_NAMES) -> str:
    return draw(st.sampled_from(STYLES))(draw(st.sampled_from(plain)).split())


SECRETS = st.text("abcdefABCDEF0123456789+/=&%\"\\ ü漢{}[]:,;<>'\n", min_size=4, max_size=12).map("hUsH{}hUsH".format)
"""Between two marks: what is left of a secret shows at least one of them."""
MARK = "hUsH"


def decodings(text: str) -> set[str]:
    """Everything that the text is or hides in percent-encoding and escapes, up to seven deep."""
    found, new = set(), {text}
    for _ in range(8):
        found |= new
        new = {unquote_plus(one) for one in new} | {_unescaped(one) for one in new}
        new -= found
    return found


def _unescaped(text: str) -> str:
    parts = text.split("\\u")
    text = parts[0] + "".join(
        chr(int(part[:4], 16)) + part[4:]
        if len(part) > 3 and part[:4].isalnum() and part[:4].isascii() and _is_hex(part[:4])
        else "\\u" + part
        for part in parts[1:]
    )
    return text.replace("\\/", "/").replace('\\"', '"').replace("\\\\", "\\")


def _is_hex(text: str) -> bool:
    return all(one in "0123456789abcdefABCDEF" for one in text)


def assert_hidden(shown: bytes) -> None:
    for one in decodings(shown.decode("utf-8", "replace")):
        assert MARK not in one, shown


@st.composite
def escaped(draw: st.DrawFn, text: str) -> str:
    """A JSON string, some of its characters escaped without need."""
    written = json.dumps(text)[1:-1] if draw(st.booleans()) else json.dumps(text, ensure_ascii=False)[1:-1]
    if draw(st.booleans()) and "\\" not in written:
        place = draw(st.integers(0, len(written) - 1)) if written else 0
        if written and ord(written[place]) < 0x10000:
            written = f"{written[:place]}\\u{ord(written[place]):04x}{written[place + 1 :]}"
    return f'"{written}"'


def percent(text: str) -> st.SearchStrategy[str]:
    """A text as in a query or form; at times each character is encoded, without need."""
    return st.sampled_from([quote_plus(text), quote(text), "".join(f"%{one:02x}" for one in text.encode())])


JSON_PLAIN = st.none() | st.booleans() | st.integers() | st.text('abc é=&"\\', max_size=8)


@st.composite
def json_objects(draw: st.DrawFn, name: str, value: str) -> str:
    """An object with a member, in other objects and lists and beside other members; `value` is JSON."""
    space = draw(st.sampled_from(["", " ", "\n  "]))
    members = [f"{draw(escaped(name))}{space}:{space}{value}"]
    for other in draw(st.lists(names(PLAIN_NAMES), max_size=2)):
        member = f"{json.dumps(other)}:{json.dumps(draw(JSON_PLAIN))}"
        members.insert(draw(st.integers(0, len(members))), member)
    text = f"{{{f',{space}'.join(members)}}}"
    around = draw(st.sampled_from(["{}", "[{}]", '[1,{},"x"]', '{{"a":{},"b":[]}}', " {}"]))
    return around.format(text) if around != "{}" else text


@st.composite
def forms(draw: st.DrawFn, name: str, value: str) -> str:
    """A form or query with a field, beside others; `value` is encoded already."""
    fields = [f"{draw(percent(name))}={value}"]
    for other in draw(st.lists(names(PLAIN_NAMES), max_size=2)):
        fields.insert(draw(st.integers(0, len(fields))), urlencode({other: draw(st.text("ab 1", max_size=4))}))
    return "&".join(fields)


@st.composite
def held(draw: st.DrawFn, secret: str) -> str:
    """A text with a secret in it, under one of its names."""
    name = draw(names())
    kind = draw(st.sampled_from(["json", "json tree", "form", "url", "basic"]))
    if kind == "json":
        return draw(json_objects(name, draw(escaped(secret))))
    if kind == "json tree":
        return draw(json_objects(name, draw(json_objects("value", draw(escaped(secret))))))
    if kind == "basic":
        encode = draw(st.sampled_from([b64encode, urlsafe_b64encode]))
        return f"{draw(st.sampled_from(['Basic', 'basic']))} {encode(f'ann:{secret}'.encode()).decode()}"
    form = draw(forms(name, draw(percent(secret))))
    return form if kind == "form" else f"https://example.com/path?{form}"


@st.composite
def wrapped(draw: st.DrawFn, secret: str) -> str:
    """The same within JSON strings and fields of forms, up to three deep."""
    text = draw(held(secret))
    for _ in range(draw(st.integers(0, 3))):
        name = draw(names(PLAIN_NAMES))
        if draw(st.booleans()):
            text = draw(json_objects(name, draw(escaped(text))))
        else:
            text = draw(forms(name, draw(percent(text))))
    return text


def test_the_marks_are_seen_through_every_encoding() -> None:
    for text in (MARK, quote(json.dumps({"a": json.dumps(MARK)})), "h\\u0055sH", "%68%55%73%48"):
        with pytest.raises(AssertionError):
            assert_hidden(text.encode())


@settings(deadline=None)
@given(data=st.data(), secret=SECRETS)
def test_no_secret_is_kept_however_it_is_encoded(data: st.DataObject, secret: str) -> None:
    text = data.draw(wrapped(secret))
    basic = {encode(f"ann:{secret}".encode()).decode()[:12] for encode in (b64encode, urlsafe_b64encode)}
    shown = redact(text.encode())
    assert_hidden(shown)
    assert not any(one in decoded for one in basic for decoded in decodings(shown.decode("utf-8", "replace")))


@settings(deadline=None)
@given(data=st.data(), secret=SECRETS, name=names(("access token", "client secret", "password", "signature key")))
def test_no_answer_keeps_a_secret_of_its_own_or_one_that_it_was_sent(
    data: st.DataObject, secret: str, name: str
) -> None:
    own = data.draw(json_objects(name, json.dumps(secret)))
    assert_hidden(redact_answer(own.encode()))
    assert_hidden(redact_answer(json.dumps({"title": data.draw(wrapped(secret))}).encode()))


@settings(deadline=None)
@given(data=st.data(), secret=SECRETS)
def test_no_part_of_a_secret_is_kept_where_the_text_is_cut_off(data: st.DataObject, secret: str) -> None:
    text = data.draw(wrapped(secret)).encode()
    assert_hidden(redact(text[: data.draw(st.integers(0, len(text)))]))


@settings(deadline=None)
@given(name=names(), value=SECRETS)
def test_no_header_keeps_a_secret(name: str, value: str) -> None:
    sent = [
        (b"accept", b"*/*"),
        (name.encode(), value.encode()),
        (b"referer", f"https://a/?{name}={quote(value)}".encode()),
    ]
    shown = redact_headers(sent)
    assert shown[0] == sent[0]
    for _, one in shown:
        assert_hidden(one)


PLAIN_JSON = st.recursive(
    JSON_PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names(PLAIN_NAMES), inner, max_size=3)
)


@settings(deadline=None)
@given(value=PLAIN_JSON, space=st.sampled_from([None, 2]))
def test_json_without_secrets_is_kept_to_the_byte(value: Any, space: int | None) -> None:
    body = json.dumps(value, indent=space, ensure_ascii=space is None).encode()
    assert redact(body) == body


@settings(deadline=None)
@given(fields=st.lists(st.tuples(names(PLAIN_NAMES), st.text(max_size=5)), max_size=4))
def test_a_form_without_secrets_is_kept_to_the_byte(fields: list[tuple[str, str]]) -> None:
    body = urlencode(fields).encode()
    assert redact(body) == body


@settings(deadline=None)
@given(value=PLAIN_JSON, name=names(), secret=SECRETS)
def test_json_is_json_still_and_says_what_else_it_said(value: Any, name: str, secret: str) -> None:
    shown = json.loads(redact(json.dumps({"a": value, name: secret, "b": value}).encode()))
    assert shown == {"a": value, name: REDACTED, "b": value}


@settings(deadline=None)
@given(data=st.data(), secret=SECRETS)
def test_what_was_redacted_is_not_changed_again(data: st.DataObject, secret: str) -> None:
    once = redact(data.draw(wrapped(secret)).encode())
    assert redact(once) == once


@settings(deadline=None)
@given(content=st.binary(max_size=60) | st.text('{}[]":=&%\\u0pa', max_size=60).map(str.encode))
def test_whatever_comes_is_redacted_without_an_error(content: bytes) -> None:
    assert isinstance(redact(content), bytes)


@pytest.mark.parametrize("name", SECRET_NAMES)
def test_a_usual_name_of_a_secret_is_known_in_every_style(name: str) -> None:
    assert all(is_secret(style(name.split())) for style in STYLES)


@pytest.mark.parametrize("name", PLAIN_NAMES)
def test_a_name_that_only_sounds_like_one_is_not_taken_for_it(name: str) -> None:
    assert not any(is_secret(style(name.split())) for style in STYLES)


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ('{"pin": 1234, "n": 1}', '{"pin": "[redacted]", "n": 1}'),
        ('{"password": null}', '{"password": null}'),
        ('{"token": {"value": ["hush"]}, "n": 1}', '{"token": "[redacted]", "n": 1}'),
        ('{"p\\u0061ssword": "hush"}', '{"p\\u0061ssword": "[redacted]"}'),
        ("passw%6Frd=hush&n=1", "passw%6Frd=[redacted]&n=1"),
        ("title=Basic+YW5uOmh1c2g", "title=Basic+[redacted]"),
        ("a=1;password=hush", "a=1;password=[redacted]"),
        ("see https://a/?code=hush", "see https://a/?code=[redacted]"),
        ("Bearer mock.acme.ann", "Bearer [redacted]"),
        ("Basic training, bearer of news", "Basic training, bearer of news"),
        ('say "password": "hush" please', 'say "password": "[redacted]" please'),
        ('5" screen {"password":"hush"', '5" screen {"password":"[redacted]"'),
    ],
)
def test_what_is_around_a_secret_stays(body: str, shown: str) -> None:
    assert redact(body.encode()) == shown.encode()
    assert redact_text(body) == shown


def test_a_part_of_a_multipart_form_is_redacted() -> None:
    part = '--b\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
    body = part.format("client_secret", "hush") + part.format("title", "Acme") + "--b--\r\n"
    assert redact(body.encode()).decode() == body.replace("hush", REDACTED)


UNITS = (
    "a",
    "=",
    "a=",
    "&",
    "%25",
    '"',
    '""',
    '{"',
    '{"":',
    "[",
    "\\",
    '"\\"',
    "basic ",
    "://",
    "name=",
    "name=x\r\n",
    " ",
)


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("start", ["% form-data ", '{"%": "form-data \\\\", '])
def test_no_text_is_looked_through_again_and_again(start: str, unit: str) -> None:
    # Whatever began anew at each place in a run of characters would not end within minutes.
    content = (start + unit * (128 * 1024 // len(unit))).encode()
    assert len(redact(content)) <= len(content) + len(REDACTED)


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "X-Api-Key", "value": "hUsH"}',
        '{"value": "hUsH", "name": "X-Api-Key"}',
        '{"headers":[{"name":"a","value":"b"},{"name":"Cookie","value":["hUsH",{"name":"x"}]}]}',
        '{"name": "Cook\\u0069e", "val\\u0075e": "hUsH"}',
        '{"Name": "Cookie", "Value": "hUsH"}',
        '{"key": "Cookie", "values": "a}hUsH"}',
        '{"held": "{\\"name\\": \\"Cookie\\", \\"value\\": \\"hUsH\\"}"}',
        '{"name": "Cookie", "more": {"name": "x"}, "value": "hUsH',
        '{"value": "hUsH", "na',
        'before {"name": "Cookie", "value": "hUsH"}',
    ],
)
def test_what_stands_beside_a_secrets_name_is_taken_out(text: str) -> None:
    assert MARK not in redact(text.encode()).decode()


@pytest.mark.parametrize("text", ['{"name": "X-Plain", "value": "shown"}', '{"value": "shown"}', '{"name": "Cookie"}'])
def test_what_stands_beside_any_other_name_is_left(text: str) -> None:
    assert redact(text.encode()).decode() == text


def test_deep_values_are_looked_through_once() -> None:
    deep = b'{"value":' * 5000
    assert redact(deep) == b'{"value":"[redacted]"'
