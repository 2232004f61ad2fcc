"""A target: what the kit knows of a tenant, whoever serves it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from .failure import TargetLacks

ACTORS = ("admin", "manager", "owner", "participant", "outsider")
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class TargetError(ValueError):
    """A target that cannot be used; the message names the file, the place in it, and what was expected."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody the kit can act as: the owner is who owns the spaces it creates. Tokens never leave this object."""

    name: str
    user_id: str | None = None
    email: str | None = None
    api_token: str | None = field(default=None, repr=False)
    oauth_token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Target:
    """A tenant: where it is, who can act, what it offers. `is_own` when the kit started it for itself alone."""

    name: str
    base_url: str
    subdomain: str
    actors: Mapping[str, Actor]
    offers: Mapping[str, Any]
    is_own: bool = False
    verify: bool | str = True

    def actor(self, name: str) -> Actor:
        """Give an actor, or the named skip."""
        if name not in self.actors:
            raise TargetLacks(f"the actor {name}")
        return self.actors[name]

    def user_id(self, name: str) -> str:
        """Give an actor's user id, or the named skip."""
        user_id = self.actor(name).user_id
        if user_id is None:
            raise TargetLacks(f"the user id of {name}")
        return user_id

    def offer(self, name: str) -> Any:
        """Give something that the tenant offers, such as `archived_asset`, or the named skip."""
        if name not in self.offers:
            raise TargetLacks(name.replace("_", " "))
        return self.offers[name]

    def token(self, name: str, *, oauth: bool) -> str:
        """Give an actor's token of a kind, or the named skip."""
        actor = self.actor(name)
        token = actor.oauth_token if oauth else actor.api_token
        if token is None:
            raise TargetLacks(f"the {'OAuth' if oauth else 'API'} token of {name}")
        return token


def read_target(file: Path, environ: Mapping[str, str], *, base_url: str | None = None) -> Target:
    """Read a target's file; tokens come from the environment variables it names. Raises TargetError."""
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise TargetError(f"{file}: cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TargetError(f"{file}: is no TOML: {error}") from None
    url = base_url or document.get("base_url")
    if not isinstance(url, str):
        raise TargetError(f"{file}: base_url: must be the address that the API's paths lie under, ending in /v4")
    check_url(url, f"{file}: base_url")
    return Target(
        name=str(document.get("name", file.stem)),
        base_url=url.rstrip("/"),
        subdomain=str(document.get("subdomain", subdomain_of(url))),
        actors=_actors(document.get("actors", {}), environ, file),
        offers=document.get("offers", {}),
        verify=document.get("verify", True),
    )


def _actors(parts: Mapping[str, Any], environ: Mapping[str, str], file: Path) -> dict[str, Actor]:
    actors = {}
    for name, part in parts.items():
        where = f"{file}: actors.{name}"
        if name not in ACTORS:
            raise TargetError(f"{where}: is none of {', '.join(ACTORS)}")
        unknown = set(part) - {"user_id", "email", "api_token", "oauth_token"}
        if unknown:
            raise TargetError(f"{where}.{min(unknown)}: is none of user_id, email, api_token, oauth_token")
        actors[name] = Actor(
            name,
            user_id=part.get("user_id"),
            email=part.get("email"),
            api_token=_secret(part.get("api_token"), environ, f"{where}.api_token"),
            oauth_token=_secret(part.get("oauth_token"), environ, f"{where}.oauth_token"),
        )
    return actors


def _secret(variable: str | None, environ: Mapping[str, str], where: str) -> str | None:
    if variable is None:
        return None
    if not variable.isidentifier() or not variable.isupper():
        raise TargetError(f"{where}: must name an environment variable, such as SHOWPAD_ADMIN_TOKEN, not hold a token")
    return environ.get(variable) or None  # what is not set is lacking: its checks are skipped


def check_url(url: str, where: str) -> None:
    """Refuse with TargetError what is no base URL."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or not parts.path.rstrip("/").endswith("/v4"):
        raise TargetError(f"{where}: must be http(s)://HOST/v4, got {url!r}")


def subdomain_of(url: str) -> str:
    """Give the first label of the host, which names the tenant at Showpad."""
    return (urlsplit(url).hostname or "").partition(".")[0]


def is_loopback(url: str) -> bool:
    """Say whether an address is on this machine."""
    return urlsplit(url).hostname in LOOPBACK
