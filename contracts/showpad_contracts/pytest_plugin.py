"""The pytest plugin: `pytest --showpad-target=mock` collects every check as a test item.

Without that option nothing is collected, and nothing of the kit imported but this module.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from .arguments import count, listen_address, positive, receiver_url
from .suites import DEFAULT, SUITES

if TYPE_CHECKING:
    from .core.check import Check
    from .core.events import AssumptionRefuted, Event, RuleBroken
    from .running.verdict import Told
    from .suite import Client

WORK: pytest.StashKey[_Work] = pytest.StashKey()
REFUTED = "refuted assumption"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options; they are those of `showpad-contracts check`."""
    group = parser.getgroup("showpad-contracts", "Showpad's contract")
    group.addoption("--showpad-target", metavar="mock|URL|FILE", help="hold this target to the rules, an item a check")
    group.addoption("--showpad-api", choices=tuple(SUITES), help=f"whose rules (default {DEFAULT})")
    group.addoption("--showpad-rule", action="append", default=[], metavar="GLOB", help="only rules like this")
    group.addoption("--showpad-profile", choices=("quick", "default", "deep"), default="default", help="how thoroughly")
    group.addoption("--showpad-seed", type=int, default=0, help="what the drawn examples grow from")
    group.addoption("--showpad-allow-writes", action="store_true", help="also rules that create and delete spaces")
    group.addoption("--showpad-allow-shares", action="store_true", help="also rules that create Shares, which stay")
    group.addoption("--showpad-max-requests", type=count, metavar="N", help="send at most so many requests (a worker)")
    group.addoption("--showpad-rate", type=positive, metavar="N", help="send at most so many a second (a worker)")
    group.addoption(
        "--showpad-receiver", type=receiver_url, metavar="URL", help="where the target reaches the webhooks' receiver"
    )
    group.addoption(
        "--showpad-receiver-listen", type=listen_address, metavar="HOST:PORT", help="where that receiver listens"
    )
    group.addoption("--showpad-timeout", type=positive, default=30.0, metavar="SECONDS", help="for an answer")


def pytest_configure(config: pytest.Config) -> None:
    """Take note of the options; the target is reached when the first item runs."""
    config.addinivalue_line("markers", "showpad_contract: a check of Showpad's contract")
    if config.getoption("showpad_target") is None:
        return
    try:
        config.stash[WORK] = _begun(config)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("httpx2", "hypothesis", "rich"):
            raise
        raise pytest.UsageError(f"{error.name} is not installed: pip install 'showpad-mock[contracts]'") from None


def _begun(config: pytest.Config) -> _Work:
    from .core.target import TargetError
    from .running.opening import CannotRun

    try:
        return _Work(config.getoption)
    except (CannotRun, TargetError) as error:
        raise pytest.UsageError(str(error)) from None


@pytest.hookimpl(tryfirst=True)  # before -k and -m choose among them
def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Add an item for each check."""
    if WORK in config.stash:
        items += config.stash[WORK].items(session)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Delete what the checks created, also where pytest was interrupted."""
    if WORK in session.config.stash:
        work = session.config.stash[WORK]
        work.end()
        if hasattr(session.config, "workeroutput"):  # under xdist the notes go to who shows them
            session.config.workeroutput["showpad_notes"] = work.notes


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over a worker's notes."""
    if WORK in node.config.stash:
        node.config.stash[WORK].notes += getattr(node, "workeroutput", {}).get("showpad_notes", [])


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Name the assumptions that the target refuted: their items passed."""
    if WORK not in config.stash:
        return
    told = [value for report in terminalreporter.getreports("passed") for value in _refuted(report)]
    if told:
        terminalreporter.section("Showpad's contract: refuted assumptions")
        for line in told:
            terminalreporter.line(line)
    for line in config.stash[WORK].notes:
        terminalreporter.line(line)


def _refuted(report: pytest.TestReport) -> Iterator[str]:
    yield from (str(value) for name, value in report.user_properties if name == REFUTED)


class ContractBroken(Exception):
    """A documented or stated rule that the target broke; the message is the whole story."""


class CouldNotRun(Exception):
    """The target cannot be reached, or speaks nothing like the API."""


class ContractItem(pytest.Item):
    """One check. A broken rule fails it; a refuted assumption passes, told in a section of its report."""

    def __init__(self, *, check: Check[Any], work: _Work, **more: Any) -> None:
        super().__init__(**more)
        self._check = check
        self._work = work
        self.add_marker("showpad_contract")

    def runtest(self) -> None:
        """Run the check."""
        outcomes = self._work.run(self._check)
        self._tell_refuted(outcomes)
        self._fail_broken(outcomes)
        self._skip_inconclusive(outcomes)

    def _tell_refuted(self, outcomes: Sequence[Event]) -> None:
        from .core.events import AssumptionRefuted

        for one in outcomes:
            if isinstance(one, AssumptionRefuted):
                story = self._work.story(one)
                self.add_report_section("call", REFUTED, story)
                # Properties of a report come over from the workers of xdist.
                self.user_properties.append((REFUTED, f"{one.rule.id}: {one.rule.sentence} ({one.violation.what})"))

    def _fail_broken(self, outcomes: Sequence[Event]) -> None:
        from .core.events import RuleBroken

        broken = [self._work.story(one) for one in outcomes if isinstance(one, RuleBroken)]
        if broken:
            raise ContractBroken("\n\n".join(broken))

    def _skip_inconclusive(self, outcomes: Sequence[Event]) -> None:
        from .core.events import AssumptionRefuted, RuleHeld, RuleSkipped, RuleUnverified

        # One rule that could be decided makes the item pass: a skip would hide it.
        if any(isinstance(one, RuleHeld | AssumptionRefuted) for one in outcomes):
            return
        for one in outcomes:
            if isinstance(one, RuleSkipped):
                pytest.skip(one.reason)
            if isinstance(one, RuleUnverified):
                pytest.skip(f"unverified: {one.reason}")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Show the story alone: what led there in the kit is nobody's concern."""
        if isinstance(excinfo.value, ContractBroken | CouldNotRun):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Any, int | None, str]:
        """Where an item is shown to be: its rules and its name."""
        return self.path, None, f"{', '.join(self._check.rules)}: {self._check.sentence}"


