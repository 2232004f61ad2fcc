"""OAuth clients, authorization codes and the tokens that a user's programs act with (AROUND-OAUTH)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from hmac import compare_digest
from typing import Any

from ...state.record import record
from ...state.store import RecordType, Store, get_all, starting_with
from ...state.unit import Unit
from ..problems import CLIENT_EXISTS
from ..tokens import ACCESS, CODE, REFRESH, issued_token
from .people import User, find_user, find_user_by_email

SECOND = 1000
ACCESS_LIFETIME = 3600
"""How many seconds an access token lasts (AROUND-OAUTH)."""
REFRESH_LIFETIME = 14 * 24 * 3600
"""How many seconds a refresh token lasts (AROUND-OAUTH)."""
CODE_LIFETIME = 10 * 60  # RFC 6749 recommends ten minutes at most
CAP = 1000
"""How many codes, and how many pairs of tokens, a tenant keeps; the oldest make room."""

SCOPES = (
    "refresh_token",
    "read_user_management",
    "write_user_management",
    "read_contentprofile_management",
    "write_contentprofile_management",
    "read_division_management",
    "write_division_management",
    "appsdb_online_integrations",
)
GRANT_TYPES = ("authorization_code", "refresh_token", "password")
PASSWORD = "mock-password"
"""The password of every user for whom seed data has none."""


@record
class OAuthClient:
    """A program that asks for tokens. One without a secret is public: its id is all that it shows."""

    id: str
    name: str
    secret: str | None
    redirect_uris: tuple[str, ...]
    grant_types: tuple[str, ...]
    scopes: tuple[str, ...]

    @property
    def client_id(self) -> str:
        """The name by which oauthlib asks for the id."""
        return self.id


@record
class Password:
    """A user's password, where seed data gives one."""

    user_id: str
    password: str


@record
class AuthorizationCode:
    """What a user's consent is exchanged for, once; `tokens_id` are the tokens that it was exchanged for.

    `redirect_uri` is None where the client sent none and its only one was used. `number` is in the order of issuing;
    times are in milliseconds.
    """

    code: str
    client_id: str
    user_id: str
    redirect_uri: str | None
    scopes: tuple[str, ...]
    challenge: str | None
    challenge_method: str | None
    number: int
    issued_at: int
    expires_at: int
    tokens_id: str | None = None


@record
class Tokens:
    """An access token and the refresh token given with it, which works once.

    `grant_id` is the id of the first tokens of the grant, from which all others come by refreshing. `number` is in the
    order of issuing; times are in milliseconds.
    """

    id: str
    grant_id: str
    client_id: str
    user_id: str
    scopes: tuple[str, ...]
    access_token: str
    refresh_token: str
    number: int
    issued_at: int
    access_expires_at: int
    refresh_expires_at: int
    is_refreshed: bool = False


OAUTH_CLIENTS = RecordType("oauthclients", OAuthClient, key=lambda client: client.id)
PASSWORDS = RecordType("passwords", Password, key=lambda password: password.user_id)
CODES = RecordType(
    "oauthcodes",
    AuthorizationCode,
    key=lambda code: code.code,
    indexes={"number": lambda code: ((code.number, code.code),)},
)
TOKENS = RecordType(
    "oauthtokens",
    Tokens,
    key=lambda tokens: tokens.id,
    unique={"access": lambda tokens: tokens.access_token, "refresh": lambda tokens: tokens.refresh_token},
    indexes={
        "number": lambda tokens: ((tokens.number, tokens.id),),
        "grant": lambda tokens: ((tokens.grant_id, tokens.id),),
    },
)


def add_client(unit: Unit, client: OAuthClient) -> None:
    """Add a client; raises CLIENT_EXISTS."""
    if unit.store.get(OAUTH_CLIENTS, client.id) is not None:
        raise CLIENT_EXISTS.error(id=client.id)
    unit.put(OAUTH_CLIENTS, client)


def delete_client(unit: Unit, client: OAuthClient) -> None:
    """Delete a client; its codes and tokens end with it."""
    for code in [one for one in unit.store.all(CODES) if one.client_id == client.id]:
        unit.delete(CODES, code.code)
    for tokens in [one for one in unit.store.all(TOKENS) if one.client_id == client.id]:
        unit.delete(TOKENS, tokens.id)
    unit.delete(OAUTH_CLIENTS, client.id)


