"""Servers that break rules of OAuth."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode

from .acting import SPACES, TARGET, authorization, authorize
from .tampering import Change, Make, answer_problem, answering, asking, query
from .wrapping import App, Ask, Broken, Seen, Wrong

RULE = "AROUND-OAUTH"
TOKEN, AUTHORIZE = "/oauth2/token", "/oauth2/authorize"
CLIENT = TARGET.oauth_client()
CLIENT_ID = TARGET.filled(CLIENT.client_id)
BASIC = b64encode(f"{CLIENT_ID}:{CLIENT.client_secret}".encode()).decode()
URLENCODED = (b"content-type", b"application/x-www-form-urlencoded")


def form(seen: Seen) -> dict[str, str]:
    """Give the fields of a form; none of one in several parts."""
    return dict(parse_qsl(seen.raw_body.decode("latin-1"), keep_blank_values=True))


def reform(seen: Seen, **changes: str | None) -> None:
    """Change the fields of a form; None drops one."""
    fields = {**form(seen), **changes}
    seen.raw_body = urlencode({name: value for name, value in fields.items() if value is not None}).encode()


def is_for(grant: str) -> Callable[[Seen], bool]:
    return lambda seen: form(seen).get("grant_type") == grant


PASSWORD, REFRESH, CODE = is_for("password"), is_for("refresh_token"), is_for("authorization_code")


def always(_: Seen) -> bool:
    return True


def asked(change: Change, when: Callable[[Seen], bool] = always, path: str = TOKEN) -> Make:
    """What is asked for in a form is another thing."""

    def change_it(seen: Seen) -> None:
        if when(seen):
            change(seen)

    return asking("POST", path, change_it)


def told(when: Callable[[Seen], bool] = always, **members: Any) -> Make:
    """Tokens are told otherwise; a member that is None is left out."""

    def tell(seen: Seen) -> None:
        if when(seen):
            changed = {**seen.answer, **members}
            seen.answer = {name: value for name, value in changed.items() if value is not None}

    return answering("POST", TOKEN, tell)


def refuse(seen: Seen, error: str, status: int = 400) -> None:
    """Answer in the words of RFC 6749."""
    seen.status, seen.answer = status, {"error": error, "error_description": "No."}
    seen.answer_headers = [(b"content-type", b"application/json")]


def refusing(error: str, when: Callable[[Seen], bool], path: str = TOKEN) -> Make:
    """What should be done is refused."""
    return asked(lambda seen: refuse(seen, error), when, path)


def instead(change: Change, when: Callable[[Seen], bool] = always, path: str = TOKEN) -> Make:
    """A refusal is told otherwise."""

    class Instead(Wrong):
        async def after(self, seen: Seen, ask: Ask) -> None:
            if seen.is_("POST", path) and seen.status >= 400 and when(seen):
                change(seen)

    return Instead


def error(was: str, now: str, status: int = 400) -> Make:
    """A refusal has another name."""
    return instead(lambda seen: refuse(seen, now, status), lambda seen: bool(seen.answer["error"] == was))


def as_a_problem(seen: Seen) -> None:
    answer_problem(seen, seen.status)


def without_words(seen: Seen) -> None:
    seen.answer.pop("error_description", None)


def without_challenge(seen: Seen) -> None:
    seen.answer_headers = [one for one in seen.answer_headers if one[0] != b"www-authenticate"]


def by_itself(seen: Seen) -> None:
    """Whoever asks is the client."""
    seen.headers = [one for one in seen.headers if one[0] not in (b"authorization", URLENCODED[0])]
    seen.headers += [URLENCODED, (b"authorization", f"Basic {BASIC}".encode())]
    reform(seen, client_id=None, client_secret=None)


def is_multipart(seen: Seen) -> bool:
    return any(name == b"content-type" and value.startswith(b"multipart") for name, value in seen.headers)


def has_secret_in_form(seen: Seen) -> bool:
    return b"client_secret" in seen.raw_body


def is_by_basic(seen: Seen) -> bool:
    return authorization(seen).startswith("Basic ")


def is_of_another(seen: Seen) -> bool:
    return form(seen).get("client_id", "").endswith(".desktop")


def has_wrong_password(seen: Seen) -> bool:
    return PASSWORD(seen) and form(seen).get("password") != CLIENT.password


def with_its_password(seen: Seen) -> None:
    reform(seen, password=CLIENT.password)


# What was given out is remembered


class Remembering(Wrong):
    """Knows which tokens were given out for which."""

    def __init__(self, right: App) -> None:
        super().__init__(right)
        self.given: dict[str, dict[str, Any]] = {}  # refresh token or code -> what came of it
        self.access: dict[str, str] = {}  # access token -> the refresh token beside it

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", TOKEN) and seen.status == 200:
            fields = form(seen)
            self.given[fields.get("refresh_token", fields.get("code", ""))] = seen.answer
            self.access[seen.answer["access_token"]] = seen.answer["refresh_token"]

    def spent(self, seen: Seen) -> dict[str, Any] | None:
        """Give what was given out for the token or the code of a request, where that was used before."""
        fields = form(seen)
        return self.given.get(fields.get("refresh_token") or fields.get("code") or "nothing")

    def bearer(self, seen: Seen) -> str:
        return authorization(seen).removeprefix("Bearer ")


class TwiceTheSame(Remembering):
    """A refresh brings the access token of before."""

    async def after(self, seen: Seen, ask: Ask) -> None:
        await super().after(seen, ask)
        if seen.is_("POST", TOKEN) and seen.status == 200 and REFRESH(seen):
            old = form(seen)["refresh_token"]
            before = [access for access, refresh in self.access.items() if refresh == old]
            seen.answer = {**seen.answer, "access_token": before[0]}


class EndlessRefresh(Remembering):
    """A refresh token works as often as one likes."""

    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", TOKEN) and REFRESH(seen) and (known := self.spent(seen)) is not None:
            seen.status, seen.answer, seen.answer_headers = 200, known, [(b"content-type", b"application/json")]


class EndlessCode(Remembering):
    """A code works as often as one likes."""

    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", TOKEN) and CODE(seen) and (known := self.spent(seen)) is not None:
            seen.status, seen.answer, seen.answer_headers = 200, known, [(b"content-type", b"application/json")]


class MildOnCodes(Remembering):
    """A code that comes a second time is refused, and ends nothing."""

    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", TOKEN) and CODE(seen) and self.spent(seen) is not None:
            refuse(seen, "invalid_grant")


class EndsBesides(Remembering):
    """A refresh ends the access token beside the refresh token."""

    async def before(self, seen: Seen, ask: Ask) -> None:
        if self.access.get(self.bearer(seen)) in self.given:
            authorize(seen, "Bearer ended")


class LetsRefreshIn(Remembering):
    """A refresh token is an access token, too."""

    async def before(self, seen: Seen, ask: Ask) -> None:
        for access, refresh in self.access.items():
            if self.bearer(seen) == refresh:
                authorize(seen, f"Bearer {access}")


class LetsBeginningsIn(Remembering):
    """An access token need not be whole."""

    async def before(self, seen: Seen, ask: Ask) -> None:
        for access in self.access:
            if len(self.bearer(seen)) > 10 and access.startswith(self.bearer(seen)):
                authorize(seen, f"Bearer {access}")


class ActsForAll(Remembering):
    """Every access token is the administrator's."""

    async def before(self, seen: Seen, ask: Ask) -> None:
        if self.bearer(seen) in self.access:
            authorize(seen, f"Bearer {TARGET.token('admin', oauth=True)}")


