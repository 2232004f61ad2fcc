"""The settings of a server: one table; a flag beats a variable beats the default."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal, NamedTuple

from .interception.folder import data_folder
from .interception.names import certificate_name, passed_host
from .serving.limits import ConnectionLimits

PREFIX = "SHOWPAD_MOCK_"
LONGEST_SECONDS = 86_400
HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|[0-9a-f]*:[0-9a-f:.]+")
_LIMITS = ConnectionLimits()


class SettingError(ValueError):
    """A setting that cannot be; the message names the key and the value."""


class Setting(NamedTuple):
    """One setting: its flag without `--`, how its text is read, its default, and what it is for.

    A secret has a variable alone: every user of a machine sees the flags of its processes. No message shows its value.
    A flag that may be given several times has, as a variable, its values with commas between them.
    """

    flag: str
    read: Callable[[str], Any]
    default: Any
    help: str
    metavar: str = ""
    is_secret: bool = False
    is_repeatable: bool = False

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return PREFIX + self.flag.upper().replace("-", "_")

    @property
    def name(self) -> str:
        """Its name as a field of Settings."""
        return self.flag.replace("-", "_")


def _text(text: str) -> str:
    if not text:
        raise ValueError("must not be empty")
    return text


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= 65_535):
        raise ValueError("must be an integer from 0 to 65535")
    return int(text)


def _integer(text: str) -> int:
    if not (text.isascii() and text.removeprefix("-").isdigit()):
        raise ValueError("must be an integer")
    return int(text)


def _yes_no(text: str) -> bool:
    # Not by truthiness: `SHOWPAD_MOCK_STRICT=false` must not switch it on.
    if text.lower() not in ("1", "0", "true", "false", "yes", "no"):
        raise ValueError("must be true or false")
    return text.lower() in ("1", "true", "yes")


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not (text.isascii() and 0 < seconds <= LONGEST_SECONDS):
        raise ValueError(f"must be a number of seconds above 0, at most {LONGEST_SECONDS}")
    return seconds


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) > 0):
        raise ValueError("must be an integer from 1 to 999999999")
    return int(text)


def _token(text: str) -> str:
    if not (text and text.isascii() and text.isprintable() and " " not in text):
        raise ValueError("must be visible ASCII characters without spaces")
    return text


def _credential(text: str) -> str:
    user, colon, password = text.partition(":")
    if not (user and colon and password and text.isascii() and text.isprintable()):
        raise ValueError("must be user:password, in visible ASCII characters")
    return text


def _sync(text: str) -> str:
    if text not in ("normal", "full"):
        raise ValueError("must be normal or full")
    return text


def _hosts(text: str) -> tuple[str, ...]:
    hosts = tuple(part.strip().lower().strip("[]") for part in text.split(","))
    # A host, not where on it: a scheme or a port would be left out without a word.
    if not all(HOST.fullmatch(host) for host in hosts):
        raise ValueError("must be names or addresses of hosts, without scheme and port, with commas between them")
    return hosts


def _each(read: Callable[[str], str]) -> Callable[[str], tuple[str, ...]]:
    return lambda text: tuple(read(one.strip()) for one in text.split(","))


def _links(text: str) -> str:
    if text not in ("vendor", "local"):
        raise ValueError("must be vendor or local")
    return text


def _log_format(text: str) -> str:
    if text not in ("text", "json"):
        raise ValueError("must be text or json")
    return text


ADMIN_TOKEN = Setting(
    "admin-token",
    _token,
    None,
    "the token that /__admin asks for where the host is not loopback, and that snapshot sends; "
    "generated and printed in the first line if it is not set",
    is_secret=True,
)
PROXY_CREDENTIAL = Setting(
    "proxy-credential",
    _credential,
    None,
    "user:password, which the proxy asks for (Proxy-Authorization: Basic); without one it asks for none",
    is_secret=True,
)
CA_FOLDER = Setting(
    "ca-folder",
    _text,
    None,
    "the folder of this installation's certificate authority; without it, showpad-mock in the user's data folder",
    "FOLDER",
)
TIMEOUT = Setting("timeout", _seconds, None, "end the command after so many seconds", "SECONDS")
SETTINGS = (
    Setting("host", _text, "127.0.0.1", "the address to listen on", "ADDRESS"),
    Setting("port", _port, 7470, "the port to listen on; 0 takes any free one", "PORT"),
    Setting("data", _text, "demo", "the seed data: a file, or demo or guides, which are built in", "FILE"),
    Setting("seed", _integer, 0, "the seed of everything that chance decides, ids among it", "INTEGER"),
    Setting(
        "state",
        _text,
        None,
        "keep every change in this file, or the engine of this URL, before it is answered, and begin from it",
        "FILE",
    ),
    Setting(
        "state-sync",
        _sync,
        "normal",
        "what a kept change outlives: normal, a crash of the server; full, loss of power as well",
        "SYNC",
    ),
    Setting(
        "state-shared",
        _yes_no,
        default=False,
        help="share the file with other servers that were told so, too; an engine is always shared",
    ),
    Setting(
        "memory-tenants",
        _count,
        None,
        "with --state, hold at most so many tenants in memory, those used last",
        "COUNT",
    ),
    Setting(
        "workers",
        _count,
        1,
        "serve by so many processes, which share the state (a temporary one without --state)",
        "COUNT",
    ),
    Setting(
        "ready-file", _text, None, "write the origin to this file once the server answers; gone at the end", "FILE"
    ),
    Setting(
        "end-with-stdin",
        _yes_no,
        default=False,
        help="end when standard input does and, on Linux, when the program that started this one does",
    ),
    Setting("strict", _yes_no, default=False, help="answer 400 to what means nothing here, instead of ignoring it"),
    Setting(
        "links",
        _links,
        "vendor",
        "which addresses answers tell of Shares and Shared Spaces: vendor, as documented, or local, this server's own",
        "WHICH",
    ),
    Setting("quiet", _yes_no, default=False, help="print no line per request"),
    Setting("log-format", _log_format, "text", "how lines per request are printed: text or json", "FORMAT"),
    ADMIN_TOKEN,
    Setting("tls-port", _port, None, "answer by TLS on this port, too; 0 takes any free one (extra tls)", "PORT"),
    Setting(
        "proxy-port",
        _port,
        None,
        "be a proxy on this port of 127.0.0.1, at which the vendors' hosts end; 0 takes any free one (extra tls)",
        "PORT",
    ),
    Setting(
        "proxy-pass",
        _each(passed_host),
        (),
        "let the proxy pass connections on to this host, to *.domain, at ports 80 and 443 or the one given, or by * "
        "to all; may be given several times",
        "HOST[:PORT]",
        is_repeatable=True,
    ),
    PROXY_CREDENTIAL,
    Setting(
        "tls-name",
        _each(certificate_name),
        (),
        "a name or address the certificate is for beside the vendors' and the local ones; may be given several times",
        "NAME",
        is_repeatable=True,
    ),
    CA_FOLDER,
    Setting(
        "allow-webhook-host",
        _hosts,
        (),
        "deliver webhooks to this host, too, not only to loopback; may be given several times",
        "HOST",
        is_repeatable=True,
    ),
    Setting(
        "idle-timeout",
        _seconds,
        _LIMITS.idle_timeout,
        "close a connection that asks for nothing for so many seconds",
        "SECONDS",
    ),
    Setting(
        "header-timeout",
        _seconds,
        _LIMITS.header_timeout,
        "answer 408 when a request's headers take more seconds",
        "SECONDS",
    ),
    Setting(
        "body-timeout",
        _seconds,
        _LIMITS.body_timeout,
        "answer 408 when a request's body takes more seconds; cut a client that does not take its answer as long",
        "SECONDS",
    ),
    Setting(
        "max-connections",
        _count,
        _LIMITS.max_connections,
        "answer 503 on connections beyond so many, each worker for itself",
        "COUNT",
    ),
    Setting(
        "max-header-size",
        _count,
        _LIMITS.max_header_size,
        "answer 431 when a request line and its headers have more bytes",
        "BYTES",
    ),
)
"""Every setting of `showpad-mock serve`, in the order of its help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """A server's settings; see SETTINGS for what each means."""

    host: str
    port: int
    data: str
    seed: int
    state: str | None
    state_sync: Literal["normal", "full"]
    state_shared: bool
    memory_tenants: int | None
    workers: int
    ready_file: str | None
    end_with_stdin: bool
    strict: bool
    links: Literal["vendor", "local"]
    quiet: bool
    log_format: str
    admin_token: str | None
    allow_webhook_host: tuple[str, ...]
    tls_port: int | None
    proxy_port: int | None
    proxy_pass: Sequence[str]
    proxy_credential: str | None
    tls_name: Sequence[str]
    ca_folder: str
    idle_timeout: float
    header_timeout: float
    body_timeout: float
    max_connections: int
    max_header_size: int

    @property
    def limits(self) -> ConnectionLimits:
        """The limits of connections."""
        return ConnectionLimits(**{one.name: getattr(self, one.name) for one in fields(ConnectionLimits)})


