"""The checks as test items of pytest."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from showpad_contracts.showpad.checks import CHECKS

from ..harness.in_process import fresh_mock
from .broken.tampering import answering, with_status
from .rspace import driving as rspace
from .rspace.broken.making import recoded
from .tenants import TENANT, TOKENS, Counting, OneTooMany, heeding_ctrl_c, served, spaces, target_file, wait_for_spaces

WRITING = ("--showpad-target=target.toml", "--showpad-allow-writes")
NONE_OF_IT = (
    "hypothesis",
    "httpx2",
    "rich",
    "showpad_contracts.running.opening",
    "showpad_contracts.showpad.suite",
    "showpad_contracts.suite",
    "showpad_contracts.transport.session",
)


@pytest.fixture
def base_url(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A mock that stands in for a tenant, with its target file and tokens."""
    for name, token in TOKENS.items():
        monkeypatch.setenv(name, token)
    with served(fresh_mock()) as base_url:
        target_file(pytester.path, base_url)
        yield base_url


def run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    return pytester.runpytest_subprocess("-p", "no:cacheprovider", *arguments)


def test_who_does_not_ask_gets_no_items_and_no_hypothesis(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(f"""
        import sys
        def test_nothing():
            assert "showpad_contracts.pytest_plugin" in sys.modules
            assert not [name for name in {NONE_OF_IT!r} if name in sys.modules]
    """)
    run(pytester, "-p", "no:randomly").assert_outcomes(passed=1)


def test_every_check_is_an_item_beside_ones_own_tests(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTEST_ADDOPTS")
    pytester.makepyfile("def test_mine(): pass")
    flags = ("--collect-only", "-q", "-p", "no:randomly")
    result = pytester.runpytest_subprocess("--showpad-target=mock", *flags)  # beside every other plugin
    items = [line for line in result.outlines if line.startswith("showpad-contracts::")]
    assert items == [f"showpad-contracts::{check.rules[0]}::{check.name}" for check in CHECKS]
    assert any("test_mine" in line for line in result.outlines)


def test_the_mock_passes_and_items_can_be_chosen(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_mine(): pass")
    result = run(pytester, "--showpad-target=mock", "--showpad-rule=ITEMS-*", "-m", "showpad_contract", "-k", "COUNT")
    result.assert_outcomes(passed=1, deselected=sum("ITEMS-" in check.rules[0] for check in CHECKS))


def test_the_checks_of_another_api_are_items_when_it_is_named(pytester: pytest.Pytester) -> None:
    flags = ("--showpad-api=rspace", "--showpad-target=mock")
    result = run(pytester, *flags, "--showpad-rule=RS-UNSHARE-*", "--showpad-profile=quick", "-v", "-p", "no:randomly")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["showpad-contracts::RS-UNSHARE-OK::a_share_ends_alone PASSED*"])
    refused = run(pytester, *flags, "--showpad-rule=ITEMS-COUNT")
    assert "no check bears a rule like 'ITEMS-COUNT'" in refused.stderr.str()


def test_what_another_api_breaks_is_replayed_with_its_name(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RSPACE_TOKEN_OWNER", "mock_contracts_alice")
    with served(recoded("GET", "/status", 200, 202)(rspace.fresh_mock())) as base_url:
        target = base_url.replace("/v4", "/api/v1")
        result = run(pytester, "--showpad-api=rspace", f"--showpad-target={target}", "--showpad-rule=RS-STATUS")
    assert result.ret == 1
    assert f"showpad-contracts replay the_status_is_ok@0 --api rspace --target {target}" in result.stdout.str()


def test_a_broken_rule_fails_with_the_whole_story(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, token in TOKENS.items():
        monkeypatch.setenv(name, token)
    with served(OneTooMany(fresh_mock())) as base_url:
        target_file(pytester.path, base_url)
        result = run(pytester, *WRITING, "--showpad-rule=ITEMS-COUNT", "--showlocals")
    assert result.ret == 1
    told = result.stdout.str()
    assert "ITEMS-COUNT: broken" in told
    assert f"API={base_url}" in told
    assert 'must -X POST "$API"/shared-spaces' in told
    assert "showpad-contracts replay counts_add_up_to_the_assets_sent@0 --target target.toml --allow-writes" in told
    assert "Traceback" not in told
    assert not [token for token in TOKENS.values() if token in told]


def test_what_fails_in_the_same_way_is_told_once(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, token in TOKENS.items():
        monkeypatch.setenv(name, token)
    with served(answering("POST", "/shared-spaces", with_status(200))(fresh_mock())) as base_url:
        target_file(pytester.path, base_url)
        rules = [f"--showpad-rule={rule}" for rule in ("CREATE-TITLE-LENGTH", "CREATE-DEFAULTS", "GET-OK")]
        result = run(pytester, *WRITING, *rules, "-p", "no:randomly")
    assert result.ret == 1
    # In CI pytest repeats each failure whole in its summary.
    told = result.stdout.str().partition("short test summary info")[0]
    assert told.count("must -X POST") + told.count("send -X POST") == 1
    assert "CREATE-OK: broken in the same way as CREATE-" in told


def test_a_skip_has_its_reason_and_no_write_leaves_without_being_allowed(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, token in TOKENS.items():
        monkeypatch.setenv(name, token)
    counting = Counting(fresh_mock())
    with served(counting) as base_url:
        target_file(pytester.path, base_url)
        result = run(pytester, "--showpad-target=target.toml", "-rs")
    assert result.ret == 0
    assert counting.seen
    assert counting.writes() == []
    assert "it changes the tenant: --allow-writes lets it" in result.stdout.str()


REFUTING = """
    from showpad_contracts.core import expect
    from showpad_contracts.core.check import check
    from showpad_contracts.core.violation import Inconclusive
    from showpad_contracts.showpad import checks

    @check("CONV-ORDER")
    def it_is_assumed(client):
        expect.status(client.admin.get("/shared-spaces"), 418)

    @check("CONV-BASE")
    def it_depends(client):
        raise Inconclusive("who knows")

    checks.CHECKS = (it_is_assumed, it_depends)
"""


@pytest.mark.parametrize("workers", [(), ("-n", "2")])
def test_a_refuted_assumption_passes_and_is_told_and_an_undecided_check_is_skipped(
    pytester: pytest.Pytester, workers: tuple[str, ...]
) -> None:
    pytester.makeconftest(REFUTING)
    pytester.makefile(".ini", pytest="[pytest]\nfilterwarnings = error\n")
    result = run(pytester, "--showpad-target=mock", "-rs", *workers)
    result.assert_outcomes(passed=1, skipped=1)
    result.stdout.fnmatch_lines(["*refuted assumptions*", "CONV-ORDER: *status of GET /shared-spaces*"])
    assert "unverified: who knows" in result.stdout.str()


def test_every_worker_of_xdist_has_its_own_run_and_leaves_nothing(pytester: pytest.Pytester, base_url: str) -> None:
    before = spaces(base_url)
    result = run(pytester, *WRITING, "--showpad-rule=ITEMS-*", "--showpad-profile=quick", "-n", "2")
    assert result.ret == 0
    assert result.parseoutcomes()["passed"] > 20
    assert spaces(base_url) == before
    assert list(pytester.path.glob(".showpad-contracts/ledgers/*")) == []


def test_the_shares_that_workers_leave_behind_are_told(pytester: pytest.Pytester, base_url: str) -> None:
    result = run(pytester, *WRITING, "--showpad-allow-shares", "--showpad-rule=SHARE-OK", "-n", "1")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["left behind: Share *"])


def test_an_interrupted_pytest_leaves_nothing(pytester: pytest.Pytester, base_url: str) -> None:
    before = spaces(base_url)
    flags = (*WRITING, "--showpad-rule=ITEMS-COUNT", "--showpad-rate=10")
    command = heeding_ctrl_c("-m", "pytest", "-p", "no:cacheprovider", *flags)
    process = subprocess.Popen(command, cwd=pytester.path, stdout=subprocess.PIPE)
    wait_for_spaces(base_url, len(before) + 3)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 2
    assert spaces(base_url) == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--showpad-target=nowhere.toml"], "nowhere.toml: cannot be read"),
        (["--showpad-target=mock", "--showpad-rule=NOTHING"], "no check bears a rule like 'NOTHING'"),
    ],
)
def test_what_cannot_be_run_is_a_usage_error(pytester: pytest.Pytester, arguments: list[str], said: str) -> None:
    result = run(pytester, *arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert said in result.stderr.str()


def test_a_target_that_cannot_be_reached_fails_in_one_line(pytester: pytest.Pytester) -> None:
    result = run(pytester, "--showpad-target=http://127.0.0.1:9/v4", "--showpad-rule=AROUND-USERS")
    assert result.ret == 1
    assert "http://127.0.0.1:9/v4 cannot be reached: " in result.stdout.str()
    assert "Traceback" not in result.stdout.str()


def test_the_tenants_name_is_in_its_target_file(pytester: pytest.Pytester, base_url: str) -> None:
    assert TENANT in Path(pytester.path / "target.toml").read_text()
