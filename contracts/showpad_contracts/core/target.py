"""A target: what the kit knows of a tenant, whoever serves it."""

from __future__ import annotations

import ipaddress
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from .failure import TargetLacks

VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]*")
ACTORS = ("admin", "manager", "owner", "participant", "outsider", "deactivated")


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
    api_variable: str | None = None
    """The environment variable that was looked into for the token, also where it was not set."""
    oauth_variable: str | None = None
    email_variable: str | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """A tenant: where it is, who can act, what it offers. `is_own` when the kit started it for itself alone.

    `tenant` is its subdomain at Showpad, None where the address does not tell. `verify` is whether certificates are
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

    @property
    def subdomain(self) -> str:
        """The tenant's subdomain at Showpad, or the named skip."""
        if self.tenant is None:
            raise TargetLacks("its subdomain")
        return self.tenant

    def actor(self, name: str) -> Actor:
        """Give an actor, or the named skip."""
        if name not in self.actors:
            raise TargetLacks(f"the actor {name}")
        return self.actors[name]

    def user_id(self, name: str) -> str:
        """Give an actor's user id, or the named skip."""
        actor = self.actor(name)
        if actor.user_id is not None:
            return actor.user_id
        if actor.email is None and actor.email_variable is not None:
            raise TargetLacks(f"the user id of {name}: {actor.email_variable} is not set")
        raise TargetLacks(f"the user id of {name}")

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
            variable = actor.oauth_variable if oauth else actor.api_variable
            unset = f": {variable} is not set" if variable is not None else ""
            raise TargetLacks(f"the {'OAuth' if oauth else 'API'} token of {name}{unset}")
        return token

    def variables(self) -> dict[str, str]:
        """Return the variable of each token by who acts with it: `owner`, or `owner/oauth` in person."""
        api = {name: one.api_variable for name, one in self.actors.items()}
        oauth = {f"{name}/oauth": one.oauth_variable for name, one in self.actors.items()}
        return {name: variable for name, variable in {**api, **oauth}.items() if variable is not None}

    def tokens(self) -> list[str]:
        """Give every token of every actor: what no output may show."""
        actors = self.actors.values()
        return [token for actor in actors for token in (actor.api_token, actor.oauth_token) if token is not None]


def choose_target(wanted: str, environ: Mapping[str, str]) -> Target:
    """Give the target that a URL or a target file's name stands for. Raises TargetError."""
    return target_at(wanted, environ) if "://" in wanted else read_target(Path(wanted), environ)


def target_at(url: str, environ: Mapping[str, str], *, anywhere: bool = False) -> Target:
    """Give the target at an address on this machine, or `anywhere`.

    Tokens are in SHOWPAD_TOKEN_ADMIN, SHOWPAD_OAUTH_ADMIN and so on, e-mail addresses in SHOWPAD_EMAIL_ADMIN and so on.
    """
    check_url(url, "--target")
    if not anywhere and not is_loopback(url):
        raise TargetError(
            f"--target: {urlsplit(url).hostname} is not this machine: name it in a target file (base_url, actors, "
            "offers) and give that file; `showpad-contracts target` begins one"
        )
    actors = {}
    for name in ACTORS:
        api, oauth = (f"SHOWPAD_{kind}_{name.upper()}" for kind in ("TOKEN", "OAUTH"))
        actors[name] = Actor(
            name,
            email=environ.get(f"SHOWPAD_EMAIL_{name.upper()}", "").strip() or None,
            api_token=_token(environ, api),
            oauth_token=_token(environ, oauth),
            api_variable=api,
            oauth_variable=oauth,
            email_variable=f"SHOWPAD_EMAIL_{name.upper()}",
        )
    tenant = environ.get("SHOWPAD_SUBDOMAIN") or subdomain_of(url)
    return Target(name=url, base_url=url.rstrip("/"), tenant=tenant, actors=actors, offers={})


