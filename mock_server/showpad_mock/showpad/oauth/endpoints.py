"""The two endpoints, as oauthlib serves them: what it is asked, and what it answers."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import urlencode

from oauthlib.common import Request
from oauthlib.oauth2 import (
    AuthorizationCodeGrant,
    AuthorizationEndpoint,
    BearerToken,
    InvalidRequestError,
    OAuth2Error,
    RefreshTokenGrant,
    ResourceOwnerPasswordCredentialsGrant,
    TokenEndpoint,
)

from ...state.unit import Unit
from ..domain import oauth
from ..domain.oauth import OAuthClient
from ..domain.people import User
from .sent import Sent
from .validator import Validator

# oauthlib challenges for a Bearer token, which is what the client has not got yet (RFC 6749, 5.2).
CHALLENGE = 'Basic realm="oauth2"'
# oauthlib asks for addresses only to read their query; what was sent is handed to it as fields.
HERE = "https://oauth.invalid/"
UNTOLD = {
    "invalid_grant": "The code_verifier is not that of the code's challenge.",
    "unsupported_grant_type": "The grant_type is none of authorization_code, refresh_token and password.",
}
"""What is wrong, where neither oauthlib nor the validator has words for it."""
# oauthlib takes any text for one (RFC 7636, 4.2), and it is kept with the code.
CODE_CHALLENGE = re.compile("[A-Za-z0-9._~-]{43,128}")


class Reply(NamedTuple):
    """What is answered: a status, headers, and JSON; `error` is the code of RFC 6749, where it is a refusal."""

    status: int
    headers: dict[str, str]
    body: str = ""
    error: str | None = None


@dataclass(frozen=True)
class Consent:
    """What a user is asked: whether the client may act for them."""

    client: OAuthClient
    scopes: tuple[str, ...]
    redirect_uri: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    """What was sent, to be sent again with the answer."""


class _CodeGrant(AuthorizationCodeGrant):
    def __init__(self, unit: Unit, validator: Validator) -> None:
        super().__init__(validator)
        self._unit = unit

    def create_authorization_code(self, request: Request) -> dict[str, str]:
        """Draw the code from the tenant's own chance."""
        state = {"state": request.state} if request.state else {}
        return {"code": oauth.new_code(self._unit), **state}


class _Endpoints:
    def __init__(self, unit: Unit, sent: Sent) -> None:
        validator = self.validator = Validator(unit, sent)
        bearer: Any = BearerToken(validator, validator.issue, oauth.ACCESS_LIFETIME, validator.issue_refresh)
        code = _CodeGrant(unit, validator)
        grants = {
            "authorization_code": code,
            "refresh_token": RefreshTokenGrant(validator),
            "password": ResourceOwnerPasswordCredentialsGrant(validator),
        }
        self.token = TokenEndpoint("authorization_code", bearer, grants)
        self.authorization = AuthorizationEndpoint("code", bearer, {"code": code})


def refusal(error: str, description: str, status: int = 400) -> Reply:
    """Refuse in the words of RFC 6749, for what oauthlib is not asked about."""
    body = json.dumps({"error": error, "error_description": description})
    headers = {"Content-Type": "application/json", "Cache-Control": "no-store"}
    return Reply(status, headers if status != 401 else {**headers, "WWW-Authenticate": CHALLENGE}, body, error)


def _form(sent: Sent) -> str:
    # What is sent without a value counts as not sent (RFC 6749, 3.1 and 3.2).
    there = [(name, value) for name, value in sent.fields if value]
    return urlencode([*there, ("client_id", sent.client_id or "")])


def token(unit: Unit, sent: Sent) -> Reply:
    """Answer a token request: tokens, or why there are none."""
    if sent.client_id is None:
        return refusal("invalid_client", "No client_id was sent, neither by HTTP Basic nor in the form.", 401)
    if (reused := _twice(sent)) is not None:
        return refusal("invalid_request", f"The field {reused} was sent twice.")
    if not sent.field("grant_type"):  # which oauthlib takes for a grant that it does not know
        return refusal("invalid_request", "The field grant_type is missing.")
    asked = _Endpoints(unit, sent)
    headers, body, status = asked.token.create_token_response(HERE, http_method="POST", body=_form(sent))
    told = json.loads(body)
    if "error" in told:
        told.setdefault(
            "error_description", asked.validator.why or UNTOLD.get(told["error"], "The request is refused.")
        )
    if status == 401:
        headers["WWW-Authenticate"] = CHALLENGE
    return Reply(status, headers, json.dumps(told), told.get("error"))


def _twice(sent: Sent) -> str | None:
    """Return a field that was sent twice: which of its values counts, nobody could tell (RFC 6749, 3.2)."""
    names = [name for name, _ in sent.fields]
    return next((name for name in names if names.count(name) > 1), None)


def consent(unit: Unit, sent: Sent) -> Consent:
    """Return what the user is to be asked; raises OAuth2Error, a FatalClientError where nobody can be told but them."""
    scopes, asked = _Endpoints(unit, sent).authorization.validate_authorization_request(HERE, body=_form(sent))
    request = asked["request"]
    if request.code_challenge is not None and CODE_CHALLENGE.fullmatch(request.code_challenge) is None:
        raise InvalidRequestError("code_challenge must be 43 to 128 letters, digits or -._~", request=request)
    fields = [*sent.fields, ("client_id", sent.sent_id)]
    return Consent(request.client, tuple(scopes), request.redirect_uri, fields)


def authorize(unit: Unit, sent: Sent, user: User) -> Reply:
    """Send the user back to the client with a code; raises OAuth2Error as `consent` does."""
    headers, _, status = _Endpoints(unit, sent).authorization.create_authorization_response(
        HERE, body=_form(sent), credentials={"user": user}
    )
    return Reply(status, headers)


def send_back(error: OAuth2Error, redirect_uri: str) -> Reply:
    """Send the user back to the client with what went wrong."""
    return Reply(302, {"Location": error.in_uri(redirect_uri)}, error=error.error)
