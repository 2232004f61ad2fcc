"""The engine is away: refusals that say so, nothing half done, and all goes on by itself once it is back."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from ..harness.engines import EngineProcess, alone, free_ports
from ..harness.program import run, serving
from .servers import Tenant
from .writers import titles

PASSWORD, ESCAPED = "s3cret:word/#", "s3cret%3Aword%2F%23"
KEEPING = ("--appendonly", "yes")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EngineProcess]:
    with alone(tmp_path / "engine", *KEEPING) as engine:
        yield engine


def assert_unavailable(answer: Any, why: str) -> None:
    assert answer.status_code == 503
    assert (answer.headers["content-type"], answer.json()["type"]) == (
        "application/problem+json",
        "/mock-server/state-unavailable",
    )
    assert why in answer.json()["detail"]


def test_without_the_engine_all_is_refused_and_with_it_all_goes_on(
    engine: EngineProcess, asking: httpx2.Client
) -> None:
    with serving("-q", "--state", engine.url) as program:
        tenant = Tenant("acme", [program.origin], asking)
        path = f"/shared-spaces/{tenant.create('before')}"
        engine.kill()
        for method, at, body in (
            ("GET", path, None),
            ("PATCH", path, {"title": "never"}),
            ("POST", "/shared-spaces", {"title": "never"}),
            ("DELETE", path, None),
        ):
            assert_unavailable(tenant.ask(method, at, body), f"the engine at 127.0.0.1:{engine.port} cannot be reached")
        engine.start()
        assert tenant.ask("GET", path).json()["title"] == "before"
        tenant.create("after")
        kept = titles(tenant, at=0)
        assert (kept["before"], kept["never"], kept["after"]) == (1, 0, 1)


def test_what_was_asked_while_the_engine_hung_is_done_whole_or_not_at_all(
    engine: EngineProcess, asking: httpx2.Client
) -> None:
    with serving("-q", "--state", engine.url) as program:
        tenant = Tenant("acme", [program.origin], asking)
        tenant.create("before")
        engine.signal(signal.SIGSTOP)
        body = {"title": "meanwhile", "publicUri": "contested"}
        assert_unavailable(tenant.ask("POST", "/shared-spaces", body), "does not answer")
        engine.signal(signal.SIGCONT)
        tenant.ask("POST", "/shared-spaces", body)
        assert titles(tenant, at=0)["meanwhile"] == 1
        assert tenant.ask("POST", "/shared-spaces", body).status_code == 400


def test_a_server_lives_without_the_engine_and_a_new_tenant_begins_once_it_is_back(
    engine: EngineProcess, asking: httpx2.Client
) -> None:
    with serving("-q", "--state", engine.url) as program:
        engine.kill()
        assert asking.get(f"{program.origin}/livez").status_code == 200
        assert asking.get(f"{program.origin}/readyz").status_code == 503
        engine.start()
        Tenant("acme", [program.origin], asking).create()


@pytest.mark.parametrize("scheme", ["redis", "rediss", "redis+cluster", "rediss+cluster"])
def test_an_engine_that_is_away_at_the_start_refuses_it_in_one_line(scheme: str) -> None:
    [port] = free_ports(1)
    ended = run("serve", "--port", "0", "--state", f"{scheme}://:{ESCAPED}@127.0.0.1:{port}")
    assert (ended.returncode, ended.stdout) == (2, "")
    [line] = ended.stderr.splitlines()
    assert line.startswith(f"showpad-mock: --state the engine at 127.0.0.1:{port} cannot be reached")


def test_an_engine_that_hangs_at_the_start_refuses_it_in_one_line(engine: EngineProcess) -> None:
    engine.signal(signal.SIGSTOP)
    ended = run("serve", "--port", "0", "--state", engine.url)
    engine.signal(signal.SIGCONT)
    assert ended.returncode == 2
    assert ended.stderr == f"showpad-mock: --state the engine at 127.0.0.1:{engine.port} does not answer\n"


def test_a_password_stands_in_no_output_and_no_answer(tmp_path: Path, asking: httpx2.Client) -> None:
    with alone(tmp_path, "--requirepass", PASSWORD) as engine:
        url = f"redis://:{ESCAPED}@127.0.0.1:{engine.port}"
        wrong = run("serve", "--port", "0", "--state", url.replace(ESCAPED, ESCAPED + "x"))
        assert (wrong.returncode, "does not accept the user or password" in wrong.stderr) == (2, True)
        with serving("--state", url) as program:
            tenant = Tenant("acme", [program.origin], asking)
            tenant.create()
            engine.kill()
            told = [tenant.ask("GET", "/shared-spaces").text, asking.get(f"{program.origin}/__admin/requests").text]
            program.process.send_signal(signal.SIGTERM)
            told += [*program.said, program.process.communicate()[0], wrong.stderr]
    assert not any(secret in text for text in told for secret in (PASSWORD, ESCAPED, "s3cret"))
    assert "503 " in told[-2]


@pytest.mark.parametrize(
    "url", [f"redis://:{PASSWORD}@127.0.0.1", f"redis://user:{ESCAPED}@", f"redis://:{ESCAPED}@h:x"]
)
def test_a_url_that_cannot_be_read_is_refused_without_being_repeated(url: str) -> None:
    ended = run("serve", "--port", "0", "--state", url)
    assert (ended.returncode, len(ended.stderr.splitlines())) == (2, 1)
    assert "--state the engine's URL " in ended.stderr
    assert "s3cret" not in ended.stderr


def test_a_server_ends_in_time_though_the_engine_hangs(engine: EngineProcess, asking: httpx2.Client) -> None:
    with serving("-q", "--state", engine.url) as program:
        engine.signal(signal.SIGSTOP)
        assert asking.get(f"{program.origin}/nowhere").status_code == 404
        assert program.end(by=signal.SIGTERM) == 0
        engine.signal(signal.SIGCONT)
