"""A server that another program started for itself does not outlive it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from ...harness.program import waiting_for_its_end

SERVE = ("-m", "showpad_mock", "serve", "--port", "0", "-q", "--end-with-stdin")
PARENT = f"""
import subprocess, sys
process = subprocess.Popen([sys.executable, *{SERVE!r}])
process.wait()
"""


@contextmanager
def started(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run Python with a pipe for its standard input; gives the process, and the origin that the server tells."""
    command = [sys.executable, *arguments]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    said = process.stdout.readline()
    try:
        yield process, next(word for word in said.split() if word.startswith("http"))
    finally:
        process.kill()
        process.stdin.close()
        process.stdout.close()
        process.wait()


def test_the_server_ends_well_when_its_standard_input_does() -> None:
    with started(*SERVE) as (process, _):
        assert process.stdin is not None
        process.stdin.write("what is said to it is passed over\n")
        process.stdin.close()
        assert process.wait(30) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="processes are watched on Linux alone")
def test_the_server_ends_with_its_parent_though_its_input_is_still_open() -> None:
    with started("-c", PARENT) as (process, base_url):
        ended = waiting_for_its_end(base_url)
        process.kill()
        ended()


@pytest.mark.skipif(sys.platform == "win32", reason="no standard input can be missing there")
def test_a_missing_standard_input_has_ended() -> None:
    command = ["sh", "-c", 'exec "$0" "$@" <&-', sys.executable, *SERVE]
    done = subprocess.run(command, stdout=subprocess.PIPE, timeout=30, check=False, env=dict(os.environ))
    assert done.returncode == 0
