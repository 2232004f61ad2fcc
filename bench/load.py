"""Sends the same request over and over: by wrk where it is installed, else by a loop of our own."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

CONNECTIONS = 16


@dataclass(frozen=True, slots=True)
class Work:
    """One request to repeat."""

    method: str
    url: str
    token: str
    body: bytes | None = None

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class Load:
    """What was answered within how many seconds, and how many answers were no success."""

    requests: int
    seconds: float
    failures: int


def generator() -> str:
    return "wrk" if shutil.which("wrk") else "a loop in Python"


def run(work: Work, seconds: float, core: int | None) -> Load:
    """Send for some seconds over CONNECTIONS connections, from a process on a core of its own."""
    pin = ["taskset", "-c", str(core)] if core is not None and shutil.which("taskset") else []
    if shutil.which("wrk"):
        return _wrk(work, seconds, pin)
    command = [*pin, sys.executable, "-m", "bench.load", json.dumps([work.method, work.url, work.token, seconds])]
    done = subprocess.run(command, input=work.body or b"", capture_output=True, check=True)
    return Load(*json.loads(done.stdout))


def _wrk(work: Work, seconds: float, pin: list[str]) -> Load:
    lines = [f"wrk.method = {json.dumps(work.method)}"]
    lines += [f"wrk.headers[{json.dumps(name)}] = {json.dumps(value)}" for name, value in work.headers().items()]
    if work.body is not None:
        lines.append(f"wrk.body = {json.dumps(work.body.decode())}")
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "work.lua")
        script.write_text("\n".join(lines), encoding="utf-8")
        flags = [f"-c{CONNECTIONS}", "-t1", f"-d{max(1, round(seconds))}s", "-s", str(script)]
        told = subprocess.run([*pin, "wrk", *flags, work.url], capture_output=True, check=True, text=True).stdout
    count = re.search(r"(\d+) requests in ([\d.]+)s", told)
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", told)
    assert count is not None, told
    return Load(int(count[1]), float(count[2]), int(failed[1]) if failed else 0)


async def _connection(work: Work, deadline: float) -> tuple[int, int]:
    parts = urlsplit(work.url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    head = "".join(f"{name}: {value}\r\n" for name, value in work.headers().items())
    body = work.body or b""
    request = (
        f"{work.method} {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\n{head}Content-Length: {len(body)}\r\n\r\n"
    )
    answered = failed = 0
    while time.perf_counter() < deadline:
        writer.write(request.encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", answer)
        await reader.readexactly(int(length[1]) if length else 0)
        answered += 1
        failed += answer[9:10] != b"2"
    writer.close()
    return answered, failed


async def _loop(work: Work, seconds: float) -> Load:
    started = time.perf_counter()
    every = await asyncio.gather(*(_connection(work, started + seconds) for _ in range(CONNECTIONS)))
    elapsed = time.perf_counter() - started
    return Load(sum(one for one, _ in every), elapsed, sum(failed for _, failed in every))


if __name__ == "__main__":
    method, url, token, for_seconds = json.loads(sys.argv[1])
    result = asyncio.run(_loop(Work(method, url, token, sys.stdin.buffer.read() or None), for_seconds))
    print(json.dumps([result.requests, result.seconds, result.failures]))
