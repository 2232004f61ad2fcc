from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from showpad_contracts.cli import main
from showpad_contracts.showpad.catalogue import CATALOGUE
from showpad_contracts.showpad.checks import CHECKS

from ..harness.in_process import fresh_mock
from .misbehaving import GOOD, closes, drips, expired, first_well_then, hangs, listening, says
from .tenants import Ended, OneTooMany, environment, kit, kit_here, served, target_file

WRONG = ("check", "--target", "target.toml", "--allow-writes", "--rule", "ITEMS-COUNT")


def one_line(ended: Ended) -> str:
    """The kit could not run, and says why in one clear line."""
    assert ended.code == 2, ended
    assert "Traceback" not in ended.out + ended.err
    [line] = ended.err.splitlines()
    assert line.startswith("showpad-contracts: ")
    return line.removeprefix("showpad-contracts: ")


# Exit codes


def test_the_mock_is_the_default_and_the_rule_holds(tmp_path: Path) -> None:
    ended = kit("check", "--verbose", "--rule", "ITEMS-COUNT", cwd=tmp_path)
    assert ended.code == 0, ended
    assert "held       ITEMS-COUNT" in ended.out
    assert ended.out.endswith("No rule was broken.\n")
    assert ended.err == ""


def test_a_broken_rule_is_exit_1_with_all_that_one_needs(tmp_path: Path) -> None:
    with served(OneTooMany(fresh_mock())) as base_url:
        target_file(tmp_path, base_url)
        ended = kit(*WRONG, cwd=tmp_path)
    assert ended.code == 1, ended
    for told in (
        "ITEMS-COUNT: broken",
        CATALOGUE["ITEMS-COUNT"].sentence,
        "guide 001 (documented)",
        "(wrong value)",
        f"API={base_url}",
        'must -X POST "$API"/shared-spaces -H "Authorization: Bearer $MOCK_ADMIN_API"',
        "@0 --target target.toml --allow-writes",
    ):
        assert told in ended.out


def breaches_of(report: Path) -> list[Any]:
    document = json.loads(report.read_text())
    assert (document["seed"], document["profile"]) == (5, "quick")
    return [one["breach"] for one in document["outcomes"] if "breach" in one]


def test_a_replay_runs_just_that_check_and_draws_the_same(tmp_path: Path) -> None:
    with served(OneTooMany(fresh_mock())) as base_url:
        target_file(tmp_path, base_url)
        first = kit(*WRONG, "--seed", "5", "--profile", "quick", "--report", "json:1.json", cwd=tmp_path)
        breaches = breaches_of(tmp_path / "1.json")
        words = breaches[0]["replayLine"].split()
        assert words[:3] == ["showpad-contracts", "replay", breaches[0]["replay"]]
        again = kit_here(*words[1:], "--report", "json:2.json", cwd=tmp_path)
    assert (first.code, again.code) == (1, 1), again
    [breach] = breaches_of(tmp_path / "2.json")
    assert [one["sent"] for one in breach["exchanges"][1:]] == [one["sent"] for one in breaches[0]["exchanges"][1:]]


@pytest.mark.parametrize(("replay", "said"), [("x", "is no replay id"), ("nothing_like_it@0", "there is no check")])
def test_what_cannot_be_replayed_is_exit_2(
    replay: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["replay", replay]) == 2
    assert said in capsys.readouterr().err


# Targets that do not behave


@pytest.mark.parametrize(("talk", "said"), [(hangs, "no answer within"), (drips, "no answer within")])
def test_a_target_that_hangs_is_exit_2(tmp_path: Path, talk: Any, said: str) -> None:
    with listening(talk) as base_url:
        line = one_line(kit_here("check", "--target", base_url, "--timeout", "0.5", cwd=tmp_path))
    assert line == f"{base_url} cannot be reached: no answer within 0.5 seconds"


def test_a_target_that_closes_connections_is_exit_2(tmp_path: Path) -> None:
    with listening(closes) as base_url:
        line = one_line(kit_here("check", "--target", base_url, cwd=tmp_path))
    assert line.startswith(base_url)
    assert "closes connections" in line or "reset" in line


