"""What tests may read and change of a tenant's OAuth: clients and tokens. No secret is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from typing_extensions import TypedDict

from ...core.clock import iso
from ...state.unit import Unit
from ...web.vendor import AdminOperation
from ..domain import oauth
from ..domain.oauth import OAUTH_CLIENTS, TOKENS, OAuthClient, Tokens
from ..problems import no_such
from ..seed.records import client_of
from ..tokens import format_client_id
from ..wire.seed import OAuthClientPart

Params = Mapping[str, str]


class Expiry(TypedDict):
    """Which of the tokens is to expire now."""

    expire: Literal["access", "refresh", "both"]


def _client(unit: Unit, client_id: str) -> OAuthClient:
    client = unit.store.get(OAUTH_CLIENTS, client_id)
    if client is None:
        raise no_such("OAuth client", client_id, (client.id for client in unit.store.all(OAUTH_CLIENTS)))
    return client


def shown_client(unit: Unit, client: OAuthClient) -> dict[str, Any]:
    """Show a client without its secret; `clientId` names the tenant as well, for servers without host names."""
    return {
        "id": client.id,
        "clientId": format_client_id(unit.tenant.name, client.id),
        "name": client.name,
        "isPublic": client.secret is None,
        "redirectUris": list(client.redirect_uris),
        "grantTypes": list(client.grant_types),
        "scopes": list(client.scopes),
    }


def list_clients(unit: Unit, _: Params) -> list[dict[str, Any]]:
    """List the OAuth clients."""
    clients = sorted(unit.store.all(OAUTH_CLIENTS), key=lambda client: client.id)
    return [shown_client(unit, client) for client in clients]


def add_client(unit: Unit, _: Params, body: OAuthClientPart) -> dict[str, Any]:
    """Add an OAuth client."""
    client = client_of(body)
    oauth.add_client(unit, client)
    return shown_client(unit, client)


def delete_client(unit: Unit, params: Params) -> None:
    """Delete an OAuth client with all its codes and tokens."""
    oauth.delete_client(unit, _client(unit, params["client"]))


def shown_tokens(tokens: Tokens) -> dict[str, Any]:
    """Show whose tokens they are and how long they last, without the tokens."""
    return {
        "id": tokens.id,
        "client": tokens.client_id,
        "userId": tokens.user_id,
        "scopes": list(tokens.scopes),
        "issuedAt": iso(tokens.issued_at),
        "accessExpiresAt": iso(tokens.access_expires_at),
        "refreshExpiresAt": iso(tokens.refresh_expires_at),
        "isRefreshed": tokens.is_refreshed,
    }


def list_tokens(unit: Unit, _: Params) -> list[dict[str, Any]]:
    """List the OAuth tokens given out, oldest first."""
    return [shown_tokens(tokens) for tokens in oauth.tokens_of(unit.store)]


def _tokens(unit: Unit, tokens_id: str) -> Tokens:
    tokens = unit.store.get(TOKENS, tokens_id)
    if tokens is None:
        raise no_such("OAuth tokens", tokens_id, (tokens.id for tokens in oauth.tokens_of(unit.store)))
    return tokens


def expire_tokens(unit: Unit, params: Params, body: Expiry) -> dict[str, Any]:
    """Let an access token, its refresh token or both expire now."""
    which = body["expire"]
    tokens = _tokens(unit, params["tokens"])
    return shown_tokens(oauth.expire(unit, tokens, access=which != "refresh", refresh=which != "access"))


def revoke_tokens(unit: Unit, params: Params) -> None:
    """Revoke an access token and its refresh token."""
    unit.delete(TOKENS, _tokens(unit, params["tokens"]).id)


OAUTH_OPERATIONS = (
    AdminOperation("GET", "/oauth/clients", "List OAuth clients", list_clients),
    AdminOperation("POST", "/oauth/clients", "Add an OAuth client", add_client, OAuthClientPart),
    AdminOperation("DELETE", "/oauth/clients/{client}", "Delete an OAuth client and its tokens", delete_client),
    AdminOperation("GET", "/oauth/tokens", "List the OAuth tokens given out, without their texts", list_tokens),
    AdminOperation("PATCH", "/oauth/tokens/{tokens}", "Let OAuth tokens expire now", expire_tokens, Expiry),
    AdminOperation("DELETE", "/oauth/tokens/{tokens}", "Revoke OAuth tokens", revoke_tokens),
)
