"""OAuth: tokens by password and by refresh token, how they are asked for, and what is refused (AROUND-OAUTH).

No refresh token is spent but those that the run was given. What needs a code is in oauth_codes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from ...core import expect
from ...core.check import check
from ...core.exchange import Exchange
from ...core.target import OAuthClient
from ...core.violation import TargetLacks, WrongValue
from ..client import Client
from ..control import Control
from ..oauth import BASIC, HOUR, RENEWABLE, Given, OAuth, Way, complete

SCOPES = (
    *("refresh_token", "read_user_management", "write_user_management", "read_contentprofile_management"),
    *("write_contentprofile_management", "read_division_management", "write_division_management"),
    "appsdb_online_integrations",
)
SCOPE, ANOTHER = f"{RENEWABLE} read_user_management", "write_user_management"
MINUTE, DAY = 60, 24 * HOUR
BOGUS = "contract-kit-never-issued-this"
NO_CLIENT = "nobody-knows-this-client"
WAYS: Mapping[str, Way] = {
    "by Basic, urlencoded": BASIC,
    "by Basic, multipart": Way(is_multipart=True),
    "in the body, urlencoded": Way(by_basic=False),
    "in the body, multipart": Way(by_basic=False, is_multipart=True),
}


def asked_with(client: Client, access_token: str) -> Exchange:
    """Ask the API for something that every user may see."""
    return client.with_token(access_token).get("/shared-spaces", params={"limit": 1})


def refused_as(given: Given, error: str, code: int = 400) -> None:
    """Require a refusal as RFC 6749 has it: the status, the error by its name, and words about it."""
    told = expect.refused(given.exchange, code)
    expect.equal(expect.member(told, "error"), error, "error")
    expect.of_type(expect.member(told, "error_description"), str, "error_description")


def another_than(before: Given, given: Given, *names: str) -> None:
    """Require other secrets than before, which are not shown."""
    for name in names:
        if given.secrets.get(name) == before.secrets[name]:
            raise WrongValue(name, expected="another than before", received="the same")


# Grants


@check("AROUND-OAUTH", writes=True)
def a_password_gives_tokens_that_the_api_takes(client: Client) -> None:
    """AROUND-OAUTH: an access token for an hour and a refresh token; each time others."""
    oauth = OAuth(client)
    first, second = oauth.by_password(), oauth.by_password()
    for given in (first, second):
        complete(given)
        expect.status(asked_with(client, given.access_token), 200)
    another_than(first, second, "access_token", "refresh_token")


@check("AROUND-OAUTH", writes=True)
def a_refresh_token_gives_tokens_that_the_api_takes(client: Client) -> None:
    """AROUND-OAUTH: an access token for another hour."""
    oauth = OAuth(client)
    first = oauth.tokens()
    second = oauth.by_refresh(first.refresh_token)
    complete(second)
    another_than(first, second, "access_token")
    expect.status(asked_with(client, second.access_token), 200)


@check("AROUND-OAUTH", writes=True)
def an_access_token_acts_as_its_user(client: Client) -> None:
    """AROUND-OAUTH: whose a new space becomes for which nobody is named."""
    oauth = OAuth(client)
    users = [one for one in client.target.actors.values() if one.email is not None and one.user_id is not None]
    known = next((one.user_id for one in users if one.email == oauth.program.username), None)
    if known is None:
        raise TargetLacks("the user id of who logs in by OAuth")
    in_person = client.with_token(oauth.by_password().access_token)
    space = client.created(by=in_person, owner=None)
    expect.equal(expect.member(space, "owner.userId"), known, "owner of the space")


@check("AROUND-OAUTH", writes=True)
def what_no_grant_gave_is_no_token(client: Client) -> None:
    """AROUND-OAUTH: neither a token of the same form nor a refresh token lets anybody in."""
    given = OAuth(client).tokens()
    token, middle = given.access_token, len(given.access_token) // 2
    # Not its last character, some bits of which may mean nothing.
    changed = token[:middle] + ("a" if token[middle] != "a" else "b") + token[middle + 1 :]
    for wrong in (changed, token[:-1], given.refresh_token):
        expect.status(asked_with(client, wrong), 401)


@check("AROUND-OAUTH-CLIENTS", writes=True, always={"way": tuple(WAYS)})
def a_client_says_who_it_is_in_each_way(client: Client, way: str) -> None:
    """AROUND-OAUTH-CLIENTS: by Basic and in the body, in a form of either kind."""
    complete(OAuth(client).by_password(way=WAYS[way]))


# What is refused


REFRESH = {"grant_type": "refresh_token", "refresh_token": BOGUS}


def impostor(oauth: OAuth) -> OAuthClient:
    """Return the client with another secret than its own."""
    if oauth.program.client_secret is None:
        raise TargetLacks("the secret of its OAuth client")
    return replace(oauth.program, client_secret="not-the-clients-own")


def sent(**fields: str | None) -> Callable[[OAuth], Given]:
    """A token request of the client's own."""
    return lambda oauth: oauth.token(fields)


