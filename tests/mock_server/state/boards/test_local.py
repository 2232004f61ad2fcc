"""The board beside a file: who has it, and what becomes of it when that one ends."""

from __future__ import annotations

import asyncio
import fcntl
import marshal
import os
import socket
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import pytest

from showpad_mock.state.boards import local
from showpad_mock.state.boards.calls import ANSWER
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


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of a file or folder, as anybody who may open it can."""
    opened = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)


async def ended(board: LocalBoard) -> None:
    """Begin and end."""
    await board.begin(nothing)
    await board.close()


@asynccontextmanager
async def stopped_once_begun(file: Path, board: LocalBoard) -> AsyncIterator[None]:
    """Let a place be taken at a server that then reads no more."""
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"{file}-board")
        listener.listen()
        listener.settimeout(0)
        beginning = asyncio.create_task(board.begin(nothing))
        connection, _ = await loop.sock_accept(listener)
        with connection:
            answer = marshal.dumps((ANSWER, 1, None))
            await loop.sock_sendall(connection, len(answer).to_bytes(4) + answer)
            await beginning
            yield


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
    assert {path.name for path in file.parent.iterdir()} == {"state", "state-board-lock"}


@in_a_loop
async def test_whoever_may_write_the_file_and_nobody_else_may_connect(file: Path) -> None:
    file.chmod(0o660)
    async with at_the_board(file):
        assert file.with_name("state-board").stat().st_mode & 0o777 == 0o660


@pytest.mark.parametrize(("mode", "expected"), [(0o644, 0o600), (0o664, 0o660)])
def test_who_may_not_write_the_file_cannot_hold_up_who_looks_for_the_board(
    file: Path, mode: int, expected: int
) -> None:
    file.chmod(mode)
    asyncio.run(ended(LocalBoard(file)))
    assert file.with_name("state-board-lock").stat().st_mode & 0o777 == expected


@in_a_loop
async def test_a_lock_on_the_folder_holds_up_nobody(file: Path) -> None:
    with locked(file.parent):
        async with at_the_board(file) as one:
            await one.add(batch(1, "a"))


def test_a_lock_that_another_process_keeps_is_named_and_leaves_no_thread_behind(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "LOCK_SECONDS", 0.05)
    file.with_name("state-board-lock").touch()
    before = threading.active_count()
    with locked(file.with_name("state-board-lock")):
        with pytest.raises(Unavailable, match=r"state-board-lock: is locked by another process"):
            asyncio.run(LocalBoard(file).begin(nothing))
        assert threading.active_count() == before


def test_a_lock_that_another_process_keeps_does_not_hold_up_who_leaves(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def leave() -> None:
        with ExitStack() as kept:
            async with at_the_board(file):
                kept.enter_context(locked(file.with_name("state-board-lock")))
                monkeypatch.setattr(local, "LOCK_SECONDS", 0.05)

    asyncio.run(asyncio.wait_for(leave(), SECONDS))


def test_a_lock_that_cannot_be_opened_is_named(file: Path) -> None:
    file.with_name("state-board-lock").mkdir()
    with pytest.raises(Unavailable, match="state-board-lock: Is a directory"):
        asyncio.run(LocalBoard(file).begin(nothing))


def test_who_leaves_does_not_wait_for_ever_for_a_server_that_was_stopped(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def leave() -> None:
        one = LocalBoard(file)
        async with stopped_once_begun(file, one):
            monkeypatch.setattr(local, "SECONDS", 0.05)
            await one.close()

    asyncio.run(asyncio.wait_for(leave(), SECONDS))


@in_a_loop
async def test_what_a_server_that_was_stopped_does_not_read_does_not_pile_up(file: Path) -> None:
    one = LocalBoard(file)
    async with stopped_once_begun(file, one):
        adding = [asyncio.create_task(one.add(batch(number, "a" * 1024 * 1024))) for number in range(9)]
        (refused, *_), _ = await asyncio.wait(adding, return_when=asyncio.FIRST_COMPLETED)
        with pytest.raises(Unavailable, match="does not read what it is sent"):
            await refused
        for task in adding:
            task.cancel()
        await asyncio.gather(*adding, return_exceptions=True)
        await one.close()


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
