"""The journal of servers that share a log: batches behind the answers, also while the board is away."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import fields

import pytest

from showpad_mock.core.journal import Entry, Journal
from showpad_mock.core.refusals import Refusal
from showpad_mock.state.boards import packing
from showpad_mock.state.boards.packing import FORM, packed, unpacked
from showpad_mock.state.boards.protocol import Batch
from showpad_mock.state.logs.protocol import Unavailable
from showpad_mock.state.shared_journal import BATCH_ENTRIES, SharedJournal

from ...harness.board import ListBoard, Seat
from ...harness.engines import PATIENCE
from ..control.caller import exchange
from .test_commits import running


class Server:
    """A server's journal and counts, and what it shares."""

    def __init__(self, board: ListBoard, *, entries: int = 1000) -> None:
        self.board = board
        self.journal, self.decided = Journal(entries=entries), Counter[str]()
        self.shared = SharedJournal(self.journal, self.decided, Seat(board))

    def answer(self, *paths: str) -> None:
        for path in paths:
            self.decided["RULE"] += 1
            self.journal.add(exchange(path=path))

    async def paths(self) -> list[str]:
        return [entry.path for entry in (await self.shared.read(0)).entries]


@asynccontextmanager
async def serving(board: ListBoard | None = None, *, entries: int = 1000) -> AsyncIterator[Server]:
    server = Server(board or ListBoard(), entries=entries)
    await server.shared.begin()
    async with asyncio.timeout(PATIENCE):
        yield server
    await server.shared.end()


def fail(name: str) -> None:
    if name == "add":
        raise Unavailable("it is gone")


@running
async def test_what_is_answered_is_added_behind_the_answers_in_one_batch() -> None:
    async with serving() as server:
        server.answer("/1", "/2", "/3")
        assert server.board.calls["add"] == 0
        await server.shared.after(0)
        assert (server.board.calls["add"], server.board.last) == (1, 3)


@running
async def test_what_another_thread_answered_is_added_too() -> None:
    async with serving() as server:
        await asyncio.to_thread(server.answer, "/1")
        assert [entry.path for entry in (await server.shared.after(0)).entries] == ["/1"]


@running
async def test_who_reads_waits_for_no_batch() -> None:
    async with serving() as server:
        for number in range(3):
            server.answer(f"/{number}")
            assert (await server.paths())[-1] == f"/{number}"
        assert await server.shared.decided() == {"RULE": 3}


@running
async def test_a_large_number_goes_in_several_batches() -> None:
    async with serving() as server:
        server.answer(*["/1"] * (BATCH_ENTRIES + 1))
        await server.shared.flush()
        assert (server.board.calls["add"], server.board.last) == (2, BATCH_ENTRIES + 1)
        assert server.board.counts["RULE"] == BATCH_ENTRIES + 1


@running
async def test_large_bodies_go_in_several_batches() -> None:
    async with serving() as server:
        for _ in range(20):
            server.journal.add(exchange(request_body=b"x" * 2**20, response_body=b"x" * 2**20))
        await server.shared.flush()
        assert server.board.last == 20
        assert server.board.calls["add"] > 2


@running
async def test_what_could_not_be_added_is_added_when_the_board_is_back() -> None:
    async with serving() as server:
        server.board.before = fail
        server.answer("/1")
        with pytest.raises(Unavailable):
            await server.shared.flush()
        server.answer("/2")
        server.board.before = lambda _: None
        # Nobody asks for it.
        while server.board.last < 2:
            await server.shared.after(server.board.last)
        assert await server.paths() == ["/1", "/2"]
        assert await server.shared.decided() == {"RULE": 2}


@running
async def test_what_may_be_there_already_is_added_again_as_it_was() -> None:
    added: list[Batch] = []
    async with serving() as server:
        seat = server.shared._board
        add = seat.add

        async def lose(batch: Batch) -> None:
            added.append(batch)
            await add(batch)
            if len(added) == 1:
                raise Unavailable("the connection is lost")

        seat.add = lose  # type: ignore[method-assign]  # the answer is lost, not what was asked
        server.answer("/1")
        with pytest.raises(Unavailable):
            await server.shared.flush()
        server.answer("/2")
        assert await server.paths() == ["/1", "/2"]
        assert added[0] == added[1]
        assert await server.shared.decided() == {"RULE": 2}


@running
async def test_what_has_no_room_while_the_board_is_away_is_dropped_and_counted() -> None:
    async with serving(entries=3) as server:
        server.board.before = fail
        server.answer(*(f"/{number}" for number in range(5)))
        server.board.before = lambda _: None
        read = await server.shared.read(0)
        assert [entry.path for entry in read.entries] == ["/2", "/3", "/4"]
        assert (read.dropped, read.last) == (2, 3)
        assert await server.shared.decided() == {"RULE": 5}


@running
async def test_what_was_answered_at_the_end_is_added() -> None:
    async with serving() as server:
        server.answer("/1")
    assert server.board.last == 1
    server.answer("/2")
    assert server.journal._listeners == []


@running
async def test_a_server_ends_though_the_board_is_away() -> None:
    async with serving() as server:
        server.board.before = fail
        server.answer("/1")
    assert server.board.flushes == {}


@running
async def test_who_reads_is_refused_while_the_board_is_away() -> None:
    async with serving() as server:
        server.board.before = fail
        server.answer("/1")
        for reading in (server.shared.read(0), server.shared.decided(), server.shared.clear()):
            with pytest.raises(Refusal, match="it is gone"):
                await reading
        server.board.before = lambda _: None


def test_an_entry_comes_back_as_it_was() -> None:
    entry = exchange(
        path="/é\ud800",
        query=b"a=\xff",
        rules=("A", "B"),
        ignored=("x",),
        detail="no",
        request_headers=[(b"a", b"\xe9"), (b"b", b"")],
        request_body=bytes(range(256)),
        response_headers=[],
        at=5,
        cut=True,
        fault="slow",
    )
    back = unpacked(7, packed(entry))
    entry.number, entry.size = 7, back.size
    assert back == entry


FORMS = {
    1: "at cut detail ignored method milliseconds path query request_body request_headers response_body "
    "response_headers rules status tenant user",
    2: "at cut detail fault ignored method milliseconds path query request_body request_headers response_body "
    "response_headers rules status tenant user",
    3: "at cut detail fault ignored method milliseconds path query request_body request_headers response_body "
    "response_headers rules status tenant token user",
}


def test_the_form_has_another_number_when_an_entry_has_other_fields() -> None:
    assert FORMS[FORM].split() == sorted((*packing.TEXTS, *packing.BYTES, *packing.HEADERS))
    assert {*FORMS[FORM].split(), "number", "size"} == {field.name for field in fields(Entry)}