def add_flags(parser: argparse.ArgumentParser, *, only: Collection[str] | None = None) -> None:
    """Add a flag for each setting, or some, none with a default of its own; a secret is named below them."""
    wanted = [one for one in SETTINGS if only is None or one.flag in only]
    secret = [f"{one.variable} (a secret has no flag): {one.help}." for one in wanted if one.is_secret]
    parser.epilog = "\n".join(secret) or parser.epilog
    for setting in wanted:
        if setting.is_secret:
            continue
        names = [f"--{setting.flag}"] if setting.flag != "quiet" else ["-q", "--quiet"]
        shown = f"{setting.help} ({setting.variable}"
        shown += f"; default {setting.default})" if setting.default not in (None, False, ()) else ")"
        if isinstance(setting.default, bool):
            parser.add_argument(*names, action="store_const", const="true", dest=setting.name, help=shown)
        elif setting.is_repeatable:
            parser.add_argument(*names, action="append", dest=setting.name, metavar=setting.metavar, help=shown)
        else:
            parser.add_argument(*names, dest=setting.name, metavar=setting.metavar, help=shown)


def settings_of(flags: Mapping[str, str | list[str] | None], environ: Mapping[str, str]) -> Settings:
    """Return the settings that flags and environment ask for; raises SettingError naming the key and the value."""
    values = {one.name: value_of(one, flags, environ) for one in SETTINGS}
    settings = Settings(**values | {CA_FOLDER.name: str(ca_folder(flags, environ))})
    # Whoever asks for these relies on them; workers have a state of their own for as long as they run.
    asked = {
        "state-sync": settings.state_sync != "normal",
        "state-shared": settings.state_shared,
        "memory-tenants": settings.memory_tenants is not None and settings.workers == 1,
    }
    if settings.state is None and any(asked.values()):
        raise SettingError(f"--{next(flag for flag in asked if asked[flag])}: means nothing without --state")
    return settings


