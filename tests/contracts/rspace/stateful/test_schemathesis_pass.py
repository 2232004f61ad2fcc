"""RSpace's pass through Schemathesis: it holds the true mock, and finds what is unlike the document."""

from __future__ import annotations

import pytest
from hypothesis.errors import UnsatisfiedAssumption

from showpad_contracts.core.events import RuleHeld, RuleSkipped
from showpad_contracts.rspace.checks.sequences import SCHEMATHESIS_RULES, schemathesis_is_answered_as_documented
from showpad_contracts.rspace.paths import TEMPLATES
from showpad_contracts.rspace.stateful.schemathesis_pass import OPERATIONS, STATEFUL, Driver
from showpad_contracts.rspace.targets import DOCUMENTED, OBSERVED
from showpad_contracts.running.runner import Profile
from showpad_contracts.stateful import long_runs, schemathesis_pass

from ...broken.wrapping import App, Ask, Broken, Seen, Wrong
from ..broken.making import answered, recoded, without, wrong
from ..driving import driving, fresh_mock
from .test_machine import breaches, elsewhere, sequences

CHECK = schemathesis_is_answered_as_documented
FEW = Profile("few", examples=2, sequences=9, steps=20)


class DeletedStillAnswers(Wrong):
    """A document that is deleted can be read."""

    def __init__(self, right: App) -> None:
        super().__init__(right)
        self.made: dict[str, object] = {}
        self.deleted: set[str] = set()

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", "/documents") and seen.status == 201:
            self.made[f"/documents/{seen.answer['id']}"] = seen.answer
        if seen.is_("DELETE", "/documents/[^/]+") and seen.status == 204:
            self.deleted.add(seen.path)
        if seen.is_("GET", "/documents/[^/]+") and seen.path in self.deleted & self.made.keys():
            seen.status, seen.answer = 200, self.made[seen.path]


UNLIKE_THE_DOCUMENT = (
    wrong("RS-GROUP-OK", "410 for a group that is none", recoded("GET", "/groups/.*", 404, 410)),
    wrong("RS-ERROR", "an error without a code", without("GET", "/groups/.*", "internalCode", "404")),
    wrong(
        "RS-GROUPS-OK",
        "a type that is none",
        answered("GET", "/groups", lambda seen: [group.update(type="CLUB") for group in seen.answer]),
    ),
    wrong("RS-SHARE-FIELDS", "no failed ones", without("POST", "/share", "failedShares")),
    wrong("RS-PERMISSION-OK", "200 for a change", recoded("PUT", "/share", 204, 200)),
    wrong("RS-DOC-SHARES-OK", "no name", without("GET", "/share/document/.*", "sharedDocName")),
    wrong("RS-DOC-DELETED", "a deleted document still answers", DeletedStillAnswers),
)


@pytest.fixture(autouse=True)
def short_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(long_runs.MOST_AFTER, "own", 0)


@pytest.mark.parametrize("behaviour", [DOCUMENTED, OBSERVED])
def test_the_true_mock_is_as_documented(behaviour: str) -> None:
    with driving(fresh_mock(behaviour), behaviour) as client:
        events = sequences(client, check=CHECK)
        assert breaches(events) == []
        assert {event.rule.id for event in events if isinstance(event, RuleHeld)} == set(SCHEMATHESIS_RULES)
        assert client.session.requests > 100  # they left by the run's own session
        assert client.session.kept() == []


@pytest.mark.parametrize("wrong", [pytest.param(one, id=f"{one.rule}: {one.story}") for one in UNLIKE_THE_DOCUMENT])
def test_what_is_unlike_the_document_is_found(wrong: Broken) -> None:
    with driving(wrong.make(fresh_mock())) as client:
        assert [one.rule.id for one in breaches(sequences(client, FEW, check=CHECK))] == [wrong.rule]


def test_a_query_that_is_too_long_to_be_sent_is_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    def reject() -> None:  # Hypothesis' own warns where nothing is drawn
        raise UnsatisfiedAssumption

    monkeypatch.setattr(schemathesis_pass, "reject", reject)
    with driving(fresh_mock()) as client:
        driver = Driver(client)
        [operation] = [one for one in driver.operations() if one.definition.raw["operationId"] == "listShares"]
        case = operation.Case(query={"sharedItemIds": [10**12] * 1001})
        with pytest.raises(UnsatisfiedAssumption):
            driver.call(case)
        assert client.session.requests == 0


def test_on_a_server_of_somebody_else_it_is_a_named_skip() -> None:
    with elsewhere(fresh_mock()) as client:
        events = sequences(client, check=CHECK)
        assert client.session.requests == 0
    reasons = {event.reason for event in events if isinstance(event, RuleSkipped)}
    assert reasons == {"the target does not offer a tenant of the kit's own: Schemathesis creates what it likes"}


def test_every_operation_has_its_rules() -> None:
    assert set(OPERATIONS) == set(TEMPLATES)
    assert {rule for rules in OPERATIONS.values() for rule in rules} | set(STATEFUL.values()) <= set(SCHEMATHESIS_RULES)
