"""`showpad-mock run` as a process, and what stands for other hosts."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

PATIENCE = 30
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
PASSED = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nother\n"


def environment(folder: Path, **variables: str) -> dict[str, str]:
    """Return this process's environment, none of this machine's proxies in it, and an authority's folder."""
    kept = {name: value for name, value in os.environ.items() if name.lower() not in PROXIES}
    return {**kept, "SHOWPAD_MOCK_CA_FOLDER": str(folder), **variables}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "showpad_mock", *arguments]


def run(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run `showpad-mock run` to its end."""
    return subprocess.run(
        command("run", *arguments),
        env=environment(folder, **variables),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


@contextmanager
def other_host(*, is_proxy: bool = False) -> Iterator[tuple[int, list[str]]]:
    """Give the port of a server that answers once, as another host or behind a proxy, and the heads it is sent."""
    heads: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=_answer, args=(listener, heads, is_proxy), daemon=True)
        thread.start()
        yield listener.getsockname()[1], heads


def _answer(listener: socket.socket, heads: list[str], is_proxy: bool) -> None:  # noqa: FBT001 - a thread's
    connection, _ = listener.accept()
    with connection, connection.makefile("rwb") as stream:
        for answer in ("HTTP/1.1 200 OK\r\n\r\n", PASSED) if is_proxy else (PASSED,):
            heads.append("".join(iter(lambda: stream.readline().decode(), "\r\n")))
            stream.write(answer.encode())
            stream.flush()
