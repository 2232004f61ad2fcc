"""The protocol of a board, one suite for every backend: what one server adds, all read."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any, Protocol, TypeVar

import pytest

from showpad_mock.core.journal import JOURNAL_BYTES, JOURNAL_ENTRIES, TENANT_ENTRIES
from showpad_mock.state.boards import protocol
from showpad_mock.state.boards.calls import Calls
from showpad_mock.state.boards.local import LocalBoard
from showpad_mock.state.boards.memory import MemoryBoard, Seat
from showpad_mock.state.boards.protocol import Batch, Board, Page, Posted
from showpad_mock.state.boards.redis import RedisBoard
from showpad_mock.state.boards.remote import RemoteBoard, show
from showpad_mock.state.logs.protocol import Unavailable

from ....harness.board import ListBoard
from ....harness.board import Seat as ListSeat
from ....harness.engines import PATIENCE, Engines

OpenBoard = Callable[[], Board]
T = TypeVar("T")


def in_lists(_: Path, __: Engines) -> OpenBoard:
    board = ListBoard()
    return lambda: ListSeat(board)


def in_memory(_: Path, __: Engines) -> OpenBoard:
    board = MemoryBoard()
    return lambda: Seat(board)


def remote(_: Path, __: Engines) -> OpenBoard:
    """Take places at a board by messages, each of which arrives in a turn of the loop of its own."""
    board = MemoryBoard()

    async def connect() -> None:
        """Be connected already."""

    def take() -> Board:
        near = Calls(lambda message: asyncio.get_running_loop().call_soon(far.receive, message))
        far = Calls(lambda message: asyncio.get_running_loop().call_soon(near.receive, message))
        show(Seat(board), far)
        return RemoteBoard(near, connect)

    return take


def beside_a_file(folder: Path, _: Engines) -> OpenBoard:
    (folder / "state").touch()
    return lambda: LocalBoard(folder / "state")


BACKENDS: dict[str, Callable[[Path, Engines], OpenBoard]] = {
    "lists": in_lists,
    "memory": in_memory,
    "remote": remote,
    "beside-a-file": beside_a_file,
    "redis": lambda folder, engines: lambda: RedisBoard(engines.alone.url, prefix=f"{folder}:"),
    "redis-cluster": lambda folder, engines: lambda: RedisBoard(engines.cluster.url, prefix=f"{folder}:"),
}
"""What each makes of a folder: what takes a place at the board that belongs to it."""


class Do(Protocol):
    def __call__(self, coroutine: Coroutine[Any, Any, T], /) -> T: ...


@pytest.fixture(name="do")
def do_(runner: asyncio.Runner) -> Do:
    def do(coroutine: Coroutine[Any, Any, T]) -> T:
        async def within() -> T:
            async with asyncio.timeout(PATIENCE):
                return await coroutine

        return runner.run(within())

    return do


async def nothing() -> None:
    """Flush nothing."""


class Servers:
    """Takes places at one board, and leaves them at the end."""

    def __init__(self, open_board: OpenBoard, do: Do) -> None:
        self._open_board = open_board
        self._do = do
        self._boards: list[Board] = []

    def new(self, flush: Callable[[Board], Awaitable[None]] | None = None) -> Board:
        board = self._open_board()
        self._do(board.begin(nothing if flush is None else lambda: flush(board)))
        self._boards.append(board)
        return board

    def end(self) -> None:
        for board in self._boards:
            self._do(board.close())


@pytest.fixture(name="servers", params=BACKENDS)
def servers_(request: pytest.FixtureRequest, tmp_path: Path, engines: Engines, do: Do) -> Iterator[Servers]:
    servers = Servers(BACKENDS[request.param](tmp_path, engines), do)
    yield servers
    servers.end()


@pytest.fixture(name="two")
def two_(servers: Servers) -> tuple[Board, Board]:
    return servers.new(), servers.new()


def batch(number: int, *bodies: str, tenant: str | None = None, dropped: int = 0, **decided: int) -> Batch:
    return Batch(number, [Posted(tenant, body.encode()) for body in bodies], decided, dropped)


def told(page: Page) -> dict[int, str]:
    return {number: body.decode() for number, body in page.entries}


def test_what_one_adds_all_read_in_one_sequence(two: tuple[Board, Board], do: Do) -> None:
    one, other = two
    do(one.add(batch(1, "a", "b")))
    do(other.add(batch(1, "c")))
    do(one.add(batch(2, "d")))
    assert told(do(other.read())) == told(do(one.read())) == {1: "a", 2: "b", 3: "c", 4: "d"}
    assert do(one.read()).last == 4


def test_nothing_is_there_at_first(two: tuple[Board, Board], do: Do) -> None:
    assert do(two[0].read()) == Page([], 0, 0)
    assert do(two[0].decided()) == {}


def test_only_what_came_since_is_read(two: tuple[Board, Board], do: Do) -> None:
    do(two[0].add(batch(1, "a", "b", "c")))
    assert told(do(two[1].read(2))) == {3: "c"}
    assert do(two[1].read(3)) == Page([], 3, 0)


def test_bytes_come_back_as_they_were(two: tuple[Board, Board], do: Do) -> None:
    body = bytes(range(256))
    do(two[0].add(Batch(1, [Posted("Zoë", body)], {}, 0)))
    assert [entry.body for entry in do(two[1].read(tenant="Zoë")).entries] == [body]


def test_a_batch_added_again_changes_nothing(two: tuple[Board, Board], do: Do) -> None:
    for _ in range(2):
        do(two[0].add(batch(1, "a", tenant="acme", dropped=1, RULE=1)))
    do(two[0].add(batch(2, "b")))
    assert told(do(two[0].read(tenant="acme"))) == {1: "a", 2: "b"}
    assert (do(two[0].read()).dropped, do(two[0].decided())) == (1, {"RULE": 1})


def test_counts_of_rules_add_up(two: tuple[Board, Board], do: Do) -> None:
    do(two[0].add(batch(1, A=1, B=2)))
    do(two[1].add(batch(1, B=3)))
    assert do(two[0].decided()) == {"A": 1, "B": 5}


def test_the_oldest_make_room_over_all_servers_and_are_counted(two: tuple[Board, Board], do: Do) -> None:
    do(two[0].add(batch(1, *map(str, range(JOURNAL_ENTRIES)))))
    do(two[1].add(batch(1, "x", "y", dropped=5)))
    page = do(two[0].read())
    assert (len(page.entries), page.entries[0].number, page.last) == (JOURNAL_ENTRIES, 3, JOURNAL_ENTRIES + 2)
    assert page.dropped == 7


def test_bodies_have_a_cap_too(two: tuple[Board, Board], do: Do) -> None:
    for number in range(1, 4):
        do(two[number % 2].add(batch((number + 1) // 2, "x" * (JOURNAL_BYTES // 2))))
    page = do(two[0].read())
    assert [entry.number for entry in page.entries] == [2, 3]
    assert page.dropped == 1


def test_the_last_of_a_tenant_outlive_the_common_ones(two: tuple[Board, Board], do: Do) -> None:
    do(two[0].add(batch(1, *(f"q{number}" for number in range(TENANT_ENTRIES + 1)), tenant="quiet")))
    do(two[1].add(batch(1, *["loud"] * JOURNAL_ENTRIES, tenant="loud")))
    page = do(two[1].read(tenant="quiet"))
    assert [body for _, body in page.entries[:TENANT_ENTRIES]] == [b"q%d" % one for one in range(1, TENANT_ENTRIES + 1)]
    assert len(page.entries) == TENANT_ENTRIES + JOURNAL_ENTRIES
    assert do(two[1].read(5, tenant="quiet")).entries[0].number == 6


def test_the_tenants_longest_quiet_make_room_first(two: tuple[Board, Board], do: Do) -> None:
    big = "x" * (JOURNAL_BYTES // 2)
    do(two[0].add(batch(1, big, tenant="a")))
    do(two[0].add(batch(2, "b", tenant="b")))
    do(two[0].add(batch(3, "again", tenant="a")))
    do(two[0].add(batch(4, big, tenant="c")))
    do(two[0].add(batch(5, *["x"] * JOURNAL_ENTRIES)))
    kept = {tenant: [number for number, _ in do(two[1].read(tenant=tenant)).entries if number < 5] for tenant in "abc"}
    assert kept == {"a": [], "b": [], "c": [4]}


def test_who_clears_clears_for_all_and_numbers_go_on(two: tuple[Board, Board], do: Do) -> None:
    do(two[0].add(batch(1, "a", tenant="acme", dropped=3, RULE=1)))
    do(two[1].clear())
    assert do(two[0].read(tenant="acme")) == Page([], 1, 0)
    do(two[0].add(batch(2, "b", RULE=1)))
    assert told(do(two[1].read())) == {2: "b"}
    assert do(two[1].decided()) == {"RULE": 2}


@pytest.mark.parametrize("tenant", [None, "a"])
def test_clearing_makes_room_free(two: tuple[Board, Board], do: Do, tenant: str | None) -> None:
    big = "x" * (JOURNAL_BYTES // 2)
    do(two[0].add(batch(1, big, tenant="a")))
    do(two[1].clear(tenant))
    do(two[0].add(batch(2, big, tenant="b")))
    do(two[0].add(batch(3, big, tenant="a")))
    assert [entry.number for entry in do(two[1].read()).entries] == [2, 3]
    do(two[0].add(batch(4, *["x"] * JOURNAL_ENTRIES)))
    assert [do(two[1].read(tenant=name)).entries[0].number for name in "ab"] == [3, 2]


def test_a_tenant_is_forgotten_and_what_is_common_stays(two: tuple[Board, Board], do: Do) -> None:
    do(two[0].add(batch(1, "a", "b", tenant="acme")))
    do(two[0].add(batch(2, "c", tenant="other")))
    do(two[1].clear("acme"))
    assert told(do(two[0].read())) == {1: "a", 2: "b", 3: "c"}
    do(two[0].add(batch(3, *["x"] * JOURNAL_ENTRIES)))
    assert do(two[0].read(tenant="acme")).entries[0].number == 4
    assert told(do(two[0].read(tenant="other")))[3] == "c"


def test_who_waits_for_entries_is_told_those_of_any_server(two: tuple[Board, Board], do: Do) -> None:
    async def wait() -> Page:
        await two[0].add(batch(1, "a"))
        waiting = asyncio.create_task(two[0].after(1))
        await asyncio.sleep(0)
        assert not waiting.done()
        await two[1].add(batch(1, "b", "c"))
        return await waiting

    page = do(wait())
    assert next(iter(told(page).items())) == (2, "b")


def test_what_is_there_already_is_not_waited_for(two: tuple[Board, Board], do: Do) -> None:
    do(two[0].add(batch(1, "a", "b")))
    assert told(do(two[1].after(1))) == {2: "b"}


def test_who_no_longer_waits_disturbs_nobody(two: tuple[Board, Board], do: Do) -> None:
    async def give_up() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await two[0].after(0)

    do(give_up())
    do(two[0].add(batch(1, "a")))
    assert told(do(two[0].after(0))) == {1: "a"}


def test_who_gathers_reads_what_every_server_had_not_added_yet(servers: Servers, do: Do) -> None:
    def adding(body: str) -> Callable[[Board], Awaitable[None]]:
        return lambda board: board.add(batch(1, body, RULE=1))

    boards = [servers.new(adding(body)) for body in "abc"]
    do(boards[1].gather())
    assert sorted(told(do(boards[1].read())).values()) == ["a", "b", "c"]
    assert do(boards[2].decided()) == {"RULE": 3}


def test_each_gathering_asks_again(servers: Servers, do: Do) -> None:
    asked: list[int] = []

    async def flush(_: Board) -> None:
        asked.append(1)

    one, _ = servers.new(), servers.new(flush)
    for _ in range(3):
        do(one.gather())
    assert len(asked) == 3


def test_gatherings_at_once_wait_for_nobody_in_vain(servers: Servers, do: Do) -> None:
    boards = [servers.new() for _ in range(3)]

    async def gather() -> None:
        await asyncio.gather(*(board.gather() for board in boards * 3))

    do(gather())


def test_a_server_that_cannot_flush_is_passed_over(servers: Servers, do: Do, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(_: Board) -> None:
        raise Unavailable("gone")

    monkeypatch.setattr(protocol, "GATHER_SECONDS", 0.1)
    one, failing = servers.new(), servers.new(fail)
    do(one.gather())
    with pytest.raises(Unavailable, match="gone"):
        do(failing.gather())


def test_a_server_that_does_not_flush_is_waited_for_in_bounds(
    servers: Servers, do: Do, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(_: Board) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(protocol, "GATHER_SECONDS", 0.1)
    one, _ = servers.new(), servers.new(hang)
    do(one.gather())


def test_who_has_left_is_not_asked(servers: Servers, do: Do) -> None:
    asked: list[int] = []

    async def flush(_: Board) -> None:
        asked.append(1)

    one, other = servers.new(), servers.new(flush)
    do(other.close())
    do(one.gather())
    assert asked == []
