"""A mock that tells the addresses of its own pages: what is about Showpad's is skipped by name, the rest holds."""

from __future__ import annotations

from showpad_contracts.core.events import AssumptionRefuted, Outcome, RuleBroken, RuleSkipped
from showpad_contracts.running.runner import PROFILES, Plan, run
from showpad_contracts.showpad.catalogue import CATALOGUE
from showpad_contracts.showpad.checks import CHECKS
from showpad_mock.app import App, AppOptions

from ...harness.in_process import driving
from ..broken.acting import SPACE, SPACES
from ..broken.wrapping import Ask, Seen, Wrong

ABOUT = {"SPACE-URL", "SHARE-URLS"}
CONCERNED = [check for check in CHECKS if ABOUT & set(check.rules)]


def outcomes_of(server: App | Wrong) -> list[Outcome]:
    plan = Plan(checks=CONCERNED, catalogue=CATALOGUE, profile=PROFILES["quick"], allow_writes=True, allow_shares=True)
    with driving(server) as client:
        return [event for event in run(plan, client) if isinstance(event, Outcome)]


class TellsAnothersPages(Wrong):
    """Tells addresses of pages that are no part of the target."""

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.status < 300 and (seen.is_("POST", SPACES) or seen.is_("GET", SPACE)):
            seen.answer["publicUrl"] = "https://elsewhere.example.com/links/acme/s/" + seen.answer["publicUri"]


def test_what_is_about_showpads_addresses_is_skipped_by_name() -> None:
    outcomes = outcomes_of(App(AppOptions(local_links=True)))
    assert [one for one in outcomes if isinstance(one, RuleBroken | AssumptionRefuted)] == []
    skipped = {one.rule.id for one in outcomes if isinstance(one, RuleSkipped) and "--links local" in one.reason}
    assert skipped >= ABOUT


def test_pages_elsewhere_are_no_excuse() -> None:
    outcomes = outcomes_of(TellsAnothersPages(App(AppOptions())))
    assert "SPACE-URL" in {one.rule.id for one in outcomes if isinstance(one, RuleBroken)}
