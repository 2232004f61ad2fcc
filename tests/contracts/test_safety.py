"""A tenant is left as it was: whatever ends a run, and whoever comes to tidy up after it."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from contracts.check import check
from contracts.events import RunEnded
from contracts.failure import Barred, NotTheApi, TargetLacks
from contracts.ledger import FileLedger, StillAtWork, facts_of, ledgers, new_run_id
from contracts.limits import Limits
from contracts.runner import Plan, run, tidy
from contracts.session import Session
from contracts.showpad.api import Api
from contracts.showpad.catalogue import CATALOGUE
from contracts.showpad.checks import CHECKS
from contracts.sweep import Swept, sweep
from mock_server.app import App

from ..mock_server.program import serving
from .in_process import AppTransport, fresh_mock, mock_target
from .tenants import Counting, kit, served, spaces, started, target_file

READING_ONLY = ("--target", "target.toml")
WRITING = (*READING_ONLY, "--allow-writes")


@pytest.fixture
def tenant(tmp_path: Path) -> Iterator[str]:
    """A mock that stands in for a tenant, with a target file in the folder of the test; gives its base URL."""
    with serving("-q") as program:
        target_file(tmp_path, program.base_url)
        yield program.base_url


def wait_for(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def noted(folder: Path) -> list[Path]:
    return list(ledgers(folder / ".showpad-contracts" / "ledgers"))


# Killed, interrupted


def test_after_sigkill_a_sweep_leaves_exactly_the_spaces_from_before(tenant: str, tmp_path: Path) -> None:
    before = spaces(tenant)
    process = started("check", *WRITING, "--rule", "ITEMS-COUNT", "--rate", "40", cwd=tmp_path)
    wait_for(lambda: len(spaces(tenant)) >= len(before) + 3)
    process.kill()
    process.communicate()
    assert spaces(tenant) > before
    [ledger] = noted(tmp_path)
    swept = kit("sweep", cwd=tmp_path)
    assert swept.code == 0, swept
    assert f"{ledger.stem}: " in swept.out
    assert spaces(tenant) == before
    assert noted(tmp_path) == []
    assert "Nothing to sweep" in kit("sweep", cwd=tmp_path).out


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_cleans_up_by_itself(tenant: str, tmp_path: Path, number: signal.Signals) -> None:
    before = spaces(tenant)
    process = started("check", *WRITING, "--rule", "ITEMS-COUNT", "--rate", "40", cwd=tmp_path)
    wait_for(lambda: len(spaces(tenant)) >= len(before) + 3)
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 2
    assert "Traceback" not in out + err
    assert "The run ended early: interrupted" in out
    assert spaces(tenant) == before
    assert noted(tmp_path) == []


def test_a_whole_run_leaves_the_tenants_spaces_as_they_were(tenant: str, tmp_path: Path) -> None:
    before = spaces(tenant)
    ended = kit("check", *WRITING, "--profile", "quick", "--rule", "ITEMS-*", "--rule", "CREATE-*", cwd=tmp_path)
    assert ended.code == 0, ended
    assert spaces(tenant) == before
    assert noted(tmp_path) == []


def test_a_run_that_is_still_at_work_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "ledgers" / f"{new_run_id()}.jsonl"
    file.parent.mkdir()
    with closing(FileLedger(file)) as ledger:
        ledger.will_create("x")
        [swept] = sweep({}, target="http://127.0.0.1:9/v4", folder=tmp_path)
        with pytest.raises(StillAtWork):
            FileLedger(file)
    assert "still at work" in str(swept.problem)


# What may leave


def count_of(*, allow_writes: bool) -> Counting:
    counting = Counting(fresh_mock())
    with elsewhere(counting) as api:
        list(run(Plan(checks=CHECKS, catalogue=CATALOGUE, allow_writes=allow_writes), api))
    return counting


@contextmanager
def elsewhere(app: Any, run_id: str | None = None, folder: Path | None = None) -> Iterator[Api]:
    """Give the API over an app that is not the kit's own; with a folder, with a ledger there."""
    run_id = run_id or new_run_id()
    ledger = None if folder is None else FileLedger(folder / f"{run_id}.jsonl")
    target = replace(mock_target(), is_own=False)
    session = Session(target, run_id, ledger=ledger, limits=Limits(sleep=lambda _: None), transport=AppTransport(app))
    try:
        yield Api(session)
    finally:
        session.close()
        if ledger is not None:
            ledger.close()


