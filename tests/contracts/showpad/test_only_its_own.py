"""A run and a sweep delete what the run created, and nothing that only looks like it, whoever says so."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from showpad_contracts.core.violation import NotTheApi
from showpad_contracts.running.ledger import ledgers, lines_of, new_run_id
from showpad_contracts.running.runner import clean_up
from showpad_contracts.running.sweep import Swept, sweep
from showpad_contracts.showpad.suite import SUITE
from showpad_contracts.transport.limits import Limits
from showpad_contracts.transport.session import Session
from showpad_mock.app import App

from ...harness.asgi import AppTransport
from ...harness.in_process import fresh_mock, mock_target
from ..broken.wrapping import Ask, Seen, Wrong
from ..elsewhere import ADMIN_TOKEN, elsewhere, ledger_of
from ..tenants import Counting, served

ENVIRON = {"SHOWPAD_TOKEN_ADMIN": ADMIN_TOKEN}
LOOK_ALIKE = (
    {"title": "About Check RUN-1"},
    {"title": "Check RUN-1 (copy)"},
    {"title": "check RUN-1"},
    {"title": "Check RUN-1 "},
    {"title": "RUN-1"},
    {"title": "Check RUN-11", "publicUri": "RUN-11"},
    {"title": "Check RUN-99", "publicUri": "RUN-99"},
    {"title": "Ours", "publicUri": "RUN-1-copy"},
    {"title": "Ours too", "publicUri": "RUN-"},
    {"title": "RUN"},
)


def of_the_tenant(app: Any, *spaces: Mapping[str, str]) -> list[str]:
    """Create spaces that are not the run's; gives their ids."""
    with elsewhere(app) as client:
        owner = {"userId": client.target.user_id("owner")}
        answers = [client.admin.post("/shared-spaces", {**space, "owner": owner}) for space in spaces]
    return [answer.received["id"] for answer in answers]


def ids(app: Any) -> set[str]:
    with elsewhere(app) as client:
        return {space["id"] for space in client.admin.get("/shared-spaces").received["items"]}


def look_alikes(run_id: str) -> list[dict[str, str]]:
    return [{name: text.replace("RUN", run_id) for name, text in space.items()} for space in LOOK_ALIKE]


def swept(app: Any, folder: Path) -> list[Swept]:
    def session_for(_: Any, run_id: str, **more: Any) -> Session:
        more["limits"] = Limits(sleep=lambda _: None)
        return Session(replace(mock_target(), is_own=False), run_id, transport=AppTransport(app), **more)

    return list(sweep(SUITE, ENVIRON, folder=folder, session_for=session_for))


# A run


def test_the_end_of_a_run_leaves_what_only_looks_like_its_own(tmp_path: Path) -> None:
    app, run_id = fresh_mock(), new_run_id()
    of_the_tenant(app, *look_alikes(run_id))
    before = ids(app)
    with elsewhere(app, run_id, tmp_path) as client:
        client.space()
        client.space(publicUri=None)
        client.session.ledger.will_create("unanswered", {})  # so that it looks at every space
        assert clean_up(client) == []
    assert ids(app) == before


class AnotherId(Wrong):
    """A wrong server: it answers every create with the id of a space that is there."""

    theirs = ""

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", "/shared-spaces") and seen.status == 201:
            seen.answer["id"] = self.theirs


class AnotherSpace(AnotherId):
    """A wrong server: the same, with nothing of what was sent."""

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", "/shared-spaces") and seen.status == 201:
            seen.answer = {"id": self.theirs, "title": "Theirs", "publicUri": "theirs"}


class AnotherIdUnshown(AnotherId):
    """A wrong server: the same, and it does not show whose the id is."""

    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("GET", f"/shared-spaces/{self.theirs}"):
            seen.status, seen.answer = 404, {"title": "Not Found", "type": "/errors/not-found"}


class TheSameIdTwice(AnotherId):
    """A wrong server: it answers every create with the id of the first space it created."""

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", "/shared-spaces") and seen.status == 201:
            self.theirs = self.theirs or seen.answer["id"]
            seen.answer["id"] = self.theirs


@pytest.mark.parametrize("wrong", [AnotherId, AnotherSpace])
def test_a_create_answered_with_somebody_elses_id_ends_the_run(wrong: type[AnotherId], tmp_path: Path) -> None:
    app = fresh_mock()
    server = wrong(app)
    [server.theirs] = of_the_tenant(app, {"title": "Theirs"})
    before, counting = ids(app), Counting(server)
    with elsewhere(counting, folder=tmp_path) as client:
        with pytest.raises(NotTheApi, match="under which it shows a space that the run did not create"):
            client.space()
        assert clean_up(client) == []
    assert ids(app) == before
    assert [path for _, path in counting.writes() if server.theirs in path] == []


def test_an_id_that_is_not_shown_is_not_deleted_and_the_space_is_found_by_its_mark(tmp_path: Path) -> None:
    app = fresh_mock()
    server = AnotherIdUnshown(app)
    [server.theirs] = of_the_tenant(app, {"title": "Theirs"})
    before, counting = ids(app), Counting(server)
    with elsewhere(counting, folder=tmp_path) as client:
        client.space()
        assert clean_up(client) == []
    assert ids(app) == before
    assert [path for _, path in counting.writes() if server.theirs in path] == []


