"""The pass through Schemathesis: it holds the true mock, and finds what is unlike the document."""

from __future__ import annotations

import pytest

from showpad_contracts.core.events import AssumptionRefuted, Event, RuleBroken, RuleHeld, RuleSkipped
from showpad_contracts.running.runner import PROFILES, Plan, Profile, run
from showpad_contracts.showpad.catalogue import CATALOGUE
from showpad_contracts.showpad.checks.sequences import SCHEMATHESIS_RULES, schemathesis_finds_nothing
from showpad_contracts.showpad.client import Client
from showpad_contracts.showpad.stateful.schemathesis_pass import OPERATIONS, STATEFUL, Driver
from showpad_contracts.stateful import long_runs

from ....harness.in_process import driving, fresh_mock
from ...broken.sequences import DeletedStillAnswers
from ...broken.wrapping import Ask, Broken, Seen, Wrong
from ...elsewhere import elsewhere


class UndocumentedStatus(Wrong):
    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("GET", "/themes/[^/]+") and seen.status == 404:
            seen.status = 410
            seen.answer["status"] = 410


class ProblemWithoutDetail(Wrong):
    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("PATCH", "/shared-spaces/[^/]+") and seen.status == 400:
            del seen.answer["detail"]


class TimeWithoutMilliseconds(Wrong):
    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", "/shared-spaces") and seen.status == 201:
            seen.answer["createdAt"] = "2026-01-01T00:00:00Z"


class UserWithoutName(Wrong):
    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("GET", "/users") and seen.status == 200:
            for user in seen.answer["items"]:
                del user["lastName"]


class AnyLimit(Wrong):
    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("GET", "/shared-spaces"):
            seen.query = ""


UNLIKE_THE_DOCUMENT = (
    Broken("CONV-STATUS", "410 for a theme that is none", UndocumentedStatus),
    Broken("CONV-PROBLEM", "a problem without detail", ProblemWithoutDetail),
    Broken("CONV-TIME", "a time without milliseconds", TimeWithoutMilliseconds),
    Broken("AROUND-USERS", "users without their names", UserWithoutName),
    Broken("LIST-BAD", "any limit is accepted", AnyLimit),
    Broken("DELETE-GONE", "a deleted space still answers", DeletedStillAnswers),
)
FEW = Profile("few", examples=2, sequences=9, steps=20)


@pytest.fixture(autouse=True)
def short_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(long_runs.MOST_AFTER, "own", 0)


def passing(client: Client, profile: Profile = PROFILES["quick"]) -> list[Event]:
    checks = (schemathesis_finds_nothing,)
    return list(run(Plan(checks=checks, catalogue=CATALOGUE, profile=profile, allow_writes=True), client))


def told(events: list[Event]) -> list[str]:
    return [event.rule.id for event in events if isinstance(event, RuleBroken | AssumptionRefuted)]


def test_the_true_mock_is_as_documented() -> None:
    with driving(fresh_mock()) as client:
        events = passing(client)
        assert told(events) == []
        assert {event.rule.id for event in events if isinstance(event, RuleHeld)} == set(SCHEMATHESIS_RULES)
        assert client.session.requests > 100  # they left by the run's own session
        assert client.session.kept() == []


@pytest.mark.parametrize("wrong", [pytest.param(one, id=f"{one.rule}: {one.story}") for one in UNLIKE_THE_DOCUMENT])
def test_what_is_unlike_the_document_is_found(wrong: Broken) -> None:
    with driving(wrong.make(fresh_mock())) as client:
        assert told(passing(client, FEW)) == [wrong.rule]


def test_on_a_tenant_of_somebody_else_it_is_a_named_skip() -> None:
    with elsewhere(fresh_mock()) as client:
        events = passing(client)
        assert client.session.requests == 0
    reasons = {event.reason for event in events if isinstance(event, RuleSkipped)}
    assert reasons == {
        "the target does not offer a tenant of the kit's own: Schemathesis creates what it likes",
    }


def test_every_operation_has_its_rules() -> None:
    with driving(fresh_mock()) as client:
        names = {str(operation.definition.raw["operationId"]) for operation in Driver(client).operations()}
    assert names == set(OPERATIONS)
    assert {rule for rules in OPERATIONS.values() for rule in rules} | set(STATEFUL.values()) <= set(SCHEMATHESIS_RULES)
