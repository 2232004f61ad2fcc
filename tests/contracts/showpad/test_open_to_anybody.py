"""What the kit asks without an actor's token: OAuth's endpoints, and buyers' pages of what the run itself shares."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from showpad_contracts.core.check import checks_of
from showpad_contracts.core.events import AssumptionRefuted, Outcome, RuleBroken, RuleHeld, RuleSkipped, RuleUnverified
from showpad_contracts.core.target import OAuthClient, Target
from showpad_contracts.core.violation import NotPermitted, PreconditionFailed
from showpad_contracts.running.runner import PROFILES, Plan, run
from showpad_contracts.showpad.catalogue import CATALOGUE
from showpad_contracts.showpad.checks import features, links, links_spaces, oauth, oauth_codes
from showpad_contracts.showpad.checks.features import API
from showpad_contracts.showpad.checks.links import NO_TOKEN
from showpad_contracts.showpad.client import Client
from showpad_contracts.showpad.control import Control
from showpad_contracts.showpad.links import page_at
from showpad_contracts.showpad.oauth import OAuth
from showpad_contracts.transport.limits import Limits
from showpad_contracts.transport.session import Session
from showpad_mock.app import App, AppOptions

from ...harness.asgi import AppTransport
from ...harness.in_process import driving, fresh_mock, mock_target
from ..broken.oauth import TOKEN
from ..broken.wrapping import Ask, Seen, Wrong
from ..elsewhere import elsewhere

LINKS = [*checks_of(links), *checks_of(links_spaces)]
OAUTH = [*checks_of(oauth), *checks_of(oauth_codes)]
TARGET = mock_target()


@dataclass
class Watched:
    """An ASGI app that notes what comes in on its way to another: path, and what it is authorized by."""

    app: Any
    seen: list[tuple[str, bytes]] = field(default_factory=list)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.seen.append((scope["path"], dict(scope["headers"]).get(b"authorization", b"")))
        await self.app(scope, receive, send)

    def of(self, beginning: str) -> list[tuple[str, bytes]]:
        return [one for one in self.seen if one[0].startswith(beginning)]


def outcomes_of(
    app: Any, checks: Any, change: Callable[[Target], Target] = lambda target: target, limits: Limits | None = None
) -> list[Outcome]:
    plan = Plan(checks=checks, catalogue=CATALOGUE, profile=PROFILES["quick"], allow_writes=True, allow_shares=True)
    with closing(Session(change(TARGET), "check", limits=limits, transport=AppTransport(app))) as session:
        return [event for event in run(plan, Client(session)) if isinstance(event, Outcome)]


def without(name: str) -> Callable[[Target], Target]:
    """Take away what a target offers."""
    return lambda target: replace(target, offers={key: one for key, one in target.offers.items() if key != name})


def reasons(outcomes: list[Outcome]) -> set[str]:
    return {one.reason for one in outcomes if isinstance(one, RuleSkipped)}


# Pages


def test_pages_are_opened_without_a_token_and_of_what_the_run_shared_alone() -> None:
    app = Watched(fresh_mock())
    assert {type(one) for one in outcomes_of(app, LINKS)} == {RuleHeld}
    opened = app.of("/links/")
    assert {authorization for _, authorization in opened} == {b""}
    tokens = {path.split("/assets/")[0].removesuffix("/reshare").rpartition("/")[2] for path, _ in opened}
    with driving(app) as client:
        known = {space["publicUri"] for space in client.admin.get("/shared-spaces").received["items"]}
    assert NO_TOKEN in tokens
    assert not tokens & known


def test_no_page_is_opened_where_the_target_offers_none() -> None:
    app = Watched(fresh_mock())

    assert reasons(outcomes_of(app, LINKS, without("pages"))) == {"the target does not offer pages"}
    assert app.of("/links/") == []


def test_without_a_control_api_what_needs_it_is_skipped_and_a_share_is_waited_for() -> None:
    app = Watched(fresh_mock())
    waited: list[float] = []

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        with driving(app.app) as other:
            other.nobody.request(
                "POST", f"{other.target.at('/__admin/tenants/contracts')}/advance", {"seconds": seconds}
            )

    outcomes = outcomes_of(app, [*LINKS, *OAUTH], without("control"), Limits(sleep=sleep))
    assert reasons(outcomes) == {"the target does not offer control"}
    assert {one.rule.id for one in outcomes if isinstance(one, RuleHeld)} >= {"SHARE-EXPIRED", "LINK-EXPIRED"}
    assert len(waited) == 1
    assert app.of("/__admin") == []


def test_a_clock_that_stands_still_leaves_it_open_whether_shares_expire() -> None:
    check = next(one for one in LINKS if "SHARE-EXPIRED" in one.rules)
    app, still = fresh_mock(), Limits(sleep=lambda _: None)
    with driving(app) as client:
        address = client.target.at("/__admin/tenants/contracts")
        client.nobody.request("PATCH", address, {"clock": {"frozen": "2026-03-10T12:00:00.000Z"}})
    outcomes = outcomes_of(app, [check], without("control"), still)
    assert {type(one) for one in outcomes} == {RuleUnverified}


def test_pages_are_opened_where_a_mock_tells_them_itself() -> None:
    outcomes = outcomes_of(App(AppOptions(local_links=True)), LINKS)
    assert {type(one) for one in outcomes} == {RuleHeld}


@pytest.mark.parametrize(
    "told",
    [
        "https://acme.showpad.com/share/../../v4/shared-spaces",
        "https://acme.showpad.com/share/a?b=c",
        "https://acme.showpad.com/v4/shared-spaces",
        "https://evil.example.com@127.0.0.1/x",
        "//evil.example.com/share/a",
        "javascript:alert(1)",
        None,
    ],
)
def test_an_address_of_another_form_leads_nowhere(told: Any) -> None:
    with pytest.raises(PreconditionFailed, match="the address of a page"):
        page_at(told, TARGET, rule="SHARE-URLS")


@pytest.mark.parametrize("host", ["acme.showpad.com", "acme.showpad.biz", "evil.example.com"])
def test_where_a_page_is_opened_the_target_says_and_not_an_answer(host: str) -> None:
    assert page_at(f"https://{host}/share/abc", TARGET, rule="SHARE-URLS") == (
        "http://127.0.0.1/links/contracts/share/abc"
    )


# OAuth


def test_oauth_is_asked_without_an_actors_token() -> None:
    app = Watched(fresh_mock())
    outcomes = outcomes_of(app, OAUTH)
    assert [one for one in outcomes if not isinstance(one, RuleHeld)] == []
    asked = app.of("/api/v3/oauth2/")
    assert len(asked) > 50
    assert {authorization[:6] for _, authorization in asked} == {b"", b"Basic "}


def with_client(**changes: Any) -> Callable[[Target], Target]:
    return lambda target: replace(target, oauth=replace(target.oauth_client(), **changes))


LACKING: Mapping[str, Mapping[str, Any]] = {
    "an OAuth consent that a script may answer": {"consent": {}, "denial": {}},
    "a user who logs in by OAuth with a password": {"username": None, "password": None, "password_variable": None},
    "the password of its OAuth user: PASSWORD is not set": {"password": None, "password_variable": "PASSWORD"},
    "the secret of its OAuth client: SECRET is not set": {"client_secret": None, "client_secret_variable": "SECRET"},
    "the redirect_uri of its OAuth client": {"redirect_uri": None},
    "another OAuth client": {"other": None},
}


@pytest.mark.parametrize("lacking", LACKING)
def test_what_an_oauth_client_lacks_is_skipped_by_name(lacking: str) -> None:
    outcomes = outcomes_of(fresh_mock(), OAUTH, with_client(**LACKING[lacking]))
    assert f"the target does not offer {lacking}" in reasons(outcomes)
    assert [one for one in outcomes if isinstance(one, RuleBroken | AssumptionRefuted | RuleUnverified)] == []


def test_without_an_oauth_client_nothing_is_asked() -> None:
    app = Watched(fresh_mock())
    outcomes = outcomes_of(app, OAUTH, lambda target: replace(target, oauth=None))
    assert reasons(outcomes) == {"the target does not offer an OAuth client"}
    assert app.of("/api/v3/") == []


def test_a_public_client_has_no_secret_that_could_be_wrong() -> None:
    public = OAuthClient(client_id=TARGET.filled("mock.{subdomain}.desktop"), url="/api/v3/oauth2")
    outcomes = outcomes_of(fresh_mock(), OAUTH, lambda target: replace(target, oauth=public))
    assert "the target does not offer the secret of its OAuth client" in reasons(outcomes)


def test_what_the_run_was_given_is_told_once_at_the_end(tmp_path: Path) -> None:
    with elsewhere(fresh_mock(), folder=tmp_path) as client:
        given = [OAuth(client).by_password() for _ in range(2)]
        told = client.session.ledger.left_behind()
        assert told == ["OAuth tokens, which expire by themselves, and nobody else was told"]
    assert len({one.access_token for one in given}) == 2


class TellsMore(Wrong):
    """Tells beside tokens whose they are."""

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", TOKEN) and seen.status == 200:
            seen.answer = {**seen.answer, "user_id": TARGET.user_id("owner"), "tenant": {"name": "contracts"}}


def test_what_else_is_told_beside_tokens_is_not_taken_out_of_other_answers() -> None:
    outcomes = outcomes_of(TellsMore(fresh_mock()), OAUTH)
    assert [one for one in outcomes if not isinstance(one, RuleHeld)] == []


# A mock's control API


def test_what_a_check_changes_by_the_control_api_is_as_it_was_afterwards() -> None:
    with driving(fresh_mock()) as client:
        control, tenant = Control(client), client.target.at(str(client.target.offer("control")))

        def shown() -> list[Any]:
            clock, users, features = (client.nobody.get(tenant + path).received for path in ("", "/users", "/features"))
            return [clock["clock"], [one["isActive"] for one in users], features]

        before = shown()
        for changed in (control.later(3600), control.deactivated(client.target.user_id("owner")), control.without(API)):
            with pytest.raises(KeyboardInterrupt), changed:
                assert shown() != before
                raise KeyboardInterrupt
        assert shown() == before


def test_nothing_is_changed_by_the_control_api_where_nothing_may_be_written() -> None:
    app = Watched(fresh_mock())
    with driving(app) as client:
        client.session.may_write = False
        with pytest.raises(NotPermitted), Control(client).without(API):
            pass
    assert app.of("/__admin") == []


def test_a_control_api_that_is_none_leaves_it_open() -> None:
    def elsewhere_(target: Target) -> Target:
        return replace(target, offers={**target.offers, "control": "/nowhere"})

    outcomes = outcomes_of(fresh_mock(), [*checks_of(features)], elsewhere_)
    assert {type(one) for one in outcomes} == {RuleUnverified}