def without_client(oauth: OAuth) -> Given:
    """A token request of nobody's."""
    nobody = OAuthClient(client_id="")
    return oauth.token({**REFRESH, "client_id": None}, by=nobody)


def twice(oauth: OAuth) -> Given:
    """A field that is sent twice."""
    return oauth.token(REFRESH, again={"refresh_token": BOGUS})


def wider(oauth: OAuth) -> Given:
    """A refresh that asks for more than the user had consented to."""
    return oauth.by_refresh(oauth.tokens(scope=SCOPE).refresh_token, scope=f"{SCOPE} {ANOTHER}")


REFUSED: Mapping[str, tuple[Callable[[OAuth], Given], str]] = {
    "a wrong secret": (lambda oauth: oauth.by_refresh(BOGUS, by=impostor(oauth)), "invalid_client"),
    "an unknown client": (
        lambda oauth: oauth.by_refresh(BOGUS, by=replace(oauth.program, client_id=NO_CLIENT)),
        "invalid_client",
    ),
    "no client": (without_client, "invalid_client"),
    "a refresh token that was never issued": (sent(**REFRESH), "invalid_grant"),
    "a code that was never issued": (sent(grant_type="authorization_code", code=BOGUS), "invalid_grant"),
    "a user whom nobody knows": (
        lambda oauth: oauth.by_password(username="nobody.at.all@example.invalid"),
        "invalid_grant",
    ),
    "a wrong password": (lambda oauth: oauth.by_password(password="not-the-users-own"), "invalid_grant"),
    "an unknown grant": (sent(grant_type="telepathy"), "unsupported_grant_type"),
    "no grant": (sent(refresh_token=BOGUS), "invalid_request"),
    "no refresh token": (sent(grant_type="refresh_token"), "invalid_request"),
    "an empty refresh token": (sent(grant_type="refresh_token", refresh_token=""), "invalid_request"),
    "no code": (sent(grant_type="authorization_code"), "invalid_request"),
    "no password": (lambda oauth: oauth.by_password(password=None), "invalid_request"),
    "a field twice": (twice, "invalid_request"),
    "an unpublished scope": (lambda oauth: oauth.by_password(scope="everything_everywhere"), "invalid_scope"),
    "a scope beyond those of the refresh token": (wider, "invalid_scope"),
}
"""What is wrong, and the error of RFC 6749 that tells it."""


@check("AROUND-OAUTH-ERRORS", writes=True, always={"what": tuple(REFUSED)})
def what_is_wrong_with_a_token_request_is_told(client: Client, what: str) -> None:
    """AROUND-OAUTH-ERRORS: by name, and with 401 for a client that is not who it says."""
    ask, error = REFUSED[what]
    refused_as(ask(OAuth(client)), error, 401 if error == "invalid_client" else 400)


@check("AROUND-OAUTH-ERRORS", writes=True, always={"way": tuple(WAYS)})
def a_wrong_secret_is_refused_in_each_way(client: Client, way: str) -> None:
    """AROUND-OAUTH-ERRORS: where it came by Basic, Basic is asked for."""
    oauth = OAuth(client)
    given = oauth.token(REFRESH, way=WAYS[way], by=impostor(oauth))
    refused_as(given, "invalid_client", 401)
    if WAYS[way].by_basic:
        challenge = expect.member(given.exchange.headers, "www-authenticate", of="the headers")
        expect.matches(challenge.casefold(), "basic( .*)?", "www-authenticate")


@check("AROUND-OAUTH-ERRORS", writes=True)
def anothers_refresh_token_is_refused(client: Client) -> None:
    """AROUND-OAUTH-ERRORS: and works for its own client afterwards."""
    oauth = OAuth(client)
    other, given = oauth.other(), oauth.tokens()
    refused_as(oauth.by_refresh(given.refresh_token, by=other), "invalid_grant")
    complete(oauth.by_refresh(given.refresh_token))