class NeverExpires(Remembering):
    """An access token lasts for ever."""

    async def before(self, seen: Seen, ask: Ask) -> None:
        if self.bearer(seen) in self.access:
            authorize(seen, f"Bearer {TARGET.token('owner', oauth=True)}")


def never_forgetting(field: str) -> Make:
    """A refresh token or a code lasts for ever, unless it was used."""

    class NeverForgets(Remembering):
        def __init__(self, right: App) -> None:
            super().__init__(right)
            self.codes: set[str] = set()

        async def after(self, seen: Seen, ask: Ask) -> None:
            await super().after(seen, ask)
            self.codes |= {value for name, value in parse_qsl(location(seen).partition("?")[2]) if name == "code"}
            unspent = {*self.access.values(), *self.codes} - {*self.given}
            if seen.is_("POST", TOKEN) and seen.status == 400 and form(seen).get(field) in unspent:
                seen.status = 200
                seen.answer = {"access_token": "a" * 20, "refresh_token": "b" * 20, "token_type": "Bearer"}
                seen.answer["expires_in"] = 3600

    return NeverForgets


class NarrowScopes(Remembering):
    """Nothing is created with a token that has one scope alone."""

    def __init__(self, right: App) -> None:
        super().__init__(right)
        self.narrow: set[str] = set()

    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", SPACES) and self.bearer(seen) in self.narrow:
            answer_problem(seen, 403)

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", TOKEN) and seen.status == 200 and seen.answer["scope"] == "write_division_management":
            self.narrow.add(seen.answer["access_token"])


# Where users are sent