def test_a_port_where_nobody_listens_is_exit_2(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert "refused" in one_line(kit_here("check", "--target", f"http://127.0.0.1:{port}/v4", cwd=tmp_path))


def test_an_expired_certificate_is_exit_2(tmp_path: Path) -> None:
    tls, authority = expired(tmp_path)
    with listening(says(GOOD), tls=tls) as base_url:
        target_file(tmp_path, base_url, f'verify = "{authority.name}"\n')
        line = one_line(kit_here("check", "--target", "target.toml", cwd=tmp_path))
    assert line == f"{base_url} cannot be reached: certificate has expired"


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>",
        b"HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n",
        b'HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n{"hello": 42}',
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
    ],
)
def test_what_speaks_nothing_like_the_api_is_exit_2(tmp_path: Path, answer: bytes) -> None:
    with listening(says(answer)) as base_url:
        line = one_line(kit_here("check", "--target", base_url, cwd=tmp_path))
    assert line.startswith(f"{base_url} speaks nothing like the API: ")


@pytest.mark.parametrize("answer", [b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>"])
def test_what_answers_garbage_later_has_broken_the_rule(tmp_path: Path, answer: bytes) -> None:
    with listening(first_well_then(answer)) as base_url:
        target_file(tmp_path, base_url)
        ended = kit_here("check", "--target", "target.toml", "--rule", "AROUND-USERS", cwd=tmp_path)
    assert ended.code == 1, ended
    assert "AROUND-USERS: broken" in ended.out
    assert "Traceback" not in ended.out + ended.err


def test_a_token_that_is_refused_is_exit_2_and_not_every_rule_broken(tmp_path: Path) -> None:
    with served(fresh_mock()) as base_url:
        ended = kit_here("check", "--target", base_url, cwd=tmp_path, env={"SHOWPAD_TOKEN_ADMIN": "of-last-year"})
    assert "refuses the token of admin: 401" in one_line(ended)
    assert "of-last-year" not in ended.err


def test_a_run_in_which_everything_was_skipped_is_exit_2(tmp_path: Path) -> None:
    with served(fresh_mock()) as base_url:
        ended = kit_here("check", "--target", base_url, "--rule", "ITEMS-COUNT", cwd=tmp_path)
    assert "every rule was skipped" in one_line(ended)


@pytest.mark.parametrize(
    ("flags", "code", "last"),
    [
        (["--rule", "ITEMS-COUNT"], 0, "No rule was broken, but ITEMS-COUNT was asked for and skipped."),
        (["--rule", "ITEMS-COUNT", "--fail-on", "skipped"], 1, "but ITEMS-COUNT was asked for and skipped."),
        (["--rule", "ITEMS-*", "--rule", "CREATE-*", "--fail-on", "skipped"], 1, "rules were skipped."),
        (["--fail-on", "unverified", "--fail-on", "refuted assumption"], 0, "No rule was broken."),
    ],
)
def test_green_means_checked(tmp_path: Path, flags: list[str], code: int, last: str) -> None:
    """On a target where nothing may be written, so that rules that write are skipped."""
    with served(fresh_mock()) as base_url:
        target_file(tmp_path, base_url)
        looked_up = ("USERS", "ASSETS", "THEMES", "TEMPLATES", "DIVISIONS")
        reading = [*(word for name in looked_up for word in ("--rule", f"AROUND-{name}")), "--rule", "LIST-BAD"]
        ended = kit_here("check", "--target", "target.toml", "--profile", "quick", *reading, *flags, cwd=tmp_path)
    assert ended.code == code, ended
    assert ended.out.splitlines()[-1].endswith(last)


# What was asked for wrongly


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["check", "--rule", "NOTHING-*"], "no check bears a rule like 'NOTHING-*'"),
        (["check", "--rule", "CREATE-NOTIFY"], "no check can see CREATE-NOTIFY from outside: "),
        (["check", "--target", "nowhere.toml"], "nowhere.toml: cannot be read"),
        (["check", "--target", "https://acme.api.showpad.com/v4"], "name it in a target file"),
        (["check", "--report", "html:no/where.html"], "--report: no/where.html cannot be written"),
        (["rules", "--rule", "NOTHING"], "no rule is like 'NOTHING'"),
    ],
)
def test_what_cannot_be_done_is_exit_2_and_one_line(
    arguments: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert said in line


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["check", "--report", "pdf:x"],
        ["check", "--rate", "0"],
        ["check", "--max-requests", "-1"],
        ["check", "--timeout", "nan"],
        ["check", "--profile", "slow"],
    ],
)
def test_a_bad_argument_is_exit_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2


