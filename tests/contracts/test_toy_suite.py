"""A suite of another API is run, reported, planned and swept, and no room of the kit is touched for it."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from showpad_contracts.core.target import TargetError
from showpad_contracts.core.violation import NotTheApi
from showpad_contracts.running.opening import CannotRun, RunOptions, described, new_ledger
from showpad_contracts.running.sweep import sweep
from showpad_contracts.running.working import ReportOptions, planned, rules_table, work
from showpad_contracts.showpad.client import Client as ShowpadClient
from showpad_contracts.transport.limits import Limits
from showpad_contracts.transport.session import Session

from ..harness.in_process import fresh_mock
from .tenants import served
from .toy import SUITE, TOKEN, Notes, NotesClient

if TYPE_CHECKING:
    # Held by mypy, to which an ignore without an error is one: checks ask the client that their own suite makes.
    replace(SUITE, client=ShowpadClient)  # type: ignore[arg-type]

ENVIRON = {"NOTES_TOKEN_WRITER": TOKEN}


class Shouting(Notes):
    """A wrong server: it keeps another text than was sent."""

    def answer(self, method: str, note: str, sent: Any) -> tuple[int, Any]:
        return super().answer(method, note, {"text": sent["text"].upper()} if method == "POST" else sent)


class Forgetful(Notes):
    """A wrong server: its list is empty."""

    def answer(self, method: str, note: str, sent: Any) -> tuple[int, Any]:
        return (200, []) if (method, note) == ("GET", "") else super().answer(method, note, sent)


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def notes() -> Notes:
    return Notes()


@pytest.fixture
def url(notes: Notes) -> Iterator[str]:
    with served(notes) as base_url:
        yield base_url.removesuffix("/v4")


def options(url: str) -> RunOptions[NotesClient]:
    return RunOptions(suite=SUITE, target=url, allow_writes=True)


def run(app: Notes) -> int:
    """Check a server, with a report in every format."""
    reports = [(form, Path(f"report.{form}")) for form in ("junit", "html", "json")]
    with served(app) as base_url:
        return work(options(base_url.removesuffix("/v4")), ENVIRON, ReportOptions(reports=reports))


def verdicts() -> dict[str, str]:
    outcomes = json.loads(Path("report.json").read_text())["outcomes"]
    return {one["rule"]: one["verdict"] for one in outcomes}


def test_a_right_server_holds_the_rules_and_nothing_is_left_in_it(notes: Notes) -> None:
    assert run(notes) == 0
    assert verdicts() == {"NOTE-KEPT": "held", "NOTE-LISTED": "held"}
    assert notes.notes == {}
    assert list(Path(".showpad-contracts/ledgers").iterdir()) == []


def test_a_wrong_server_is_caught_and_every_report_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(Shouting()) == 1
    assert verdicts() == {"NOTE-KEPT": "broken", "NOTE-LISTED": "unverified"}
    [failed] = ET.parse("report.junit").getroot().iter("failure")
    assert "text of the note" in failed.attrib["message"]
    assert "notes.documented.note" in Path("report.junit").read_text()
    for told in (capsys.readouterr().out, Path("report.html").read_text()):
        assert "A note reads back as it was written." in told
        assert 'API"/notes' in told


def test_a_refuted_assumption_of_it_breaks_nothing() -> None:
    assert run(Forgetful()) == 0
    assert verdicts()["NOTE-LISTED"] == "refuted assumption"


def test_what_is_not_its_api_is_told_in_one_line() -> None:
    with served(fresh_mock()) as base_url, pytest.raises(NotTheApi, match="speaks nothing like the API"):
        work(options(base_url), ENVIRON, ReportOptions())


def test_its_roles_name_the_variables_and_the_actors_of_its_target_files(url: str) -> None:
    told = list(described(SUITE, url, ENVIRON, Limits()))
    assert 'api_token = "NOTES_TOKEN_WRITER"' in told
    Path("tenant.toml").write_text("\n".join(told))
    assert SUITE.targets.read(Path("tenant.toml"), ENVIRON).token("writer", oauth=False) == TOKEN
    Path("tenant.toml").write_text(f'base_url = "{url}"\n[actors.admin]\n')
    with pytest.raises(TargetError, match="admin: is none of writer"):
        SUITE.targets.read(Path("tenant.toml"), ENVIRON)
    with pytest.raises(CannotRun, match="set NOTES_TOKEN_WRITER"):
        list(described(SUITE, url, {}, Limits()))


def test_its_runs_are_planned_and_its_rules_listed(notes: Notes, url: str) -> None:
    assert any("a note is kept" in line for line in planned(options(url), ENVIRON))
    assert any(line.startswith("NOTE-LISTED") for line in rules_table(SUITE, []))
    assert notes.notes == {}


def test_what_a_killed_run_left_is_swept(notes: Notes, url: str) -> None:
    notes.notes["n9"] = "somebody's own"
    target = SUITE.targets.choose(url, ENVIRON)
    run_id = "contracts-20260101-0123abcd"
    with (
        closing(new_ledger(options(url), target, run_id, Path(".showpad-contracts"))) as ledger,
        closing(Session(target, run_id, ledger=ledger)) as session,
    ):
        NotesClient(session).write()
    [swept] = sweep(SUITE, ENVIRON)
    assert (swept.run, swept.deleted, swept.is_done) == (run_id, 1, True)
    assert notes.notes == {"n9": "somebody's own"}


def test_without_a_mock_of_its_own_a_target_is_to_be_named() -> None:
    with pytest.raises(CannotRun, match="the suite notes has no mock"):
        work(replace(options(""), target="mock"), ENVIRON, ReportOptions())
