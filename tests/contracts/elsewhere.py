"""A mock in this process that the kit takes for somebody else's tenant."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from showpad_contracts.running.ledger import FileLedger, ledgers, new_run_id
from showpad_contracts.running.seal import Seal
from showpad_contracts.showpad.client import Client
from showpad_contracts.transport.limits import Limits
from showpad_contracts.transport.session import Session
from showpad_mock.app import App

from ..harness.asgi import AppTransport
from ..harness.in_process import BASE_URL, mock_target

ADMIN_TOKEN = mock_target().token("admin", oauth=False)


@contextmanager
def elsewhere(app: Any, run_id: str | None = None, folder: Path | None = None) -> Iterator[Client]:
    """Give the API over an app that is not the kit's own; with a folder, with a ledger there."""
    run_id = run_id or new_run_id()
    ledger = None if folder is None else ledger_of(run_id, folder)
    target = replace(mock_target(), is_own=False)
    session = Session(target, run_id, ledger=ledger, limits=Limits(sleep=lambda _: None), transport=AppTransport(app))
    try:
        yield Client(session)
    finally:
        session.close()
        if ledger is not None:
            ledger.close()


def ledger_of(run_id: str, folder: Path, base_url: str = BASE_URL) -> FileLedger:
    """Begin the ledger of a run at a tenant that the mock stands in for."""
    folder.mkdir(parents=True, exist_ok=True)
    ledger = FileLedger(folder / f"{run_id}.jsonl", Seal(run_id, ADMIN_TOKEN))
    ledger.begin(target=base_url, base_url=base_url)
    return ledger


def titles(app: App) -> list[str]:
    with elsewhere(app) as client:
        return sorted(one["title"] for one in client.admin.get("/shared-spaces").received["items"])


def noted(folder: Path) -> list[Path]:
    return list(ledgers(folder / ".showpad-contracts" / "ledgers"))
