"""Servers under measurement: started, on a core of their own, CPU time and memory read from the system."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
START_SECONDS = 60


def _cores() -> tuple[int | None, int | None]:
    """Return one core for the server and another for the load, where there are two."""
    if not hasattr(os, "sched_getaffinity"):
        return None, None
    cores = sorted(os.sched_getaffinity(0))
    return (cores[0], cores[1]) if len(cores) > 1 else (None, None)


SERVER_CORE, LOAD_CORE = _cores()


def cpu_seconds(pid: int) -> float:
    """Return a process's user and system time so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers, and how long it took from its start to its first answer."""

    process: subprocess.Popen[bytes]
    origin: str
    start_seconds: float

    def cpu_seconds(self) -> float:
        """Return user and system time so far, that of its workers with it."""
        pid = self.process.pid
        workers = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        return sum(map(cpu_seconds, (pid, *map(int, workers))))

    def memory_megabytes(self) -> float:
        """Return the resident memory."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def running(
    command: Sequence[str], port: int, *, ready: str = "/readyz", cwd: Path | None = None, pinned: bool = True
) -> Iterator[Server]:
    """Start a command, wait until it answers `ready`, whatever it answers, and end it with the block."""
    origin = f"http://127.0.0.1:{port}"
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        if pinned and SERVER_CORE is not None:
            os.sched_setaffinity(process.pid, {SERVER_CORE})
        _wait(process, origin + ready)
        yield Server(process, origin, time.perf_counter() - started)
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def mock(*flags: str, pinned: bool = True) -> Iterator[Server]:
    """Run the mock as its console script starts it, on a core of its own or where the system puts it."""
    port = free_port()
    script = Path(sys.executable).with_name("showpad-mock")
    with running([str(script), "serve", "--port", str(port), "-q", *flags], port, pinned=pinned) as server:
        yield server


@contextmanager
def bare(size: int, *, pinned: bool = True) -> Iterator[Server]:
    """Run the bare routes; `size` is how many bytes they answer."""
    port = free_port()
    with running([sys.executable, "-m", "bench.baseline", str(port), str(size)], port, pinned=pinned) as server:
        yield server


def _wait(process: subprocess.Popen[bytes], url: str) -> None:
    deadline = time.perf_counter() + START_SECONDS
    while process.poll() is None and time.perf_counter() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.002)
    raise RuntimeError(f"{process.args!r} did not answer {url}; exit code {process.poll()}")