@pytest.mark.parametrize("missing", ["httpx2", "hypothesis", "rich"])
def test_without_the_extras_libraries_it_says_so_in_one_line(missing: str, tmp_path: Path) -> None:
    code = (
        f"import sys; sys.modules[{missing!r}] = None; from showpad_contracts import cli; sys.exit(cli.main(['check']))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    line = one_line(Ended(done.returncode, done.stdout, done.stderr))
    assert line == f"{missing} not installed: pip install 'showpad-mock[contracts]'"


def test_an_error_of_the_kit_itself_is_not_the_exit_code_of_a_broken_rule(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(*_: object) -> int:
        raise RuntimeError("a slip")

    monkeypatch.setattr("showpad_contracts.cli._rules", fails)
    assert main(["rules"]) == 2
    assert "an error of the kit" in capsys.readouterr().err


# The other verbs


def test_rules_lists_them_with_their_last_results(tmp_path: Path) -> None:
    before = kit_here("rules", cwd=tmp_path)
    assert "No run has been made here yet." in before.out
    assert kit_here("check", "--rule", "ITEMS-COUNT", cwd=tmp_path).code == 0
    after = kit_here("rules", cwd=tmp_path)
    listed = {line.split()[0]: line.split()[1:] for line in after.out.splitlines()[1:-1]}
    assert set(listed) == set(CATALOGUE)
    bearing = sum("ITEMS-COUNT" in check.rules for check in CHECKS)
    assert listed["ITEMS-COUNT"][:3] == ["D", str(bearing), "held"]
    assert "(no check can see it:" in " ".join(listed["CREATE-NOTIFY"])


def test_results_of_other_rules_stay_when_some_are_run_again(tmp_path: Path) -> None:
    kit_here("check", "--rule", "ITEMS-COUNT", cwd=tmp_path)
    kit_here("check", "--rule", "ITEMS-OK", cwd=tmp_path)
    told = kit_here("rules", "--rule", "ITEMS-*", cwd=tmp_path).out
    assert len([line for line in told.splitlines() if "held (mock, " in line]) >= 2


def test_openapi_prints_the_document(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["openapi"]) == 0
    assert "openapi: 3." in capsys.readouterr().out


def test_a_reader_who_leaves_early_causes_no_traceback(tmp_path: Path) -> None:
    command = f"{sys.executable} -m showpad_contracts rules | head -1"
    done = subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False
    )
    assert done.stderr == ""


def test_all_reports_are_written_at_once_and_its_files_stay_out_of_version_control(tmp_path: Path) -> None:
    flags = [word for kind in ("junit", "html", "json") for word in ("--report", f"{kind}:r.{kind}")]
    assert kit("check", "-q", "--rule", "ITEMS-COUNT", *flags, cwd=tmp_path).code == 0
    assert {file.name for file in tmp_path.iterdir()} == {"r.junit", "r.html", "r.json", ".showpad-contracts"}
    assert (tmp_path / ".showpad-contracts" / ".gitignore").read_text() == "*\n"


SUITE = "showpad_contracts.showpad.suite"


@pytest.mark.parametrize("arguments", [["--help"], ["check", "--help"]])
def test_help_imports_no_suite(arguments: list[str]) -> None:
    program = (
        "import sys; from showpad_contracts import cli\n"
        f"try: cli.main({arguments!r})\nexcept SystemExit: print(*sys.modules, file=sys.stderr)"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "showpad_contracts.suites" in ended.stderr.split()
    assert not {SUITE, "hypothesis", "httpx2"} & set(ended.stderr.split())
