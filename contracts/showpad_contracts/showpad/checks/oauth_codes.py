"""OAuth's authorization code: consent, exchange, PKCE, and to which addresses a user is sent (AROUND-OAUTH).

Most of it needs a consent that a script may answer, which a real tenant asks of a person.
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from ...core import expect
from ...core.check import check
from ...core.violation import WrongValue
from ..client import Client
from ..control import Control
from ..oauth import RENEWABLE, Given, OAuth, complete
from .oauth import MINUTE, NO_CLIENT, asked_with, refused_as

VERIFIER, ANOTHER = "contract-kit-" + "v" * 40, "contract-kit-" + "w" * 40
ODD = "a+b&c=d %20/~"
"""In a state: whatever a form escapes."""


def challenge(method: str) -> dict[str, str]:
    """Return what is sent for a code that VERIFIER alone redeems."""
    digest = urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
    return {"code_challenge": digest if method == "S256" else VERIFIER, "code_challenge_method": method}


# The grant


@check("AROUND-OAUTH", writes=True)
def a_code_gives_tokens_that_the_api_takes(client: Client) -> None:
    """AROUND-OAUTH: once the user has consented, and the client is told its state as it was."""
    oauth, state = OAuth(client), f"{client.session.fresh_mark()} {ODD}"
    back = oauth.decide(oauth.program.consent, state=state, scope=RENEWABLE)
    told = oauth.sent_back(back)
    expect.member(told, "code", of="what the client is told")
    expect.equal(told.get("state"), state, "state")
    given = oauth.by_code(str(back.secrets["code"]))
    complete(given)
    expect.status(asked_with(client, given.access_token), 200)
    complete(oauth.by_refresh(given.refresh_token))


@check("AROUND-OAUTH-CLIENTS", writes=True, always={"method": ("S256", "plain")})
def a_code_with_a_challenge_is_given_out_for_its_verifier(client: Client, method: str) -> None:
    """AROUND-OAUTH-CLIENTS: and for no other, nor without one."""
    oauth = OAuth(client)
    for wrong in (ANOTHER, None):
        expect.refused(oauth.by_code(oauth.code(**challenge(method)), code_verifier=wrong).exchange, 400)
    complete(oauth.by_code(oauth.code(**challenge(method)), code_verifier=VERIFIER))


@check("AROUND-OAUTH-ERRORS", writes=True)
def a_wrong_verifier_is_an_invalid_grant(client: Client) -> None:
    """AROUND-OAUTH-ERRORS: as RFC 7636 has it."""
    oauth = OAuth(client)
    refused_as(oauth.by_code(oauth.code(**challenge("S256")), code_verifier=ANOTHER), "invalid_grant")


@check("AROUND-OAUTH-ONCE", writes=True)
def a_code_works_once_and_its_second_use_ends_what_it_gave(client: Client) -> None:
    """AROUND-OAUTH-ONCE: access token and refresh token."""
    oauth = OAuth(client)
    code = oauth.code()
    given = oauth.by_code(code)
    complete(given)
    expect.status(asked_with(client, given.access_token), 200)
    refused_as(oauth.by_code(code), "invalid_grant")
    expect.status(asked_with(client, given.access_token), 401)
    refused_as(oauth.by_refresh(given.refresh_token), "invalid_grant")


@check("AROUND-OAUTH-ONCE", writes=True)
def a_code_waits_ten_minutes_at_most(client: Client) -> None:
    """AROUND-OAUTH-ONCE: by the clock of a target whose clock may be set."""
    oauth, control = OAuth(client), Control(client)
    code = oauth.code()
    with control.later(10 * MINUTE + 1):
        refused_as(oauth.by_code(code), "invalid_grant")


@check("AROUND-OAUTH-ERRORS", writes=True)
def anothers_code_is_refused(client: Client) -> None:
    """AROUND-OAUTH-ERRORS: and works for its own client afterwards."""
    oauth = OAuth(client)
    other, code = oauth.other(), oauth.code()
    refused_as(oauth.by_code(code, by=other), "invalid_grant")
    complete(oauth.by_code(code))


@check("AROUND-OAUTH-ERRORS", writes=True)
def a_code_is_exchanged_with_the_address_that_it_was_sent_to(client: Client) -> None:
    """AROUND-OAUTH-ERRORS: with another it is an invalid grant."""
    oauth = OAuth(client)
    refused_as(oauth.by_code(oauth.code(), redirect_uri=f"{oauth.redirect_uri}/elsewhere"), "invalid_grant")


# Where a user is sent


def at_another_host(address: str) -> str:
    """The same path of somebody else's."""
    return f"https://elsewhere.example.com{urlsplit(address).path}"


