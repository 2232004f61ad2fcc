"""The kit holds the mock under either of Showpad's base paths to the same rules (CONV-BASE, CONV-BASE-BIZ)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from showpad_contracts.core.check import checks_of
from showpad_contracts.core.events import RuleBroken, RuleHeld
from showpad_contracts.running.runner import PROFILES, Plan, run
from showpad_contracts.showpad.catalogue import CATALOGUE
from showpad_contracts.showpad.checks import conventions, spaces
from showpad_contracts.showpad.client import Client
from showpad_contracts.transport.session import Session

from ..harness.asgi import AppTransport
from ..harness.in_process import fresh_mock, mock_target

CHECKS = (*checks_of(conventions), *checks_of(spaces))


@pytest.mark.parametrize("base_url", ["http://127.0.0.1/v4", "http://127.0.0.1/api/v4"])
def test_the_rules_hold_under_either_base(base_url: str) -> None:
    plan = Plan(checks=CHECKS, catalogue=CATALOGUE, profile=PROFILES["quick"], allow_writes=True)
    session = Session(replace(mock_target(), base_url=base_url), "check", transport=AppTransport(fresh_mock()))
    try:
        events = list(run(plan, Client(session)))
    finally:
        session.close()
    assert [event for event in events if isinstance(event, RuleBroken)] == []
    assert {event.rule.id for event in events if isinstance(event, RuleHeld)} >= {"CONV-BASE", "SPACE-FIELDS"}