def test_without_allow_writes_no_write_leaves() -> None:
    counting = count_of(allow_writes=False)
    assert len(counting.seen) > 50
    assert counting.writes() == []


def test_without_allow_writes_no_write_of_the_program_leaves(tmp_path: Path) -> None:
    counting = Counting(fresh_mock())
    with served(counting) as base_url:
        target_file(tmp_path, base_url)
        ended = kit("check", *READING_ONLY, cwd=tmp_path)
    assert ended.code == 0, ended
    assert counting.seen
    assert counting.writes() == []
    assert noted(tmp_path) == []


def test_without_allow_shares_no_share_is_created() -> None:
    created = count_of(allow_writes=True).created
    assert "/v4/shared-spaces" in created
    assert "/v4/shares" not in created


def test_a_plan_sends_nothing_and_tells_who_would_be_notified(tmp_path: Path) -> None:
    counting = Counting(fresh_mock())
    with served(counting) as base_url:
        target_file(tmp_path, base_url)
        reading = kit("check", *READING_ONLY, "--plan", cwd=tmp_path)
        writing = kit("check", *WRITING, "--plan", "--rate", "5", cwd=tmp_path)
    assert counting.seen == []
    assert (reading.code, writing.code) == (0, 0)
    assert "it changes spaces: --allow-writes lets it" in reading.out
    assert "notifies" not in reading.out
    assert "ITEMS-COUNT" in writing.out
    assert "at 5 a second" in writing.out
    assert "owner (sofia.lindqvist@example.com)" in writing.out
    assert "participant (pieter.janssens@example.com)" in writing.out
    assert "Nothing was sent." in writing.out


def test_the_budget_of_the_program_is_kept_at_the_server_and_the_spaces_are_gone(tmp_path: Path) -> None:
    counting = Counting(fresh_mock())
    with served(counting) as base_url:
        target_file(tmp_path, base_url)
        before = spaces(base_url)
        sent = len(counting.seen)
        ended = kit("check", *WRITING, "--rule", "ITEMS-COUNT", "--max-requests", "12", cwd=tmp_path)
        assert len(counting.seen) - sent <= 12
        assert spaces(base_url) == before
    assert ended.code == 2
    assert "the 12 requests it may" in ended.err


def test_the_rate_of_the_program_is_kept(tmp_path: Path) -> None:
    with served(Counting(fresh_mock())) as base_url:
        target_file(tmp_path, base_url)
        begun = time.monotonic()
        ended = kit("check", *READING_ONLY, "--rule", "AROUND-DIVISIONS", "--rate", "4", cwd=tmp_path)
        spent = time.monotonic() - begun
    assert ended.code == 0, ended
    requests = int(ended.out.split(" requests")[0].split()[-1])
    assert spent >= (requests - 1) / 4


# The ledger


class Watching(httpx.BaseTransport):
    """Reads the ledger as it is on disk whenever a request leaves; may lose the answer of a create."""

    def __init__(self, app: App, folder: Path, *, loses: bool = False) -> None:
        self._inner = AppTransport(app)
        self._folder = folder
        self._loses = loses
        self.on_disk: list[list[dict[str, Any]]] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self._inner.handle_request(request)
        if (request.method, request.url.path) == ("POST", "/v4/shared-spaces"):
            self.on_disk.append([fact for file in ledgers(self._folder) for fact in facts_of(file)])
            if self._loses:
                raise httpx.ReadError("connection lost", request=request)
        return response

    def close(self) -> None:
        self._inner.close()


@contextmanager
def watched(app: App, folder: Path, *, loses: bool = False) -> Iterator[tuple[Api, Watching]]:
    run_id = new_run_id()
    transport = Watching(app, folder, loses=loses)
    with closing(FileLedger(folder / f"{run_id}.jsonl")) as ledger:
        ledger.begin(target="http://127.0.0.1/v4", base_url="http://127.0.0.1/v4")
        limits = Limits(sleep=lambda _: None)
        target = replace(mock_target(), is_own=False)
        with closing(Session(target, run_id, ledger=ledger, limits=limits, transport=transport)) as session:
            yield Api(session), transport


