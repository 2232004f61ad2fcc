"""The program as a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urlsplit

import httpx2


def run(*arguments: str, timeout: float = 30, **options: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "showpad_mock", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False, **options)  # type: ignore[call-overload, no-any-return]  # whatever options subprocess takes


@dataclass
class Program:
    """A running `showpad-mock serve`, and what it said when it began."""

    process: subprocess.Popen[str]
    origin: str
    said: list[str]

    @property
    def base_url(self) -> str:
        return f"{self.origin}/v4"

    def get(self, path: str, token: str) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {token}"}
        return httpx2.get(self.base_url + path, headers=headers, trust_env=False, verify=False)

    def end(self, *, by: int) -> int:
        """Send a signal and give the exit code; the server has two seconds (three here, for a busy machine)."""
        self.process.send_signal(by)
        return self.process.wait(3)


@contextmanager
def serving(
    *arguments: str, command: Sequence[str] = (sys.executable, "-m", "showpad_mock"), **options: object
) -> Iterator[Program]:
    """Start the program on a free port; it has begun to answer when it says so."""
    streams: dict[str, object] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    process: subprocess.Popen[str] = subprocess.Popen(
        [*command, "serve", "--port", "0", *arguments],
        **streams | options,  # type: ignore[call-overload]  # whatever options Popen takes
    )
    assert process.stdout is not None
    try:
        said = [process.stdout.readline()]
        assert "/v4" in said[0], said + process.stdout.readlines()
        if said[0].startswith("{"):
            origin = json.loads(said[0])["origin"]
        else:
            said += [process.stdout.readline() for _ in range(3)]
            origin = next(word for word in said[0].split() if word.startswith("http")).removesuffix("/v4")
        yield Program(process, origin, said)
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()


def waiting_for_its_end(base_url: str) -> Callable[[], None]:
    """Ask a server for a request that never comes; gives what waits until it ends, or raises TimeoutError."""
    address = urlsplit(base_url)
    connection = HTTPConnection(str(address.hostname), address.port, timeout=30)
    connection.request("GET", "/__admin/requests?wait=60&tenant=nobody")

    def ended() -> None:
        with closing(connection), suppress(ConnectionError):
            connection.getresponse().read()

    return ended
