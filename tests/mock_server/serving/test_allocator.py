"""Large blocks go back to the system, although small values lie between them."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from showpad_mock.serving import serve
from showpad_mock.serving.uvicorn_server import UvicornServer
from showpad_mock.settings import load_settings

MANY = 1000
PROGRAM = f"""
from pathlib import Path
{{tuning}}

def kilobytes():
    return int(next(line for line in Path("/proc/self/status").read_text().splitlines() if "VmRSS" in line).split()[1])

before = kilobytes()
small, large = [], []
for number in range({MANY}):
    large.append(bytes(100_000))
    small.append(bytes(1000))
    large[-1] = b"x" * 100_000
most = kilobytes()
large.clear()
print(before, most, kilobytes())
"""
TUNING = "from showpad_mock.serving.allocator import give_large_blocks_back; give_large_blocks_back()"


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux's /proc and glibc")
def test_what_was_large_goes_back_when_it_is_freed() -> None:
    told = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(tuning=TUNING)], capture_output=True, text=True, check=True
    ).stdout
    before, most, after = map(int, told.split())
    assert most - before > MANY * 90
    assert after - before < MANY * 10


def test_the_server_sees_to_it_once_it_has_started(monkeypatch: pytest.MonkeyPatch) -> None:
    done = threading.Event()
    monkeypatch.setattr("signal.signal", lambda *_: None)
    monkeypatch.setattr(serve, "ONCE_STARTED_SECONDS", 0)
    monkeypatch.setattr(serve, "give_large_blocks_back", done.set)
    monkeypatch.setattr(UvicornServer, "run_on", lambda *_: done.wait(5))
    serve.run(load_settings(["--port", "0", "--quiet"], {}), colour=False)
    assert done.is_set()
