"""What oauthlib asks of the tenant: its clients, users, codes and tokens.

The signatures are oauthlib's, which hands on more than is needed: Showpad's client is known from what was sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from oauthlib.common import Request
from oauthlib.oauth2 import InvalidGrantError, RequestValidator

from ...state.unit import Unit
from ..domain import oauth
from ..domain.oauth import AuthorizationCode, OAuthClient, Tokens
from ..domain.people import USERS
from .sent import Sent

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


class Validator(RequestValidator):
    """Answers for one unit of work; what is asked without a `client` was sent by `sent.client_id`."""

    def __init__(self, unit: Unit, sent: Sent) -> None:
        self._unit, self._sent = unit, sent
        self._code: AuthorizationCode | None = None
        self._tokens: Tokens | None = None
        self._issued: Tokens | None = None
        self.why: str | None = None
        """Why it said no, where oauthlib has no words for it."""

    def _client(self) -> OAuthClient | None:
        return self._unit.store.get(oauth.OAUTH_CLIENTS, self._sent.client_id or "")

    def _no(self, why: str) -> bool:
        self.why = why
        return False

    def authenticate_client(self, request: Request, *_: Any, **__: Any) -> bool:
        """Return whether the client shows its secret, or is public and shows none."""
        client = self._client()
        if client is None or not oauth.is_secret_of(client, self._sent.secret):
            return self._no("The client_secret is not that of the client.")
        request.client = client
        return True

    def validate_client_id(self, client_id: str, request: Request, *_: Any, **__: Any) -> bool:
        """Return whether there is such a client."""
        request.client = self._client()
        return request.client is not None

    def validate_redirect_uri(self, client_id: str, redirect_uri: str, request: Request, *_: Any, **__: Any) -> bool:
        """Return whether the client has registered that address; the port of a loopback one is free (RFC 8252)."""
        client = self._client()
        return client is not None and any(_is_same(redirect_uri, known) for known in client.redirect_uris)

    def get_default_redirect_uri(self, client_id: str, request: Request, *_: Any, **__: Any) -> Any:
        """Return the client's address where it has only one."""
        client = self._client()
        return client.redirect_uris[0] if client is not None and len(client.redirect_uris) == 1 else None

    def validate_response_type(
        self, client_id: str, response_type: str, client: Any, request: Request, *_: Any, **__: Any
    ) -> bool:
        """Return whether a code is asked for, by a client that may."""
        return response_type == "code" and "authorization_code" in client.grant_types

    def validate_grant_type(
        self, client_id: str, grant_type: str, client: Any, request: Request, *_: Any, **__: Any
    ) -> bool:
        """Return whether the client may use that grant."""
        return grant_type in client.grant_types

    def get_default_scopes(self, client_id: str, request: Request, *_: Any, **__: Any) -> list[str]:
        """Return what a client gets that asks for no scope: all it may have."""
        client = self._client()
        return list(client.scopes) if client is not None else []

    def validate_scopes(
        self, client_id: str, scopes: Sequence[str], client: Any, request: Request, *_: Any, **__: Any
    ) -> bool:
        """Return whether the client may have these scopes."""
        return set(scopes) <= set(client.scopes)

    def save_authorization_code(self, client_id: str, code: Any, request: Any, *_: Any, **__: Any) -> None:
        """Keep a code with all that it is bound to."""
        now = self._unit.now
        kept = AuthorizationCode(
            code=code["code"],
            client_id=request.client.id,
            user_id=request.user.id,
            redirect_uri=None if request.using_default_redirect_uri else request.redirect_uri,
            scopes=tuple(request.scopes),
            challenge=request.code_challenge,
            challenge_method=request.code_challenge_method,
            number=self._unit.ids.position,
            issued_at=now,
            expires_at=now + oauth.CODE_LIFETIME * oauth.SECOND,
        )
        oauth.keep_code(self._unit, kept)

    def validate_code(self, client_id: str, code: str, client: Any, request: Request, *_: Any, **__: Any) -> bool:
        """Return whether the client may exchange that code now."""
        self._code = oauth.redeemable_code(self._unit, client.id, code)
        if self._code is None:
            return self._no("The code is unknown, used, expired or another client's.")
        if not self._take_user(request, self._code.user_id):
            return False
        request.scopes = list(self._code.scopes)
        return True

    def _take_user(self, request: Request, user_id: str) -> bool:
        user = self._unit.store.get(USERS, user_id)
        if user is None or not user.is_active:
            return self._no("The user is deactivated.")
        request.user = user
        return True

    def get_code_challenge(self, code: str, request: Request) -> Any:
        """Return the code's PKCE challenge."""
        return self._code.challenge if self._code is not None else None

    def get_code_challenge_method(self, code: str, request: Request) -> Any:
        """Return how the code's challenge was made."""
        return self._code.challenge_method if self._code is not None else None

    def confirm_redirect_uri(
        self, client_id: str, code: str, redirect_uri: str, client: Any, request: Request, *_: Any, **__: Any
    ) -> bool:
        """Return whether the address is the one that the code was sent to; raises InvalidGrantError for another.

        oauthlib would call that an invalid request, which RFC 6749 does not (5.2).
        """
        assert self._code is not None
        sent_to: str = self._code.redirect_uri or self.get_default_redirect_uri(client_id, request)
        if redirect_uri != sent_to:
            raise InvalidGrantError("The redirect_uri is not the one that the code was sent to.", request=request)
        return True

    def invalidate_authorization_code(self, client_id: str, code: str, request: Request, *_: Any, **__: Any) -> None:
        """Mark the code as used."""
        assert self._code is not None
        assert self._issued is not None
        oauth.redeem(self._unit, self._code, self._issued)

    def validate_user(self, username: str, password: str, client: Any, request: Request, *_: Any, **__: Any) -> bool:
        """Return whether a user has that password."""
        request.user = oauth.user_with_password(self._unit.store, username, password)
        return request.user is not None

    def validate_refresh_token(self, refresh_token: str, client: Any, request: Request, *_: Any, **__: Any) -> bool:
        """Return whether the client may exchange that refresh token now."""
        self._tokens = oauth.refreshable(self._unit, client.id, refresh_token)
        if self._tokens is None:
            return self._no("The refresh_token is unknown, used, expired or another client's.")
        return self._take_user(request, self._tokens.user_id)

    def get_original_scopes(self, refresh_token: str, request: Request, *_: Any, **__: Any) -> list[str]:
        """Return the scopes that the refresh token was given with."""
        assert self._tokens is not None
        return list(self._tokens.scopes)

    def issue(self, request: Request) -> str:
        """Make new tokens and return the access token: oauthlib's generator."""
        asked: Any = request  # oauthlib's types let its members be missing, which at this point none is
        self._issued = oauth.issue_tokens(
            self._unit, asked.client.id, asked.user.id, tuple(asked.scopes), instead_of=self._tokens
        )
        return self._issued.access_token

    def issue_refresh(self, request: Request) -> str:
        """Return the refresh token of the access token just made."""
        assert self._issued is not None
        return self._issued.refresh_token

    def save_bearer_token(self, token: Any, request: Request, *_: Any, **__: Any) -> None:
        """Let a refresh token that was exchanged not work again; the new tokens are kept already."""
        if self._tokens is not None:
            oauth.mark_refreshed(self._unit, self._tokens)


def _is_same(given: str, known: str) -> bool:
    return given == known or _without_port(given) == _without_port(known) is not None


def _without_port(address: str) -> str | None:
    """Return a loopback address without its port; None for any other address."""
    try:
        parts = urlsplit(address)
        port = f":{parts.port}" if parts.port is not None else ""
    except ValueError:  # no number
        return None
    host = parts.netloc.removesuffix(port)
    # The whole of it, so that nobody is named before the host.
    return parts._replace(netloc=host).geturl() if host in LOOPBACK else None
