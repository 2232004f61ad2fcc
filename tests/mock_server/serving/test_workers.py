"""`serve --workers`: several processes that answer as one."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

import httpx2
import pytest

from showpad_mock.serving import workers
from showpad_mock.serving.channel import Kind
from showpad_mock.serving.console import console
from showpad_mock.serving.listeners import Listeners, bind, bind_shared
from showpad_mock.serving.order import Order
from showpad_mock.serving.start import CannotServe
from showpad_mock.settings import load_settings

from ...harness.engines import Engines
from ...harness.program import Program, run, serving
from ...harness.serving import PATIENCE
from ...harness.workers import Answer, Connected, connected_to_each, two_workers, when_ended, workers_of

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the processes of others are seen on Linux alone")

SPACES = "/v4/shared-spaces"
OWNER = "seller.oauth"
T = TypeVar("T")


@pytest.fixture(scope="module")
def program() -> Iterator[Program]:
    with two_workers() as program:
        yield program


def create(connection: Connected, uri: str, tenant: str) -> Answer:
    return connection.ask("POST", SPACES, {"title": "Acme", "publicUri": uri}, user=OWNER, tenant=tenant)


def asked(program: Program, method: str, path: str, *, tenant: str = "acme") -> Answer:
    """Ask once, whichever worker answers."""
    [answer] = in_parallel(program, lambda connection, _: connection.ask(method, path, tenant=tenant), 1)
    return answer


def created(program: Program, uri: str, tenant: str) -> Answer:
    [answer] = in_parallel(program, lambda connection, _: create(connection, uri, tenant), 1)
    return answer


def in_parallel(program: Program, ask: Callable[[Connected, int], T], count: int = 100) -> list[T]:
    """Ask so often, each time on a connection of its own, so that every worker has some of them."""
    connections = [Connected(program) for _ in range(count)]
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(ask, connections, range(count)))
    for one in connections:
        one.http.close()
    return answers


def test_every_worker_answers(program: Program) -> None:
    with connected_to_each(program) as connections:
        assert [one.ask("GET", SPACES).status for one in connections] == [200, 200]


def test_what_one_worker_did_the_other_shows_at_once(program: Program) -> None:
    with connected_to_each(program) as [one, other]:
        for number in range(20):
            space = create(one, f"shown-{number}", "shown").json
            assert other.ask("GET", f"{SPACES}/{space['id']}", tenant="shown").json["publicUri"] == f"shown-{number}"
            one, other = other, one


def test_of_a_hundred_creates_of_one_uri_at_once_one_is_answered_201(program: Program) -> None:
    answers = in_parallel(program, lambda connection, _: create(connection, "the-one", "race"))
    assert sorted(answer.status for answer in answers) == [201] + [400] * 99


def test_folders_that_are_added_at_once_are_all_there(program: Program) -> None:
    with connected_to_each(program) as [one, other]:
        space = create(one, "items", "items").json["id"]

        def add(connection: Connected, number: int) -> Answer:
            body = {"items": [{"type": "folder", "name": f"{number}"}]}
            return connection.ask("POST", f"{SPACES}/{space}/items", body, user=OWNER, tenant="items")

        assert {answer.status for answer in in_parallel(program, add)} == {201}
        kept = other.ask("GET", f"/__admin/tenants/items/shared-spaces/{space}/items").json
    assert sorted(item["name"] for item in kept) == sorted(str(number) for number in range(100))


def of_tenant(connection: Connected, tenant: str, **query: object) -> list[str]:
    """Return the paths of a tenant's requests that a worker tells of."""
    found = connection.ask("GET", f"/__admin/requests?{urlencode({'tenant': tenant} | query)}")
    return [entry["path"] for entry in found.json["entries"]]


