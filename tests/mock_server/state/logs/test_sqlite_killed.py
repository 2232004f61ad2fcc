"""kill -9 at random moments, a hundred times: what was appended is there, nothing is there twice."""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path

import pytest

from showpad_mock.state.logs.sqlite import SqliteLog

# A number a change set: 1, 2, 3; a snapshot is the number up to which it stands. Thirty change sets fill the WAL once.
ALONE = """
import asyncio, sys
from showpad_mock.state.logs.protocol import ChangeSet
from showpad_mock.state.logs.sqlite import SqliteLog

async def main():
    log = SqliteLog(sys.argv[1], sync=sys.argv[2])
    news = await log.since("ada", 0)
    numbers = [int(body.split()[0]) for body in (news.snapshot or b"0", *news.change_sets)]
    assert numbers == list(range(news.version, news.version + len(numbers))), numbers
    number = numbers[-1]
    print(number, flush=True)
    while True:
        body = b"%d " % (number + 1) * 40_000
        assert await log.append("ada", number, [ChangeSet(str(number + 1), body)])
        number += 1
        print(number, flush=True)
        if number % 7 == 0:
            await log.snapshot("ada", number, body)

asyncio.run(main())
"""

# Several append to one tenant, each behind whatever is there.
TOGETHER = """
import asyncio, sys
from showpad_mock.state.logs.protocol import ChangeSet
from showpad_mock.state.logs.sqlite import SqliteLog

async def main():
    log = SqliteLog(sys.argv[1], shared=True)
    version = 0
    for number in range(1_000_000):
        body = f"{sys.argv[2]}-{number}"
        while True:
            news = await log.since("ada", version)
            version = news.version + len(news.change_sets)
            if await log.append("ada", version, [ChangeSet(body, body.encode())]):
                break
        print(body.ljust(1000), flush=True)  # so that a pipe that nobody reads is soon full

asyncio.run(main())
"""


@contextmanager
def begun(program: str, *arguments: str | Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", program, *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def killed_after(process: subprocess.Popen[str], lines: int) -> list[str]:
    """Kill a process that has printed so many lines; return all that it has printed."""
    assert process.stdout is not None
    printed = list(islice(process.stdout, lines))
    process.kill()
    return [*printed, *process.stdout]


@pytest.mark.parametrize("sync", ["normal", "full"])
def test_what_was_appended_is_there_after_a_kill(tmp_path: Path, sync: str) -> None:
    chance = random.Random(sync)
    last = 0
    for _ in range(30):
        with begun(ALONE, tmp_path / "state", sync) as process:
            found, *appended = map(int, killed_after(process, chance.randint(2, 40)))
        assert last <= found <= last + 1  # the last append may have been in time, but for its answer
        assert appended == list(range(found + 1, found + 1 + len(appended)))
        last = appended[-1]
    assert last > 60


def test_what_several_appended_is_there_once_though_they_were_killed(tmp_path: Path, runner: asyncio.Runner) -> None:
    chance = random.Random(1)
    file, printed = tmp_path / "state", []
    with ExitStack() as running:
        at_work = deque(running.enter_context(begun(TOGETHER, file, str(number))) for number in range(2))
        for number in range(2, 42):
            at_work.append(running.enter_context(begun(TOGETHER, file, str(number))))
            printed += killed_after(at_work.popleft(), chance.randint(1, 100))
        for process in at_work:
            printed += killed_after(process, 1)
    appended = {line.strip() for line in printed}
    there = runner.run(bodies_of(file))
    assert len(there) == len(set(there))
    assert appended <= set(there)
    assert len(there) - len(appended) <= 42  # of each process the last one, whose answer came too late


async def bodies_of(file: Path) -> list[str]:
    log = SqliteLog(file)
    news = await log.since("ada", 0)
    await log.close()
    return [body.decode() for body in news.change_sets]
