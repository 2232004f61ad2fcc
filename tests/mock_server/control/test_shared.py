"""Servers that share a log: the control API of each tells of all."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from showpad_mock.control.requests import shown_entry
from showpad_mock.core.journal import JOURNAL_ENTRIES
from showpad_mock.state.boards.protocol import Board
from showpad_mock.state.boards.redis import RedisBoard
from showpad_mock.state.logs.protocol import ChangeLog, Unavailable
from showpad_mock.state.logs.redis import RedisLog

from ...harness.board import ListBoard, Seat
from ...harness.change_log import ListLog
from ...harness.engines import PATIENCE, Engines, alone
from .caller import Caller, assert_refused, exchange

Open = Callable[[], tuple[ChangeLog, Board]]
READS = (("GET", "requests"), ("GET", "rules"), ("DELETE", "requests"))


def in_lists(_: Path, __: Engines) -> Open:
    log, board = ListLog(), ListBoard()
    return lambda: (log, Seat(board))


def at(url: str, prefix: str, patience: float = 2.0) -> Open:
    options: dict[str, Any] = {"prefix": prefix, "patience": patience}
    return lambda: (RedisLog(url, **options), RedisBoard(url, **options))


KINDS: dict[str, Callable[[Path, Engines], Open]] = {
    "lists": in_lists,
    "redis": lambda folder, engines: at(engines.alone.url, f"{folder}:"),
    "redis-cluster": lambda folder, engines: at(engines.cluster.url, f"{folder}:"),
}


@contextmanager
def servers(runner: asyncio.Runner, open_state: Open, count: int) -> Iterator[list[Caller]]:
    """Return servers that have begun, and end them."""
    callers: list[Caller] = []
    try:
        for _ in range(count):
            log, board = open_state()
            callers.append(Caller(runner, log=log, board=board))
            runner.run(callers[-1].app.begin())
        yield callers
    finally:
        for caller in callers:
            runner.run(caller.app.end())


@pytest.fixture(params=KINDS)
def three(
    request: pytest.FixtureRequest, runner: asyncio.Runner, tmp_path: Path, engines: Engines
) -> Iterator[list[Caller]]:
    with servers(runner, KINDS[request.param](tmp_path, engines), 3) as callers:
        yield callers


@pytest.fixture
def board() -> ListBoard:
    return ListBoard()


@pytest.fixture
def two(runner: asyncio.Runner, board: ListBoard) -> Iterator[list[Caller]]:
    log = ListLog()
    with servers(runner, lambda: (log, Seat(board)), 2) as callers:
        yield callers


def told(caller: Caller, **params: Any) -> list[tuple[int, str]]:
    found = caller("GET", "requests", params=params).json()["entries"]
    return [(entry["number"], entry["path"]) for entry in found]


def get(caller: Caller, path: str, tenant: str = "acme") -> None:
    caller.v4("GET", f"/shared-spaces/{path}", tenant=tenant)


def decided(caller: Caller) -> dict[str, int]:
    return {rule["id"]: rule["decided"] for rule in caller("GET", "rules").json() if rule["decided"]}


def test_what_one_answered_the_next_control_read_on_another_tells(three: list[Caller]) -> None:
    for number, caller in enumerate(three * 2):
        get(caller, str(number))
        # At once: nothing waits for the batch.
        assert told(three[(number + 1) % 3])[-1] == (number + 1, f"/v4/shared-spaces/{number}")
    assert told(three[0]) == [(number + 1, f"/v4/shared-spaces/{number}") for number in range(6)]


def test_an_entry_is_shown_as_the_server_that_answered_shows_it(three: list[Caller]) -> None:
    three[0].v4("POST", "/shared-spaces?a=%FF", {"title": "Zoë", "password": "hush"})
    [own] = map(shown_entry, three[0].app.journal.read())
    [elsewhere] = three[1]("GET", "requests").json()["entries"]
    assert elsewhere == own
    assert elsewhere["request"]["body"]["title"] == "Zoë"


def test_what_another_server_refused_is_explained(three: list[Caller]) -> None:
    three[0]("GET", "/v4/users", headers={"Authorization": "Bearer mock.acme.adnim"})
    number = three[1]("GET", "requests").json()["last"]
    told = three[1]("GET", f"requests/{number}/explain").json()
    assert [one["nearest"] for one in told["named"]] == ["mock.acme.admin"]


def test_filters_hold_for_what_others_answered(three: list[Caller]) -> None:
    get(three[0], "1", tenant="acme")
    assert len(told(three[2])) == 1
    three[1].v4("GET", "/users", tenant="other")
    assert [number for number, _ in told(three[2], tenant="acme")] == [1]
    assert [number for number, _ in told(three[2], status="2xx")] == [2]
    assert [number for number, _ in told(three[2], since=1)] == [2]
    assert [number for number, _ in told(three[2], limit=1)] == [2]


def test_counts_of_rules_add_up(three: list[Caller]) -> None:
    for caller in three:
        get(caller, "none")
    counts = [decided(caller) for caller in three]
    assert counts[0] == counts[1] == counts[2]
    assert set(counts[0].values()) == {3}


def test_who_forgets_requests_forgets_those_of_all(three: list[Caller]) -> None:
    for caller in three:
        get(caller, "1")
    assert three[0]("DELETE", "requests").status_code == 204
    assert [told(caller) for caller in three] == [[], [], []]
    get(three[2], "2")
    assert told(three[1]) == [(4, "/v4/shared-spaces/2")]


def test_caps_count_over_all_servers(three: list[Caller]) -> None:
    get(three[0], "first", tenant="quiet")
    for number in range(JOURNAL_ENTRIES):
        three[number % 3].app.journal.add(exchange(tenant="loud"))
    answer = three[0]("GET", "requests", params={"limit": 1000}).json()
    numbers = [entry["number"] for entry in answer["entries"]]
    assert numbers == list(range(2, JOURNAL_ENTRIES + 2))
    assert (answer["dropped"], answer["last"]) == (1, JOURNAL_ENTRIES + 1)
    assert told(three[1], tenant="quiet") == [(1, "/v4/shared-spaces/first")]


def test_numbers_have_no_gaps_and_no_doubles_when_all_answer_at_once(three: list[Caller]) -> None:
    async def load(caller: Caller, name: int) -> None:
        for number in range(30):
            await caller.send("GET", f"/v4/{name}/{number}")

    async def ask(caller: Caller) -> list[int]:
        answer = await caller.send("GET", "requests", params={"limit": 1000})
        return [entry["number"] for entry in answer.json()["entries"]]

    async def both() -> list[list[int]]:
        loads = asyncio.gather(*(load(caller, name) for name, caller in enumerate(three)))
        read = [await ask(caller) for caller in three * 3]
        await loads
        return read

    for numbers in three[0].run(both()):
        assert numbers == list(range(1, len(numbers) + 1))
    answer = three[1]("GET", "requests", params={"limit": 1000}).json()["entries"]
    assert [entry["number"] for entry in answer] == list(range(1, 91))
    assert len({entry["path"] for entry in answer}) == 90


def test_a_deleted_tenant_leaves_no_exchanges_on_any_server(three: list[Caller]) -> None:
    for caller in three:
        get(caller, "old")
    assert three[0]("DELETE", "tenants/acme").status_code == 204
    for number in range(JOURNAL_ENTRIES):
        three[number % 3].app.journal.add(exchange(tenant="loud"))
    get(three[1], "new")
    assert [path for _, path in told(three[2], tenant="acme")] == ["/v4/shared-spaces/new"]


async def waiting(
    caller: Caller, then: Callable[[], Awaitable[object]], params: dict[str, Any] | None = None
) -> httpx2.Response:
    """Ask for a request, wait for one, and do something once nothing was found."""
    exchanges = caller.app.control._server.exchanges
    looked = asyncio.Event()
    next_ = exchanges.next

    def next_told(*arguments: Any) -> Any:
        looked.set()
        return next_(*arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exchanges, "next", next_told)
        async with asyncio.timeout(PATIENCE):
            answer = asyncio.create_task(caller.send("GET", "requests", params={"wait": 60, **(params or {})}))
            await looked.wait()
            await then()
            return await answer


def test_a_request_to_another_server_wakes_who_waits(three: list[Caller]) -> None:
    answer = three[0].run(waiting(three[0], lambda: three[1].send("GET", "/v4/1")))
    assert [entry["path"] for entry in answer.json()["entries"]] == ["/v4/1"]


def test_only_what_fits_wakes_who_waits(three: list[Caller]) -> None:
    async def ask() -> None:
        await three[1].send("GET", "/v4/1")
        await three[2].send("GET", "/v4/2")
        await three[0].send("POST", "/v4/3")

    answer = three[0].run(waiting(three[0], ask, {"method": "POST"})).json()
    assert [entry["path"] for entry in answer["entries"]] == ["/v4/3"]


def test_who_asks_since_what_was_told_misses_nothing(three: list[Caller]) -> None:
    first = three[0].run(waiting(three[0], lambda: three[1].send("GET", "/v4/1"))).json()
    second = three[0].run(waiting(three[2], lambda: three[1].send("GET", "/v4/2"), {"since": first["last"]})).json()
    assert [entry["path"] for entry in second["entries"]] == ["/v4/2"]


def test_a_wait_in_vain_ends_without_entries(three: list[Caller]) -> None:
    assert told(three[0], wait=0.01) == []


def test_a_server_that_ends_answers_who_waits(three: list[Caller]) -> None:
    answer = three[0].run(waiting(three[0], lambda: asyncio.to_thread(three[0].app.control.close)))
    assert answer.json()["entries"] == []


def test_what_a_server_answered_before_it_ended_is_told(three: list[Caller]) -> None:
    ended = three.pop()
    get(ended, "1")
    ended.run(ended.app.end())
    assert told(three[1]) == [(1, "/v4/shared-spaces/1")]


def test_no_request_waits_for_the_board_or_fails_with_it(two: list[Caller], board: ListBoard) -> None:
    def fail(_: str) -> None:
        raise Unavailable("the board is gone")

    board.before = fail
    assert two[0].v4("GET", "/shared-spaces").status_code == 200
    for method, path in READS:
        assert_refused(two[0](method, path), 503, "state-unavailable", "the board is gone")
    board.before = lambda _: None
    assert told(two[1]) == [(1, "/v4/shared-spaces")]


def test_what_came_and_did_not_fit_is_not_read_again(two: list[Caller], board: ListBoard) -> None:
    async def ask() -> None:
        await two[1].send("GET", "/v4/1")
        while board.calls["after"] < 2:
            await asyncio.sleep(0)
        await two[1].send("POST", "/v4/2")

    two[0].run(waiting(two[0], ask, {"method": "POST"}))
    assert board.calls["after"] == 2


def test_without_a_board_nothing_is_loaded_for_one(runner: asyncio.Runner) -> None:
    caller = Caller(runner)
    get(caller, "1")
    assert told(caller) == [(1, "/v4/shared-spaces/1")]
    assert caller.app.journal._listeners == []


def test_no_secret_reaches_the_engine(runner: asyncio.Runner, engines: Engines, tmp_path: Path) -> None:
    with servers(runner, at(engines.alone.url, f"{tmp_path}:"), 1) as [caller]:
        # A token that names a user of the mock's is no secret, and an unknown one is kept to tell the nearest.
        secret = {"Authorization": "Bearer s3cret", "X-Api-Key": "s3cret"}
        caller("POST", "/v4/shared-spaces?token=s3cret", {"password": "s3cret"}, headers=secret)
        assert told(caller) == [(1, "/v4/shared-spaces")]
    with engines.alone.client() as client:
        [key] = client.keys(f"{tmp_path}:*board*:journal")
        [(_, fields)] = client.xrange(key)
    assert b"POST" in fields[b"body"]
    assert b"s3cret" not in fields[b"body"]


def test_a_server_whose_log_is_away_lives_and_is_not_ready(runner: asyncio.Runner) -> None:
    log = ListLog()
    caller = Caller(runner, log=log, board=Seat(ListBoard()))
    runner.run(caller.app.begin())
    assert caller("GET", "/readyz").status_code == 200
    log.before = fail_away
    assert caller("GET", "/livez").status_code == 200
    assert_refused(caller("GET", "/readyz"), 503, "state-unavailable", "the log is away")
    log.before = lambda _: None
    assert caller("HEAD", "/readyz").status_code == 200
    runner.run(caller.app.end())


def fail_away(_: str) -> None:
    raise Unavailable("the log is away")


def test_with_the_engine_away_the_control_api_says_so_and_the_rest_is_told_later(
    runner: asyncio.Runner, tmp_path: Path
) -> None:
    with alone(tmp_path / "engine") as engine, servers(runner, at(engine.url, "", patience=0.2), 2) as [one, other]:
        engine.kill()
        assert one("GET", "/nowhere").status_code == 404
        for method, path in READS:
            assert_refused(one(method, path), 503, "state-unavailable", "cannot be reached")
        engine.start()
        assert told(other) == [(1, "/nowhere")]