def test_every_worker_tells_of_the_requests_to_all(program: Program) -> None:
    with connected_to_each(program) as [one, other]:
        paths = [f"{SPACES}/{number}" for number in range(20)]
        for path in paths:
            one.ask("GET", path, tenant="told")
            one, other = other, one
        assert sorted(of_tenant(one, "told")) == sorted(of_tenant(other, "told")) == sorted(paths)
        assert one.ask("DELETE", "/__admin/requests").status == 204
        assert of_tenant(other, "told") == []


def test_the_rules_that_decided_are_counted_over_all_workers(program: Program) -> None:
    def counted(connection: Connected) -> int:
        rules = connection.ask("GET", "/__admin/rules").json
        return sum(rule["decided"] for rule in rules if rule["id"] == "CREATE-URI-TAKEN")

    with connected_to_each(program) as connections:
        before = counted(connections[0])
        for one in connections * 3:
            create(one, "taken", "ruled")
        assert [counted(one) - before for one in connections] == [5, 5]


def test_who_waits_on_one_worker_is_woken_by_a_request_to_another(program: Program) -> None:
    with connected_to_each(program) as [one, other]:
        for number in range(5):
            one.http.request("GET", f"/__admin/requests?wait=60&tenant=woken-{number}")
            other.ask("GET", SPACES, tenant=f"woken-{number}")
            assert [entry["path"] for entry in one.answer().json["entries"]] == [SPACES]


def said(program: Program) -> str:
    """Read the next line."""
    assert program.process.stdout is not None
    return program.process.stdout.readline()


def test_a_killed_worker_is_replaced_and_nothing_answered_is_lost() -> None:
    with two_workers() as program:
        with connected_to_each(program) as connections:
            uris = [create(one, f"kept-{number}", "kept").json["publicUri"] for number, one in enumerate(connections)]
            assert len(of_tenant(connections[0], "kept")) == 2  # and so they are in no worker's memory alone
            for pid in workers_of(program):
                os.kill(pid, signal.SIGKILL)
                assert f"(process {pid}) was ended by SIGKILL; another takes its place" in said(program)
        told = asked(program, "GET", "/__admin/requests?tenant=kept").json["entries"]
        assert [entry["status"] for entry in told] == [201, 201]
        for one in in_parallel(program, lambda connection, _: connection.ask("GET", SPACES, tenant="kept"), 10):
            assert {space["publicUri"] for space in one.json["items"]} >= set(uris)
        assert len(workers_of(program)) == 2


def test_under_load_a_killed_worker_takes_nothing_along_that_was_answered() -> None:
    with two_workers() as program:

        def try_to_create(connection: Connected, number: int) -> str | None:
            if number % 30 == 15:
                os.kill(workers_of(program)[0], signal.SIGKILL)
            try:
                return str(create(connection, f"load-{number}", "load").json["publicUri"])
            except (ConnectionError, HTTPException):
                return None  # cut off: it may be there, or not

        answered = set(in_parallel(program, try_to_create)) - {None}
        spaces = asked(program, "GET", f"{SPACES}?limit=1000", tenant="load").json["items"]
    assert len(answered) > 50
    assert answered <= {space["publicUri"] for space in spaces}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_all_workers(number: int) -> None:
    with two_workers(preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL)) as program:
        workers = workers_of(program)
        assert program.end(by=number) == 0
        assert not [pid for pid in workers if Path(f"/proc/{pid}").exists()]
        assert program.process.stdout is not None
        assert program.process.stdout.read() == ""


def test_a_signal_to_one_worker_and_a_shutdown_on_one_end_all() -> None:
    with two_workers() as program:
        os.kill(workers_of(program)[0], signal.SIGTERM)
        assert program.process.wait(PATIENCE) == 0
    with two_workers() as program:
        assert asked(program, "POST", "/__admin/shutdown").status == 202
        assert program.process.wait(PATIENCE) == 0


def test_the_end_of_standard_input_ends_all_where_that_is_asked_for() -> None:
    with two_workers("--end-with-stdin", stdin=subprocess.PIPE) as program:
        assert program.process.stdin is not None
        program.process.stdin.close()
        assert program.process.wait(PATIENCE) == 0