def with_the_host_as_a_name(address: str) -> str:
    """An address that begins as the client's."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}@elsewhere.example.com{parts.path}"


def at_a_longer_host(address: str) -> str:
    """An address that begins as the client's."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}.elsewhere.example.com{parts.path}"


def below(address: str) -> str:
    """A path that begins as the client's."""
    return f"{address}/elsewhere"


FOREIGN: Mapping[str, Callable[[str], str]] = {
    "another host": at_another_host,
    "the client's host as a name": with_the_host_as_a_name,
    "a longer host": at_a_longer_host,
    "a longer path": below,
}


def not_sent_to(address: str, given: Given) -> None:
    """Require that the answer leads nobody to an address."""
    location = given.exchange.headers.get("location", "")
    if 300 <= given.exchange.status < 400 and location.startswith(address):
        raise WrongValue("the address that the user is sent to", expected="none but the client's", received=location)


@check("AROUND-OAUTH-ERRORS", always={"where": tuple(FOREIGN)})
def nobody_is_sent_to_an_address_that_is_not_the_clients(client: Client, where: str) -> None:
    """AROUND-OAUTH-ERRORS: before anybody was asked."""
    oauth = OAuth(client)
    address = FOREIGN[where](oauth.redirect_uri)
    not_sent_to(address, oauth.ask(redirect_uri=address))


@check("AROUND-OAUTH-ERRORS", writes=True, always={"where": tuple(FOREIGN)})
def nobody_who_consents_is_sent_to_an_address_that_is_not_the_clients(client: Client, where: str) -> None:
    """AROUND-OAUTH-ERRORS: with a code."""
    oauth = OAuth(client)
    address = FOREIGN[where](oauth.redirect_uri)
    not_sent_to(address, oauth.decide(oauth.program.consent, redirect_uri=address))


@check("AROUND-OAUTH-ERRORS")
def nobody_is_sent_on_by_an_unknown_client(client: Client) -> None:
    """AROUND-OAUTH-ERRORS: whatever address it gives."""
    oauth = OAuth(client)
    for address in (oauth.redirect_uri, at_another_host(oauth.redirect_uri)):
        not_sent_to(address, oauth.ask(client_id=NO_CLIENT, redirect_uri=address))


WRONG: Mapping[str, tuple[dict[str, str | None], str]] = {
    "an unknown response_type": ({"response_type": "telepathy"}, "unsupported_response_type"),
    "no response_type": ({"response_type": None}, "invalid_request"),
    "an unpublished scope": ({"scope": "everything_everywhere"}, "invalid_scope"),
}


@check("AROUND-OAUTH-ERRORS", writes=True, always={"what": tuple(WRONG)})
def what_is_wrong_is_told_at_the_clients_own_address(client: Client, what: str) -> None:
    """AROUND-OAUTH-ERRORS: by name, with the state; without a code."""
    fields, error = WRONG[what]
    oauth = OAuth(client)
    told_instead(oauth, oauth.decide(oauth.program.consent, state="its-state", **fields), error)


@check("AROUND-OAUTH-ERRORS", writes=True)
def a_user_who_denies_is_sent_back(client: Client) -> None:
    """AROUND-OAUTH-ERRORS: with access_denied, and without a code."""
    oauth = OAuth(client)
    told_instead(oauth, oauth.decide(oauth.program.denial, state="its-state"), "access_denied")


def told_instead(oauth: OAuth, given: Given, error: str) -> None:
    """Require that the client is told an error in place of a code."""
    told = oauth.sent_back(given)
    expect.equal(told.get("error"), error, "error that the client is told")
    expect.equal(told.get("state"), "its-state", "state")
    expect.equal("code" in told, expected=False, what="whether there is a code")
