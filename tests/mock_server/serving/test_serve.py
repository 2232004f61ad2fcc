"""`serve` and the files, signals and secrets of its surroundings."""

from __future__ import annotations

import json
import resource
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import pytest

from ...harness.program import Program, run, serving
from ...harness.serving import PATIENCE


def full_disk() -> None:
    """Let the process write no file beyond its first bytes, whoever it runs as."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (8, 8))


def refused(*arguments: str, **options: Any) -> str:
    """Start a server that cannot be; gives the one line that says why."""
    done = run("serve", "--port", "0", *arguments, **options)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done
    return done.stderr.strip()


def change(program: Program, user: str = "seller", *, tenant: str = "acme") -> httpx2.Response:
    url = f"{program.origin}/__admin/tenants/{tenant}/users/{user}"
    return httpx2.patch(url, json={"isActive": False}, trust_env=False)


@pytest.fixture(params=["--ready-file", "--state"])
def flag(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_a_file_in_a_missing_folder_is_refused_at_the_start(flag: str, tmp_path: Path) -> None:
    file = tmp_path / "no" / "file"
    assert refused(flag, str(file)) == f"showpad-mock: {flag} {file}: there is no folder {file.parent}"


def test_a_file_in_a_folder_that_is_none_is_refused_at_the_start(flag: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    told = refused(flag, str(tmp_path / "file" / "file"))
    assert told.endswith((f"{tmp_path}/file is not a folder", f"there is no folder {tmp_path}/file"))


def test_a_link_to_a_ready_file_is_refused_at_the_start_and_left_alone(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("somebody's")
    link.symlink_to(target)
    assert "is a symbolic link" in refused("--ready-file", str(link))
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


def test_a_change_that_a_full_disk_does_not_take_is_a_503_and_what_was_kept_stays(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with serving("-q", "--state", str(state)) as program:
        assert change(program).status_code == 200
        program.end(by=signal.SIGTERM)
    with serving("-q", "--state", str(state), preexec_fn=small_disk(state)) as program:
        refused = until_refused(program)
        assert refused.json()["type"] == "/mock-server/state-unavailable"
        assert program.get("/users", "mock.acme.seller").status_code == 401
        assert program.end(by=signal.SIGTERM) == 0
    with serving("-q", "--state", str(state)) as program:
        assert program.get("/users", "mock.acme.seller").status_code == 401
        assert change(program, "partner").status_code == 200


def small_disk(state: Path) -> Callable[[], None]:
    """Let no file grow beyond the size of the state, and somewhat more."""
    size = state.stat().st_size + 100_000
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def until_refused(program: Program) -> httpx2.Response:
    """Change tenants until there is no room."""
    answers = (change(program, "seller", tenant=f"t{number}") for number in range(1000))
    return next(answer for answer in answers if answer.status_code != 200)


def test_a_state_file_of_another_server_is_refused_unless_both_share_it(tmp_path: Path) -> None:
    state = str(tmp_path / "state")
    with serving("-q", "--state", state):
        told = f"showpad-mock: --state {state}: is in use by another server, and not both were told to share it"
        assert refused("--state", state) == told
        assert refused("--state", state, "--state-shared") == told
    with serving("-q", "--state", state, "--state-shared") as one:
        with serving("-q", "--state", state, "--state-shared") as other:
            change(one)
            assert other.get("/users", "mock.acme.seller").status_code == 401
        assert refused("--state", state) == told


def test_the_control_api_of_each_server_that_shares_a_file_tells_of_all(tmp_path: Path) -> None:
    state = ("-q", "--state", str(tmp_path / "state"), "--state-shared")
    with serving(*state) as one, serving(*state, "--workers", "2") as other, ThreadPoolExecutor() as threads:
        one.get("/first", "mock.acme.admin")
        assert paths(other) == paths(one) == ["/v4/first"]
        waiting = threads.submit(journal, one, "?since=1&wait=10")
        other.get("/second", "mock.acme.admin")
        assert [entry["path"] for entry in waiting.result()["entries"]] == ["/v4/second"]
        journal(other, method="DELETE")
        assert paths(one) == []


def paths(program: Program) -> list[str]:
    return [entry["path"] for entry in journal(program)["entries"]]


def journal(program: Program, query: str = "", *, method: str = "GET") -> Any:
    answer = httpx2.request(method, f"{program.origin}/__admin/requests{query}", trust_env=False, timeout=PATIENCE)
    return answer.json() if method == "GET" else None


def test_a_sync_that_an_engine_would_not_keep_is_refused() -> None:
    told = refused("--state", "redis://127.0.0.1:1", "--state-sync", "full")
    assert told == ("showpad-mock: --state and --state-sync full: an engine decides itself when it writes to its disk")


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_url_of_no_known_engine_is_refused_without_being_repeated(workers: str) -> None:
    told = refused("--state", "valkey://:s3cret@127.0.0.1", "--workers", workers)
    assert told.startswith("showpad-mock: --state must be a file, or a URL that begins with one of redis://, ")
    assert "s3cret" not in told


def test_a_json_state_file_of_before_becomes_a_state_file_and_stays_beside_it(tmp_path: Path) -> None:
    state, answers = tmp_path / "state.json", []
    with serving("-q") as program:
        change(program)
        document = httpx2.get(f"{program.origin}/__admin/tenants/acme/state", trust_env=False).json()
    old = json.dumps({"version": document["version"], "tenants": [document["tenant"]]})
    state.write_text(old)
    for _ in range(2):
        with serving("-q", "--state", str(state)) as program:
            assert program.get("/users", "mock.acme.seller").status_code == 401
            answers.append(program.get("/users", "mock.acme.admin").json())
    assert answers[0] == answers[1]
    assert (tmp_path / "state.json.json").read_text() == old
    assert not list(tmp_path.glob("*.partial*"))


def with_sighup(handler: signal.Handlers) -> Callable[[], None]:
    """Let the process begin so; whoever runs the tests may have set the other."""
    return lambda: void(signal.signal(signal.SIGHUP, handler))


def void(_: object) -> None:
    return None


def test_sighup_ends_it_as_sigterm_does(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    with serving("-q", "--ready-file", str(ready), preexec_fn=with_sighup(signal.SIG_DFL)) as program:
        assert program.end(by=signal.SIGHUP) == 0
    assert not ready.exists()


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
