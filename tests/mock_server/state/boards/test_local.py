"""The board beside a file: who has it, and what becomes of it when that one ends."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import pytest

from showpad_mock.state.boards import local
from showpad_mock.state.boards.local import LocalBoard
from showpad_mock.state.boards.protocol import Batch, Page, Posted
from showpad_mock.state.logs.protocol import Unavailable

SECONDS = 20


def in_a_loop(test: Callable[[Path], Coroutine[Any, Any, None]]) -> Callable[[Path], None]:
    """Run an async test."""

    @wraps(test)
    def run(file: Path) -> None:
        asyncio.run(asyncio.wait_for(test(file), SECONDS))

    return run


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "state").touch()
    return tmp_path / "state"


async def nothing() -> None:
    """Flush nothing."""


@asynccontextmanager
async def at_the_board(file: Path) -> AsyncIterator[LocalBoard]:
    board = LocalBoard(file)
    try:
        await board.begin(nothing)
        yield board
    finally:
        await board.close()


def batch(number: int, body: str) -> Batch:
    return Batch(number, [Posted(None, body.encode())], {}, 0)


def told(page: Page) -> list[tuple[int, str]]:
    return [(number, body.decode()) for number, body in page.entries]


async def added(board: LocalBoard, new: Batch) -> None:
    """Add a batch as a server does: again, where the board was lost meanwhile."""
    while True:
        try:
            return await board.add(new)
        except Unavailable:
            await asyncio.sleep(0)


@in_a_loop
async def test_when_the_server_that_has_the_board_ends_the_others_meet_at_a_new_one(file: Path) -> None:
    first = LocalBoard(file)
    await first.begin(nothing)
    async with at_the_board(file) as one, at_the_board(file) as other:
        await one.add(batch(1, "before"))
        assert (await one.read()).last == (await other.read()).last == 1
        await first.close()
        await added(one, batch(2, "a"))
        await added(other, batch(1, "b"))
        assert told(await one.read()) == told(await other.read()) == [(2, "a"), (3, "b")]


@in_a_loop
async def test_who_waits_when_the_board_is_lost_is_told_so(file: Path) -> None:
    first = LocalBoard(file)
    await first.begin(nothing)
    async with at_the_board(file) as one:
        waiting = asyncio.create_task(one.after(0))
        await one.read()  # it is asked by now
        await first.close()
        with pytest.raises(Unavailable, match="the other process is gone"):
            await waiting


@in_a_loop
async def test_who_is_killed_leaves_a_socket_behind_that_holds_up_nobody(file: Path) -> None:
    with socket.socket(socket.AF_UNIX) as killed:
        killed.bind(f"{file}-board")
    async with at_the_board(file) as one:
        await one.add(batch(1, "a"))
        assert told(await one.read()) == [(1, "a")]
    assert list(file.parent.iterdir()) == [file]


@in_a_loop
async def test_whoever_may_write_the_file_and_nobody_else_may_connect(file: Path) -> None:
    file.chmod(0o660)
    async with at_the_board(file):
        assert file.with_name("state-board").stat().st_mode & 0o777 == 0o660


@in_a_loop
async def test_what_is_no_socket_is_left_as_it_is_and_told(file: Path) -> None:
    file.with_name("state-board").write_text("mine", encoding="utf-8")
    with pytest.raises(Unavailable, match=r"state-board: .*is there and is no socket"):
        await LocalBoard(file).begin(nothing)
    assert file.with_name("state-board").read_text(encoding="utf-8") == "mine"


@in_a_loop
async def test_a_folder_may_have_a_longer_name_than_a_socket(file: Path) -> None:
    folder = file.parent / ("a" * 120)
    folder.mkdir()
    (folder / "state").touch()
    async with at_the_board(folder / "state") as one, at_the_board(folder / "state") as other:
        await one.add(batch(1, "a"))
        assert told(await other.read()) == [(1, "a")]


def test_a_server_that_hangs_is_not_waited_for_for_ever(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "SECONDS", 0.2)
    with socket.socket(socket.AF_UNIX) as hanging:
        hanging.bind(f"{file}-board")
        hanging.listen()
        with pytest.raises(Unavailable, match="the server that has the board does not answer"):
            asyncio.run(LocalBoard(file).begin(nothing))
