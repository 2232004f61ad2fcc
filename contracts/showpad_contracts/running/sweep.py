"""Undoes what runs left on a tenant that could not do so themselves: killed ones, and ones that lost their target."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..core.events import printable
from ..core.target import Target, TargetError
from ..core.violation import NotTheApi, TargetLacks
from ..suite import AnySuite
from ..transport.session import Session
from .folder import FOLDER
from .ledger import FileLedger, StillAtWork, ledgers, lines_of
from .runner import clean_up
from .seal import Seal


@dataclass(frozen=True, slots=True)
class Swept:
    """How the sweep of one run's ledger went. `problem` says why it could not be done."""

    run: str
    deleted: int = 0
    left_behind: tuple[str, ...] = ()
    unswept: int = 0
    forged: int = 0
    problem: str | None = None

    @property
    def is_done(self) -> bool:
        """Return whether nothing is left that could be deleted."""
        return self.problem is None and not self.unswept and not self.forged


def sweep(
    suite: AnySuite,
    environ: Mapping[str, str],
    *,
    target: str | None = None,
    folder: Path = FOLDER,
    session_for: Callable[..., Session] = Session,
) -> Iterator[Swept]:
    """Sweep the ledgers of the suite's runs in the folder, at the target that each names or at this one instead."""
    for file in ledgers(folder / "ledgers"):
        try:
            lines = lines_of(file)
            if _about(lines).get("api", suite.name) != suite.name:
                continue
            where, seal = _written(suite, file, lines, target, environ)
            with (
                closing(FileLedger(file, seal, lines)) as ledger,
                closing(session_for(where, file.stem, ledger=ledger)) as session,
            ):
                yield _swept(suite, session, ledger)
        except (OSError, StillAtWork, TargetError, TargetLacks, NotTheApi) as error:
            yield Swept(file.stem, problem=str(error))


def _written(
    suite: AnySuite, file: Path, lines: Sequence[Mapping[str, Any]], target: str | None, environ: Mapping[str, str]
) -> tuple[Target, Seal]:
    """Return where a run was and its seal, before anything is sent: somebody else's ledger may lead anywhere."""
    about = _about(lines)
    where = _target(suite, about, target, environ)
    seal = Seal(file.stem, where.token(suite.cleanup.actor, oauth=False))
    if about and not seal.holds(about):
        raise TargetError("the ledger was not written by a run with this administrator's token: nothing was deleted")
    return where, seal


def _about(lines: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the line with which a run begins."""
    return next((line for line in lines if "run" in line), {})


def _target(suite: AnySuite, about: Mapping[str, Any], instead: str | None, environ: Mapping[str, str]) -> Target:
    named = instead or about.get("target")
    if not isinstance(named, str):
        raise TargetError("the ledger does not name its target: give --target")
    target = suite.targets.choose(named, environ)
    if target.base_url != about.get("base_url", target.base_url):
        raise TargetError(f"the run was at {about.get('base_url')}, not at {target.base_url}")
    return target


def _swept(suite: AnySuite, session: Session, ledger: FileLedger) -> Swept:
    """Delete what the ledger has, and what a listing finds of creates that were never answered."""
    suite.probe(session)  # a target that does not answer ends the sweep here
    # This session issued none of the run's marks: it knows them by what the creates sent.
    for mark, names in ledger.creates():
        session.marks.send(mark, names)
    for created_id, mark in ledger.kept().items():
        session.adopt(created_id, mark)
    before = ledger.deletions
    left = clean_up(suite.client(session))
    unswept = len(left) - len(ledger.left_behind())
    if not unswept:
        ledger.give_up_doubts()  # looked for after the run was over: what was not found was never created
    return Swept(session.run_id, ledger.deletions - before, tuple(left), unswept, ledger.forged)


def told(swept: Sequence[Swept]) -> Iterator[str]:
    """Yield what was swept, in lines."""
    for one in swept:
        yield f"{one.run}: " + (one.problem or f"{one.deleted} deleted")
        yield from (f"  left behind: {printable(thing)}" for thing in one.left_behind)
        if one.forged:
            yield f"  {one.forged} lines that no run wrote with this administrator's token: passed over"
    if not swept:
        yield "Nothing to sweep: no run has left anything."