def is_secret_of(client: OAuthClient, secret: str | None) -> bool:
    """Return whether a client shows what it must: its secret, or none where it is public."""
    if client.secret is None or secret is None:
        return client.secret is None and not secret
    return compare_digest(client.secret.encode(), secret.encode())


def user_with_password(store: Store, name: str, password: str) -> User | None:
    """Return the active user with that handle, id or e-mail and that password."""
    user = find_user(store, name) or find_user_by_email(store, name)
    if user is None or not user.is_active:
        return None
    kept = store.get(PASSWORDS, user.id)
    right = kept.password if kept is not None else PASSWORD
    return user if compare_digest(right.encode(), password.encode()) else None


def new_code(unit: Unit) -> str:
    """Draw the text of an authorization code."""
    return issued_token(CODE, unit.tenant.name, unit.ids.token())


def keep_code(unit: Unit, code: AuthorizationCode) -> None:
    """Keep a code until it is used or forgotten."""
    _make_room(unit, CODES)
    unit.put(CODES, code)


def redeemable_code(unit: Unit, client_id: str, code: str) -> AuthorizationCode | None:
    """Return a code that the client may exchange now. One that was used before ends the tokens that it gave."""
    found = unit.store.get(CODES, code)
    if found is None or found.client_id != client_id:
        return None
    if found.tokens_id is not None:
        # Somebody has the code who should not, the first or the second (RFC 6749, 4.1.2).
        for key in list(unit.store.scan(TOKENS, "grant", starting_with(found.tokens_id))):
            unit.delete(TOKENS, key)
        return None
    return found if unit.now < found.expires_at else None


def redeem(unit: Unit, code: AuthorizationCode, tokens: Tokens) -> None:
    """Mark a code as exchanged for these tokens."""
    unit.put(CODES, replace(code, tokens_id=tokens.id))


def issue_tokens(
    unit: Unit, client_id: str, user_id: str, scopes: tuple[str, ...], *, instead_of: Tokens | None = None
) -> Tokens:
    """Give a client new tokens of a user, for a new grant or in place of others."""
    _make_room(unit, TOKENS)
    tenant, tokens_id = unit.tenant.name, unit.ids.uuid()
    tokens = Tokens(
        id=tokens_id,
        grant_id=instead_of.grant_id if instead_of is not None else tokens_id,
        client_id=client_id,
        user_id=user_id,
        scopes=scopes,
        access_token=issued_token(ACCESS, tenant, unit.ids.token()),
        refresh_token=issued_token(REFRESH, tenant, unit.ids.token()),
        number=unit.ids.position,
        issued_at=unit.now,
        access_expires_at=unit.now + ACCESS_LIFETIME * SECOND,
        refresh_expires_at=unit.now + REFRESH_LIFETIME * SECOND,
    )
    unit.put(TOKENS, tokens)
    return tokens


def _make_room(unit: Unit, record_type: RecordType[Any]) -> None:
    if unit.store.count(record_type, "number") >= CAP:
        for key in list(unit.store.scan(record_type, "number", limit=1)):
            unit.delete(record_type, key)


def refreshable(unit: Unit, client_id: str, refresh_token: str) -> Tokens | None:
    """Return the tokens that the client may exchange for new ones with this refresh token now."""
    tokens = unit.store.find(TOKENS, "refresh", refresh_token)
    if tokens is None or tokens.client_id != client_id or tokens.is_refreshed:
        return None
    return tokens if unit.now < tokens.refresh_expires_at else None


def mark_refreshed(unit: Unit, tokens: Tokens) -> None:
    """Let a refresh token not work again; the access token beside it lasts its hour (assumed)."""
    unit.put(TOKENS, replace(tokens, is_refreshed=True))


def tokens_of_access(store: Store, access_token: str) -> Tokens | None:
    """Return the tokens that an access token is one of, expired or not."""
    return store.find(TOKENS, "access", access_token)


def tokens_of(store: Store) -> Iterator[Tokens]:
    """Return all tokens, oldest first."""
    return get_all(store, TOKENS, store.scan(TOKENS, "number"))


def expire(unit: Unit, tokens: Tokens, *, access: bool, refresh: bool) -> Tokens:
    """Let tokens expire now."""
    changed = replace(
        tokens,
        access_expires_at=min(unit.now, tokens.access_expires_at) if access else tokens.access_expires_at,
        refresh_expires_at=min(unit.now, tokens.refresh_expires_at) if refresh else tokens.refresh_expires_at,
    )
    unit.put(TOKENS, changed)
    return changed
