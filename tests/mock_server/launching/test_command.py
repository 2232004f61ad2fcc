"""A command is run to its end, whatever happens to it or to us, and nothing of it is left."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress

import pytest

from showpad_mock.launching.command import CannotRun, _Signals, run_command

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="waits for processes as Linux allows")
PATIENCE = 30
# What is ignored when a shell begins, as in a job of another shell, it cannot trap.
DRIVER = """\
import signal, sys
for one in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM): signal.signal(one, signal.SIG_DFL)
from showpad_mock.launching.command import run_command
sys.exit(run_command(sys.argv[2:], None, float(sys.argv[1]) or None))
"""
LEAVING = "sleep 1000 & echo $! $$; "
"""A shell that tells of itself and of what it leaves behind."""


@contextmanager
def running(*command: str, timeout: float = 0) -> Iterator[tuple[subprocess.Popen[str], list[int]]]:
    """Run what runs a command; give it and, as process descriptors, what the command tells of in its first line."""
    driver = [sys.executable, "-c", DRIVER, str(timeout), *command]
    with subprocess.Popen(driver, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        assert process.stdout is not None
        told = list(opened(map(int, process.stdout.readline().split())))
        try:
            yield process, told
        finally:
            process.kill()
            for one in told:
                os.close(one)


def opened(processes: Iterable[int]) -> Iterator[int]:
    for one in processes:
        with suppress(ProcessLookupError):  # ended by now
            yield os.pidfd_open(one)


def all_end(descriptors: Sequence[int]) -> bool:
    return all(select.select([one], [], [], PATIENCE)[0] for one in descriptors)


@pytest.mark.parametrize("code", [0, 3])
def test_its_exit_code_is_the_commands(code: int) -> None:
    assert run_command(["sh", "-c", f"exit {code}"], os.environ, None) == code


def test_a_signal_that_ends_the_command_is_told_as_shells_do() -> None:
    assert run_command(["sh", "-c", "kill -KILL $$"], os.environ, None) == 137


@pytest.mark.parametrize(("command", "code"), [("no-such-command", 127), ("/etc/passwd", 126)])
def test_what_cannot_be_run_is_told(command: str, code: int) -> None:
    with pytest.raises(CannotRun, match=command) as told:
        run_command([command], os.environ, None)
    assert told.value.code == code


def test_the_command_gets_its_environment_and_its_streams() -> None:
    done = subprocess.run(
        [sys.executable, "-c", DRIVER, "0", "sh", "-c", "read line; echo got $line"],
        input="this\n",
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "got this\n", "")


def test_what_the_command_left_behind_is_ended() -> None:
    with running("sh", "-c", LEAVING + "exit 4") as (process, told):
        assert all_end(told)
        assert process.wait(PATIENCE) == 4


def test_a_command_that_crashes_leaves_nothing() -> None:
    with running("sh", "-c", LEAVING + "kill -SEGV $$") as (process, told):
        assert all_end(told)
        assert process.wait(PATIENCE) == 128 + signal.SIGSEGV


def test_a_command_that_is_killed_leaves_nothing() -> None:
    with running("sh", "-c", LEAVING + "wait") as (process, told):
        signal.pidfd_send_signal(told[1], signal.SIGKILL)
        assert all_end(told)
        assert process.wait(PATIENCE) == 128 + signal.SIGKILL


def test_a_command_whose_time_is_over_is_asked_to_end() -> None:
    with running("sh", "-c", LEAVING + "wait", timeout=0.2) as (process, told):
        assert all_end(told)
        assert process.wait(PATIENCE) == 124


def test_one_that_will_not_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("showpad_mock.launching.command.GRACE_SECONDS", 0.1)
    assert run_command(["sh", "-c", "trap '' TERM; sleep 1000"], os.environ, 0.1) == 124


def test_nothing_is_left_when_we_are_killed() -> None:
    with running("sh", "-c", "trap '' HUP INT TERM; " + LEAVING + "wait") as (process, told):
        process.kill()
        assert all_end(told)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1])
def test_signals_are_passed_on(number: signal.Signals) -> None:
    trap = f"trap 'exit 42' {number.name.removeprefix('SIG')}; "
    with running("sh", "-c", trap + LEAVING + "wait; wait") as (process, told):
        process.send_signal(number)
        assert process.wait(PATIENCE) == 42
        assert all_end(told)


def test_a_signal_that_comes_before_the_command_is_not_lost() -> None:
    signals, process = _Signals(), subprocess.Popen(["sleep", "1000"])
    signals.receive(signal.SIGTERM, None)
    signals.pass_on_to(process, None)
    assert process.wait(PATIENCE) == -signal.SIGTERM


@contextmanager
def at_a_terminal(*command: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Run what runs a command at a terminal of its own; give it and the terminal's other end."""
    ours, theirs = os.openpty()
    login = "import fcntl, os, termios; os.setsid(); fcntl.ioctl(0, termios.TIOCSCTTY, 0)\n"
    driver = [sys.executable, "-c", login + DRIVER, "0", *command]
    with subprocess.Popen(driver, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        try:
            yield process, ours
        finally:
            process.kill()
            os.close(ours)


def read_until(terminal: int, text: bytes) -> None:
    seen = b""
    while text not in seen:
        assert select.select([terminal], [], [], PATIENCE)[0], seen
        seen += os.read(terminal, 1024)


def test_a_command_at_a_terminal_reads_from_it_and_is_reached_by_its_keys() -> None:
    script = "trap 'exit 42' INT; read line; echo got $line; while :; do sleep 1; done"
    with at_a_terminal("sh", "-c", script) as (process, terminal):
        os.write(terminal, b"this\n")
        read_until(terminal, b"got this")
        os.write(terminal, b"\x03")  # Ctrl-C
        assert process.wait(PATIENCE) == 42
