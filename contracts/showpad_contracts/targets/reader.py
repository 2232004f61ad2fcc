"""From a URL or a target file to a target."""

from __future__ import annotations

import ipaddress
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..core.target import Actor, OAuthClient, Target, TargetError

VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]*")
PLACE = re.compile(r"(?:https?://[^/@?#\s]+)?(?:/[^@?#\s]*)?")
SHORTEST_SECRET = 8
"""A shorter one may be a word of an answer: it could not be taken out of what is shown."""
OTHER_CLIENT = {"client_id", "client_secret"}
CLIENT = OTHER_CLIENT | {"url", "redirect_uri", "username", "password", "consent", "denial", "other"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """What the targets of one API have in common, and how they are read.

    `roles` says who may act, and what each must be; `prefix` is how the environment variables of a target without a
    file begin; `path` is what a base URL ends in; `key_header` is the header of API tokens
    where they are no Bearer tokens; `offers` are what a tenant can offer to checks, each with a
    description and an example. `oauth_url` is where OAuth's endpoints lie unless a file says otherwise, None where no
    check asks for tokens.
    """

    roles: Mapping[str, str]
    prefix: str
    path: str = ""
    key_header: str | None = None
    offers: Mapping[str, tuple[str, Any]] = field(default_factory=dict)
    oauth_url: str | None = None

    def choose(self, wanted: str, environ: Mapping[str, str]) -> Target:
        """Return the target that a URL or a target file's name stands for. Raises TargetError."""
        return self.at(wanted, environ) if "://" in wanted else self.read(Path(wanted), environ)

    def at(self, url: str, environ: Mapping[str, str], *, anywhere: bool = False) -> Target:
        """Return the target at an address on this machine, or `anywhere`.

        Tokens are in PREFIX_TOKEN_ADMIN, PREFIX_OAUTH_ADMIN and so on, e-mail addresses in PREFIX_EMAIL_ADMIN.
        """
        self.check_url(url, "--target")
        # A slip in an address must not send a token to somebody else: elsewhere is named in a file, on purpose.
        if not anywhere and not is_loopback(url):
            raise TargetError(
                f"--target: {urlsplit(url).hostname} is not this machine: name it in a target file (base_url, actors, "
                "offers) and give that file; `showpad-contracts target` begins one"
            )
        actors = {}
        for name in self.roles:
            api, oauth, email = (self.variable(kind, name) for kind in ("TOKEN", "OAUTH", "EMAIL"))
            actors[name] = Actor(
                name,
                email=environ.get(email, "").strip() or None,
                api_token=_token(environ, api),
                oauth_token=_token(environ, oauth),
                api_variable=api,
                oauth_variable=oauth,
                email_variable=email,
            )
        tenant = environ.get(f"{self.prefix}_SUBDOMAIN") or subdomain_of(url)
        return Target(
            name=url,
            base_url=url.rstrip("/"),
            tenant=tenant,
            actors=actors,
            offers={},
            key_header=self.key_header,
        )

    def variable(self, kind: str, role: str) -> str:
        """Return the environment variable of a role's TOKEN, OAUTH or EMAIL."""
        return f"{self.prefix}_{kind}_{role.upper()}"

    def read(self, file: Path, environ: Mapping[str, str], *, base_url: str | None = None) -> Target:
        """Read a target's file; tokens come from the environment variables it names. Raises TargetError."""
        try:
            document = tomllib.loads(file.read_text(encoding="utf-8"))
        except OSError as error:
            raise TargetError(f"{file}: cannot be read: {error.strerror}") from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise TargetError(f"{file}: is no TOML: {error}") from None
        names = {"name", "base_url", "subdomain", "actors", "offers", "verify"}
        _known(document, names | ({"oauth"} if self.oauth_url is not None else set()), f"{file}: ")
        url = base_url or document.get("base_url")
        if not isinstance(url, str):
            ending = f", ending in {self.path}" if self.path else ""
            raise TargetError(f"{file}: base_url: must be the address that the API's paths lie under{ending}")
        self.check_url(url, f"{file}: base_url")
        return Target(
            name=_text(document, "name", f"{file}: ") or file.stem,
            base_url=url.rstrip("/"),
            tenant=_text(document, "subdomain", f"{file}: ") or subdomain_of(url),
            actors=self._actors(_table(document, "actors", f"{file}: "), environ, file),
            offers=_table(document, "offers", f"{file}: "),
            verify=_verify(document.get("verify", True), file),
            key_header=self.key_header,
            oauth=self._oauth_client(document, environ, file) if "oauth" in document else None,
        )

    def _oauth_client(self, document: Mapping[str, Any], environ: Mapping[str, str], file: Path) -> OAuthClient:
        part, where = _table(document, "oauth", f"{file}: "), f"{file}: oauth."
        _known(part, CLIENT, where)
        other = None
        if "other" in part:
            _known(_table(part, "other", where), OTHER_CLIENT, f"{where}other.")
            other = self._client_of(part["other"], environ, f"{where}other.")
        variable = self._named_variable(part, "password", where)
        return replace(
            self._client_of(part, environ, where),
            url=_place(part, "url", where) or self.oauth_url or "",
            redirect_uri=_text(part, "redirect_uri", where),
            username=_text(part, "username", where),
            password=_secret(environ, variable),
            password_variable=variable,
            consent=_texts(part, "consent", where),
            denial=_texts(part, "denial", where),
            other=other,
        )

    def _client_of(self, part: Mapping[str, Any], environ: Mapping[str, str], where: str) -> OAuthClient:
        variable = self._named_variable(part, "client_secret", where)
        client_id = _text(part, "client_id", where)
        if not client_id:
            raise TargetError(f"{where}client_id: must be the id under which the target knows the client")
        return OAuthClient(
            client_id=client_id, client_secret=_secret(environ, variable), client_secret_variable=variable
        )

    def _actors(self, parts: Mapping[str, Any], environ: Mapping[str, str], file: Path) -> dict[str, Actor]:
        _known(parts, set(self.roles), f"{file}: actors.")
        actors = {}
        for name in parts:
            part, where = _table(parts, name, f"{file}: actors."), f"{file}: actors.{name}."
            _known(part, {"user_id", "email", "api_token", "oauth_token"}, where)
            api, oauth = (self._named_variable(part, kind, where) for kind in ("api_token", "oauth_token"))
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

    def _named_variable(self, part: Mapping[str, Any], name: str, where: str) -> str | None:
        variable = part.get(name)
        # Whatever else stands there may be a token: the message never repeats it.
        if variable is not None and (not isinstance(variable, str) or VARIABLE.fullmatch(variable) is None):
            raise TargetError(
                f"{where}{name}: must name an environment variable, such as {self.prefix}_ADMIN_TOKEN, not hold a token"
            )
        return variable

    def check_url(self, url: str, where: str) -> None:
        """Refuse with TargetError what is no base URL; the message leaves out what may be a secret."""
        try:
            parts = urlsplit(url)
            # urlsplit lets a port pass that is none; to read it raises ValueError.
            bare = parts.port != 0 and not (parts.query or parts.fragment)
        except ValueError:
            raise TargetError(f"{where}: must be http(s)://HOST{self.path}") from None
        if parts.username is not None or parts.password is not None:
            raise TargetError(f"{where}: must name no user or password: tokens come from the environment")
        ends_well = parts.path.rstrip("/").endswith(self.path)
        if not (parts.scheme in ("http", "https") and parts.hostname and ends_well and bare):
            raise TargetError(f"{where}: must be http(s)://HOST{self.path}, got {url!r}")


def _known(part: Mapping[str, Any], names: set[str], where: str) -> None:
    unknown = set(part) - names
    if unknown:
        raise TargetError(f"{where}{min(unknown)}: is none of {', '.join(sorted(names))}")


def _text(part: Mapping[str, Any], name: str, where: str) -> str | None:
    value = part.get(name)
    if value is not None and not isinstance(value, str):
        raise TargetError(f"{where}{name}: must be a text, got {value!r}")
    return value


def _place(part: Mapping[str, Any], name: str, where: str) -> str | None:
    place = _text(part, name, where)
    if place is not None and PLACE.fullmatch(place) is None:
        raise TargetError(f"{where}{name}: must be http(s)://HOST/PATH, or a path on the base URL's host")
    return place


def _table(part: Mapping[str, Any], name: str, where: str) -> Mapping[str, Any]:
    value = part.get(name, {})
    if not isinstance(value, dict):
        raise TargetError(f"{where}{name}: must be a table, got {value!r}")
    return value


def _texts(part: Mapping[str, Any], name: str, where: str) -> Mapping[str, str]:
    texts = _table(part, name, where)
    return {key: _text(texts, key, f"{where}{name}.") or "" for key in texts}


def _verify(value: Any, file: Path) -> bool | str:
    if isinstance(value, bool):
        return value
    if not isinstance(value, str) or not (file.parent / value).is_file():
        raise TargetError(f"{file}: verify: must be true, false or a file of certificates, got {value!r}")
    return str(file.parent / value)


def _token(environ: Mapping[str, str], variable: str | None) -> str | None:
    """Return a variable's token; what is not set is lacking, and its checks are skipped. Its value is never told."""
    if variable is None:
        return None
    # A token that was read from a file often ends in a newline, which no header can carry.
    token = environ.get(variable, "").strip()
    if not all("!" <= character <= "~" for character in token):
        raise TargetError(f"{variable}: must be a token of visible ASCII characters without spaces")
    return token or None


def _secret(environ: Mapping[str, str], variable: str | None) -> str | None:
    secret = _token(environ, variable)
    if secret is not None and len(secret) < SHORTEST_SECRET:
        raise TargetError(
            f"{variable}: must have {SHORTEST_SECRET} characters or more: a shorter secret could not be told from words"
        )
    return secret


def subdomain_of(url: str) -> str | None:
    """Return the first label of a host's full name, which names the tenant; None where it has no such name."""
    host = urlsplit(url).hostname or ""
    return host.partition(".")[0] if "." in host and _address(host) is None else None


def is_loopback(url: str) -> bool:
    """Return whether an address is on this machine."""
    host = urlsplit(url).hostname or ""
    address = _address(host)
    return host == "localhost" if address is None else address.is_loopback


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
