"""The command's other verbs: how they speak to a server, to a wrong one, and to files."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.resources import files
from pathlib import Path
from threading import Thread

import httpx2
import pytest

from showpad_mock.serving.client import check_url

from ...harness.program import Program, run, serving
from .test_files import names_in


@pytest.fixture(scope="module")
def program() -> Iterator[Program]:
    """A server with a tenant that was opened, `one`."""
    with serving("-q") as program:
        httpx2.post(f"{program.origin}/__admin/tenants", json={"name": "one"}, trust_env=False)
        yield program


def test_a_base_url_will_do_where_an_origin_does(program: Program) -> None:
    done = run("health", "--origin", f"{program.base_url}/")
    assert (done.returncode, done.stdout) == (0, f"{program.origin} is ready\n")
    assert run("wait", "--origin", program.base_url).returncode == 0


@pytest.mark.parametrize(
    "url", ["127.0.0.1:7470", "localhost", "ftp://localhost", "http://", "http://a b", "", "http://["]
)
def test_what_is_no_url_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="URL"):
        check_url(url)


@pytest.mark.parametrize("verb", [["health"], ["wait"], ["snapshot", "save", "one", "-"]])
def test_what_is_no_url_is_refused_naming_it(verb: list[str]) -> None:
    done = run(*verb, "--origin", "127.0.0.1:7470")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert done.stderr.startswith("showpad-mock: --origin='127.0.0.1:7470': ")


def test_a_variable_that_is_no_url_is_named() -> None:
    done = run("health", env={"SHOWPAD_MOCK_ORIGIN": "localhost"})
    assert done.stderr.startswith("showpad-mock: SHOWPAD_MOCK_ORIGIN='localhost': ")


def test_a_tenant_that_was_never_opened_is_said_to_be_and_nothing_is_written(program: Program, tmp_path: Path) -> None:
    done = run("snapshot", "save", "onee", str(tmp_path / "a.json"), "--origin", program.origin)
    assert done.returncode == 1
    assert done.stderr == f'showpad-mock: {program.origin} has no tenant "onee": none of that name has been opened\n'
    assert names_in(tmp_path) == []
    listed = httpx2.get(f"{program.origin}/__admin/tenants", trust_env=False).json()
    assert [one["name"] for one in listed] == ["one"]


def test_a_snapshot_can_go_to_standard_output(program: Program) -> None:
    done = run("snapshot", "save", "one", "-", "--origin", program.origin)
    assert json.loads(done.stdout)["tenant"]


@pytest.mark.parametrize("folder", ["no", "file"])
def test_a_snapshot_into_no_folder_is_one_line_before_anybody_is_asked(folder: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = run("snapshot", "save", "one", str(tmp_path / folder / "a.json"), "--origin", "http://127.0.0.1:1")
    assert done.returncode == 2
    assert done.stderr.startswith(f"showpad-mock: {tmp_path / folder / 'a.json'}: ")
    assert "folder" in done.stderr


def full_disk() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))


def test_a_snapshot_that_a_full_disk_does_not_take_is_one_line_and_the_last_good_file(
    program: Program, tmp_path: Path
) -> None:
    file = tmp_path / "a.json"
    file.write_text("good")
    done = run("snapshot", "save", "one", str(file), "--origin", program.origin, preexec_fn=full_disk)
    assert (done.returncode, done.stderr) == (2, f"showpad-mock: {file}: cannot be written: File too large\n")
    assert file.read_text() == "good"
    assert names_in(tmp_path) == ["a.json"]


@contextmanager
def answering(*answers: bytes) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """A server that gives these answers, one a request; gives its origin and the headers of the requests."""
    left, received = list(answers), []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            received.append({name.lower(): value for name, value in self.headers.items()})
            self.wfile.write(left.pop(0))

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", received
        finally:
            server.shutdown()


def answer(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""]).encode() + body


LISTED = answer(b'[{"name":"one"}]', "Content-Length: 16")


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ([LISTED, answer(b'{"tenant":', "Content-Length: 1000")], "broke off its answer"),
        ([LISTED, answer(b"5\r\n{", "Transfer-Encoding: chunked")], "broke off its answer"),
        ([LISTED, b""], "does not answer"),
        ([b"SSH-2.0\r\n"], "does not answer"),
        ([answer(b"<html>")], "does not answer as a mock does"),
        ([answer(b'{"a":1}')], "does not answer as a mock does"),
        ([answer(b"half", "Content-Length: 9", status="500 Sorry")], "answered 500: Sorry"),
    ],
)
def test_a_broken_answer_is_one_line_and_the_last_good_file(
    answers: Sequence[bytes], told: str, tmp_path: Path
) -> None:
    file = tmp_path / "a.json"
    file.write_text("good")
    with answering(*answers) as (origin, _):
        done = run("snapshot", "save", "one", str(file), "--origin", origin)
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1), done.stderr
    assert told in done.stderr
    assert file.read_text() == "good"
    assert names_in(tmp_path) == ["a.json"]


def test_who_speaks_no_http_is_not_ready() -> None:
    with answering(b"SSH-2.0\r\n") as (origin, _):
        done = run("health", "--origin", origin)
    assert (done.returncode, done.stderr) == (1, "")


TOKEN = "hush-hush-admin"


def test_the_admin_token_is_sent_to_the_server_and_to_nobody_it_names() -> None:
    environ = {"SHOWPAD_MOCK_ADMIN_TOKEN": TOKEN}
    with answering(LISTED) as (other, received_there):
        redirect = answer(b"", f"Location: {other}/", "Content-Length: 0", status="302 Found")
        with answering(redirect) as (origin, received):
            done = run("snapshot", "save", "one", "-", "--origin", origin, env=environ)
    assert done.returncode == 1
    assert "302" in done.stderr
    assert [one["authorization"] for one in received] == [f"Bearer {TOKEN}"]
    assert received_there == []


def test_a_bad_admin_token_is_refused_without_being_shown() -> None:
    done = run("snapshot", "save", "one", "-", env={"SHOWPAD_MOCK_ADMIN_TOKEN": f"{TOKEN}\n"})
    assert done.returncode == 2
    assert done.stderr.startswith("showpad-mock: SHOWPAD_MOCK_ADMIN_TOKEN: must be")
    assert TOKEN not in done.stderr


def test_an_exchange_is_explained_by_its_number_and_an_unknown_one_refused(program: Program) -> None:
    httpx2.get(f"{program.base_url}/users", headers={"Authorization": "Bearer mock.one.adnim"}, trust_env=False)
    last = httpx2.get(f"{program.origin}/__admin/requests", trust_env=False).json()["last"]
    told = run("explain", str(last), "--origin", program.origin)
    assert (told.returncode, "    adnim -> admin\n" in told.stdout) == (0, True)
    none = run("explain", "999", "--origin", program.origin)
    assert (none.returncode, none.stderr.count("\n")) == (1, 1)
    assert "The journal has no exchange 999" in none.stderr


def test_a_ready_file_that_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    done = run("wait", "--ready-file", str(tmp_path), "--timeout", "0")
    assert done.returncode == 2
    assert done.stderr == f"showpad-mock: --ready-file {tmp_path}: cannot be read: Is a directory\n"


def test_whoever_stops_reading_is_told_nothing() -> None:
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {sys.executable} -m showpad_mock tokens | true"],
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device here that is always full")
def test_a_full_disk_behind_standard_output_is_one_line() -> None:
    command = f"exec {sys.executable} -m showpad_mock tokens > /dev/full"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (2, "showpad-mock: standard output: No space left on device\n")


def test_a_character_that_the_console_lacks_or_that_steers_it_is_escaped(tmp_path: Path) -> None:
    environ = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "1"}
    seed = json.loads(files("showpad_mock.showpad.seed").joinpath("demo.json").read_bytes())
    seed["themes"][1]["title"] = "漢\x1b[2J"
    data = tmp_path / "data.json"
    data.write_text(json.dumps(seed), encoding="utf-8")
    done = run("tokens", "--data", str(data), env=environ)
    assert (done.returncode, done.stderr) == (0, "")
    assert r"\u6f22\x1b[2J" in done.stdout