def test_what_is_in_flight_on_every_worker_is_answered_at_the_end() -> None:
    with two_workers() as program, connected_to_each(program) as connections:
        for one in connections:
            one.http.request("GET", "/__admin/requests?wait=60&status=418")
            assert asked(program, "GET", "/livez").status == 200
        program.process.send_signal(signal.SIGTERM)
        assert [one.answer().status for one in connections] == [200, 200]
        assert program.process.wait(PATIENCE) == 0


def test_workers_end_with_a_parent_that_is_killed_and_leave_nothing(tmp_path: Path) -> None:
    with two_workers(env={**os.environ, "TMPDIR": str(tmp_path)}) as program:
        workers = workers_of(program)
        assert len(list(tmp_path.glob("showpad-mock-*/state"))) == 1
        program.process.kill()
        assert [when_ended(pid) for pid in workers] == [True, True]
    assert list(tmp_path.iterdir()) == []


def test_a_temporary_state_is_gone_at_the_end_also_where_a_worker_was_killed(tmp_path: Path) -> None:
    with two_workers(env={**os.environ, "TMPDIR": str(tmp_path)}) as program:
        os.kill(workers_of(program)[0], signal.SIGKILL)
        assert "another takes its place" in said(program)
        assert program.end(by=signal.SIGTERM) == 0
    assert list(tmp_path.iterdir()) == []


