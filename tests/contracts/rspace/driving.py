"""RSpace in this process, right or wrong, behind the kit's own session."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache

from showpad_contracts.core.check import Check
from showpad_contracts.core.events import AssumptionRefuted, Outcome, RuleBroken
from showpad_contracts.core.target import Target
from showpad_contracts.rspace.catalogue import CATALOGUE
from showpad_contracts.rspace.checks import CHECKS
from showpad_contracts.rspace.client import Client
from showpad_contracts.rspace.targets import DOCUMENTED, MOCK, OBSERVED, TARGETS
from showpad_contracts.running.runner import PROFILES, Plan, run
from showpad_contracts.transport.session import Session
from showpad_mock import RSpaceTenant
from showpad_mock.app import App, AppOptions
from showpad_mock.rspace.vendor import RSPACE

from ...harness import asgi
from ..broken.wrapping import Broken, Wrong

TENANT = "contracts"
BEHAVIOURS = (DOCUMENTED, OBSERVED)
READ_ONCE = replace(RSPACE, read_seed=cache(RSPACE.read_seed))
BASE_URL = "http://127.0.0.1/api/v1"
USERS = ("alice", "bob", "carol", "erin")
KEYS = {f"MOCK_{user.upper()}_{kind}": f"mock_{TENANT}_{user}" for user in USERS for kind in ("API", "OAUTH")}


@cache
def target(behaviour: str = DOCUMENTED) -> Target:
    """Give the mock's tenant as a target that is held to a behaviour."""
    read = TARGETS.read(MOCK.file, KEYS, base_url=BASE_URL)
    return replace(read, is_own=True, offers={**read.offers, "behaviour": behaviour})


def fresh_mock(behaviour: str = DOCUMENTED) -> App:
    app = App(AppOptions(), (READ_ONCE,))
    tenant = RSpaceTenant(lambda: BASE_URL, app, TENANT)
    tenant.behave("documented" if behaviour == DOCUMENTED else "observed")
    return app


@contextmanager
def driving(app: asgi.App, behaviour: str = DOCUMENTED) -> Iterator[Client]:
    session = Session(target(behaviour), "check", transport=asgi.AppTransport(app))
    try:
        yield Client(session)
    finally:
        session.close()


def outcomes(
    app: asgi.App,
    behaviour: str,
    checks: Sequence[Check[Client]] = CHECKS,
    *,
    seed: int = 0,
) -> Iterator[Outcome]:
    """Run checks against a server, and give how each ended."""
    plan = Plan(
        checks=checks,
        catalogue=CATALOGUE,
        profile=PROFILES["quick"],
        seed=seed,
        allow_writes=True,
        allow_shares=True,
    )
    with driving(app, behaviour) as client:
        yield from (event for event in run(plan, client) if isinstance(event, Outcome))


def is_caught(wrong: Broken) -> bool:
    """Give whether a wrong server was wrong, and the checks of the rule that it breaks found so."""
    behaviour = wrong.kind
    app = wrong.make(fresh_mock(behaviour))
    checks = [check for check in CHECKS if wrong.rule in check.rules and not check.sweeping]
    found = (one for one in outcomes(app, behaviour, checks) if isinstance(one, RuleBroken | AssumptionRefuted))
    caught = any(one.rule.id == wrong.rule for one in found)
    return caught and isinstance(app, Wrong) and app.acted
