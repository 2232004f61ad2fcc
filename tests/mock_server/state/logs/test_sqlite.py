"""What is a state file's own: who holds it, what it may be, how large it is, what happens when it cannot be written."""

from __future__ import annotations

import asyncio
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from showpad_mock.state.logs.protocol import TAIL, ChangeSet, News, Unavailable
from showpad_mock.state.logs.sqlite import BadStateFile, IsSnapshot, SqliteLog, StateInUse, is_database
from showpad_mock.state.logs.sqlite_file import APPLICATION_ID, SCHEMA_VERSION, WAL_BYTES

from .test_logs import Do, gone, read, sets

Open = Callable[..., SqliteLog]


@pytest.fixture(name="do")
def do_(runner: asyncio.Runner) -> Do:
    return runner.run


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture(name="open_log")
def open_log_(file: Path, do: Do) -> Iterator[Open]:
    opened = []

    def open_log(path: Path = file, **options: Any) -> SqliteLog:
        opened.append(SqliteLog(path, **options))
        return opened[-1]

    yield open_log
    for log in opened:
        do(log.close())


@pytest.fixture
def written(file: Path, do: Do) -> Path:
    """A state file with two tenants, which nobody holds."""
    log = SqliteLog(file)
    for tenant in ("ada", "bob"):
        do(log.append(tenant, 0, [ChangeSet(f"{tenant}{number}", tenant.encode() * 500) for number in range(20)]))
    do(log.snapshot("bob", 10, b"bob's"))
    do(log.keep("seed", b"seed " * 2000))
    do(log.close())
    return file


def ran(program: str, *arguments: str | Path) -> list[str]:
    """Return the lines that a process of its own has printed."""
    begun = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.run(begun, stdout=subprocess.PIPE, text=True, timeout=30, check=True).stdout.splitlines()


# Who holds it


@pytest.mark.parametrize(("first", "second"), [(False, False), (False, True), (True, False)])
def test_a_file_in_use_is_refused_by_name(open_log: Open, file: Path, *, first: bool, second: bool) -> None:
    open_log(shared=first)
    with pytest.raises(StateInUse, match=f"^{file}: is in use by another server"):
        open_log(shared=second)


def test_a_file_that_was_let_go_is_free(open_log: Open, do: Do) -> None:
    for shared in (False, True, False):
        do(open_log(shared=shared).close())


def test_who_is_refused_leaves_the_file_to_who_holds_it(open_log: Open, do: Do) -> None:
    log = open_log()
    for _ in range(2):
        with pytest.raises(StateInUse):
            open_log()
    assert do(log.append("ada", 0, sets("a")))


def test_a_symbolic_link_to_a_file_in_use_is_refused(open_log: Open, file: Path) -> None:
    open_log()
    file.with_name("link").symlink_to(file)
    with pytest.raises(StateInUse):
        open_log(file.with_name("link"))


def test_beside_a_file_stand_its_companions_alone(open_log: Open, file: Path, do: Do) -> None:
    log = open_log()
    do(log.append("ada", 0, sets("a")))
    assert {path.name for path in file.parent.iterdir()} == {"state", "state-wal", "state-shm", "state-lock"}
    do(log.close())
    assert {path.name for path in file.parent.iterdir()} == {"state", "state-lock"}