def read_target(file: Path, environ: Mapping[str, str], *, base_url: str | None = None) -> Target:
    """Read a target's file; tokens come from the environment variables it names. Raises TargetError."""
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise TargetError(f"{file}: cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TargetError(f"{file}: is no TOML: {error}") from None
    _known(document, {"name", "base_url", "subdomain", "actors", "offers", "verify"}, f"{file}: ")
    url = base_url or document.get("base_url")
    if not isinstance(url, str):
        raise TargetError(f"{file}: base_url: must be the address that the API's paths lie under, ending in /v4")
    check_url(url, f"{file}: base_url")
    return Target(
        name=_text(document, "name", f"{file}: ") or file.stem,
        base_url=url.rstrip("/"),
        tenant=_text(document, "subdomain", f"{file}: ") or subdomain_of(url),
        actors=_actors(_table(document, "actors", f"{file}: "), environ, file),
        offers=_table(document, "offers", f"{file}: "),
        verify=_verify(document.get("verify", True), file),
    )


def _known(part: Mapping[str, Any], names: set[str], where: str) -> None:
    unknown = set(part) - names
    if unknown:
        raise TargetError(f"{where}{min(unknown)}: is none of {', '.join(sorted(names))}")


def _text(part: Mapping[str, Any], name: str, where: str) -> str | None:
    value = part.get(name)
    if value is not None and not isinstance(value, str):
        raise TargetError(f"{where}{name}: must be a text, got {value!r}")
    return value


def _table(part: Mapping[str, Any], name: str, where: str) -> Mapping[str, Any]:
    value = part.get(name, {})
    if not isinstance(value, dict):
        raise TargetError(f"{where}{name}: must be a table, got {value!r}")
    return value


def _verify(value: Any, file: Path) -> bool | str:
    if isinstance(value, bool):
        return value
    if not isinstance(value, str) or not (file.parent / value).is_file():
        raise TargetError(f"{file}: verify: must be true, false or a file of certificates, got {value!r}")
    return str(file.parent / value)


def _actors(parts: Mapping[str, Any], environ: Mapping[str, str], file: Path) -> dict[str, Actor]:
    _known(parts, set(ACTORS), f"{file}: actors.")
    actors = {}
    for name in parts:
        part, where = _table(parts, name, f"{file}: actors."), f"{file}: actors.{name}."
        _known(part, {"user_id", "email", "api_token", "oauth_token"}, where)
        api, oauth = (_variable(part, kind, where) for kind in ("api_token", "oauth_token"))
        actors[name] = Actor(
            name,
            user_id=_text(part, "user_id", where),
            email=_text(part, "email", where),
            api_token=_token(environ, api),
            oauth_token=_token(environ, oauth),
            api_variable=api,
            oauth_variable=oauth,
        )
    return actors


def _variable(part: Mapping[str, Any], name: str, where: str) -> str | None:
    variable = _text(part, name, where)
    if variable is not None and VARIABLE.fullmatch(variable) is None:
        raise TargetError(
            f"{where}{name}: must name an environment variable, such as SHOWPAD_ADMIN_TOKEN, not hold a token"
        )
    return variable


def _token(environ: Mapping[str, str], variable: str | None) -> str | None:
    """Give a variable's token; what is not set is lacking, and its checks are skipped. Its value is never told."""
    if variable is None:
        return None
    token = environ.get(variable, "").strip()
    if not all("!" <= character <= "~" for character in token):
        raise TargetError(f"{variable}: must be a token of visible ASCII characters without spaces")
    return token or None


def check_url(url: str, where: str) -> None:
    """Refuse with TargetError what is no base URL; the message leaves out what may be a secret."""
    try:
        parts = urlsplit(url)
        bare = parts.port != 0 and not (parts.query or parts.fragment)
    except ValueError:
        raise TargetError(f"{where}: must be http(s)://HOST/v4") from None
    if parts.username is not None or parts.password is not None:
        raise TargetError(f"{where}: must name no user or password: tokens come from the environment")
    is_base = parts.scheme in ("http", "https") and parts.hostname and parts.path.rstrip("/").endswith("/v4")
    if not (is_base and bare):
        raise TargetError(f"{where}: must be http(s)://HOST/v4, got {url!r}")


def subdomain_of(url: str) -> str | None:
    """Give the first label of a host's full name, which names the tenant at Showpad; None where it has no such name."""
    host = urlsplit(url).hostname or ""
    return host.partition(".")[0] if "." in host and _address(host) is None else None


def is_loopback(url: str) -> bool:
    """Say whether an address is on this machine."""
    host = urlsplit(url).hostname or ""
    address = _address(host)
    return host == "localhost" if address is None else address.is_loopback


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