def test_the_ready_file_is_there_while_all_answer(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    with two_workers("--ready-file", str(ready)) as program:
        assert ready.read_text().strip() == program.origin
        assert program.end(by=signal.SIGTERM) == 0
    assert not ready.exists()


def test_a_state_file_is_kept_and_refused_to_others(tmp_path: Path) -> None:
    state = str(tmp_path / "state")
    with two_workers("--state", state) as program:
        assert created(program, "kept", "acme").status == 201
        for arguments in ([], ["--state-shared"], ["--workers", "2"]):
            done = run("serve", "--port", "0", "--state", state, *arguments)
            assert (done.returncode, "is in use by another server" in done.stderr) == (2, True)
        assert program.end(by=signal.SIGTERM) == 0
    with serving("-q", "--state", state) as program:
        assert created(program, "kept", "acme").status == 400


def test_a_json_file_of_before_is_taken_over_once(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    with serving("-q") as program:
        created(program, "old", "acme")
        document = asked(program, "GET", "/__admin/tenants/acme/state").json
    state.write_text(json.dumps({"version": document["version"], "tenants": [document["tenant"]]}))
    with two_workers("--state", str(state)) as program, connected_to_each(program) as connections:
        assert [create(one, "old", "acme").status for one in connections] == [400, 400]


def test_an_engine_keeps_the_state_of_workers(engines: Engines) -> None:
    with two_workers("--state", engines.alone.url) as program, connected_to_each(program) as [one, other]:
        assert [create(one, "engine", "engine").status, create(other, "engine", "engine").status] == [201, 400]


def test_lines_of_requests_come_out_whole() -> None:
    path, count = f"{SPACES}?{'limit=1&' * 1000}x=", 40
    with serving("--workers", "2") as program:
        in_parallel(program, lambda connection, _: connection.ask("GET", path), count)
        [line] = {said(program) for _ in range(count)}
    assert line.startswith("GET /v4/shared-spaces?limit=1&")


def test_one_admin_token_is_generated_for_all(tmp_path: Path) -> None:
    with two_workers("--host", "0.0.0.0") as program:  # requests to loopback
        token = program.said[0].partition("admin token: ")[2].partition(";")[0]
        program.origin = program.origin.replace("0.0.0.0", "127.0.0.1")
        for pid in workers_of(program):
            assert token not in Path(f"/proc/{pid}/cmdline").read_text()
        headers = {"Authorization": f"Bearer {token}"}
        told = [httpx2.get(f"{program.origin}/__admin/version", headers=headers, trust_env=False) for _ in range(10)]
        assert {answer.status_code for answer in told} == {200}


def refused(*arguments: str, **options: Any) -> str:
    done = run("serve", "--workers", "2", *arguments, **options)
    assert done.returncode == 2, done
    return done.stderr


def test_what_cannot_be_served_is_told_in_one_line(tmp_path: Path) -> None:
    seed = tmp_path / "seed.json"
    seed.write_text("{")
    alone = run("serve", "--data", str(seed)).stderr
    assert refused("--data", str(seed)) == alone
    assert alone.startswith(f"showpad-mock: {seed}")


def test_where_no_port_can_be_shared_it_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    with pytest.raises(CannotServe, match="--workers: processes cannot share a port on Windows; leave it out"):
        workers.run(load_settings(["--workers", "2"], {}), colour=False, environ={})


def test_where_a_port_is_shared_by_one_socket_all_workers_listen_on_that(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    one, *others = bind_shared("127.0.0.1", 0, 3)
    with one:
        assert [other is one for other in others] == [True, True]


def test_an_engine_that_is_away_at_the_start_is_told_in_one_line() -> None:
    [line] = refused("--port", "0", "--state", "redis://127.0.0.1:1").splitlines()
    assert line.startswith("showpad-mock: --state ")


def test_a_port_in_use_is_refused_though_workers_share_theirs() -> None:
    with two_workers() as program:
        port = urlsplit(program.origin).port
        told = f"showpad-mock: 127.0.0.1:{port} cannot be listened on: Address already in use"
        assert refused("--port", str(port)).startswith(told)


DIES = """
import os, sys
if "showpad_mock.serving.worker" in sys.orig_argv:
    os._exit(7)
"""


def test_workers_that_end_at_once_end_all_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(DIES)
    lines = refused("--port", "0", env={**os.environ, "PYTHONPATH": str(tmp_path)}).splitlines()
    assert "ended with exit code 7, for the 5th time in a row before it answered" in lines[-1]
    assert len(lines) < 12


class Scripted:
    """In the place of a worker: `lives` says of each what it tells why it cannot begin; None: it answers."""

    lives: Iterator[str | None]
    answered: asyncio.Event

    def __init__(self, number: int, _: object, told: Callable[[Kind], None]) -> None:
        self.number, self._told = number, told
        self.failure = next(self.lives)
        self.announcement: str | None = None

    async def start(self, *_: object) -> None:
        if self.failure is None:
            self.announcement = "It answers."
            self._told(Kind.READY)

    async def show(self, *_: object) -> str:
        if self.failure is None:
            await self.answered.wait()
        return "it ended"

    def end(self) -> None:
        pass


def test_a_worker_that_cannot_begin_again_ends_no_others_and_is_tried_until_it_can(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(workers, "_Worker", Scripted)
    monkeypatch.setattr(workers, "PAUSE_SECONDS", 0)
    monkeypatch.setattr(Scripted, "answered", asyncio.Event(), raising=False)
    order = Order(settings=load_settings([], {}), listeners=[], admin_token=None, colour=False, temporary=None)

    def lives() -> Iterator[str | None]:
        yield from [None, *["the engine is away"] * 3 * workers.TRIES]
        served.end()
        yield None

    monkeypatch.setattr(Scripted, "lives", lives(), raising=False)
    with bind("127.0.0.1", 0) as listener, console(as_json=False) as out:
        served = workers.Workers(order, [Listeners(listener)], out, environ={})
        asyncio.run(served.serve(lambda _: Scripted.answered.set()))
    told = [record.getMessage() for record in caplog.records]
    again = "showpad-mock: it ended (the engine is away); another takes its place"
    assert told == ["showpad-mock: it ended; another takes its place", *[again] * 3 * workers.TRIES]


def test_a_folder_of_the_same_names_as_modules_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "asyncio.py").write_text("raise SystemExit(3)")
    with two_workers(cwd=tmp_path, command=[str(Path(sys.executable).with_name("showpad-mock"))]) as program:
        assert asked(program, "GET", SPACES).status == 200
