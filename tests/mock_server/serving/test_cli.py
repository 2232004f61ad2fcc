from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

from showpad_mock.core.version import installed_version

from ...harness.program import run, serving, waiting_for_its_end

ADMIN = "mock.demo.admin"


def test_serve_says_where_it_is_and_gives_a_line_to_try_that_works() -> None:
    with serving("-q") as program:
        line = next(line for line in program.said if "curl" in line)
        tried = subprocess.run(["bash", "-c", "curl -sS" + line.partition("curl")[2]], capture_output=True, check=True)
        assert json.loads(tried.stdout)["count"] == 8


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_soon_even_while_somebody_waits_for_the_journal(number: int) -> None:
    with serving("-q") as program:
        ended = waiting_for_its_end(program.base_url)
        with httpx2.Client(trust_env=False) as idle:  # an idle connection holds nothing up either
            idle.get(f"{program.origin}/readyz")
            assert program.end(by=number) == 0
        ended()


def test_a_request_in_flight_is_answered_before_the_end() -> None:
    with serving("-q") as program:
        host, _, port = program.origin.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port))) as connection:
            head = f"POST /v4/shares HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {ADMIN}\r\nContent-Length: 2\r\n"
            connection.sendall(head.encode() + b"Expect: 100-continue\r\n\r\n")
            assert connection.recv(100).startswith(b"HTTP/1.1 100")  # the server has begun to read the body
            program.process.send_signal(signal.SIGTERM)
            connection.sendall(b"{}")
            assert connection.recv(1000).startswith(b"HTTP/1.1 400")
        assert program.process.wait(3) == 0


def test_a_port_in_use_is_one_clear_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = run("serve", "--port", port)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert port in done.stderr
    assert "in use" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["serve", "--port", "x"], "--port='x': must be an integer from 0 to 65535"),
        (["serve", "--data", "no-such-file.json"], "no-such-file.json: cannot be read"),
        (["tokens", "--data", "no-such-file.json"], "no-such-file.json: cannot be read"),
    ],
)
def test_what_cannot_be_is_one_line_and_exit_code_2(arguments: list[str], told: str) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_the_ready_file_holds_the_origin_once_it_answers(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    with serving("-q", "--ready-file", str(ready)) as program:
        assert ready.read_text(encoding="utf-8").strip() == program.origin


def test_a_line_a_request_tells_the_rule_and_why() -> None:
    with serving() as program:
        program.get("/shared-spaces/nowhere", ADMIN)
        assert program.process.stdout is not None
        line = program.process.stdout.readline()
        assert line.startswith("GET /v4/shared-spaces/nowhere 404 GET-404 ")


def test_lines_can_be_json(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    flags = ["--port", "0", "--log-format", "json", "--ready-file", str(ready)]
    command = [sys.executable, "-m", "showpad_mock", "serve", *flags]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert run("wait", "--ready-file", str(ready)).returncode == 0
        origin = ready.read_text(encoding="utf-8").strip()
        httpx2.get(f"{origin}/v4/users?x=1", headers={"Authorization": f"Bearer {ADMIN}"}, trust_env=False)
        begun, told = json.loads(process.stdout.readline()), json.loads(process.stdout.readline())
        process.terminate()
    assert begun["baseUrl"] == f"{origin}/v4"
    assert begun["apis"] == [
        {"name": "showpad", "baseUrl": f"{origin}/v4", "token": ADMIN},
        {"name": "rspace", "baseUrl": f"{origin}/api/v1", "token": "mock_demo_alice"},
    ]
    assert (told["status"], told["user"], told["ignored"]) == (200, "admin", ["query.x"])


@pytest.mark.parametrize("sync", ["normal", "full"])
def test_state_outlives_a_server_that_is_killed(tmp_path: Path, sync: str) -> None:
    state = ("--state", str(tmp_path / "state"), "--state-sync", sync)
    with serving("-q", *state) as program:
        httpx2.patch(f"{program.origin}/__admin/tenants/acme/users/seller", json={"isActive": False}, trust_env=False)
        program.end(by=signal.SIGKILL)
    with serving("-q", *state) as program:
        assert program.get("/users", "mock.acme.seller").status_code == 401
        assert program.get("/users", "mock.other.seller").status_code == 200


def test_a_broken_state_file_refuses_to_start_and_stays(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    state.write_text('{"version": 99}', encoding="utf-8")
    done = run("serve", "--port", "0", "--state", str(state))
    assert done.returncode == 2
    assert "version" in done.stderr
    assert state.read_text(encoding="utf-8") == '{"version": 99}'


def test_strict_refuses_what_means_nothing() -> None:
    with serving("-q", "--strict") as program:
        assert program.get("/users?limt=3", ADMIN).status_code == 400


def test_wait_and_health_tell_whether_a_server_answers() -> None:
    with serving("-q") as program:
        assert run("wait", "--origin", program.origin).returncode == 0
        assert run("health", "--origin", program.origin).returncode == 0
        gone = program.origin
    assert run("health", "--origin", gone).returncode == 1
    assert run("wait", "--origin", gone, "--timeout", "0.1").returncode == 1


def test_a_snapshot_moves_state_from_one_tenant_to_another(tmp_path: Path) -> None:
    file = str(tmp_path / "one.json")
    with serving("-q") as program:
        origin = ("--origin", program.origin)
        httpx2.patch(f"{program.origin}/__admin/tenants/one/features", json={"sharedSpaces": False}, trust_env=False)
        assert run("snapshot", "save", "one", file, *origin).returncode == 0
        assert run("snapshot", "load", "two", file, *origin).returncode == 0
        assert program.get("/shared-spaces", "mock.two.admin").status_code == 403


def test_a_refused_snapshot_says_why(tmp_path: Path) -> None:
    file = tmp_path / "bad.json"
    file.write_text("{}", encoding="utf-8")
    with serving("-q") as program:
        done = run("snapshot", "load", "one", str(file), "--origin", program.origin)
    assert done.returncode == 1
    assert "400" in done.stderr


def test_tokens_is_a_cheat_sheet_of_the_seed_data() -> None:
    done = run("tokens")
    assert done.returncode == 0
    for told in ("mock.demo.seller", "mock.demo.seller.oauth", "deactivated", "LOCKED_RANGE_INCOMPLETE", "ARCHIVED"):
        assert told in done.stdout


def test_tokens_are_shown_for_what_can_be_a_tenant_alone() -> None:
    done = run("tokens", "--tenant", "Not A Label")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--tenant: a tenant's name must be a DNS label such as acme-2, got 'Not A Label'" in done.stderr


def test_tokens_shows_literal_tokens_of_their_tenant_alone() -> None:
    assert "MyApiToken" in run("tokens", "--data", "guides").stdout
    assert "MyApiToken" not in run("tokens", "--data", "guides", "--tenant", "other").stdout


@pytest.mark.parametrize("verb", [[], ["serve"], ["wait"], ["health"], ["tokens"], ["snapshot"]])
def test_every_verb_explains_itself(verb: list[str]) -> None:
    done = run(*verb, "--help")
    assert done.returncode == 0
    assert "usage: showpad-mock" in done.stdout


def test_the_version_is_the_installed_one() -> None:
    assert run("--version").stdout == f"showpad-mock {installed_version()}\n"


def test_without_a_verb_it_shows_its_help() -> None:
    done = run()
    assert done.returncode == 2
    assert "showpad-mock serve" in done.stdout
