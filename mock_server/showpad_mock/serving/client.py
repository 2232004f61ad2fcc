"""How the command line speaks to a running server: its health and its snapshots. The standard library suffices."""

from __future__ import annotations

import json
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, cast
from urllib.parse import quote, urlsplit

from ..core.printable import printable

if TYPE_CHECKING:
    from ..explaining.explanation import Explanation

# A snapshot may have gigabytes: it is never held whole.
CHUNK_BYTES = 64 * 1024
ATTEMPT_SECONDS = 2.0
PAUSE_SECONDS = 0.05


class ServerRefused(Exception):
    """The server did not answer, or refused; the message says why, in one line."""

    def __init__(self, message: str) -> None:
        super().__init__(printable(message))  # it may quote what the server sent


class About(NamedTuple):
    """Where a server's first API is called, and with which token."""

    base_url: str
    token: str


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: the mock sends none, and the admin token is for nobody else."""

    def redirect_request(self, *_: object) -> None:
        """Leave the answer as it is."""


class Client:
    """Speaks to the server at an origin or base URL."""

    def __init__(self, url: str, admin_token: str | None = None) -> None:
        # The server prints its base URL, and users paste that.
        self.origin = url.rstrip("/").removesuffix("/v4")
        self._headers = {"Authorization": f"Bearer {admin_token}"} if admin_token else {}
        # Nothing but this server is meant: no proxy of the environment's.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)

    def is_ready(self) -> bool:
        """Return whether the server answers that it is ready."""
        try:
            with self._opener.open(f"{self.origin}/readyz", timeout=ATTEMPT_SECONDS) as answer:
                return bool(answer.status == 200)
        except (OSError, ValueError, HTTPException):  # nobody is there, or somebody else
            return False

    def about(self) -> About:
        """Return what the server says of itself; raises ServerRefused."""
        try:
            with self._opener.open(self.origin, timeout=ATTEMPT_SECONDS) as answer:
                api = json.loads(answer.read())["apis"][0]
            return About(self.origin + api["basePath"], api["authorization"].removeprefix("Bearer "))
        except (OSError, HTTPException) as error:
            raise ServerRefused(f"{self.origin} does not answer: {error}") from None
        except (ValueError, KeyError, IndexError, TypeError, AttributeError):
            raise ServerRefused(f"{self.origin} does not answer as a mock does") from None

    def wait(self, seconds: float) -> bool:
        """Ask until the server is ready or the time is over."""
        return _wait_until(self.is_ready, seconds)

    def snapshot(self, tenant: str) -> Iterator[bytes]:
        """Yield a tenant's snapshot in pieces. One that was never opened is refused: its name may be mistyped."""
        with self._ask("GET", "tenants") as answer:
            # Asked before, since asking for a tenant's state would open it.
            listed = b"".join(self._chunks(answer))
        try:
            opened = {one["name"] for one in json.loads(listed)}
        except (ValueError, KeyError, TypeError):
            raise ServerRefused(f"{self.origin} does not answer as a mock does") from None
        if tenant not in opened:
            raise ServerRefused(f'{self.origin} has no tenant "{tenant}": none of that name has been opened')
        with self._ask("GET", _state_of(tenant)) as answer:
            yield from self._chunks(answer)

    def load(self, tenant: str, file: str) -> None:
        """Put the state in a snapshot's file in place of a tenant's; `-` is standard input."""
        if file == "-":
            self._ask("PUT", _state_of(tenant), sys.stdin.buffer.read()).close()
            return
        with Path(file).open("rb") as snapshot:
            self._ask("PUT", _state_of(tenant), cast("BinaryIO", snapshot)).close()

    def explain(self, number: int) -> Explanation:
        """Return why the server answered an exchange of its journal as it did."""
        with self._ask("GET", f"requests/{number}/explain") as answer:
            told = b"".join(self._chunks(answer))
        try:
            return cast("Explanation", json.loads(told))
        except ValueError:
            raise ServerRefused(f"{self.origin} does not answer as a mock does") from None

    def _chunks(self, answer: HTTPResponse) -> Iterator[bytes]:
        try:
            while chunk := answer.read(CHUNK_BYTES):
                yield chunk
        except (OSError, HTTPException) as error:
            raise ServerRefused(f"{self.origin} broke off its answer: {error}") from None
        if answer.length:  # what it announced and did not send: `read` takes that for the end
            raise ServerRefused(f"{self.origin} broke off its answer {answer.length} bytes before its end")

    def _ask(self, method: str, path: str, body: bytes | BinaryIO | None = None) -> HTTPResponse:
        url = f"{self.origin}/__admin/{path}"
        headers = {**self._headers, "Content-Type": "application/json"}
        request = urllib.request.Request(url, method=method, data=body, headers=headers)
        try:
            return cast("HTTPResponse", self._opener.open(request))
        except urllib.error.HTTPError as error:
            raise ServerRefused(f"{self.origin} answered {error.code}: {_detail(error)}") from None
        except urllib.error.URLError as error:
            raise ServerRefused(f"{self.origin} does not answer: {error.reason}") from None
        except (OSError, HTTPException) as error:
            raise ServerRefused(f"{self.origin} does not answer: {error}") from None


def wait_for_file(file: str, seconds: float) -> bool:
    """Wait until a server has written its ready file and answers at the origin in it, or the time is over."""

    def is_ready() -> bool:
        try:
            origin = Path(file).read_text(encoding="utf-8", errors="replace").partition("\n")[0].strip()
        except FileNotFoundError:
            return False
        return Client(origin).is_ready()

    return _wait_until(is_ready, seconds)


def _wait_until(is_ready: Callable[[], bool], seconds: float) -> bool:
    """Ask again and again: no event crosses from one process to the other."""
    # Monotonic: a clock that is set in between must not end the wait or prolong it.
    deadline = time.monotonic() + seconds
    # Asked once even with no time at all.
    while not is_ready():
        if time.monotonic() >= deadline:
            return False
        time.sleep(PAUSE_SECONDS)
    return True


def _state_of(tenant: str) -> str:
    return f"tenants/{quote(tenant, safe='')}/state"


def check_url(url: str) -> str:
    """Return a URL that a server can have; raises ValueError for another."""
    parts = urlsplit(url)
    is_visible = url.isascii() and url.isprintable() and " " not in url
    if parts.scheme not in ("http", "https") or not parts.hostname or not is_visible:
        raise ValueError("must be a URL such as http://127.0.0.1:7470")
    return url


def _detail(error: urllib.error.HTTPError) -> str:
    try:
        with error:
            body = error.read()
    except (OSError, HTTPException):
        return error.reason
    try:
        return str(json.loads(body)["detail"])
    except (ValueError, KeyError, TypeError):
        return body[:200].decode("utf-8", "replace")
