"""A target: what the kit knows of a tenant, whoever serves it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .violation import TargetLacks

BEARER = "Bearer "
SUBDOMAIN = "{subdomain}"
"""Stands for the tenant's subdomain in texts of a target's file."""


class TargetError(ValueError):
    """A target that cannot be used; the message names the file, the place in it, and what was expected."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody the kit can act as, in a role that the API's checks know. Tokens never leave this object."""

    name: str
    user_id: str | None = None
    email: str | None = None
    api_token: str | None = field(default=None, repr=False)  # a traceback shows what repr shows
    oauth_token: str | None = field(default=None, repr=False)
    api_variable: str | None = None
    """The environment variable that was looked into for the token, also where it was not set."""
    oauth_variable: str | None = None
    email_variable: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthClient:
    """A program that may ask a target for tokens, as it is registered there; one without a secret is public.

    `username` and `password` are those of a user for whom it may. `consent` is what a script posts to the authorization
    endpoint for a user who consents, `denial` for one who does not; empty where a person has to.
    """

    client_id: str
    url: str = ""
    """Where the endpoints lie: a whole address, or a path on the base URL's host."""
    client_secret: str | None = field(default=None, repr=False)
    client_secret_variable: str | None = None
    redirect_uri: str | None = None
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    password_variable: str | None = None
    consent: Mapping[str, str] = field(default_factory=dict)
    denial: Mapping[str, str] = field(default_factory=dict)
    other: OAuthClient | None = None
    """Another program, to which nothing may be given that was given to this one."""

    def secrets(self) -> list[str]:
        """Return what no output may show."""
        others = [] if self.other is None else self.other.secrets()
        return [one for one in (self.client_secret, self.password) if one is not None] + others


@dataclass(frozen=True, slots=True)
class Target:
    """A tenant: where it is, who can act, what it offers. `is_own` when the kit started it for itself alone.

    `tenant` is its subdomain at the vendor, None where the address does not tell. `verify` is whether certificates are
    looked at, or the file of those that are trusted.
    """

    name: str
    base_url: str
    tenant: str | None
    actors: Mapping[str, Actor]
    offers: Mapping[str, Any]
    is_own: bool = False
    verify: bool | str = True
    lasting_url: str | None = None
    """Where its like is found once the run is over, when that is not `base_url`."""
    public_tokens: Mapping[str, str] = field(default_factory=dict)
    """Tokens that are no secrets, by their variables: those of a mock that the kit started."""
    key_header: str | None = None
    """The header that an API token goes in by itself; None where it goes as a Bearer token, as OAuth tokens do."""
    oauth: OAuthClient | None = None

    @property
    def subdomain(self) -> str:
        """The tenant's subdomain at the vendor, or the named skip."""
        if self.tenant is None:
            raise TargetLacks("its subdomain")
        return self.tenant

    def beside(self, path: str) -> str:
        """Return the whole address of what lies on the base URL's host, but not under that URL."""
        return origin(self.base_url) + path

    def filled(self, text: str) -> str:
        """Return a text of the target's file with its subdomain where that belongs, or the named skip."""
        return text.replace(SUBDOMAIN, self.subdomain) if SUBDOMAIN in text else text

    def at(self, place: str) -> str:
        """Return the whole address of a place: a path on the base URL's host, or an address as it is."""
        place = self.filled(place).rstrip("/")
        return place if is_whole(place) else self.beside(place)

    def is_named(self, address: str) -> bool:
        """Return whether a whole address is on the base URL's host, or under one that the target names."""
        named = [*self.offers.values(), self.oauth.url if self.oauth is not None else None]
        known = [one for one in named if isinstance(one, str) and is_whole(one)]
        places = [self.at(one) for one in known if self.tenant is not None or SUBDOMAIN not in one]
        return any(f"{address}/".startswith(f"{place}/") for place in (origin(self.base_url), *places))

    def actor(self, name: str) -> Actor:
        """Return an actor, or the named skip."""
        if name not in self.actors:
            raise TargetLacks(f"the actor {name}")
        return self.actors[name]

    def user_id(self, name: str) -> str:
        """Return an actor's user id, or the named skip."""
        actor = self.actor(name)
        if actor.user_id is not None:
            return actor.user_id
        if actor.email is None and actor.email_variable is not None:
            raise TargetLacks(f"the user id of {name}: {actor.email_variable} is not set")
        raise TargetLacks(f"the user id of {name}")

    def offer(self, name: str) -> Any:
        """Return something that the tenant offers, by its name, or the named skip."""
        if name not in self.offers:
            raise TargetLacks(name.replace("_", " "))
        return self.offers[name]

    def oauth_client(self) -> OAuthClient:
        """Return the program that may ask for tokens, or the named skip."""
        if self.oauth is None:
            raise TargetLacks("an OAuth client")
        return self.oauth

    def token(self, name: str, *, oauth: bool) -> str:
        """Return an actor's token of a kind, or the named skip."""
        actor = self.actor(name)
        token = actor.oauth_token if oauth else actor.api_token
        if token is None:
            variable = actor.oauth_variable if oauth else actor.api_variable
            unset = f": {variable} is not set" if variable is not None else ""
            raise TargetLacks(f"the {'OAuth' if oauth else 'API'} token of {name}{unset}")
        return token

    def bearing(self, token: str, *, oauth: bool) -> dict[str, str]:
        """Return the header that bears a token of a kind."""
        name, before = credential(self.key_header, oauth=oauth)
        return {name: before + token}

    def variables(self) -> dict[str, str]:
        """Return the variable of each token by who acts with it: `owner`, or `owner/oauth` in person."""
        api = {name: one.api_variable for name, one in self.actors.items()}
        oauth = {f"{name}/oauth": one.oauth_variable for name, one in self.actors.items()}
        return {name: variable for name, variable in {**api, **oauth}.items() if variable is not None}

    def tokens(self) -> list[str]:
        """Return every token of every actor."""
        actors = self.actors.values()
        return [token for actor in actors for token in (actor.api_token, actor.oauth_token) if token is not None]

    def secrets(self) -> list[str]:
        """Return what no output may show: tokens, and what the OAuth client has beside its name."""
        return self.tokens() + ([] if self.oauth is None else self.oauth.secrets())


def is_whole(address: str) -> bool:
    """Return whether it is a whole address, and no path under a base URL."""
    return address.startswith(("http://", "https://"))


def origin(address: str) -> str:
    """Return scheme, host and port of a whole address."""
    return "/".join(address.split("/", 3)[:3])


def credential(key_header: str | None, *, oauth: bool) -> tuple[str, str]:
    """Return the header that bears a token of a kind, and what stands before the token in it."""
    return ("Authorization", BEARER) if oauth or key_header is None else (key_header, "")
