"""OAuth as checks use it: what is asked of its endpoints, and what they give out, which no exchange shows."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from ..core import expect
from ..core.exchange import NOTHING, Exchange
from ..core.target import OAuthClient
from ..core.violation import TargetLacks, WrongForm, WrongStatus, WrongValue
from .client import Client

HOUR, ROUNDED = 3600, 60
RENEWABLE = "refresh_token"
"""The scope by which a client asks for a refresh token, as its name says; who asks for none may get none."""
OPEN = ("token_type", "expires_in", "scope", "state", "error", "error_description", "error_uri")
"""Of what the endpoints tell, with what problems have; everything else may be a token, and is not shown."""
OF_PROBLEMS = ("type", "title", "detail", "status", "meta", "message")
SECRET = re.compile("token|code|secret|key|password|assertion", re.IGNORECASE)
"""In the name of what is taken out of all that comes later, too: other members may have words of it."""
NAMED = re.compile(rb"""(?:token|code)["']?\s*[=:]\s*["']?([\w.~+/-]{8,}=*)""")
"""A secret in what is no JSON."""
VISIBLE = re.compile("[!-~]+")
BOUNDARY = "contract-kit-7d1c"


class Way(NamedTuple):
    """How a client asks for tokens: its credentials by HTTP Basic or in the form, which may be a multipart one."""

    by_basic: bool = True
    is_multipart: bool = False


BASIC = Way()


@dataclass(frozen=True, slots=True)
class Given:
    """What was answered; `secrets` has what it gave out, by name."""

    exchange: Exchange
    secrets: Mapping[str, Any] = field(repr=False)

    @property
    def access_token(self) -> str:
        """Return the access token."""
        return str(self.secrets["access_token"])

    @property
    def refresh_token(self) -> str:
        """Return the refresh token."""
        return str(self.secrets["refresh_token"])


class OAuth:
    """Requests of the target's OAuth client, and of the other one; they bear no actor's token.

    No refresh token is used but those that the run itself was given: a target's own would be spent.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self.program = client.target.oauth_client()
        self._url = client.target.at(self.program.url)

    def other(self) -> OAuthClient:
        """Return the target's other client; raises TargetLacks."""
        if self.program.other is None:
            raise TargetLacks("another OAuth client")
        return self.program.other

    def token(
        self,
        fields: Mapping[str, str | None],
        *,
        way: Way = BASIC,
        by: OAuthClient | None = None,
        again: Mapping[str, str] | None = None,
    ) -> Given:
        """Ask for tokens as a client, the target's own unless another is given.

        A field that is None is left out, those of `again` are sent a second time.
        """
        headers, own = self._credentials(by or self.program, way)
        sent = [*_there({**own, **fields}), *(again or {}).items()]
        given = self._post("/token", _multipart(sent) if way.is_multipart else _urlencoded(sent), headers)
        if given.exchange.status == 200:
            self._note()
        return given

    def _credentials(self, client: OAuthClient, way: Way) -> tuple[dict[str, str], dict[str, str]]:
        """Return the headers and the fields by which a client says who it is."""
        client_id, secret = self._client.target.filled(client.client_id), client.client_secret
        if secret is None and client.client_secret_variable is not None:
            raise TargetLacks(f"the secret of its OAuth client: {client.client_secret_variable} is not set")
        if secret is None:
            return {}, {"client_id": client_id}
        if not way.by_basic:
            return {}, {"client_id": client_id, "client_secret": secret}
        both = ":".join(quote(part, safe="") for part in (client_id, secret))
        return {"Authorization": f"Basic {b64encode(both.encode()).decode()}"}, {}

    def _note(self) -> None:
        """Tell at the end what the run was given: nothing takes it back."""
        ledger, what = self._client.session.ledger, "OAuth tokens, which expire by themselves, and nobody else was told"
        if what not in ledger.left_behind():
            ledger.left(what)

    def _post(self, path: str, form: tuple[bytes, str], headers: Mapping[str, str]) -> Given:
        content, kind = form
        return self._send("POST", path, content, {"Content-Type": kind, **headers})

    def _send(self, method: str, path: str, sent: Any, headers: Mapping[str, str]) -> Given:
        found: list[tuple[str, Any]] = []

        def secrets_in(told: Mapping[str, str], content: bytes) -> Iterable[str]:
            found.extend([*_of_json(content), *_of_address(told.get("location", ""))])
            named = [str(secret) for name, secret in found if SECRET.search(name) is not None]
            return named or map(bytes.decode, NAMED.findall(content))

        def here(_told: Mapping[str, str], _content: bytes) -> Iterable[str]:
            return (str(secret) for _, secret in found)

        with self._client.session.confiding(secrets_in, here=here):
            exchange = self._client.nobody.request(method, self._url + path, sent, headers=headers)
        return Given(exchange, dict(found))

    # Grants

    def by_password(self, *, way: Way = BASIC, scope: str | None = RENEWABLE, **fields: str | None) -> Given:
        """Log the target's user in."""
        program = self.program
        if program.password is None and program.password_variable is not None:
            raise TargetLacks(f"the password of its OAuth user: {program.password_variable} is not set")
        if program.username is None or program.password is None:
            raise TargetLacks("a user who logs in by OAuth with a password")
        user = {"username": program.username, "password": program.password}
        return self.token({"grant_type": "password", **user, "scope": scope, **fields}, way=way)

    def by_refresh(self, refresh_token: str, *, by: OAuthClient | None = None, **fields: str | None) -> Given:
        """Renew tokens that the run was given."""
        return self.token({"grant_type": "refresh_token", "refresh_token": refresh_token, **fields}, by=by)

    def by_code(self, code: str, *, by: OAuthClient | None = None, **fields: str | None) -> Given:
        """Exchange a code."""
        sent = {"grant_type": "authorization_code", "code": code, "redirect_uri": self.redirect_uri}
        return self.token({**sent, **fields}, by=by)

    @property
    def redirect_uri(self) -> str:
        """Return the client's own address, or the named skip."""
        if self.program.redirect_uri is None:
            raise TargetLacks("the redirect_uri of its OAuth client")
        return self.program.redirect_uri

    def _asking(self, fields: Mapping[str, str | None]) -> list[tuple[str, str]]:
        own = {
            "client_id": self._client.target.filled(self.program.client_id),
            "response_type": "code",
            "redirect_uri": self.redirect_uri,
        }
        return _there({**own, **fields})

    def ask(self, **fields: str | None) -> Given:
        """Come as a user whom the client sends; nobody consents to anything."""
        query = urlencode(self._asking(fields), quote_via=quote)
        return self._send("GET", f"/authorize?{query}", NOTHING, {})

    def decide(self, answer: Mapping[str, str], **fields: str | None) -> Given:
        """Answer in the user's place, or the named skip where a person has to."""
        if not answer:
            raise TargetLacks("an OAuth consent that a script may answer")
        return self._post("/authorize", _urlencoded([*self._asking(fields), *answer.items()]), {})

    def code(self, *, scope: str | None = RENEWABLE, **fields: str | None) -> str:
        """Return a code to which the user consented: the check needs one."""
        given = self.decide(self.program.consent, scope=scope, **fields)
        with expect.needed("an authorization code", "AROUND-OAUTH"):
            expect.member(self.sent_back(given), "code", of="what the client is told")
        return str(given.secrets["code"])

    def sent_back(self, given: Given) -> dict[str, str]:
        """Return what the client is told at its own address, to which the user must be sent."""
        exchange = given.exchange
        if not 300 <= exchange.status < 400:
            raise WrongStatus(
                f"status of {exchange.name}", expected="3xx (back to the client)", received=exchange.status
            )
        location = expect.member(exchange.headers, "location", of="the headers")
        address = location.partition("?")[0]
        if address != self.redirect_uri.partition("?")[0]:
            raise WrongValue("the address that the user is sent to", expected=self.redirect_uri, received=address)
        return dict(parse_qsl(urlsplit(location).query, keep_blank_values=True))

    def tokens(self, *, scope: str | None = RENEWABLE) -> Given:
        """Return new tokens by whichever grant the target lets a script have: the check needs them."""
        with expect.needed("OAuth tokens", "AROUND-OAUTH"):
            has_password = self.program.password is not None or not self.program.consent
            given = self.by_password(scope=scope) if has_password else self.by_code(self.code(scope=scope))
            complete(given)
        return given


def complete(given: Given) -> None:
    """Require tokens as a client reads them: an access token for an hour, and one to renew it with."""
    told = expect.answered(given.exchange, 200)
    for name in ("access_token", "refresh_token"):
        expect.member(told, name)
        secret = given.secrets.get(name)
        if not isinstance(secret, str) or VISIBLE.fullmatch(secret) is None:
            raise WrongForm(name, expected="a text that a header can carry", received=f"a {type(secret).__name__}")
    kind, seconds = expect.member(told, "token_type"), expect.member(told, "expires_in")
    if not isinstance(kind, str) or kind.casefold() != "bearer":
        raise WrongValue("token_type", expected="Bearer", received=kind)
    expect.of_type(seconds, int, "expires_in")
    if not HOUR - ROUNDED <= seconds <= HOUR:
        raise WrongValue("expires_in", expected=f"{HOUR}, an hour", received=seconds)


def _there(fields: Mapping[str, str | None]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in fields.items() if value is not None]


def _urlencoded(fields: Sequence[tuple[str, str]]) -> tuple[bytes, str]:
    return urlencode(fields).encode(), "application/x-www-form-urlencoded"


def _multipart(fields: Sequence[tuple[str, str]]) -> tuple[bytes, str]:
    head = f"--{BOUNDARY}\r\nContent-Disposition: form-data; name="
    parts = "".join(f'{head}"{name}"\r\n\r\n{value}\r\n' for name, value in fields)
    return f"{parts}--{BOUNDARY}--\r\n".encode(), f"multipart/form-data; boundary={BOUNDARY}"


def _of_address(location: str) -> Iterator[tuple[str, str]]:
    parts = urlsplit(location)
    for name, value in parse_qsl(f"{parts.query}&{parts.fragment}"):
        if name not in OPEN:
            yield name, value


def _of_json(content: bytes) -> list[tuple[str, Any]]:
    try:
        return list(_leaves(json.loads(content)))
    except (ValueError, RecursionError):
        return []


def _leaves(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Return what may be a secret by its name."""
    if isinstance(value, Mapping):
        for key, one in value.items():
            yield from _leaves(one, key)
    elif isinstance(value, list):
        for one in value:
            yield from _leaves(one, name)
    elif name not in OPEN and name not in OF_PROBLEMS and isinstance(value, str | int | float):
        yield name, value