# Once


@check("AROUND-OAUTH-ONCE", writes=True)
def a_refresh_token_works_once(client: Client) -> None:
    """AROUND-OAUTH-ONCE: the new one works, and so does the access token that came with the old one."""
    oauth = OAuth(client)
    first = oauth.tokens()
    second = oauth.by_refresh(first.refresh_token)
    complete(second)
    another_than(first, second, "refresh_token")
    expect.status(asked_with(client, first.access_token), 200)
    complete(oauth.by_refresh(second.refresh_token))
    for spent in (first, second):
        refused_as(oauth.by_refresh(spent.refresh_token), "invalid_grant")


# Scopes


def scopes_of(given: Given) -> set[str] | None:
    """Return the scopes that an answer tells, None where it tells none."""
    scope = expect.answered(given.exchange, 200).get("scope")
    if scope is not None:
        expect.of_type(scope, str, "scope")
    return None if scope is None else set(scope.split())


@check("AROUND-OAUTH", writes=True)
def no_other_scopes_are_given_than_the_published_ones(client: Client) -> None:
    """AROUND-OAUTH: to a client that asks for none."""
    told = scopes_of(OAuth(client).by_password(scope=None))
    if told is not None and not told <= {*SCOPES}:
        raise WrongValue("scope", expected=f"none but {', '.join(SCOPES)}", received=" ".join(sorted(told)))


@check("AROUND-OAUTH-SCOPES", writes=True)
def a_client_gets_the_scopes_that_it_asks_for(client: Client) -> None:
    """AROUND-OAUTH-SCOPES: those alone, and again by refreshing; to tell them is needless then."""
    oauth = OAuth(client)
    given = oauth.tokens(scope=SCOPE)
    for one in (given, oauth.by_refresh(given.refresh_token)):
        complete(one)
        told = scopes_of(one)
        if told is not None:
            expect.equal(sorted(told), sorted(SCOPE.split()), "scope")


@check("AROUND-OAUTH-SCOPES", writes=True)
def a_client_that_asks_for_no_scope_is_told_its_own(client: Client) -> None:
    """AROUND-OAUTH-SCOPES: since it asked for none they have to be told; among them is one that it may have."""
    oauth = OAuth(client)
    all_of_them = scopes_of(oauth.by_password(scope=None)) or set()
    if not {*SCOPE.split()} <= all_of_them:
        raise WrongValue("scope", expected=f"all of the client's own, {SCOPE} among them", received=all_of_them)
    complete(oauth.by_password(scope=" ".join(sorted(all_of_them))))


@check("AROUND-OAUTH-SCOPES", writes=True, always={"scope": SCOPES})
def a_scope_limits_nothing_of_what_is_done_with_spaces(client: Client, scope: str) -> None:
    """AROUND-OAUTH-SCOPES: whichever it is; none is published for them."""
    in_person = client.with_token(OAuth(client).by_password(scope=scope).access_token)
    expect.status(in_person.get("/shared-spaces", params={"limit": 1}), 200)
    client.created(by=in_person)


# By the clock of a target whose clock may be set


@check("AROUND-OAUTH-401", writes=True)
def an_access_token_is_let_in_for_an_hour(client: Client) -> None:
    """AROUND-OAUTH-401: and no longer; the refresh token beside it brings another then."""
    oauth, control = OAuth(client), Control(client)
    given = oauth.tokens()
    with control.later(HOUR - MINUTE):
        expect.status(asked_with(client, given.access_token), 200)
    with control.later(HOUR + MINUTE):
        expect.status(asked_with(client, given.access_token), 401)
        renewed = oauth.by_refresh(given.refresh_token)
        complete(renewed)
        expect.status(asked_with(client, renewed.access_token), 200)


@check("AROUND-OAUTH", writes=True)
def a_refresh_token_lasts_14_days_at_least_and_90_at_most(client: Client) -> None:
    """AROUND-OAUTH: by the tenant's clock."""
    oauth, control = OAuth(client), Control(client)
    given, other = oauth.tokens(), oauth.tokens()
    with control.later(14 * DAY - MINUTE):
        complete(oauth.by_refresh(given.refresh_token))
    with control.later(90 * DAY + MINUTE):
        refused_as(oauth.by_refresh(other.refresh_token), "invalid_grant")