def location(seen: Seen) -> str:
    return next((value.decode() for name, value in seen.answer_headers if name == b"location"), "")


def sent_on(change: Callable[[Seen, str], str]) -> Make:
    """A user who decided is sent elsewhere."""

    class SentOn(Wrong):
        async def after(self, seen: Seen, ask: Ask) -> None:
            if seen.is_("POST", AUTHORIZE) and seen.status == 302:
                seen.answer_headers = [(b"location", change(seen, location(seen)).encode())]

    return SentOn


def without_its(name: str) -> Make:
    def change(_: Seen, address: str) -> str:
        where, told = address.split("?")
        return f"{where}?{urlencode([one for one in parse_qsl(told) if one[0] != name])}"

    return sent_on(change)


def state_twice_escaped(_: Seen, address: str) -> str:
    where, told = address.split("?")
    return f"{where}?" + urlencode({name: urlencode({"": value})[1:] for name, value in parse_qsl(told)})


def redirecting(method: str, when: Callable[[str], bool]) -> Make:
    """Users are sent to whatever address is asked for."""

    def redirect(seen: Seen) -> None:
        wanted = (query(seen) if method == "GET" else form(seen)).get("redirect_uri", "")
        if wanted != CLIENT.redirect_uri and when(wanted):
            seen.status, seen.answer_headers = 302, [(b"location", f"{wanted}?code=abcdefgh".encode())]

    return asking(method, AUTHORIZE, redirect)


def redirecting_anybody(seen: Seen) -> None:
    if query(seen).get("client_id") != CLIENT_ID:
        seen.status = 302
        seen.answer_headers = [(b"location", query(seen)["redirect_uri"].encode() + b"?error=invalid_request")]


def of_a_page(seen: Seen) -> None:
    seen.status, seen.answer, seen.answer_headers = 400, None, [(b"content-type", b"text/html")]
    seen.raw_answer = b"<p>No.</p>"


class ErrorsOnPages(Wrong):
    """What is wrong the user is told in the client's place."""

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", AUTHORIZE) and "error=" in location(seen):
            of_a_page(seen)


def begins_as_the_clients(address: str) -> bool:
    return address.startswith(CLIENT.redirect_uri or "")


def is_at_the_clients_host(address: str) -> bool:
    return "127.0.0.1" in address


def without_challenges(seen: Seen) -> None:
    reform(seen, code_challenge=None, code_challenge_method=None)


def has_plain_challenge(seen: Seen) -> bool:
    return form(seen).get("code_challenge_method") == "plain"


def unscoped(seen: Seen) -> None:
    reform(seen, scope=None)


def scoped(seen: Seen) -> None:
    if "scope" not in form(seen):
        reform(seen, scope="read_division_management")


def with_the_clients_address(seen: Seen) -> None:
    reform(seen, redirect_uri=CLIENT.redirect_uri)


def deduplicated(seen: Seen) -> None:
    reform(seen)


def as_text(seen: Seen) -> None:
    seen.raw_answer = json.dumps({**seen.answer, "expires_in": "3600"}).encode()


