"""The ledger knows what a run creates before it leaves, and a sweep undoes what is left."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest

from showpad_contracts.core.violation import NotTheApi
from showpad_contracts.running.ledger import StillAtWork, ledgers, lines_of, new_run_id
from showpad_contracts.running.runner import clean_up
from showpad_contracts.running.sweep import Swept, sweep
from showpad_contracts.showpad.client import Client
from showpad_contracts.showpad.suite import SUITE
from showpad_contracts.transport.limits import Limits
from showpad_contracts.transport.session import Session
from showpad_mock.app import App

from ...harness.asgi import AppTransport
from ...harness.in_process import fresh_mock, mock_target
from ..elsewhere import ADMIN_TOKEN, elsewhere, ledger_of, noted, titles
from ..tenants import Counting, kit_here, served, target_file

WRITING = ("--target", "target.toml", "--allow-writes")
ENVIRON = {"SHOWPAD_TOKEN_ADMIN": ADMIN_TOKEN}


# The ledger


class Watching(httpx2.BaseTransport):
    """Reads the ledger as it is on disk whenever a request leaves; may lose the answer of a create."""

    def __init__(self, app: App, folder: Path, *, loses: bool = False) -> None:
        self._inner = AppTransport(app)
        self._folder = folder
        self._loses = loses
        self.on_disk: list[list[dict[str, Any]]] = []

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        response = self._inner.handle_request(request)
        if (request.method, request.url.path) == ("POST", "/v4/shared-spaces"):
            self.on_disk.append([fact for file in ledgers(self._folder) for fact in lines_of(file)])
            if self._loses:
                raise httpx2.ReadError("connection lost", request=request)
        return response

    def close(self) -> None:
        self._inner.close()


@contextmanager
def watched(app: App, folder: Path, *, loses: bool = False) -> Iterator[tuple[Client, Watching]]:
    run_id = new_run_id()
    transport = Watching(app, folder, loses=loses)
    with closing(ledger_of(run_id, folder)) as ledger:
        limits = Limits(sleep=lambda _: None)
        target = replace(mock_target(), is_own=False)
        with closing(Session(target, run_id, ledger=ledger, limits=limits, transport=transport)) as session:
            yield Client(session), transport


def test_a_create_is_on_disk_before_it_leaves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    fsync = os.fsync

    def note(descriptor: int) -> None:
        synced.append(descriptor)
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    with watched(fresh_mock(), tmp_path) as (client, transport):
        body = client.new_space()
        already = len(synced)
        client.create(body)
        names = {"publicUri": body["publicUri"], "title": body["title"]}
        assert transport.on_disk[0][-1].items() >= {"will_create": body["publicUri"], "as": names}.items()
        assert len(synced) >= already + 1
        assert clean_up(client) == []


def test_a_create_whose_answer_was_never_seen_is_found_and_deleted(tmp_path: Path) -> None:
    app = fresh_mock()
    with elsewhere(app) as before:
        ids = [one["id"] for one in before.admin.get("/shared-spaces").received["items"]]
    with watched(app, tmp_path, loses=True) as (client, _):
        with pytest.raises(NotTheApi):
            client.create(client.new_space(title="Not the run's title"))
        assert clean_up(client) == []
    with elsewhere(app) as after:
        assert [one["id"] for one in after.admin.get("/shared-spaces").received["items"]] == ids
    assert list(ledgers(tmp_path)) == []


def left_by_a_dead_run(app: App, folder: Path) -> str:
    """Leave a space, an unanswered one, and the ledger of both, as a killed run does; gives the run's id."""
    run_id = new_run_id()
    with elsewhere(app, run_id, folder / "ledgers") as client:
        client.space()
        unanswered = client.space(title="Something else")
        client.session.ledger.left("Share 7")
    file = folder / "ledgers" / f"{run_id}.jsonl"
    answered = [line for line in file.read_text().splitlines() if f'"id": "{unanswered["id"]}"' not in line]
    file.write_text("\n".join([*answered, '{"will_cr']))
    return run_id


