"""Standard output holds up no answer: what it does not take is lost, counted and told, and nothing else is."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from showpad_mock.serving.output import CHUNK_BYTES, PENDING_BYTES, LineWriter

from ...harness.program import Program, run, serving

NOT_PRINTED = re.compile(r"(\d+) lines? (?:was|were) not printed")


def told(count: int) -> str:
    return f"{count} lost"


def counted(text: str) -> int:
    """How many lines a text holds or tells of."""
    return sum(int(line.split()[0]) if line.endswith(" lost") else 1 for line in text.splitlines())


class Out:
    """What a writer writes to; takes or refuses as it is told."""

    def __init__(self) -> None:
        self.written = b""
        self.writes = 0
        self.takes: Iterator[int | OSError | None] = iter(())
        """How much of each write is taken, or why none is; then everything is."""
        self.is_open = threading.Event()
        self.is_open.set()
        self.is_asked = threading.Event()

    def write(self, data: bytes) -> int | None:
        self.writes += 1
        self.is_asked.set()
        self.is_open.wait()
        taken = next(self.takes, len(data))
        if isinstance(taken, OSError):
            raise taken
        if taken is not None:
            self.written += data[:taken]
            return min(taken, len(data))
        return None

    def fileno(self) -> int:
        return 2


@pytest.fixture
def out() -> Out:
    return Out()


def test_lines_come_out_in_order(out: Out) -> None:
    writer = LineWriter(out, "utf-8", told)
    for number in range(1000):
        writer.write(str(number))
    assert writer.close() == 0
    assert out.written.decode().split() == [str(number) for number in range(1000)]


def test_lines_that_come_soon_after_one_are_written_together(out: Out, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("showpad_mock.serving.output.PAUSE_SECONDS", 30)
    writer = LineWriter(out, "utf-8", told)
    writer.write("a")
    out.is_asked.wait()
    for _ in range(100):
        writer.write("b")
    assert writer.close(seconds=30) == 0
    assert (out.writes, out.written) == (2, b"a\n" + b"b\n" * 100)


def test_while_nothing_is_taken_lines_wait_up_to_a_bound_and_are_then_lost(out: Out) -> None:
    out.is_open.clear()
    writer = LineWriter(out, "utf-8", told)
    line, count = "x" * 999, 2 * PENDING_BYTES // 1000
    for _ in range(count):
        writer.write(line)
    out.is_open.set()
    assert writer.close(seconds=30) == 0
    assert PENDING_BYTES - 1000 < out.written.count(line.encode()) * 1000 <= PENDING_BYTES
    assert counted(out.written.decode()) == count


def test_what_was_lost_is_told_before_the_next_line_that_is_printed(out: Out) -> None:
    out.takes = iter([BrokenPipeError()])
    writer = LineWriter(out, "utf-8", told)
    writer.write("a")
    out.is_asked.wait()
    writer.write("b")
    assert writer.close() == 0
    assert out.written == b"1 lost\nb\n"


def test_what_a_blocked_stream_has_not_taken_by_the_end_is_counted(out: Out) -> None:
    out.is_open.clear()
    writer = LineWriter(out, "utf-8", told)
    for _ in range(7):
        writer.write("x")
    assert writer.close(seconds=0.01) == 7
    out.is_open.set()


def test_a_stream_that_others_made_non_blocking_is_waited_for(out: Out) -> None:
    out.takes = iter([None, 1, None, 2])
    writer = LineWriter(out, "utf-8", told)
    writer.write("abcdef")
    assert writer.close() == 0
    assert out.written == b"abcdef\n"


def test_after_half_a_line_the_next_one_begins_a_new_line(out: Out) -> None:
    out.takes = iter([3, OSError(28, "No space left on device")])
    writer = LineWriter(out, "utf-8", told)
    writer.write("abcdef")
    assert writer.close() == 0
    assert out.written == b"abc\n1 lost\n"


def test_what_the_encoding_lacks_is_escaped(out: Out) -> None:
    writer = LineWriter(out, "cp1252", told)
    writer.write("ä – 漢 \ud800")
    assert writer.close() == 0
    assert out.written == b"\xe4 \x96 \\u6f22 \\ud800\n"


@settings(deadline=None)
@given(
    lines=st.lists(st.integers(0, 2 * CHUNK_BYTES), max_size=20),
    takes=st.lists(st.integers(0, 5000) | st.builds(OSError), max_size=20),
)
def test_every_line_is_printed_or_counted_once(lines: list[int], takes: list[int | OSError]) -> None:
    out = Out()
    out.takes = iter(takes)
    writer = LineWriter(out, "utf-8", told)
    for size in lines:
        writer.write(f"<{'x' * size}>")
    lost = writer.close(seconds=30)
    whole_lines = out.written.decode().split("\n")[:-1]  # what the last end of a line stands before
    printed = [line for line in whole_lines if re.fullmatch(r"<x*>|\d+ lost", line)]
    assert counted("\n".join(printed)) + lost == len(lines)


def ask(program: Program, count: int, path: str = "/v4/users?limit=1", **headers: str) -> None:
    """Send requests one after the other on one connection; each must be answered."""
    connection = http.client.HTTPConnection(program.origin.removeprefix("http://"), timeout=10)
    for _ in range(count):
        connection.request("GET", path, headers={"Authorization": "Bearer mock.demo.admin", **headers})
        answer = connection.getresponse()
        assert answer.status == 200
        answer.read()
    connection.close()


def ended(program: Program) -> str:
    """End a server as SIGTERM does; gives what it said on standard error."""
    assert program.end(by=signal.SIGTERM) == 0
    assert program.process.stderr is not None
    return program.process.stderr.read()


LONG = f"/v4/users?limit=1&{'x' * 2000}"


def test_a_pipe_that_nobody_reads_holds_up_no_answer_and_loses_counted_lines() -> None:
    with serving(stderr=subprocess.PIPE) as program:
        ask(program, 3000, LONG)
        lost = NOT_PRINTED.search(ended(program))
        assert lost is not None
        assert program.process.stdout is not None
        rest = program.process.stdout.read()
        printed = sum(line.startswith("GET ") for line in rest.splitlines() if line.endswith(")"))
        assert printed + int(lost[1]) == 3000
        assert printed > 0


def test_once_the_pipe_is_read_again_the_lost_lines_are_told_in_it() -> None:
    with serving(stderr=subprocess.PIPE) as program:
        ask(program, 3000, LONG)
        found: list[str] = []
        assert program.process.stdout is not None
        reader = threading.Thread(target=lambda: found.extend(program.process.stdout or ()))
        reader.start()
        assert ended(program) == ""
        reader.join(10)
    lost = sum(int(match[1]) for match in map(NOT_PRINTED.match, found) if match)
    assert lost > 0
    assert sum(line.startswith("GET ") for line in found) + lost == 3000


@pytest.mark.parametrize("flags", [[], ["--log-format", "json"]])
def test_a_closed_pipe_loses_its_lines_and_nothing_else(flags: list[str], tmp_path: Path) -> None:
    with serving(*flags, stderr=subprocess.PIPE) as program:
        assert program.process.stdout is not None
        program.process.stdout.close()
        ask(program, 50)
        assert ended(program) == "showpad-mock: 50 lines were not printed\n"


def test_a_closed_standard_output_is_nobodys_loss(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    command = f"exec {sys.executable} -m showpad_mock serve --port 0 --ready-file {ready} >&-"
    with subprocess.Popen(["sh", "-c", command], stderr=subprocess.PIPE, text=True) as process:
        assert run("wait", "--ready-file", str(ready)).returncode == 0
        ask(Program(process, ready.read_text(encoding="utf-8").strip(), []), 1)
        process.terminate()
        assert process.wait(3) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


def test_a_character_that_the_encoding_lacks_is_escaped_and_the_request_answered() -> None:
    with serving(stderr=subprocess.PIPE, env={**os.environ, "PYTHONIOENCODING": "ascii"}) as program:
        assert program.get("/shared-spaces/%E6%BC%A2", "mock.demo.admin").status_code == 404
        assert program.process.stdout is not None
        assert program.process.stdout.readline().startswith(r"GET /v4/shared-spaces/\u6f22 404 GET-404 ")
        assert ended(program) == ""


def test_lost_lines_are_told_as_json_among_json_lines() -> None:
    with serving("--log-format", "json", stderr=subprocess.PIPE) as program:
        ask(program, 3000, LONG)
        assert program.process.stdout is not None
        found: list[str] = []
        reader = threading.Thread(target=lambda: found.extend(program.process.stdout or ()))
        reader.start()
        assert ended(program) == ""
        reader.join(10)
    lines = [json.loads(line) for line in found]
    assert sum(line.get("notPrinted", 1) for line in lines) == 3000