HOLD = """
import sys
from showpad_mock.state.logs.sqlite import SqliteLog
log = SqliteLog(sys.argv[1], shared=sys.argv[2] == "True")
print("held", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("shared", [False, True])
def test_a_process_holds_its_file_until_it_is_killed(open_log: Open, file: Path, *, shared: bool) -> None:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", HOLD, file, str(shared)], **pipes) as other:  # type: ignore[call-overload]  # pipes
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(StateInUse):
            open_log(shared=not shared)
        other.kill()
    open_log()


def test_processes_that_share_a_new_file_begin_at_once(file: Path) -> None:
    program = "import asyncio, sys; from showpad_mock.state.logs.sqlite import SqliteLog;"
    program += "print(asyncio.run(SqliteLog(sys.argv[1], shared=True).begin()))"
    begun = [
        subprocess.Popen([sys.executable, "-c", program, file], stdout=subprocess.PIPE, text=True) for _ in range(6)
    ]
    assert sorted(process.communicate()[0] for process in begun) == [f"{number}\n" for number in range(6)]


# What it may be


def of_another_program(file: Path) -> None:
    with closing(sqlite3.connect(file)) as db:
        db.execute("CREATE TABLE theirs (x)")


def of_a_newer_version(file: Path) -> None:
    with closing(sqlite3.connect(file)) as db:
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")


WRONG: dict[str, tuple[Callable[[Path], Any], str]] = {
    "folder": (Path.mkdir, "is a folder, expected a state file"),
    "text": (lambda file: file.write_text("hello"), "is no SQLite database, expected a state file"),
    "garbage": (lambda file: file.write_bytes(random.Random(1).randbytes(20_000)), "is no SQLite database, expected"),
    "garbage behind the beginning": (
        lambda file: file.write_bytes(b"SQLite format 3\0" + random.Random(1).randbytes(20_000)),
        "is damaged (file is not a database), expected a state file (a SQLite database)",
    ),
    "another program": (of_another_program, "is another program's database, expected a state file"),
    "newer": (of_a_newer_version, "was written by a newer version (its schema is 3, expected 2 at most)"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_no_state_file_is_refused_and_left_alone(open_log: Open, file: Path, wrong: str) -> None:
    make, told = WRONG[wrong]
    make(file)
    before = file.read_bytes() if file.is_file() else None
    with pytest.raises(BadStateFile) as refused:
        open_log()
    assert str(refused.value).startswith(f"{file}: {told}")
    assert "\n" not in str(refused.value)
    assert before is None or file.read_bytes() == before


@pytest.mark.parametrize("text", ['{"version": 2}', '\n  {"version": 2}'])
def test_a_json_snapshot_is_told_from_a_database_and_left_alone(open_log: Open, file: Path, text: str) -> None:
    file.write_text(text)
    with pytest.raises(IsSnapshot, match=f"^{file}: is a JSON snapshot, expected a state file"):
        open_log()
    assert not is_database(file)
    assert {path.name: path.read_text() for path in file.parent.iterdir()} == {"state": text}


def test_a_state_file_is_a_database(open_log: Open, file: Path) -> None:
    assert not is_database(file)
    open_log()
    assert is_database(file)


def test_an_empty_file_becomes_a_state_file(open_log: Open, file: Path, do: Do) -> None:
    file.touch()
    assert do(open_log().append("ada", 0, sets("a")))


def test_a_folder_that_is_missing_is_named(open_log: Open, file: Path) -> None:
    with pytest.raises(BadStateFile, match=f"there is no folder {file.parent / 'none'}$"):
        open_log(file.parent / "none" / "state")


# What it forgets


def test_of_who_is_gone_so_many_are_kept(open_log: Open, file: Path, do: Do, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("showpad_mock.state.logs.sqlite.LOOKED_AFTER", 5)
    monkeypatch.setattr(SqliteLog.forget, "__defaults__", (8,))
    log = open_log()
    for number in range(29):
        version, _ = do(read(log, f"t{number}"))
        assert do(log.append(f"t{number}", version, [*sets(f"a{number}"), *gone(f"end{number}")]))
    with closing(sqlite3.connect(file)) as db:
        kept = [
            count for table in ("tenants", "change_sets") for (count,) in db.execute(f"SELECT count(*) FROM {table}")
        ]
    assert kept == [9, 18]
    assert do(log.tenants()) == []


def test_a_copy_of_who_was_forgotten_is_told_so_whoever_has_the_name_now(open_log: Open, do: Do) -> None:
    log = open_log()
    do(log.append("ada", 0, sets("a", "b", "c")))
    do(log.append("bob", 0, sets("x")))
    do(log.append("ada", 3, gone("end")))
    do(log.forget(most=0))
    assert do(log.since("ada", 2)) == News(4, b"", [])
    assert not do(log.append("ada", 0, sets("d")))
    assert do(log.append("ada", 4, sets("d")))
    assert do(log.since("ada", 2)) == do(log.since("ada", 0)) == News(4, b"", [b"d"])
    assert not do(log.append("ada", 3, sets("e")))
    assert do(read(log, "bob")) == (1, (b"x",))


def test_of_so_many_tenants_the_newest_version_is_remembered(
    open_log: Open, do: Do, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("showpad_mock.state.logs.sqlite.MOST_NEWEST", 3)
    log = open_log(shared=True)
    do(log.append("gone", 0, gone("end")))
    do(log.forget(most=0))
    for number in range(8):
        assert do(log.since(f"t{number}", 0)) == News(1, b"", [])
    assert len(log._newest) <= 3


def test_a_file_of_the_first_version_goes_on(open_log: Open, written: Path, do: Do) -> None:
    with closing(sqlite3.connect(written)) as db:
        db.execute("ALTER TABLE server DROP COLUMN floor")
        db.execute("PRAGMA user_version = 1")
    log = open_log()
    assert do(read(log, "ada")) == (20, (b"ada" * 500,) * 20)
    do(log.append("ada", 20, gone("end")))
    do(log.forget(most=0))
    assert do(read(log, "ada")) == (21, ())
    do(log.close())
    assert do(read(open_log(), "ada")) == (21, ())


# What happens when it is damaged


@pytest.mark.parametrize("size", [50, 1000, 5000, 4096 * 3, 4096 * 9])
def test_a_truncated_file_is_refused(open_log: Open, written: Path, size: int) -> None:
    damaged = written.read_bytes()[:size]
    written.write_bytes(damaged)
    with pytest.raises(BadStateFile, match=f"^{written}: is damaged"):
        open_log()
    assert written.read_bytes() == damaged


def test_tables_that_do_not_agree_are_refused(open_log: Open, written: Path) -> None:
    with closing(sqlite3.connect(written)) as db:
        (root,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'change_sets'").fetchone()
    damaged = bytearray(written.read_bytes())
    damaged[(root - 1) * 4096 : (root - 1) * 4096 + 100] = bytes(range(100, 200))
    written.write_bytes(damaged)
    with pytest.raises(BadStateFile, match=f"^{written}: is damaged"):
        open_log()


def test_a_table_that_is_missing_is_told(open_log: Open, written: Path) -> None:
    with closing(sqlite3.connect(written)) as db:
        db.execute("DROP TABLE server")
    with pytest.raises(BadStateFile, match=f"^{written}: is damaged .no such table: server., expected"):
        open_log()


def test_damage_that_is_no_text_is_told(open_log: Open, written: Path) -> None:
    written.write_bytes(written.read_bytes().replace(b"CREATE UNIQUE INDEX", b"CREATE UNIQUE \xff\xfeDEX"))
    with pytest.raises(BadStateFile, match=f"^{written}: is damaged"):
        open_log()


def test_a_damaged_body_is_not_served_and_others_are(open_log: Open, written: Path, do: Do) -> None:
    written.write_bytes(written.read_bytes().replace(b"bob's", b"boB's").replace(b"seed seed", b"sEed seed"))
    log = open_log()
    with pytest.raises(Unavailable, match=f"^{written}: what was read is not what was written: the file is damaged"):
        do(read(log, "bob"))
    with pytest.raises(Unavailable):
        do(log.kept("seed"))
    assert do(read(log, "ada")) == (20, (b"ada" * 500,) * 20)


def test_a_change_set_that_is_missing_is_noticed(open_log: Open, written: Path, do: Do) -> None:
    with closing(sqlite3.connect(written, isolation_level=None)) as db:
        db.execute("DELETE FROM change_sets WHERE tenant = 'ada' AND version = 7")
    with pytest.raises(Unavailable, match="a change set of ada is missing"):
        do(read(open_log(), "ada"))


def test_bytes_overwritten_anywhere_never_come_back_as_bodies(written: Path, do: Do) -> None:
    whole = written.read_bytes()
    chance = random.Random(2)
    for _ in range(100):
        begin = chance.randrange(len(whole))
        some = chance.randbytes(chance.choice([1, 8, 500]))
        written.write_bytes((whole[:begin] + some + whole[begin + len(some) :])[: len(whole)])
        assert do(bodies_in(written)) <= {b"ada" * 500, b"bob" * 500, b"bob's", b"seed " * 2000, b""}


async def bodies_in(file: Path) -> set[bytes]:
    """Return what a file gives out; all that may be raised is Unavailable."""
    found: set[bytes] = set()
    try:
        log = SqliteLog(file)
    except Unavailable:
        return found
    for tenant in ("ada", "bob"):
        try:
            news = await log.since(tenant, 0)
            found |= {*news.change_sets, news.snapshot or b"", await log.kept("seed") or b""}
            await log.append(tenant, 20, sets("x"))
        except Unavailable:
            pass
    await log.close()
    return found


# What happens when none can write


FULL = """
import asyncio, resource, sys
from showpad_mock.state.logs.protocol import ChangeSet, Unavailable
from showpad_mock.state.logs.sqlite import SqliteLog