def swept(app: App, folder: Path) -> list[Swept]:
    def session_for(_: Any, run_id: str, **more: Any) -> Session:
        target = replace(mock_target(), is_own=False)
        more["limits"] = Limits(sleep=lambda _: None)
        return Session(target, run_id, transport=AppTransport(app), **more)

    return list(sweep(SUITE, ENVIRON, folder=folder, session_for=session_for))


def test_a_sweep_deletes_what_is_known_and_what_a_listing_finds_and_tells_what_stays(tmp_path: Path) -> None:
    app = fresh_mock()
    before = titles(app)
    run_id = left_by_a_dead_run(app, tmp_path)
    assert len(titles(app)) == len(before) + 2
    assert swept(app, tmp_path) == [Swept(run_id, deleted=2, left_behind=("Share 7",))]
    assert titles(app) == before
    assert swept(app, tmp_path) == []


def test_a_sweep_touches_no_space_but_the_runs(tmp_path: Path) -> None:
    app = fresh_mock()
    with elsewhere(app, f"{new_run_id()[:-8]}00000000") as other:
        theirs = other.space()
    left_by_a_dead_run(app, tmp_path)
    swept(app, tmp_path)
    assert theirs["title"] in titles(app)


def test_a_space_that_was_deleted_by_hand_is_no_problem_for_a_sweep(tmp_path: Path) -> None:
    app = fresh_mock()
    run_id = left_by_a_dead_run(app, tmp_path)
    with elsewhere(app) as client:
        for space in client.admin.get("/shared-spaces", params={"title": run_id}).received["items"]:
            client.admin.delete(f"/shared-spaces/{space['id']}")
    [one] = swept(app, tmp_path)
    assert one.is_done


def test_a_sweep_refuses_another_tenant_than_the_runs(tmp_path: Path) -> None:
    left_by_a_dead_run(fresh_mock(), tmp_path)
    [one] = sweep(SUITE, {}, target="http://127.0.0.1:1/v4", folder=tmp_path)
    assert not one.is_done
    assert "the run was at http://127.0.0.1/v4, not at" in str(one.problem)


def test_a_file_that_is_no_runs_ledger_is_not_swept(tmp_path: Path) -> None:
    (tmp_path / "ledgers").mkdir()
    (tmp_path / "ledgers" / "marketing.jsonl").write_text('{"run": "marketing"}\n')
    assert list(sweep(SUITE, {}, folder=tmp_path)) == []


def test_a_sweep_that_cannot_reach_the_tenant_says_so_and_keeps_the_ledger(tmp_path: Path) -> None:
    with closing(ledger_of(new_run_id(), tmp_path / ".showpad-contracts/ledgers", "http://127.0.0.1:9/v4")) as left:
        left.will_create("x-1", {"title": "x-1"})
    [ledger] = noted(tmp_path)
    ended = kit_here("sweep", cwd=tmp_path, env=ENVIRON)
    assert ended.code == 2
    assert "cannot be reached" in ended.out
    assert noted(tmp_path) == [ledger]


def test_nothing_is_created_where_no_ledger_can_be_written(tmp_path: Path) -> None:
    counting = Counting(fresh_mock())
    (tmp_path / ".showpad-contracts").write_text("a file, where the folder should be")
    with served(counting) as base_url:
        target_file(tmp_path, base_url)
        ended = kit_here("check", *WRITING, "--rule", "ITEMS-COUNT", cwd=tmp_path)
    assert ended.code == 2
    assert "no ledger can be written there" in ended.err
    assert counting.writes() == []


def test_a_run_that_is_still_at_work_is_left_alone(tmp_path: Path) -> None:
    run_id = new_run_id()
    with closing(ledger_of(run_id, tmp_path / "ledgers")) as ledger:
        ledger.will_create("x-1", {"title": "x-1"})
        [swept] = sweep(SUITE, ENVIRON, folder=tmp_path)
        with pytest.raises(StillAtWork):
            ledger_of(run_id, tmp_path / "ledgers")
    assert "still at work" in str(swept.problem)
