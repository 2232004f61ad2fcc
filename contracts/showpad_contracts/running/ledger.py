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

from ..core.violation import NotTheApi
from .seal import Seal

if sys.platform != "win32":
    import fcntl


class LedgerLost(NotTheApi):
    """The ledger cannot be written, so nothing more may be created."""


RUN_ID = re.compile(r"contracts-\d{8}-[0-9a-f]{8}")


def new_run_id() -> str:
    """Return a name that no other run has, as what it creates shows it."""
    return f"contracts-{datetime.now(UTC):%Y%m%d}-{secrets.token_hex(4)}"


class FileLedger:
    """One run's ledger: a sealed line of JSON for each fact, each on disk when the call returns.

    While it is open it is locked, so that no sweep takes away what a running run needs. Lines that no run wrote count
    for nothing, and the file that has them stays.
    """

    def __init__(self, file: Path, seal: Seal, lines: Sequence[Mapping[str, Any]] = ()) -> None:
        self.file = file
        self._seal = seal
        self._creates: list[tuple[str, Mapping[str, str]]] = []
        self._created: dict[str, str] = {}  # id -> mark
        self._doubtful: dict[str, None] = {}
        self._left: list[str] = []
        self.deletions = 0
        """How many deletions are noted."""
        sealed = [line for line in lines if seal.holds(line)]
        self.forged = len(lines) - len(sealed)
        """How many lines no run wrote."""
        for fact in sealed:
            self._take(fact)
        try:
            self._descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        except OSError as error:
            raise LedgerLost(f"{file}: the ledger cannot be written: {error.strerror}") from None
        if not _locked(self._descriptor):
            os.close(self._descriptor)
            raise StillAtWork(f"{file.stem}: the run is still at work")
        if lines:
            os.write(self._descriptor, b"\n")  # the last line may have been cut off

    def begin(self, **about: str) -> None:
        """Write what the run is: its target, and how that was named."""
        self._write({"run": self.file.stem, **about})
        _sync_folder(self.file.parent)

    def will_create(self, mark: str, names: Mapping[str, str]) -> None:
        """Note what is about to be created, and the members that bear its mark."""
        self._write({"will_create": mark, "as": dict(names)})

    def refused(self, mark: str) -> None:
        """Note that it was not created after all."""
        self._write({"refused": mark})

    def created(self, mark: str, created_id: str) -> None:
        """Note the id of what was created."""
        self._write({"created": mark, "id": created_id})

    def deleted(self, created_id: str) -> None:
        """Note that it is gone."""
        self._write({"deleted": created_id})

    def disowned(self, created_id: str) -> None:
        """Note that an id was not that of what was created."""
        self._write({"disowned": created_id})

    def left(self, what: str) -> None:
        """Note something that nothing can delete."""
        self._write({"left": what})

    def creates(self) -> Sequence[tuple[str, Mapping[str, str]]]:
        """Return the mark of each create, with the members that bear it."""
        return self._creates

    def doubtful(self) -> Sequence[str]:
        """Return the marks of what may have been created: no answer told, or a wrong id."""
        return list(self._doubtful)

    def left_behind(self) -> Sequence[str]:
        """Return what was noted as `left`."""
        return self._left

    def is_blank(self) -> bool:
        """Return whether no create was noted at all."""
        return not self._creates

    def kept(self) -> Mapping[str, str]:
        """Return the ids, with their marks, of what was created and not deleted."""
        return self._created

    def give_up_doubts(self) -> None:
        """Note that what was never answered was looked for, long enough after, and is not there."""
        for mark in self.doubtful():
            self.refused(mark)

    def close(self) -> None:
        """Close the ledger; where nothing is left of what it notes, it is gone."""
        if not (self._created or self._doubtful or self.forged):
            # While it is still locked: no sweep may open what is about to go.
            self.file.unlink(missing_ok=True)
        os.close(self._descriptor)

    def _write(self, fact: Mapping[str, Any]) -> None:
        line = json.dumps(self._seal.on(fact)).encode() + b"\n"
        try:
            if os.write(self._descriptor, line) != len(line):
                raise OSError(0, "the disk is full")
            os.fsync(self._descriptor)
        except OSError as error:
            raise LedgerLost(f"{self.file}: the ledger cannot be written: {error.strerror}") from None
        self._take(fact)

    def _take(self, fact: Mapping[str, Any]) -> None:
        match fact:
            case {"will_create": mark, "as": names}:
                self._creates.append((mark, names))
                self._doubtful[mark] = None
            case {"refused": mark}:
                self._doubtful.pop(mark, None)
            case {"created": mark, "id": created_id}:
                self._doubtful.pop(mark, None)
                self._created[created_id] = mark
            case {"deleted": created_id}:
                self._created.pop(created_id, None)
                self.deletions += 1
            case {"disowned": created_id} if created_id in self._created:
                self._doubtful[self._created.pop(created_id)] = None
            case {"left": what}:
                self._left.append(what)


class StillAtWork(Exception):
    """The run whose ledger this is has not ended."""


def lines_of(file: Path) -> list[dict[str, Any]]:
    """Read a ledger's lines; one that was cut off tells of a request that never left."""
    lines = []
    for text in file.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            line = json.loads(text)
        except (ValueError, RecursionError):
            continue
        if isinstance(line, dict):
            lines.append(line)
    return lines


def ledgers(folder: Path) -> Iterator[Path]:
    """Return the ledgers that runs have left, the oldest first; a file by another name than a run's is none."""
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
