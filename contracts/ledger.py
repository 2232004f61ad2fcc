"""The ledger: what a run creates on a tenant, on disk before the request leaves, so that `sweep` can always undo it."""

from __future__ import annotations

import json
import os
import re
import secrets
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .failure import NotTheApi

if sys.platform != "win32":
    import fcntl


class LedgerLost(NotTheApi):
    """The ledger cannot be written, so nothing more may be created."""


RUN_ID = re.compile(r"contracts-\d{8}-[0-9a-f]{8}")


def new_run_id() -> str:
    """Give a name that no other run has, as spaces' publicUri and title show it."""
    return f"contracts-{datetime.now(UTC):%Y%m%d}-{secrets.token_hex(4)}"


class FileLedger:
    """One run's ledger: a line of JSON for each fact, each on disk when the call returns.

    While it is open it is locked, so that no sweep takes a running run's spaces away.
    """

    def __init__(self, file: Path, facts: Sequence[Mapping[str, Any]] = ()) -> None:
        self.file = file
        self._spaces: dict[str, str] = {}  # id -> mark
        self._doubtful: dict[str, None] = {}
        self._left: list[str] = []
        self._blank = True
        self.deletions = 0
        """How many spaces are noted as deleted."""
        for fact in facts:
            self._take(fact)
        try:
            self._descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        except OSError as error:
            raise LedgerLost(f"{file}: the ledger cannot be written: {error.strerror}") from None
        if not _locked(self._descriptor):
            os.close(self._descriptor)
            raise StillAtWork(f"{file.stem}: the run is still at work")
        if facts:
            os.write(self._descriptor, b"\n")  # the last line may have been cut off

    def begin(self, **about: str) -> None:
        """Write what the run is: its target, and how that was named."""
        self._write({"run": self.file.stem, **about})
        _sync_folder(self.file.parent)

    def will_create(self, public_uri: str) -> None:
        """Note a space that is about to be created."""
        self._write({"will_create": public_uri})

    def refused(self, public_uri: str) -> None:
        """Note that it was not created after all."""
        self._write({"refused": public_uri})

    def created(self, public_uri: str, space_id: str) -> None:
        """Note the id of a space that was created."""
        self._write({"created": public_uri, "id": space_id})

    def deleted(self, space_id: str) -> None:
        """Note that a space is gone."""
        self._write({"deleted": space_id})

    def left(self, what: str) -> None:
        """Note something that nothing can delete: a Share."""
        self._write({"left": what})

    def doubtful(self) -> Sequence[str]:
        """Give the marks of spaces that may have been created: no answer told."""
        return list(self._doubtful)

    def left_behind(self) -> Sequence[str]:
        """Give what was noted as `left`."""
        return self._left

    def is_blank(self) -> bool:
        """Say whether no space was noted at all."""
        return self._blank

    def spaces(self) -> Mapping[str, str]:
        """Give the ids, with their marks, of spaces that were created and not deleted."""
        return self._spaces

    def give_up_doubts(self) -> None:
        """Note that what was never answered was looked for, long enough after, and is not there."""
        for mark in self.doubtful():
            self.refused(mark)

    def close(self) -> None:
        """Close the ledger; where nothing is left of what it notes, it is gone."""
        if not (self._spaces or self._doubtful):
            self.file.unlink(missing_ok=True)
        os.close(self._descriptor)

    def _write(self, fact: Mapping[str, str]) -> None:
        line = json.dumps(fact).encode() + b"\n"
        try:
            if os.write(self._descriptor, line) != len(line):
                raise OSError(0, "the disk is full")
            os.fsync(self._descriptor)
        except OSError as error:
            raise LedgerLost(f"{self.file}: the ledger cannot be written: {error.strerror}") from None
        self._take(fact)

    def _take(self, fact: Mapping[str, Any]) -> None:
        match fact:
            case {"will_create": mark}:
                self._doubtful[mark] = None
                self._blank = False
            case {"refused": mark}:
                self._doubtful.pop(mark, None)
            case {"created": mark, "id": space_id}:
                self._doubtful.pop(mark, None)
                self._spaces[space_id] = mark
            case {"deleted": space_id}:
                self._spaces.pop(space_id, None)
                self.deletions += 1
            case {"left": what}:
                self._left.append(what)


class StillAtWork(Exception):
    """The run whose ledger this is has not ended."""


def facts_of(file: Path) -> list[dict[str, Any]]:
    """Read a ledger's lines; a last line that was cut off tells of a request that never left."""
    facts = []
    for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            fact = json.loads(line)
        except ValueError:
            continue
        if isinstance(fact, dict):
            facts.append(fact)
    return facts


def ledgers(folder: Path) -> Iterator[Path]:
    """Give the ledgers that runs have left, the oldest first; a file by another name than a run's is none."""
    yield from sorted(file for file in folder.glob("*.jsonl") if RUN_ID.fullmatch(file.stem))


def _locked(descriptor: int) -> bool:
    if sys.platform == "win32":  # there a sweep cannot tell a run that is still at work
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _sync_folder(folder: Path) -> None:
    """Put the file's name on disk too, where folders can be synced."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    except OSError:
        pass
    finally:
        os.close(descriptor)
