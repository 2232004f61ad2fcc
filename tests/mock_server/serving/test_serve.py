"""`serve` and the files, signals and secrets of its surroundings."""

from __future__ import annotations

import json
import resource
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from ...harness.program import Program, run, serving


def full_disk() -> None:
    """Let the process write no file beyond its first bytes, whoever it runs as."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (8, 8))


def refused(*arguments: str, **options: Any) -> str:
    """Start a server that cannot be; gives the one line that says why."""
    done = run("serve", "--port", "0", *arguments, **options)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done
    return done.stderr.strip()


def change(program: Program) -> None:
    httpx2.patch(f"{program.origin}/__admin/tenants/acme/users/seller", json={"isActive": False}, trust_env=False)


@pytest.fixture(params=["--ready-file", "--state"])
def flag(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_a_file_in_a_missing_folder_is_refused_at_the_start(flag: str, tmp_path: Path) -> None:
    file = tmp_path / "no" / "file"
    assert refused(flag, str(file)) == f"showpad-mock: {flag} {file}: there is no folder {file.parent}"


def test_a_file_in_a_folder_that_is_none_is_refused_at_the_start(flag: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "is not a folder" in refused(flag, str(tmp_path / "file" / "file"))


def test_a_link_is_refused_at_the_start_and_left_alone(flag: str, tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("somebody's")
    link.symlink_to(target)
    assert "is a symbolic link" in refused(flag, str(link))
    assert target.read_text() == "somebody's"


def test_a_ready_file_that_a_full_disk_does_not_take_ends_the_start_in_one_line(tmp_path: Path) -> None:
    told = refused("--ready-file", str(tmp_path / "ready"), preexec_fn=full_disk)
    assert told == f"showpad-mock: --ready-file {tmp_path}/ready: cannot be written: File too large"
    assert list(tmp_path.iterdir()) == []


def test_the_ready_file_of_a_former_server_is_removed_before_anything_can_fail(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    ready.write_text("http://127.0.0.1:1\n")
    assert "no-such-file.json" in refused("--ready-file", str(ready), "--data", "no-such-file.json")
    assert not ready.exists()


def test_the_ready_file_is_removed_at_the_end(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    with serving("-q", "--ready-file", str(ready)) as program:
        assert ready.read_text().strip() == program.origin
        assert program.end(by=signal.SIGTERM) == 0
        assert not ready.exists()


def test_a_state_that_a_full_disk_does_not_take_is_one_line_and_the_last_good_file(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    with serving("-q", "--state", str(state)) as program:
        change(program)
        program.end(by=signal.SIGTERM)
    good = state.read_bytes()
    with serving("-q", "--state", str(state), preexec_fn=full_disk, stderr=subprocess.PIPE) as program:
        change(program)
        assert program.end(by=signal.SIGTERM) == 2
        assert program.process.stderr is not None
        told = program.process.stderr.read()
    assert told == f"showpad-mock: --state {state}: cannot be written: File too large\n"
    assert state.read_bytes() == good
    assert list(tmp_path.iterdir()) == [state]


def with_sighup(handler: signal.Handlers) -> Callable[[], None]:
    """Let the process begin so; whoever runs the tests may have set the other."""
    return lambda: void(signal.signal(signal.SIGHUP, handler))


def void(_: object) -> None:
    return None


def test_sighup_ends_it_as_sigterm_does_with_its_state_saved(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    with serving("-q", "--state", str(state), preexec_fn=with_sighup(signal.SIG_DFL)) as program:
        change(program)
        assert program.end(by=signal.SIGHUP) == 0
    assert "acme" in state.read_text()


def test_under_nohup_sighup_ends_nothing() -> None:
    with serving("-q", preexec_fn=with_sighup(signal.SIG_IGN)) as program:
        program.process.send_signal(signal.SIGHUP)
        assert program.get("/users", "mock.demo.admin").status_code == 200
        assert program.end(by=signal.SIGTERM) == 0


TOKEN = "hush-hush-admin"


def version(program: Program, token: str) -> int:
    origin = program.origin.replace("0.0.0.0", "127.0.0.1")
    headers = {"Authorization": f"Bearer {token}"}
    return httpx2.get(f"{origin}/__admin/version", headers=headers, trust_env=False).status_code


def test_a_generated_admin_token_is_told_in_the_first_line_of_text() -> None:
    with serving("-q", "--host", "0.0.0.0") as program:  # one request, to loopback
        token = program.said[0].partition("admin token: ")[2].partition(";")[0]
        assert (version(program, token), version(program, "another")) == (200, 401)


def test_a_generated_admin_token_is_told_in_the_first_line_of_json() -> None:
    with serving("-q", "--host", "0.0.0.0", "--log-format", "json") as program:
        assert version(program, json.loads(program.said[0])["adminToken"]) == 200


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_an_admin_token_that_was_set_is_demanded_and_never_shown(log_format: str) -> None:
    environ = {"SHOWPAD_MOCK_ADMIN_TOKEN": TOKEN}
    with serving("--host", "0.0.0.0", "--log-format", log_format, env=environ) as program:
        assert (version(program, TOKEN), version(program, "another")) == (200, 401)
        program.get("/users", TOKEN)
        assert program.end(by=signal.SIGTERM) == 0
        assert program.process.stdout is not None
        assert TOKEN not in "".join(program.said) + program.process.stdout.read()


def test_on_loopback_no_admin_token_is_told_or_demanded() -> None:
    with serving("-q", "--log-format", "json", env={"SHOWPAD_MOCK_ADMIN_TOKEN": TOKEN}) as program:
        assert "adminToken" not in json.loads(program.said[0])
        assert version(program, "another") == 200


def test_a_bad_admin_token_is_refused_without_being_shown() -> None:
    told = refused(env={"SHOWPAD_MOCK_ADMIN_TOKEN": f"{TOKEN} \n"})
    assert told == "showpad-mock: SHOWPAD_MOCK_ADMIN_TOKEN: must be visible ASCII characters without spaces"


@pytest.mark.parametrize("verb", ["serve", "snapshot", "health"])
def test_help_names_the_variable_of_a_secret_at_most(verb: str) -> None:
    told = run(verb, "--help", env={"SHOWPAD_MOCK_ADMIN_TOKEN": TOKEN}).stdout
    assert TOKEN not in told
    assert ("SHOWPAD_MOCK_ADMIN_TOKEN" in told) == (verb != "health")
