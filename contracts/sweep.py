"""Undoes what runs left on a tenant that could not do so themselves: killed ones, and ones that lost their target."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .events import printable
from .failure import NotTheApi, TargetLacks
from .folder import FOLDER
from .ledger import FileLedger, StillAtWork, facts_of, ledgers
from .limits import Limits
from .runner import tidy
from .session import Session
from .showpad.api import Api
from .target import Target, TargetError, choose_target


@dataclass(frozen=True, slots=True)
class Swept:
    """How the sweep of one run's ledger went. `problem` says why it could not be done."""

    run: str
    deleted: int = 0
    left_behind: tuple[str, ...] = ()
    unswept: int = 0
    problem: str | None = None

    @property
    def is_done(self) -> bool:
        """Say whether nothing is left that could be deleted."""
        return self.problem is None and not self.unswept


def sweep(
    environ: Mapping[str, str],
    *,
    target: str | None = None,
    folder: Path = FOLDER,
    limits: Limits | None = None,
    session_for: Callable[..., Session] = Session,
) -> Iterator[Swept]:
    """Sweep every run's ledger in the folder, at the target that it names or at this one instead."""
    for file in ledgers(folder / "ledgers"):
        try:
            facts = facts_of(file)
            about = next((fact for fact in facts if "run" in fact), {})
            where = _target(about, target, environ)
            with (
                closing(FileLedger(file, facts)) as ledger,
                closing(session_for(where, file.stem, ledger=ledger, limits=limits)) as session,
            ):
                yield _swept(session, ledger)
        except (OSError, StillAtWork, TargetError, TargetLacks, NotTheApi) as error:
            yield Swept(file.stem, problem=str(error))


def _target(about: Mapping[str, Any], instead: str | None, environ: Mapping[str, str]) -> Target:
    named = instead or about.get("target")
    if not isinstance(named, str):
        raise TargetError("the ledger does not name its target: give --target")
    target = choose_target(named, environ)
    if target.base_url != about.get("base_url", target.base_url):
        raise TargetError(f"the run was at {about.get('base_url')}, not at {target.base_url}")
    return target


def _swept(session: Session, ledger: FileLedger) -> Swept:
    """Delete what the ledger has, and what a listing finds of creates that were never answered."""
    api = Api(session)
    api.admin.get("/shared-spaces", params={"limit": 1})  # a target that does not answer ends the sweep here
    for space_id, mark in ledger.spaces().items():
        session.adopt(space_id, mark)
    before = ledger.deletions
    left = tidy(api)
    unswept = len(left) - len(ledger.left_behind())
    if not unswept:
        ledger.give_up_doubts()  # looked for after the run was over: what was not found was never created
    return Swept(session.run_id, ledger.deletions - before, tuple(left), unswept)


def told(swept: Sequence[Swept]) -> Iterator[str]:
    """Tell in lines what was swept."""
    for one in swept:
        yield f"{one.run}: " + (one.problem or f"{one.deleted} spaces deleted")
        yield from (f"  left behind: {printable(thing)}" for thing in one.left_behind)
    if not swept:
        yield "Nothing to sweep: no run has left anything."