async def main():
    log = SqliteLog(sys.argv[1], sync=sys.argv[2])
    async def fill(number):
        try:
            while await log.append("ada", number, [ChangeSet(str(number + n), b"x" * 2000) for n in (1, 2)]):
                number += 2
        except Unavailable as error:
            print(error)
        return number
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    number = 0
    for room in (300_000, 600_000, 900_000):
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
        number = await fill(number)
        news = await log.since("ada", 0)
        assert [len(body) for body in news.change_sets] == [2000] * number
        print(number)
    await log.close()

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no limit of a file's size")
@pytest.mark.parametrize("sync", ["normal", "full"])
def test_a_full_disk_costs_what_does_not_fit_and_no_restart(open_log: Open, file: Path, do: Do, sync: str) -> None:
    said = ran(FULL, file, sync)
    assert {line.partition(": ")[0] for line in said[::2]} == {str(file)}
    counts = [int(line) for line in said[1::2]]
    assert 0 < counts[0] < counts[1] < counts[2]
    assert do(read(open_log())) == (counts[2], (b"x" * 2000,) * counts[2])


OPEN = """
import resource, sys
from showpad_mock.state.logs.protocol import Unavailable
from showpad_mock.state.logs.sqlite import SqliteLog
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
for room in range(0, 120_000, 2_000):
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        SqliteLog(sys.argv[1])
    except Unavailable as error:
        print(error)
    else:
        break
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no limit of a file's size")
def test_a_disk_too_full_for_a_new_file_is_told_and_a_later_try_succeeds(open_log: Open, file: Path, do: Do) -> None:
    said = ran(OPEN, file)
    assert 5 < len(said) < 60
    assert {line.partition(": ")[0] for line in said} == {str(file)}
    assert do(open_log().append("ada", 0, sets("a")))


def test_a_batch_that_does_not_fit_leaves_nothing(open_log: Open, do: Do) -> None:
    log = open_log()
    do(log.append("ada", 0, sets("a")))
    log._writes.execute("PRAGMA max_page_count = 50")
    with pytest.raises(Unavailable, match="is full"):
        do(log.append("ada", 1, [ChangeSet("b", b"b"), ChangeSet("c", b"c" * 500_000)]))
    assert do(read(log)) == (1, (b"a",))
    with pytest.raises(Unavailable, match="is full"):
        do(log.snapshot("ada", 1, b"s" * 500_000))
    log._writes.execute("PRAGMA max_page_count = 5000")
    assert do(log.append("ada", 1, [ChangeSet("b", b"b"), ChangeSet("c", b"c" * 500_000)]))


READ_ONLY = """
import os, sys
from showpad_mock.state.logs.sqlite import SqliteLog, BadStateFile
if os.getuid() == 0:
    os.setuid(65534)  # root may write everywhere