class ContractCollector(pytest.Collector):
    """The parent of the items."""

    def collect(self) -> list[pytest.Item | pytest.Collector]:
        """Nothing: the plugin adds the items itself, whatever files pytest was given."""
        return []


class _Work:
    """One pytest process at work: its session with the target, opened when first needed."""

    def __init__(self, option: Callable[[str], Any]) -> None:
        from .running.opening import RunOptions

        self._options = RunOptions(
            suite=SUITES[option("showpad_api") or DEFAULT](),
            api=option("showpad_api"),
            target=option("showpad_target"),
            rules=option("showpad_rule"),
            profile=option("showpad_profile"),
            seed=option("showpad_seed"),
            allow_writes=option("showpad_allow_writes"),
            allow_shares=option("showpad_allow_shares"),
            max_requests=option("showpad_max_requests"),
            rate=option("showpad_rate"),
            timeout=option("showpad_timeout"),
            receiver=option("showpad_receiver"),
            receiver_listen=option("showpad_receiver_listen"),
        )
        self._options.look_up(os.environ)
        self._checks = self._options.checks()
        self._stack = ExitStack()
        self._client: Client | None = None
        self._lost: str | None = None
        self._told: Told = set()
        self._first: dict[tuple[str, ...], RuleBroken | AssumptionRefuted] = {}
        self.notes: list[str] = []
        """What the user is to know at the end: what is left behind."""

    def items(self, session: pytest.Session) -> list[pytest.Item]:
        """Return an item for each check."""
        parent = ContractCollector.from_parent(session, name="showpad-contracts", nodeid="showpad-contracts")
        return [
            ContractItem.from_parent(parent, name=f"{check.rules[0]}::{check.name}", check=check, work=self)
            for check in self._checks
        ]

    def run(self, check: Check[Any]) -> list[Event]:
        """Run a check; what it created is deleted when it is over."""
        from .core.violation import BudgetSpent, NotTheApi
        from .running.runner import run_check

        client = self._opened()
        try:
            try:
                return list(run_check(self._options.plan(client.session.target, [check]), client, check, self._told))
            finally:
                with client.session.clearing_up():
                    client.clean_up()
        except NotTheApi as error:
            self._lost = str(error)
            raise CouldNotRun(self._lost) from None
        except BudgetSpent as spent:
            pytest.skip(str(spent))

    def _opened(self) -> Client:
        from .core.violation import NotTheApi
        from .running.opening import opened

        if self._lost is not None:
            raise CouldNotRun(self._lost)
        if self._client is None:
            try:
                self._client = self._stack.enter_context(opened(self._options, os.environ))
            except NotTheApi as error:
                self._lost = str(error)
                raise CouldNotRun(self._lost) from None
        return self._client

    def story(self, broken: RuleBroken | AssumptionRefuted) -> str:
        """Return the whole story of a violation, or point to where it was told if it is the same as one before."""
        from .core.events import RunStarted
        from .reporting.stories import Story, story

        first = self._first.setdefault(broken.violation.shape, broken)
        if broken.violation.shape and (first.check, first.rule.id) != (broken.check, broken.rule.id):
            return f"{broken.rule.id}: {Story(first).refers()}"
        target, options = self._opened().session.target, self._options
        run = RunStarted(
            target.name, target.base_url, len(self._checks), options.seed, options.profile, options.named()
        )
        return "\n".join(story(broken, run))

    def end(self) -> None:
        """Leave the tenant as it was."""
        from .running.runner import clean_up

        if self._client is not None:
            self.notes += [f"left behind: {one}" for one in clean_up(self._client)]
        self._stack.close()