BROKEN = (
    Broken(RULE, "nobody logs in with a password", refusing("unsupported_grant_type", PASSWORD)),
    Broken(RULE, "no token is renewed", refusing("unsupported_grant_type", REFRESH)),
    Broken(RULE, "no code is exchanged", refusing("unsupported_grant_type", CODE)),
    Broken(RULE, "no refresh token comes with a password", told(PASSWORD, refresh_token=None)),
    Broken(RULE, "no refresh token comes with a code", told(CODE, refresh_token=None)),
    Broken(RULE, "a token lasts a day", told(expires_in=86400)),
    Broken(RULE, "a renewed token lasts a minute", told(REFRESH, expires_in=60)),
    Broken(RULE, "how long a token lasts is a text", answering("POST", TOKEN, as_text)),
    Broken(RULE, "how long a token lasts is not told", told(expires_in=None)),
    Broken(RULE, "a token is of another kind", told(token_type="mac")),
    Broken(RULE, "an access token is a number", told(access_token=1234567890123)),
    Broken(RULE, "an access token is never issued", told(access_token="a-token-of-nobody-at-all")),
    Broken(RULE, "a refresh brings the access token of before", TwiceTheSame),
    Broken(RULE, "a refresh token is an access token", LetsRefreshIn),
    Broken(RULE, "the beginning of an access token will do", LetsBeginningsIn),
    Broken(RULE, "every access token is the administrator's", ActsForAll),
    Broken(RULE, "a scope is given that is not published", told(scope="refresh_token rule_the_world")),
    Broken(RULE, "a client is not told its state", without_its("state")),
    Broken(RULE, "a client is told its state escaped twice", sent_on(state_twice_escaped)),
    Broken(f"{RULE}-CLIENTS", "a multipart form is not read", refusing("invalid_request", is_multipart)),
    Broken(f"{RULE}-CLIENTS", "a secret in the form is not read", refusing("invalid_client", has_secret_in_form)),
    Broken(f"{RULE}-CLIENTS", "a secret by Basic is not read", refusing("invalid_client", is_by_basic)),
    Broken(f"{RULE}-CLIENTS", "a code's challenge means nothing", asked(without_challenges, path=AUTHORIZE)),
    Broken(
        f"{RULE}-CLIENTS", "a plain challenge means nothing", asked(without_challenges, has_plain_challenge, AUTHORIZE)
    ),
    Broken(f"{RULE}-ERRORS", "every secret is a client's own", asked(by_itself, is_by_basic)),
    Broken(f"{RULE}-ERRORS", "an unknown client is an invalid grant", error("invalid_client", "invalid_grant")),
    Broken(f"{RULE}-ERRORS", "a wrong secret is 400", error("invalid_client", "invalid_client", 400)),
    Broken(f"{RULE}-ERRORS", "a wrong secret is answered without a challenge", instead(without_challenge)),
    Broken(f"{RULE}-ERRORS", "a refusal is a problem", instead(as_a_problem)),
    Broken(f"{RULE}-ERRORS", "a refusal has no words", instead(without_words)),
    Broken(f"{RULE}-ERRORS", "a spent token is 401", error("invalid_grant", "invalid_grant", 401)),
    Broken(
        f"{RULE}-ERRORS", "an unknown grant is an invalid request", error("unsupported_grant_type", "invalid_request")
    ),
    Broken(f"{RULE}-ERRORS", "an unknown scope is an invalid request", error("invalid_scope", "invalid_request")),
    Broken(f"{RULE}-ERRORS", "what is missing is an invalid grant", error("invalid_request", "invalid_grant")),
    Broken(f"{RULE}-ERRORS", "any password will do", asked(with_its_password, has_wrong_password)),
    Broken(f"{RULE}-ERRORS", "a field may come twice", asked(deduplicated, REFRESH)),
    Broken(
        f"{RULE}-ERRORS",
        "a refresh token is everybody's",
        asked(by_itself, lambda seen: REFRESH(seen) and is_of_another(seen)),
    ),
    Broken(
        f"{RULE}-ERRORS", "a code is everybody's", asked(by_itself, lambda seen: CODE(seen) and is_of_another(seen))
    ),
    Broken(f"{RULE}-ERRORS", "a code is exchanged with any address", asked(with_the_clients_address, CODE)),
    Broken(f"{RULE}-ERRORS", "whoever comes is sent anywhere", redirecting("GET", always_so := lambda _: True)),
    Broken(f"{RULE}-ERRORS", "who consents is sent anywhere", redirecting("POST", always_so)),
    Broken(f"{RULE}-ERRORS", "who consents is sent to a longer path", redirecting("POST", begins_as_the_clients)),
    Broken(
        f"{RULE}-ERRORS",
        "who comes is sent wherever the client's host is named",
        redirecting("GET", is_at_the_clients_host),
    ),
    Broken(f"{RULE}-ERRORS", "an unknown client sends on whom it likes", asking("GET", AUTHORIZE, redirecting_anybody)),
    Broken(f"{RULE}-ERRORS", "the user is told what concerns the client", ErrorsOnPages),
    Broken(f"{RULE}-ERRORS", "a refused client is not told its state", without_its("state")),
    Broken(f"{RULE}-ONCE", "a refresh token works again", EndlessRefresh),
    Broken(f"{RULE}-ONCE", "a code works again", EndlessCode),
    Broken(f"{RULE}-ONCE", "a code's second use ends nothing", MildOnCodes),
    Broken(f"{RULE}-ONCE", "a refresh ends the access token of before", EndsBesides),
    Broken(RULE, "a refresh token lasts for ever", never_forgetting("refresh_token")),
    Broken(f"{RULE}-ONCE", "a code lasts for ever", never_forgetting("code")),
    Broken(f"{RULE}-401", "an access token lasts for ever", NeverExpires),
    Broken(f"{RULE}-SCOPES", "every client gets all scopes", asked(unscoped)),
    Broken(f"{RULE}-SCOPES", "a client that asks for no scope gets one", asked(scoped, PASSWORD)),
    Broken(f"{RULE}-SCOPES", "a scope limits what is created", NarrowScopes),
)
