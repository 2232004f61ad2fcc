"""The OAuth operations: the page that asks a user, its answer, and the token endpoint."""

from __future__ import annotations

from urllib.parse import urlsplit

from oauthlib.oauth2 import AccessDeniedError, FatalClientError, OAuth2Error

from ...web.call import Call
from ...web.render import Answer
from ..domain.page import oldest_first
from ..domain.people import USERS, User, find_user, find_user_by_email
from ..oauth import endpoints
from ..oauth.answers import ERRORS, OAUTH, answer_of, failed
from ..oauth.endpoints import Consent, Reply
from ..oauth.sent import Sent, read
from ..pages import page

USERS_SHOWN = 200
"""How many users the page lets choose from; a POST may name any."""


def token(call: Call) -> Answer:
    """Answer `POST /api/v3/oauth2/token`."""
    call.is_query_read = True
    return answer_of(call.unit, endpoints.token(call.unit, read(call)))


def ask(call: Call) -> Answer:
    """Answer `GET /api/v3/oauth2/authorize` with the page that asks the user."""
    call.is_query_read = True
    return _authorized(call, _request(read(call)))


def decide(call: Call) -> Answer:
    """Answer what the page sends, or a script: `user` and `decision` (allow or deny) beside the request's fields."""
    call.is_query_read = True
    sent = read(call)
    return _authorized(call, _request(sent), user=sent.field("user"), decision=sent.field("decision") or "")


def _request(sent: Sent) -> Sent:
    # Without the answer: what a client puts into its link must not answer for the user.
    return sent._replace(fields=[one for one in sent.fields if one[0] not in ("user", "decision")])


def _authorized(call: Call, sent: Sent, *, user: str | None = None, decision: str | None = None) -> Answer:
    redirect_uri = None
    try:
        consent = endpoints.consent(call.unit, sent)
        redirect_uri = consent.redirect_uri
        if decision is None:
            return _question(call, consent)
        return answer_of(call.unit, _decided(call, sent, user=user, decision=decision))
    except FatalClientError as error:
        return _failed(call, error)
    except OAuth2Error as error:
        # To be told to the client, at the address that was found to be its own before anything else was looked at.
        redirect_uri = redirect_uri or error.redirect_uri
        return answer_of(call.unit, endpoints.send_back(error, redirect_uri)) if redirect_uri else _failed(call, error)


def _decided(call: Call, sent: Sent, *, user: str | None, decision: str) -> Reply:
    if decision == "deny":
        raise AccessDeniedError(description="The user denied it.", state=sent.field("state"))
    found = _user_named(call, user or "")
    if decision != "allow" or found is None:
        raise InvalidAnswer(description="Answer with user (a handle, id or e-mail of an active user) and decision.")
    return endpoints.authorize(call.unit, sent, found)


class InvalidAnswer(FatalClientError):
    """Neither user nor client can be sent on: the answer to the page was none."""

    error = "invalid_request"


def _user_named(call: Call, name: str) -> User | None:
    user = find_user(call.unit.store, name) or find_user_by_email(call.unit.store, name)
    return user if user is not None and user.is_active else None


def _question(call: Call, consent: Consent) -> Answer:
    call.unit.decide(OAUTH)
    users = [user for user in oldest_first(call.unit.store.all(USERS)) if user.is_active][:USERS_SHOWN]
    address = urlsplit(consent.redirect_uri)
    return page(
        "consent",
        # A browser holds the redirect after the form against this, too.
        form_goes_to=f"'self' {address.scheme}://{address.netloc}" if address.netloc else f"'self' {address.scheme}:",
        client=consent.client.name,
        tenant=call.unit.tenant.name,
        scopes=consent.scopes,
        action=call.path,
        fields=consent.fields,
        users=users,
    )


def _failed(call: Call, error: OAuth2Error) -> Answer:
    call.unit.decide(ERRORS)
    return failed(error.error or "", error.description)
