"""A server under measurement: started, on a core of its own, its CPU time and memory read from the system."""

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


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers, and how long it took from its start to its first answer."""

    process: subprocess.Popen[bytes]
    origin: str
    start_seconds: float

    def cpu_seconds(self) -> float:
        """Give user and system time so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory_megabytes(self) -> float:
        """Give the resident memory."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def running(arguments: Sequence[str], port: int, core: int | None) -> Iterator[Server]:
    """Start `python ARGUMENTS`, wait for its first answer, end it with the block."""
    origin = f"http://127.0.0.1:{port}"
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        if core is not None and hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(process.pid, {core})
        _wait(process, origin)
        yield Server(process, origin, time.perf_counter() - started)
    finally:
        process.terminate()
        process.wait(10)


def _wait(process: subprocess.Popen[bytes], origin: str) -> None:
    while process.poll() is None:
        try:
            with urllib.request.urlopen(f"{origin}/readyz", timeout=5):
                return
        except urllib.error.URLError:
            time.sleep(0.002)
    raise RuntimeError(f"the server ended with {process.returncode} before it answered")
