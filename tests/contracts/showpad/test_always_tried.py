"""What is found must not hang on the draw: values at which servers go wrong are tried under every seed and profile."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any

import pytest

from showpad_contracts.core.events import AssumptionRefuted, RuleBroken
from showpad_contracts.running.runner import PROFILES, Plan, run
from showpad_contracts.showpad.catalogue import CATALOGUE
from showpad_contracts.showpad.checks import CHECKS

from ...harness.in_process import driving, fresh_mock
from ..broken.acting import SPACE, SPACES, actor, is_in_person, taken
from ..broken.tampering import answering, refusing
from ..broken.wrapping import App, Seen

ITEMS = f"{SPACE}/items"
SHARES = "/shares"


def caught(app: App, rule: str, seed: int = 0) -> list[str]:
    """Run the checks of a rule as the quick profile does."""
    checks = [check for check in CHECKS if rule in check.rules and not check.sweeping]
    plan = Plan(
        checks=checks,
        catalogue=CATALOGUE,
        profile=PROFILES["quick"],
        seed=seed,
        allow_writes=True,
        allow_shares=True,
    )
    with driving(app) as client:
        return [one.rule.id for one in run(plan, client) if isinstance(one, RuleBroken | AssumptionRefuted)]


def rewriting(name: str, change: Callable[[str], str]) -> Callable[[dict[str, Any]], None]:
    def rewrite(body: dict[str, Any]) -> None:
        if isinstance(body.get(name), str):
            body[name] = change(body[name]) or "-"

    return rewrite


def composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def long(name: str, most: int) -> Callable[[Seen], bool]:
    return lambda seen: isinstance(seen.body, dict) and len(str(seen.body.get(name, ""))) >= most


def of_so_many(name: str, most: int) -> Callable[[Seen], bool]:
    return lambda seen: isinstance(seen.body, dict) and len(seen.body.get(name) or "") >= most


def without_for(name: str, test: Callable[[Seen], bool]) -> Callable[[Seen], object]:
    return lambda seen: seen.answer.pop(name) if test(seen) else None


WRONG = {
    "a create trims titles": ("CREATE-OK", taken("POST", SPACES, rewriting("title", str.strip))),
    "a create composes titles": ("CREATE-OK", taken("POST", SPACES, rewriting("title", composed))),
    "an update trims descriptions": ("PATCH-OK", taken("PATCH", SPACE, rewriting("description", str.strip))),
    "an update composes titles": ("PATCH-OK", taken("PATCH", SPACE, rewriting("title", composed))),
    "a Share trims origins": ("SHARE-FIELDS", taken("POST", SHARES, rewriting("origin", str.strip))),
    "a title has 254 characters": ("CREATE-TITLE-LENGTH", refusing("POST", SPACES, long("title", 255))),
    "an update's title has 254": ("PATCH-FIELDS", refusing("PATCH", SPACE, long("title", 255))),
    "a description has 65,534": ("CREATE-DESCRIPTION", refusing("POST", SPACES, long("description", 65_535))),
    "a Share has 299 assets": ("SHARE-ASSETS-LIMIT", refusing("POST", SHARES, of_so_many("assets", 300))),
    "an origin has 19 characters": ("SHARE-ORIGIN", refusing("POST", SHARES, long("origin", 20))),
    "a request has 99 items": ("ITEMS-BATCH", refusing("POST", ITEMS, of_so_many("items", 100))),
    "no page of the list has 1000": ("CONV-PAGE", refusing("GET", SPACES, lambda seen: "limit=1000" in seen.query)),
    "owners are shown no updatedAt": (
        "SPACE-FIELDS-MORE",
        answering("GET", SPACE, without_for("updatedAt", lambda seen: actor(seen) == "owner")),
    ),
    "nobody updates in person": ("ROLE-TOKEN", refusing("PATCH", SPACE, is_in_person, code=403)),
    "an update is answered without a null": (
        "SPACE-FIELDS-MORE",
        answering("PATCH", SPACE, without_for("customerLogo", lambda seen: seen.answer["customerLogo"] is None)),
    ),
}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_at_a_known_value_is_found_under_every_seed(what: str, seed: int) -> None:
    rule, make = WRONG[what]
    assert rule in caught(make(fresh_mock()), rule, seed)
