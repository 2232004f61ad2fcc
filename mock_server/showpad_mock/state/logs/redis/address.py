"""What the URL of an engine says; no message repeats any of it but host and port."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

SCHEMES = {"redis", "rediss", "redis+cluster", "rediss+cluster"}
FILES = {"ssl_ca_certs", "ssl_certfile", "ssl_keyfile"}
PARAMETERS = {*FILES, "wait_replicas"}
PORT = 6379


class Place(NamedTuple):
    """Where a node listens."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True)
class Address:
    """Where an engine is, who we are there, and how many replicas must have what is appended.

    Of a cluster, some places; the others are asked for there.
    """

    places: tuple[Place, ...]
    is_cluster: bool
    wait_replicas: int
    options: dict[str, Any] = field(repr=False)
    """As redis-py takes them by keyword, beside host and port."""

    @property
    def name(self) -> str:
        """What messages call it."""
        return ",".join(map(str, self.places))


def read(url: str) -> Address:
    """Return what the URL says; ValueError says what is wrong without repeating it, since it may hold a password."""
    try:
        parts = urlsplit(url)
        places = tuple(_place(host) for host in parts.netloc.rpartition("@")[2].split(","))
    except ValueError:
        raise ValueError(f"the engine's URL has no port that is a number; {ESCAPED}") from None
    if parts.scheme not in SCHEMES:
        raise ValueError(f"the engine's URL must begin with one of {', '.join(sorted(SCHEMES))}, and ://")
    # What follows an unescaped character of a password would be taken for a path, a fragment, even a host.
    if not all(place.host for place in places) or parts.fragment or "@" in parts.path + parts.query:
        raise ValueError(f"the engine's URL must name a host; {ESCAPED}")
    kind, _, cluster = parts.scheme.partition("+")
    if len(places) > 1 and not cluster:
        raise ValueError("the engine's URL must name one host; several are those of a cluster (redis+cluster://)")
    parameters = _parameters(parts, is_tls=kind == "rediss")
    wait = parameters.pop("wait_replicas", "0")
    if not (wait.isascii() and wait.isdigit()):
        raise ValueError("wait_replicas in the engine's URL must be a number of replicas")
    options = {**_user(parts), **_database(parts, cluster), **parameters}
    return Address(places, bool(cluster), int(wait), {**options, "ssl": kind == "rediss"})


ESCAPED = "in a user or password, write / ? # @ : and % as %2F %3F %23 %40 %3A %25"


def _place(host: str) -> Place:
    parts = urlsplit(f"//{host}")
    return Place(unquote(parts.hostname or ""), parts.port or PORT)


def _parameters(parts: SplitResult, *, is_tls: bool) -> dict[str, str]:
    parameters = dict(parse_qsl(parts.query, keep_blank_values=True))
    if not parameters.keys() <= PARAMETERS:
        raise ValueError(f"the engine's URL knows no parameters but {', '.join(sorted(PARAMETERS))}")
    for name in sorted(FILES & parameters.keys()):
        if not is_tls:
            raise ValueError(f"{name} in the engine's URL needs rediss://")
        if not Path(parameters[name]).is_file():
            raise ValueError(f"{name} in the engine's URL must name a file that is there")
    return parameters


def _user(parts: SplitResult) -> dict[str, str]:
    told = {"username": parts.username, "password": parts.password}
    return {name: unquote(value) for name, value in told.items() if value}


def _database(parts: SplitResult, cluster: str) -> dict[str, int]:
    database = unquote(parts.path).strip("/")
    if not database:
        return {}
    if cluster:
        raise ValueError("a cluster has no numbered databases: the engine's URL must end with host and port")
    if not (database.isascii() and database.isdigit()):
        raise ValueError("the path of the engine's URL must be the number of a database")
    return {"db": int(database)}