try:
    SqliteLog(sys.argv[1])
except BadStateFile as error:
    print(error)
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that every user can reach, unlike tmp_path."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)
        Path(folder).chmod(0o700)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such permissions")
@pytest.mark.parametrize("there", [[], ["state"], ["state", "state-lock"]])
def test_a_folder_that_cannot_be_written_is_told(written: Path, folder: Path, there: list[str]) -> None:
    for name in there:
        shutil.copy(written.with_name(name), folder)
        (folder / name).chmod(0o444)
    folder.chmod(0o555)
    (said,) = ran(READ_ONLY, folder / "state")
    assert said.startswith(f"{folder / 'state'}: cannot be written (")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such permissions")
def test_a_file_that_cannot_be_written_is_told(written: Path, folder: Path) -> None:
    shutil.copy(written, folder)
    (folder / "state").chmod(0o444)
    folder.chmod(0o777)
    (said,) = ran(READ_ONLY, folder / "state")
    assert said.startswith(f"{folder / 'state'}: cannot be written (attempt to write a readonly database)")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such permissions")
def test_a_folder_that_cannot_be_entered_is_told(folder: Path) -> None:
    folder.chmod(0)
    (said,) = ran(READ_ONLY, folder / "state")
    assert said.startswith(f"{folder / 'state'}: cannot be read: ")


def test_who_waits_for_others_too_long_is_told(open_log: Open, file: Path, do: Do) -> None:
    log = open_log(wait=0.05)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable, match=f"^{file}: database is locked$"):
            do(log.append("ada", 0, sets("a")))
        assert do(read(log)) == (0, ())
    assert do(log.append("ada", 0, sets("a")))


@pytest.mark.parametrize("sync", ["normal", "full"])
def test_a_closed_log_is_unavailable(open_log: Open, do: Do, sync: str) -> None:
    log = open_log(sync=sync)
    do(log.close())
    with pytest.raises(Unavailable):
        do(log.append("ada", 0, sets("a")))
    with pytest.raises(Unavailable):
        do(log.since("ada", 0))


