"""Sends the same work over and over: by wrk where it is installed, else by a loop of our own."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

CONNECTIONS = 16

# The n-th request takes path n; each time all paths had their turn comes the next body.
LUA = """
local paths = {{{paths}}}
local bodies = {{{bodies}}}
local headers = {{{headers}}}
local n = 0
function request()
  local path = paths[n % #paths + 1]
  local body = bodies[math.floor(n / #paths) % #bodies + 1]
  n = n + 1
  return wrk.format("{method}", path, headers, body)
end
"""


@dataclass(frozen=True, slots=True)
class Work:
    """Requests to send in turn: the paths one after the other, with the next body each time round."""

    method: str
    origin: str
    paths: Sequence[str]
    token: str
    bodies: Sequence[str] = ()

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}

    def request(self, number: int) -> tuple[str, bytes]:
        """Give the path and the body of the n-th request, from 0."""
        turn, place = divmod(number, len(self.paths))
        return self.paths[place], self.bodies[turn % len(self.bodies)].encode() if self.bodies else b""


@dataclass(frozen=True, slots=True)
class Load:
    """What was answered within how many seconds, and how many answers were no success."""

    requests: int
    seconds: float
    failures: int


def generator() -> str:
    return "wrk" if shutil.which("wrk") else "a loop in Python (install wrk for a leaner one)"


def run(work: Work, seconds: float, core: int | None) -> Load:
    """Send for some seconds over CONNECTIONS connections, from a process on a core of its own."""
    pin = ["taskset", "-c", str(core)] if core is not None and shutil.which("taskset") else []
    if shutil.which("wrk"):
        return _wrk(work, seconds, pin)
    command = [*pin, sys.executable, "-m", "bench.load", str(seconds)]
    done = subprocess.run(command, input=json.dumps(asdict(work)).encode(), capture_output=True, check=True)
    return Load(*json.loads(done.stdout))


def _wrk(work: Work, seconds: float, pin: list[str]) -> Load:
    script = LUA.format(
        method=work.method,
        paths=", ".join(map(json.dumps, work.paths)),
        bodies=", ".join(map(json.dumps, work.bodies or [""])),
        headers=", ".join(f"[{json.dumps(name)}] = {json.dumps(value)}" for name, value in work.headers().items()),
    )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "work.lua")
        file.write_text(script, encoding="utf-8")
        flags = [f"-c{CONNECTIONS}", "-t1", f"-d{max(1, round(seconds))}s", "-s", str(file)]
        told = subprocess.run([*pin, "wrk", *flags, work.origin], capture_output=True, check=True, text=True).stdout
    answered = re.search(r"(\d+) requests in ([\d.]+)s", told)
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", told)
    assert answered is not None, told
    return Load(int(answered[1]), float(answered[2]), int(failed[1]) if failed else 0)


async def _loop(work: Work, seconds: float) -> Load:
    started = time.perf_counter()
    numbers = count()

    async def connection() -> tuple[int, int]:
        parts = urlsplit(work.origin)
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        head = "".join(f"{name}: {value}\r\n" for name, value in work.headers().items())
        answered = failed = 0
        while time.perf_counter() < started + seconds:
            path, body = work.request(next(numbers))
            line = f"{work.method} {path} HTTP/1.1\r\nHost: {parts.netloc}\r\n{head}Content-Length: {len(body)}\r\n\r\n"
            writer.write(line.encode() + body)
            answer = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"(?i)content-length: (\d+)", answer)
            await reader.readexactly(int(length[1]) if length else 0)
            answered += 1
            failed += answer[9:10] != b"2"
        writer.close()
        return answered, failed

    every = await asyncio.gather(*(connection() for _ in range(CONNECTIONS)))
    elapsed = time.perf_counter() - started
    return Load(sum(one for one, _ in every), elapsed, sum(failed for _, failed in every))


if __name__ == "__main__":
    result = asyncio.run(_loop(Work(**json.load(sys.stdin)), float(sys.argv[1])))
    print(json.dumps([result.requests, result.seconds, result.failures]))
