"""Sends the same work over and over: by wrk where it is installed, else by a loop of our own."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass
from itertools import cycle
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

CONNECTIONS = 16

LUA = """
local headers = {{{headers}}}
local requests = {{}}
local n = 0
function init(_)
  for line in io.lines("{file}") do
    local method, path, body = line:match("^(%S+) (%S+) (.*)$")
    requests[#requests + 1] = wrk.format(method, path, headers, body)
  end
end
function request()
  n = n % #requests + 1
  return requests[n]
end
"""


class Request(NamedTuple):
    """One request; its body has no line breaks."""

    method: str
    path: str
    body: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    """Requests to send in turn, over and over."""

    origin: str
    token: str
    requests: Sequence[Request]

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}

    def elsewhere(self, origin: str) -> Work:
        """Return the same work for another server."""
        return Work(origin, self.token, self.requests)


@dataclass(frozen=True, slots=True)
class Load:
    """What was answered within how many seconds, how many answers were no success, and how long answers took."""

    requests: int
    seconds: float
    failures: int
    p50_ms: float
    p99_ms: float


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
    with tempfile.TemporaryDirectory() as folder:
        file, script = Path(folder, "requests"), Path(folder, "work.lua")
        file.write_text("".join(f"{' '.join(request)}\n" for request in work.requests), encoding="utf-8")
        headers = ", ".join(f"[{json.dumps(name)}] = {json.dumps(value)}" for name, value in work.headers().items())
        script.write_text(LUA.format(headers=headers, file=file), encoding="utf-8")
        flags = [f"-c{CONNECTIONS}", "-t1", f"-d{max(1, round(seconds))}s", "--latency", "-s", str(script)]
        told = subprocess.run([*pin, "wrk", *flags, work.origin], capture_output=True, check=True, text=True).stdout
    answered = re.search(r"(\d+) requests in ([\d.]+)s", told)
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", told)
    assert answered is not None, told
    within = [_milliseconds(told, percent) for percent in (50, 99)]
    return Load(int(answered[1]), float(answered[2]), int(failed[1]) if failed else 0, *within)


def _milliseconds(told: str, percent: int) -> float:
    found = re.search(rf"^ +{percent}% +([\d.]+)(us|ms|s) *$", told, re.MULTILINE)
    assert found is not None, told
    return float(found[1]) * {"us": 0.001, "ms": 1, "s": 1000}[found[2]]


async def _loop(work: Work, seconds: float) -> Load:
    started = time.perf_counter()
    parts = urlsplit(work.origin)
    head = "".join(f"{name}: {value}\r\n" for name, value in work.headers().items())
    every = cycle([_written(request, f"Host: {parts.netloc}\r\n{head}") for request in work.requests])

    took: list[float] = []

    async def connection() -> tuple[int, int]:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        answered = failed = 0
        while time.perf_counter() < started + seconds:
            asked = time.perf_counter()
            writer.write(next(every))
            answer = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"(?i)content-length: (\d+)", answer)
            await reader.readexactly(int(length[1]) if length else 0)
            took.append((time.perf_counter() - asked) * 1000)
            answered += 1
            failed += answer[9:10] != b"2"
        writer.close()
        return answered, failed

    counts = await asyncio.gather(*(connection() for _ in range(CONNECTIONS)))
    elapsed = time.perf_counter() - started
    answered, failed = (sum(of_one) for of_one in zip(*counts, strict=True))
    percentiles = statistics.quantiles(took, n=100)
    return Load(answered, elapsed, failed, percentiles[49], percentiles[98])


def _written(request: Request, head: str) -> bytes:
    body = request.body.encode()
    return f"{request.method} {request.path} HTTP/1.1\r\n{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


if __name__ == "__main__":
    sent = json.load(sys.stdin)
    requests = [Request(*request) for request in sent["requests"]]
    result = asyncio.run(_loop(Work(sent["origin"], sent["token"], requests), float(sys.argv[1])))
    print(json.dumps(astuple(result)))