# What it costs


@pytest.mark.parametrize(("sync", "level"), [("normal", 1), ("full", 2)])
def test_commits_wait_for_the_disk_where_that_was_asked(open_log: Open, sync: str, level: int) -> None:
    assert open_log(sync=sync)._writes.execute("PRAGMA synchronous").fetchone() == (level,)


def test_while_a_commit_waits_for_the_disk_others_go_on(open_log: Open, file: Path, do: Do) -> None:
    log = open_log(sync="full")

    async def meanwhile() -> None:
        loop, begun = asyncio.get_running_loop(), asyncio.Event()
        log._writes.set_trace_callback(lambda _: loop.call_soon_threadsafe(begun.set))
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")  # as slow as a disk can be
            appending = asyncio.create_task(log.append("ada", 0, sets("a")))
            await begun.wait()
            assert await read(log) == (0, ())
            assert not appending.done()
        assert await appending
        assert await read(log) == (1, (b"a",))

    do(meanwhile())


def test_a_copy_asks_no_table_while_nobody_else_commits(open_log: Open, do: Do) -> None:
    one, other = open_log(shared=True), open_log(shared=True)
    do(other.append("ada", 0, sets("a")))
    do(one.since("ada", 0))
    asked: list[str] = []
    one._reads.set_trace_callback(asked.append)
    do(one.since("ada", 1))
    assert asked == ["PRAGMA data_version"]
    do(other.append("bob", 0, sets("b")))
    assert do(one.since("ada", 1)).change_sets == []
    assert len(asked) > 2


def test_what_a_server_appends_itself_is_news_to_its_older_copies(open_log: Open, do: Do) -> None:
    log = open_log(shared=True)
    do(log.append("ada", 0, sets("a")))
    do(log.since("ada", 1))
    do(log.append("ada", 1, sets("b")))
    assert do(log.since("ada", 1)).change_sets == [b"b"]


# How large it is


def size(file: Path) -> int:
    return sum(path.stat().st_size for path in file.parent.iterdir())


def test_a_file_does_not_grow_with_what_was_changed_once(open_log: Open, file: Path, do: Do) -> None:
    log, version, held = open_log(), 0, 200_000
    for _ in range(30):
        do(log.append("ada", version, [ChangeSet(str(version + n), b"x" * 50_000) for n in range(20)]))
        version += 20
        do(log.snapshot("ada", version, b"s" * held))
    assert size(file) < 3 * held + 1_000_000 + 2 * WAL_BYTES
    do(log.close())
    assert size(file) < 3 * held  # 30 MB went through it


def test_the_write_ahead_log_shrinks_after_a_large_write(open_log: Open, file: Path, do: Do) -> None:
    log = open_log()
    do(log.append("ada", 0, sets("a")))
    do(log.snapshot("ada", 1, b"s" * 5 * WAL_BYTES))
    do(log.append("ada", 1, sets("b")))
    assert file.with_name("state-wal").stat().st_size <= WAL_BYTES


def test_a_file_shrinks_when_a_tenant_is_deleted(open_log: Open, file: Path, do: Do) -> None:
    log = open_log()
    do(log.append("ada", 0, sets("a")))
    do(log.append("bob", 0, [ChangeSet(str(number), b"x" * 5_000) for number in range(1000)]))
    do(log.append("bob", 1000, gone("end")))
    do(log.append("ada", 1, sets("b")))
    do(log.append("ada", 2, sets("c")))
    assert size(file) < 3 * WAL_BYTES
    do(log.close())
    assert size(file) < 100_000


def test_a_tenant_that_is_gone_costs_a_few_bytes(open_log: Open, file: Path, do: Do) -> None:
    log = open_log()
    for number in range(500):
        do(log.append(f"tenant{number}", 0, [ChangeSet(f"{number}-a", b"x" * 3000), *gone(f"{number}-b")]))
    do(log.close())
    assert size(file) < 500 * 300


def test_behind_a_snapshot_as_much_is_kept_as_it_is_large(open_log: Open, do: Do) -> None:
    log = open_log()
    do(log.append("ada", 0, [ChangeSet(str(number), b"%03d" % number) for number in range(TAIL)]))
    do(log.snapshot("ada", TAIL, b"s" * 30))
    assert do(log.since("ada", TAIL - 10)).change_sets == [b"%03d" % number for number in range(TAIL - 10, TAIL)]
    assert do(log.since("ada", TAIL - 11)) == (TAIL, b"s" * 30, [])
