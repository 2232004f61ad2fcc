"""What is refused must change nothing: whatever the operation, whatever the reason, whoever looks."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from showpad_contracts.core.check import checks_of
from showpad_contracts.core.events import AssumptionRefuted, RuleBroken
from showpad_contracts.running.runner import PROFILES, Plan, run
from showpad_contracts.showpad.catalogue import CATALOGUE
from showpad_contracts.showpad.checks import refusals
from showpad_contracts.showpad.refused import REFUSED

from ...harness.in_process import driving, fresh_mock
from ..broken.acting import SPACE, SPACES, TARGET, as_admin_asks
from ..broken.wrapping import Ask, Seen, Wrong

WRITING = (
    *("shared-space-create", "shared-space-update", "shared-space-delete", "shared-space-transfer-ownership"),
    *("shared-spaces-items-add", "create-share", "all"),
)
ELSEWHERE = {
    "CONV-META-ALL": "tells how a refusal is told",
    "CONV-ORDER": "tells which of several refusals is told",
    "CONV-STATUS": "lists every status",
    "CONV-TIME-IN": "only a Share takes a time, and what a Share leaves behind no operation shows",
    "CONV-PLAN-403": "no check can switch Shared Spaces off",
    "CREATE-OWNER-ADMIN-403": "the code of CREATE-OWNER-ADMIN",
    "CREATE-UPLOAD-403": "the code of CREATE-UPLOAD-ADDON",
    "CREATE-TEMPLATE-FEATURE-403": "the code of CREATE-TEMPLATE-FEATURE",
    "ITEMS-UNDER": "no operation tells a folder's id",
}
"""Rules with the code of a refusal in their sentence that refuse nothing of their own, and why."""


def caught(app: Any, *rules: str) -> list[str]:
    checks = [check for check in checks_of(refusals) if not rules or check.rules[0] in rules]
    plan = Plan(checks=checks, catalogue=CATALOGUE, profile=PROFILES["quick"], allow_writes=True)
    with driving(app) as client:
        return [one.rule.id for one in run(plan, client) if isinstance(one, RuleBroken | AssumptionRefuted)]


class DoneAllTheSame(Wrong):
    """Refuses an operation, and does it all the same, as far as it can be done."""

    async def after(self, seen: Seen, ask: Ask) -> None:
        if not 400 <= seen.status < 500:
            return
        sent: dict[str, Any] = seen.body if isinstance(seen.body, dict) else {}
        if seen.is_("POST", SPACES):
            await self.create(seen, ask, sent)
        elif seen.method != "GET":
            await self.change(seen, ask, sent)

    async def create(self, seen: Seen, ask: Ask, sent: dict[str, Any]) -> None:
        owner = {"owner": {"userId": TARGET.user_id("owner")}}
        named = {"title": str(sent.get("title", "")).strip("[]")[:255] or "Untitled"}
        await as_admin_asks(seen, ask, "POST", SPACES, {**owner, **named})

    async def change(self, seen: Seen, ask: Ask, sent: dict[str, Any]) -> None:
        space = "/".join(seen.path.split("/")[:3])
        await as_admin_asks(seen, ask, "PATCH", space, {"description": str(sent)[:100] + "all the same"})


NOT_DONE = ("PATCH-404", "DELETE-404", "DELETE-GONE", "TRANSFER-404", "ITEMS-404")
"""What refuses for want of a space leaves nothing that could be done."""
NOT_REFUSED = ("CREATE-TEMPLATE-FEATURE", "CREATE-UPLOAD-ADDON")
"""The mock's demo data has both features."""


@pytest.mark.parametrize("rule", [rule for rule in REFUSED if rule not in NOT_DONE + NOT_REFUSED])
def test_what_is_refused_and_done_all_the_same_is_found_by_the_rule_that_refuses(rule: str) -> None:
    assert caught(DoneAllTheSame(fresh_mock()), rule) == [rule]


class BackAgain(Wrong):
    """Creates a space again when it is asked for something on one that is not there."""

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.status == 404 and seen.path.startswith(f"{SPACES}/") and seen.method != "GET":
            owner = {"owner": {"userId": TARGET.user_id("owner")}}
            await as_admin_asks(seen, ask, "POST", SPACES, {**owner, "title": "Back again"})


@pytest.mark.parametrize("rule", NOT_DONE)
def test_a_space_that_comes_about_where_none_was_is_found(rule: str) -> None:
    assert caught(BackAgain(fresh_mock()), rule) == [rule]


def told_to(*actors: str) -> Callable[[Any], Any]:
    """A server that does what it refuses, and shows it to these actors alone."""

    class Hidden(Wrong):
        def __init__(self, right: Any) -> None:
            super().__init__(right)
            self.described: dict[str, str] = {}

        async def after(self, seen: Seen, ask: Ask) -> None:
            space = "/".join(seen.path.split("/")[:3])
            if seen.is_("PATCH", SPACE) and seen.status == 400:
                self.described[space] = "Done all the same"
            asked = dict(seen.headers).get(b"authorization", b"").decode()
            if seen.is_("GET", SPACE) and space in self.described and asked.endswith(actors):
                seen.answer["description"] = self.described[space]

    return Hidden


@pytest.mark.parametrize("actor", ["admin", "seller"])
def test_what_shows_to_one_actor_alone_is_found(actor: str) -> None:
    assert caught(told_to(actor)(fresh_mock()), "PATCH-FIELDS") == ["PATCH-FIELDS"]


def test_the_right_mock_changes_nothing_that_it_refuses() -> None:
    assert caught(fresh_mock()) == []


def test_every_refusal_that_an_operation_which_writes_documents_is_tried() -> None:
    coded = {
        rule.id
        for rule in CATALOGUE.values()
        if re.search(r"\b40[0134]\b", rule.sentence) and set(WRITING) & set(re.split(r",\s*", rule.operation))
    }
    shares = {rule for rule in coded if rule.startswith("SHARE-")}  # what they leave behind no operation shows
    assert coded - shares - set(ELSEWHERE) == {one for one in REFUSED if one in coded}
