"""What OAuth and invitations give out, and a client's own secrets, stand in nothing that a run tells or keeps."""

from __future__ import annotations

import io
from base64 import b64encode
from collections.abc import Callable
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest

from showpad_contracts.core.check import Check, checks_of
from showpad_contracts.core.events import Event
from showpad_contracts.reporting.formats import FORMATS
from showpad_contracts.running.runner import PROFILES, Plan, run
from showpad_contracts.showpad.catalogue import CATALOGUE
from showpad_contracts.showpad.checks import CHECKS, links_spaces
from showpad_contracts.showpad.client import Client
from showpad_contracts.showpad.targets import DEMO

from ...harness.in_process import driving, fresh_mock
from ..broken.oauth import TOKEN
from ..broken.tampering import query
from ..broken.wrapping import App, Ask, Seen, Wrong

OAUTH = [check for check in CHECKS if check.rules[0].startswith("AROUND-OAUTH")]
SPELLINGS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "for a URL": lambda text: "".join(f"%{ord(character):02X}" for character in text),
    "for JSON": lambda text: "".join(f"\\u{ord(character):04x}" for character in text),
    "for HTML": lambda text: "".join(f"&#{ord(character)};" for character in text),
    "in Base64": lambda text: b64encode(text.encode()).decode(),
    "as Basic has it": lambda text: b64encode(f"client:{quote(text, safe='')}".encode()).decode(),
}


class Echoing(Wrong):
    """Refuses with 418, and repeats then all that it ever gave out and was told, in each spelling."""

    def __init__(self, right: App) -> None:
        super().__init__(right)
        self.secrets = [*DEMO.values()]

    async def after(self, seen: Seen, ask: Ask) -> None:
        location = next((value.decode() for name, value in seen.answer_headers if name == b"location"), "")
        self.secrets += parse_qs(urlsplit(location).query).get("code", [])
        if seen.is_("POST", TOKEN) and seen.status == 200:
            self.secrets += [seen.answer["access_token"], seen.answer["refresh_token"]]
        elif seen.status >= 400:
            seen.status = 418
            told = [way(secret) for secret in self.secrets for way in SPELLINGS.values()]
            seen.answer = {"error": "teapot", "error_description": "I repeat", "detail": told}
            seen.answer_headers += [(b"x-told", urlencode({"all": one}).encode()) for one in self.secrets[:20]]


def reports_of(app: Wrong, checks: list[Check[Client]]) -> str:
    """Run checks, and give everything that is told of them."""
    files = {name: io.StringIO() for name in FORMATS}
    reports = [make(files[name]) for name, make in FORMATS.items()]
    plan = Plan(checks=checks, catalogue=CATALOGUE, profile=PROFILES["quick"], allow_writes=True, allow_shares=True)
    events: list[Event] = []
    with driving(app) as client:
        for event in run(plan, client):
            events.append(event)
            for report in reports:
                report.on_event(event)
    return repr(events) + "".join(file.getvalue() for file in files.values())


@pytest.mark.parametrize("check", [pytest.param(one, id=one.name) for one in OAUTH])
def test_no_report_shows_what_was_given_out(check: Check[Client]) -> None:
    app = Echoing(fresh_mock())
    told = reports_of(app, [check])
    assert len(told) > 1000
    for secret in app.secrets:
        for way, spell in SPELLINGS.items():
            assert spell(secret) not in told, way


class NoPages(Wrong):
    """Answers a participant who comes with nothing but what the invitation was."""

    def __init__(self, right: App) -> None:
        super().__init__(right)
        self.invitations: set[str] = set()

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.base == "/links" and "invitation" in query(seen):
            self.invitations.add(query(seen)["invitation"])
            seen.status, seen.raw_answer = 418, "".join(SPELLINGS["for HTML"](one) for one in self.invitations).encode()


def test_no_report_shows_an_invitation() -> None:
    app = NoPages(fresh_mock())
    told = reports_of(app, [*checks_of(links_spaces)])
    assert len(app.invitations) > 3
    assert not [one for one in app.invitations if one in told or SPELLINGS["for HTML"](one) in told]
    assert "invitation=[token]" in told