def test_of_two_creates_answered_with_one_id_both_spaces_are_deleted(tmp_path: Path) -> None:
    app = fresh_mock()
    before = ids(app)
    with elsewhere(TheSameIdTwice(app), folder=tmp_path) as client:
        client.space()
        client.space()
        assert clean_up(client) == []
    assert ids(app) == before


def test_looking_at_a_created_space_is_no_part_of_what_a_report_shows() -> None:
    with elsewhere(fresh_mock()) as client:
        client.session.begin()
        client.space()
        assert [one.name for one in client.session.trail] == ["POST /shared-spaces"]


# A ledger


@pytest.fixture
def killed(tmp_path: Path) -> tuple[App, str, Path]:
    """A run that was killed: the tenant with a space of it, the run's id, its ledger."""
    app, run_id = fresh_mock(), new_run_id()
    with elsewhere(app, run_id, tmp_path / "ledgers") as client:
        client.space()
    return app, run_id, tmp_path / "ledgers" / f"{run_id}.jsonl"


Killed = tuple[App, str, Path]


def test_a_sweep_leaves_what_only_looks_like_the_runs(killed: Killed) -> None:
    app, run_id, ledger = killed
    theirs = of_the_tenant(app, *look_alikes(run_id))
    [one] = swept(app, ledger.parent.parent)
    assert (one.is_done, one.deleted) == (True, 1)
    assert ids(app) >= set(theirs)


def lines_by_others(run_id: str, theirs: str, mark: str) -> list[dict[str, Any]]:
    """Lines as somebody may write them who has seen a ledger, to have a space deleted."""
    return [
        {"created": mark, "id": theirs},
        {"created": f"{run_id}-1", "id": theirs, "seal": "0" * 64},
        {"created": f"{run_id}-1", "id": theirs, "seal": None},
        {"will_create": mark, "as": {"title": "Theirs"}},
        {"will_create": [], "as": 7, "seal": {}},
    ]


def test_a_line_that_no_run_wrote_deletes_nothing_and_is_told(killed: Killed) -> None:
    app, run_id, ledger = killed
    [theirs] = of_the_tenant(app, {"title": "Theirs"})
    forged = lines_by_others(run_id, theirs, f"{run_id}-9")
    with ledger.open("a") as file:
        file.writelines(json.dumps(line) + "\n" for line in forged)
    [one] = swept(app, ledger.parent.parent)
    assert (one.deleted, one.forged, one.is_done) == (1, len(forged), False)
    assert theirs in ids(app)
    assert ledger.exists()


@pytest.mark.parametrize(("before", "after"), [("OWN", "THEIRS"), ('"Check ', '"Theirs '), ('"created"', '"Created"')])
def test_an_edited_line_deletes_nothing(killed: Killed, before: str, after: str) -> None:
    app, run_id, ledger = killed
    [theirs] = of_the_tenant(app, {"title": f"Theirs {run_id}-1"})
    [own] = [line["id"] for line in lines_of(ledger) if "created" in line]
    ledger.write_text(ledger.read_text().replace(before.replace("OWN", own), after.replace("THEIRS", theirs)))
    [one] = swept(app, ledger.parent.parent)
    assert not one.is_done
    assert theirs in ids(app)


def test_another_runs_lines_and_another_runs_name_count_for_nothing(killed: Killed) -> None:
    app, _, ledger = killed
    before = ids(app)
    ledger.rename(ledger.with_name(f"{new_run_id()}.jsonl"))
    [one] = swept(app, ledger.parent.parent)
    assert "not written by a run with this administrator's token" in str(one.problem)
    assert ids(app) == before


def test_an_id_in_the_ledger_that_the_target_shows_as_somebody_elses_is_left_and_told(tmp_path: Path) -> None:
    """The target answered a create with it, and the run was killed before it looked."""
    app, run_id = fresh_mock(), new_run_id()
    [theirs] = of_the_tenant(app, {"title": "Theirs"})
    with closing(ledger_of(run_id, tmp_path / "ledgers")) as ledger:
        ledger.will_create(f"{run_id}-1", {"publicUri": f"{run_id}-1"})
        ledger.created(f"{run_id}-1", theirs)
    [one] = swept(app, tmp_path)
    assert one.left_behind == (f"space {theirs}: it was to be the run's, but does not bear its mark",)
    assert (one.deleted, one.is_done) == (0, True)
    assert theirs in ids(app)


def test_a_ledger_that_somebody_else_wrote_leads_nowhere(tmp_path: Path) -> None:
    """Its target would get the administrator's token."""
    run_id, elsewhere_to = new_run_id(), Counting(fresh_mock())
    with served(elsewhere_to) as base_url:
        line = {"run": run_id, "target": base_url, "base_url": base_url, "seal": "0" * 64}
        (tmp_path / "ledgers").mkdir()
        (tmp_path / "ledgers" / f"{run_id}.jsonl").write_text(json.dumps(line) + "\n")
        [one] = sweep(SUITE, ENVIRON, folder=tmp_path)
    assert "nothing was deleted" in str(one.problem)
    assert elsewhere_to.seen == []
    assert len(list(ledgers(tmp_path / "ledgers"))) == 1
