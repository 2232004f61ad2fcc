"""`make demo`, as the program it is, and its exit codes."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from fixtures.guides import demo, program
from fixtures.guides.exchanges import Guides, read_json
from showpad_mock import MockShowpad

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    """The demo has run, on a machine whose user has settings of their own for the mock."""
    state = tmp_path_factory.mktemp("user") / "state.json"
    state.write_text("{}", encoding="utf-8")
    environ = {**os.environ, "SHOWPAD_MOCK_STATE": str(state), "SHOWPAD_MOCK_LOG_FORMAT": "json"}
    command = [sys.executable, "-m", "fixtures.guides.demo"]
    return subprocess.run(
        command, cwd=ROOT, env=environ, capture_output=True, encoding="utf-8", timeout=60, check=False
    )


def test_the_demo_shows_every_exchange_and_ends_well(ended: subprocess.CompletedProcess[str]) -> None:
    assert (ended.returncode, ended.stderr) == (0, "")
    for number, document in enumerate(read_json("exchanges.json"), start=1):
        assert f"\n{f'{number}/11':7}{document['title']}\n" in ended.stdout
    assert ended.stdout.count("as the guide shows\n") == 11


def test_the_demo_shows_the_requests_of_rspaces_guide_in_short(
    ended: subprocess.CompletedProcess[str],
) -> None:
    for document in read_json("rspace.json"):
        assert f"same    {document['title']}: came {document['response']['status']}\n" in ended.stdout
    assert ended.stdout.count("/api/v1/") == 5


def test_the_last_line_of_the_demo_says_how_it_went_and_what_is_next(ended: subprocess.CompletedProcess[str]) -> None:
    assert ended.stdout.splitlines()[-1] == (
        "16 of 16 exchanges are as the guides show them. Next: make serve, make test"
    )


def test_the_demo_fits_a_terminal_and_is_not_coloured_in_a_file(ended: subprocess.CompletedProcess[str]) -> None:
    assert max(map(len, ended.stdout.splitlines())) <= 100
    assert "\033" not in ended.stdout


@contextmanager
def serving(environ: Mapping[str, str]) -> Iterator[str]:
    with MockShowpad(data="guides") as server:
        yield server.origin


def test_the_demo_ends_with_1_when_an_exchange_differs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    documents = read_json("exchanges.json")
    documents[0]["response"]["body"]["description"] = "Archived"
    monkeypatch.setattr(demo, "read_guides", lambda: Guides(documents, read_json("table.json")))
    monkeypatch.setattr(demo, "serving", serving)
    assert demo.main() == 1
    printed = capsys.readouterr().out
    assert 'response.body.description: expected "Archived", came "ARCHIVED"' in printed
    assert "15 of 16 exchanges are as the guides show them." in printed


def test_the_demo_ends_with_2_when_the_server_does_not_start(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    assert demo.main() == 2
    assert capsys.readouterr().err == "demo: the server did not start\n"


def test_a_terminal_gets_colour(guides: Guides) -> None:
    out = io.StringIO()
    demo.Page(out, colour=True).conclude(11, 11)
    assert out.getvalue().startswith("\n\033[32m11 of 11 exchanges are as the guides show them.\033[0m")


def test_a_refused_preparation_is_told(guides_server: MockShowpad) -> None:
    calls = program.Calls(guides_server.origin)
    with pytest.raises(program.NoServer, match="POST /__admin/tenants was refused"):
        calls.open_tenant("not a label")
    calls.close()