def test_a_create_is_on_disk_before_it_leaves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    fsync = os.fsync

    def note(descriptor: int) -> None:
        synced.append(descriptor)
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    with watched(fresh_mock(), tmp_path) as (api, transport):
        body = api.new_space()
        already = len(synced)
        api.create(body)
        assert transport.on_disk[0][-1] == {"will_create": body["publicUri"]}
        assert len(synced) >= already + 1
        assert tidy(api) == []


def test_a_create_whose_answer_was_never_seen_is_found_and_deleted(tmp_path: Path) -> None:
    app = fresh_mock()
    with elsewhere(app) as before:
        ids = [one["id"] for one in before.admin.get("/shared-spaces").received["items"]]
    with watched(app, tmp_path, loses=True) as (api, _):
        with pytest.raises(NotTheApi):
            api.create(api.new_space(title="Not the run's title"))
        assert tidy(api) == []
    with elsewhere(app) as after:
        assert [one["id"] for one in after.admin.get("/shared-spaces").received["items"]] == ids
    assert list(ledgers(tmp_path)) == []


def left_by_a_dead_run(app: App, folder: Path) -> str:
    """Leave a space, an unanswered one, and the ledger of both, as a killed run does; gives the run's id."""
    (folder / "ledgers").mkdir()
    run_id = new_run_id()
    with elsewhere(app, run_id) as api:
        file = folder / "ledgers" / f"{run_id}.jsonl"
        lines = [{"run": run_id, "target": "http://127.0.0.1/v4", "base_url": "http://127.0.0.1/v4"}]
        known, unseen = api.new_space(), api.new_space(title="Something else")
        lines += [{"will_create": known["publicUri"]}]
        lines += [{"created": known["publicUri"], "id": api.create(known).received["id"]}]
        lines += [{"will_create": unseen["publicUri"]}, {"left": "Share 7"}]
        api.create(unseen)
    file.write_text("".join(json.dumps(line) + "\n" for line in lines) + '{"will_cr')
    return run_id


def swept(app: App, folder: Path) -> list[Swept]:
    def session_for(_: Any, run_id: str, **more: Any) -> Session:
        target = replace(mock_target(), is_own=False)
        more["limits"] = Limits(sleep=lambda _: None)
        return Session(target, run_id, transport=AppTransport(app), **more)

    return list(sweep({}, folder=folder, session_for=session_for))


def titles(app: App) -> list[str]:
    with elsewhere(app) as api:
        return sorted(one["title"] for one in api.admin.get("/shared-spaces").received["items"])


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
    with elsewhere(app) as api:
        for space in api.admin.get("/shared-spaces", params={"title": run_id}).received["items"]:
            api.admin.delete(f"/shared-spaces/{space['id']}")
    [one] = swept(app, tmp_path)
    assert one.is_done


def test_a_sweep_refuses_another_tenant_than_the_runs(tmp_path: Path) -> None:
    left_by_a_dead_run(fresh_mock(), tmp_path)
    [one] = sweep({}, target="http://127.0.0.1:1/v4", folder=tmp_path)
    assert not one.is_done
    assert "the run was at http://127.0.0.1/v4, not at" in str(one.problem)


def test_a_file_that_is_no_runs_ledger_is_not_swept(tmp_path: Path) -> None:
    (tmp_path / "ledgers").mkdir()
    (tmp_path / "ledgers" / "marketing.jsonl").write_text('{"run": "marketing"}\n')
    assert list(sweep({}, folder=tmp_path)) == []


def test_a_sweep_that_cannot_reach_the_tenant_says_so_and_keeps_the_ledger(tmp_path: Path) -> None:
    (tmp_path / ".showpad-contracts").mkdir()
    left_by_a_dead_run(fresh_mock(), tmp_path / ".showpad-contracts")
    [ledger] = noted(tmp_path)
    ledger.write_text(ledger.read_text().replace("http://127.0.0.1/v4", "http://127.0.0.1:9/v4"))
    ended = kit("sweep", cwd=tmp_path, env={"SHOWPAD_TOKEN_ADMIN": "some-token"})
    assert ended.code == 2
    assert "cannot be reached" in ended.out
    assert noted(tmp_path) == [ledger]