def ca_folder(flags: Mapping[str, str | list[str] | None], environ: Mapping[str, str]) -> Path:
    """Return the folder of the certificate authority; raises SettingError."""
    named = value_of(CA_FOLDER, flags, environ)
    try:
        return Path(named).absolute() if named is not None else data_folder(environ, sys.platform)
    except RuntimeError:
        raise SettingError(f"--{CA_FOLDER.flag}: must be given, as there is no home folder") from None


def value_of(setting: Setting, flags: Mapping[str, str | list[str] | None], environ: Mapping[str, str]) -> Any:
    """Return the value of one setting; raises SettingError naming the key and, but for a secret, the value."""
    given = flags.get(setting.name)
    key, text = f"--{setting.flag}", ",".join(given) if isinstance(given, list) else given
    if text is None:
        key, text = setting.variable, environ.get(setting.variable)
    if text is None:
        return setting.default
    try:
        return setting.read(text)
    except ValueError as error:
        told = key if setting.is_secret else f"{key}={text!r}"
        raise SettingError(f"{told}: {error}") from None


def load_settings(arguments: Sequence[str], environ: Mapping[str, str]) -> Settings:
    """Read the arguments of `serve` and the environment; raises SettingError."""
    parser = argparse.ArgumentParser(add_help=False, exit_on_error=False, allow_abbrev=False)
    add_flags(parser)
    try:
        flags, unknown = parser.parse_known_args(arguments)
    except argparse.ArgumentError as error:
        raise SettingError(str(error)) from None
    if unknown:
        raise SettingError(f"{unknown[0]}: no such setting")
    return settings_of(vars(flags), environ)
