"""How the command line speaks to a running server: its health and its snapshots. The standard library suffices."""

from __future__ import annotations

import json
import shutil
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from http.client import HTTPResponse
from pathlib import Path
from typing import BinaryIO, cast
from urllib.parse import quote

ATTEMPT_SECONDS = 2.0
PAUSE_SECONDS = 0.05


class ServerRefused(Exception):
    """The server did not answer, or refused; the message says why."""


class Client:
    """Speaks to the server at an origin."""

    def __init__(self, origin: str, admin_token: str | None = None) -> None:
        self.origin = origin.rstrip("/")
        self._headers = {"Authorization": f"Bearer {admin_token}"} if admin_token else {}
        # Nothing but this server is meant: no proxy of the environment's.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def is_ready(self) -> bool:
        """Say whether the server answers that it is ready."""
        try:
            with self._opener.open(f"{self.origin}/readyz", timeout=ATTEMPT_SECONDS) as answer:
                return bool(answer.status == 200)
        except (OSError, ValueError):
            return False

    def wait(self, seconds: float) -> bool:
        """Ask until the server is ready or the time is over."""
        return _wait_until(self.is_ready, seconds)

    def save(self, tenant: str, file: str) -> None:
        """Write a tenant's snapshot to a file, `-` for standard output; the file is whole or not there."""
        with self._ask("GET", tenant) as answer:
            if file == "-":
                shutil.copyfileobj(answer, sys.stdout.buffer)
                sys.stdout.buffer.flush()
                return
            target = Path(file)
            partial = target.with_name(target.name + ".part")
            with partial.open("wb") as written:
                shutil.copyfileobj(answer, written)
            partial.replace(target)

    def load(self, tenant: str, file: str) -> None:
        """Give a tenant the state of a snapshot's file, `-` for standard input."""
        if file == "-":
            self._ask("PUT", tenant, sys.stdin.buffer.read()).close()
            return
        with Path(file).open("rb") as snapshot:
            self._ask("PUT", tenant, cast("BinaryIO", snapshot)).close()

    def _ask(self, method: str, tenant: str, body: bytes | BinaryIO | None = None) -> HTTPResponse:
        url = f"{self.origin}/__admin/tenants/{quote(tenant, safe='')}/state"
        headers = {**self._headers, "Content-Type": "application/json"}
        request = urllib.request.Request(url, method=method, data=body, headers=headers)
        try:
            return cast("HTTPResponse", self._opener.open(request))
        except urllib.error.HTTPError as error:
            with error:
                raise ServerRefused(f"{self.origin} answered {error.code}: {_detail(error.read())}") from None
        except urllib.error.URLError as error:
            raise ServerRefused(f"{self.origin} does not answer: {error.reason}") from None


def wait_for_file(file: str, seconds: float) -> bool:
    """Wait until a server has written its ready file and answers at the origin in it, or the time is over."""

    def is_ready() -> bool:
        try:
            origin = Path(file).read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return False
        return Client(origin).is_ready()

    return _wait_until(is_ready, seconds)


def _wait_until(is_ready: Callable[[], bool], seconds: float) -> bool:
    """Ask again and again: no event crosses from one process to the other."""
    deadline = time.monotonic() + seconds
    while not is_ready():
        if time.monotonic() >= deadline:
            return False
        time.sleep(PAUSE_SECONDS)
    return True


def _detail(body: bytes) -> str:
    try:
        return str(json.loads(body)["detail"])
    except (ValueError, KeyError, TypeError):
        return body[:200].decode("utf-8", "replace")