def test_nothing_is_created_where_no_ledger_can_be_written(tmp_path: Path) -> None:
    counting = Counting(fresh_mock())
    (tmp_path / ".showpad-contracts").write_text("a file, where the folder should be")
    with served(counting) as base_url:
        target_file(tmp_path, base_url)
        ended = kit("check", *WRITING, "--rule", "ITEMS-COUNT", cwd=tmp_path)
    assert ended.code == 2
    assert "no ledger can be written there" in ended.err
    assert counting.writes() == []


# What a check may create on somebody else's tenant


def test_a_space_that_could_not_be_found_again_is_not_created_elsewhere() -> None:
    counting = Counting(fresh_mock())
    with elsewhere(counting) as api:
        for lost in (api.new_space(publicUri=None, title="Mine"), json.dumps({"title": "Mine"}).encode()):
            with pytest.raises(Barred, match="could not be found again"):
                api.create(lost)
    assert counting.seen == []


def test_a_space_that_bears_the_mark_in_its_title_alone_is_created_and_deleted(tmp_path: Path) -> None:
    app = fresh_mock()
    before = titles(app)
    with elsewhere(app, folder=tmp_path) as api:
        api.space(publicUri=None)
        assert tidy(api) == []
    assert titles(app) == before


def test_nothing_is_created_elsewhere_without_an_administrator_to_delete_it() -> None:
    target = replace(mock_target(), is_own=False)
    target = replace(target, actors={name: one for name, one in target.actors.items() if name != "admin"})
    counting = Counting(fresh_mock())
    with closing(Session(target, new_run_id(), transport=AppTransport(counting))) as session:
        with pytest.raises(TargetLacks, match="the actor admin"):
            Api(session).space(by=Api(session).owner)
    assert counting.seen == []


def test_a_space_that_lacks_the_mark_in_the_answer_is_not_deleted(tmp_path: Path) -> None:
    """The target may answer a create with a space of its own."""
    mine = {"id": "5", "title": "The tenant's", "publicUri": "theirs"}
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.method)
        return httpx.Response(201 if request.method == "POST" else 200, json={**mine, "items": []})

    target = replace(mock_target(), is_own=False)
    with closing(FileLedger(tmp_path / f"{new_run_id()}.jsonl")) as ledger:
        limits = Limits(sleep=lambda _: None)
        transport = httpx.MockTransport(answer)
        with closing(Session(target, new_run_id(), ledger=ledger, limits=limits, transport=transport)) as session:
            api = Api(session)
            api.create(api.new_space())
            [left] = tidy(api)
    assert "lacks the run's mark" in left
    assert "DELETE" not in seen


@pytest.mark.parametrize("expires", [None, "2999-01-01T00:00:00Z", "2026-01-01T00:00:00", "soon", 5])
def test_a_share_that_outlives_the_hour_is_not_created_elsewhere(expires: Any) -> None:
    counting = Counting(fresh_mock())
    with elsewhere(counting) as api:
        body = {"title": "x", "origin": "y", "assets": [], **({} if expires is None else {"expiresAt": expires})}
        with pytest.raises(Barred, match="within the hour"):
            api.share(body)
    assert counting.seen == []


def test_shares_are_listed_as_left_behind(tmp_path: Path) -> None:
    ended = None
    checks = [one for one in CHECKS if one.rules[0] == "SHARE-OK"]
    with elsewhere(fresh_mock(), folder=tmp_path) as api:
        for event in run(Plan(checks=checks, catalogue=CATALOGUE, allow_writes=True, allow_shares=True), api):
            ended = event
    assert isinstance(ended, RunEnded)
    assert [one for one in ended.left_behind if one.startswith("Share ")]


@check("DELETE-OK", writes=True)
def somebody_may_not_see_it(api: Api) -> None:
    space = api.space()
    api.session.ledger.left("nothing")
    exchange = api.delete(space["id"], by=api.as_("outsider"))
    assert exchange.status in (403, 404)


def test_a_404_to_somebody_else_does_not_make_the_run_forget_its_space(tmp_path: Path) -> None:
    app = fresh_mock()
    before = titles(app)
    with elsewhere(app, folder=tmp_path) as api:
        list(run(Plan(checks=[somebody_may_not_see_it], catalogue=CATALOGUE, allow_writes=True), api))
    assert titles(app) == before
