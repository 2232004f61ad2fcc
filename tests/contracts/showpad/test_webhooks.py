"""Subscriptions that a run makes, and its receiver: what is kept, what is told, what is deleted, what is skipped."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest

from showpad_contracts.core.events import Outcome, RuleHeld, RuleSkipped, RuleUnverified
from showpad_contracts.core.violation import Inconclusive, NotPermitted
from showpad_contracts.running.ledger import ledgers, new_run_id
from showpad_contracts.running.runner import Plan, clean_up, run
from showpad_contracts.running.sweep import sweep
from showpad_contracts.showpad import webhooks
from showpad_contracts.showpad.catalogue import CATALOGUE
from showpad_contracts.showpad.checks import CHECKS
from showpad_contracts.showpad.client import Client
from showpad_contracts.showpad.suite import SUITE
from showpad_contracts.showpad.webhooks import CREATED, came, hook, new_subscription, subscription
from showpad_contracts.transport.limits import Limits
from showpad_contracts.transport.receiver import Reach
from showpad_contracts.transport.session import Session
from showpad_mock.app import App

from ...harness.asgi import AppTransport
from ...harness.in_process import driving, fresh_mock, mock_target
from ...harness.program import serving
from ..broken.webhooks_deliveries import VIEWED, dropping, of
from ..elsewhere import ADMIN_TOKEN, elsewhere, ledger_of
from ..tenants import kit, target_file


@pytest.fixture
def app() -> App:
    return fresh_mock()


@pytest.fixture
def client(app: App) -> Iterator[Client]:
    with driving(app) as client:
        yield client


def subscriptions(app: App) -> list[str]:
    """Return the names of all subscriptions of the tenant."""
    with driving(app) as client:
        return [one["name"] for one in client.admin.get(client.subscriptions()).received["items"]]


def outcomes(client: Client, *rules: str) -> list[Outcome]:
    checks = [check for check in CHECKS if set(check.rules) & set(rules)]
    plan = Plan(checks=checks, catalogue=CATALOGUE, allow_writes=True, allow_shares=True)
    return [event for event in run(plan, client) if isinstance(event, Outcome)]


# What is told


def test_the_key_stands_nowhere_but_in_its_own_place(client: Client) -> None:
    _, exchange = subscription(client)
    key = client.signature_keys[exchange.received["id"]]
    assert len(key) > 20
    assert exchange.received["signatureKey"] == "[token]"
    assert key not in repr(exchange)
    assert key not in exchange.text


def test_a_hook_does_not_show_its_key(client: Client) -> None:
    to = hook(client, CREATED)
    assert to.key
    assert to.key not in repr(to)


def test_no_report_and_no_event_shows_a_key(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    keys: list[str] = []
    signed = webhooks.signature

    def wrongly(body: bytes, timestamp: str, key: str) -> str:
        keys.append(key)
        return signed(body, timestamp, key) + "wrong"

    monkeypatch.setattr(webhooks, "signature", wrongly)
    with driving(app) as client:
        told = repr(outcomes(client, "AROUND-DELIVERY"))
    assert keys
    assert "RuleBroken" in told
    assert not [key for key in keys if key in told]


# What is deleted


def test_what_a_check_subscribed_to_is_gone_when_it_is_over(app: App, client: Client) -> None:
    assert all(isinstance(one, RuleHeld) for one in outcomes(client, "AROUND-WEBHOOKS-CHANGE"))
    assert subscriptions(app) == []


def test_what_comes_once_a_check_is_over_is_refused(client: Client) -> None:
    to = hook(client, CREATED)
    client.clean_up()
    assert httpx2.post(to.inbox.url, json={}, trust_env=False).status_code == 404
    assert to.inbox.all() == []


def test_a_killed_runs_subscription_is_swept(app: App, tmp_path: Path) -> None:
    with elsewhere(app, folder=tmp_path / "ledgers") as client:
        subscription(client)
        client.space()
    assert len(subscriptions(app)) == 1
    [one] = swept(app, tmp_path)
    assert (one.is_done, one.deleted, subscriptions(app)) == (True, 2, [])
    assert list(ledgers(tmp_path / "ledgers")) == []


class Losing(httpx2.BaseTransport):
    """Loses the answer of each create of a subscription."""

    def __init__(self, app: App) -> None:
        self._inner = AppTransport(app)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        response = self._inner.handle_request(request)
        return httpx2.Response(500) if request.method == "POST" and "/webhooks/" in request.url.path else response

    def close(self) -> None:
        self._inner.close()


def test_a_subscription_whose_answer_was_never_seen_is_found_by_its_mark(app: App, tmp_path: Path) -> None:
    with driving(app) as other:
        subscription(other, name="Somebody's")
        run_id = new_run_id()
        with closing(ledger_of(run_id, tmp_path)) as ledger:
            target = replace(mock_target(), is_own=False)
            limits = Limits(sleep=lambda _: None)
            with closing(Session(target, run_id, ledger=ledger, limits=limits, transport=Losing(app))) as session:
                client = Client(session)
                client.subscribe(new_subscription(client))
                assert len(subscriptions(app)) == 2
                assert clean_up(client) == []
        assert subscriptions(app) == ["Somebody's"]


def swept(app: App, folder: Path) -> list[Any]:
    def session_for(_: Any, run_id: str, **more: Any) -> Session:
        more["limits"] = Limits(sleep=lambda _: None)
        return Session(replace(mock_target(), is_own=False), run_id, transport=AppTransport(app), **more)

    return list(sweep(SUITE, {"SHOWPAD_TOKEN_ADMIN": ADMIN_TOKEN}, folder=folder, session_for=session_for))


def test_a_subscription_without_a_mark_is_made_on_the_kits_own_mock_alone(app: App) -> None:
    with elsewhere(app) as client, pytest.raises(NotPermitted, match="a subscription that could not be found again"):
        client.subscribe({"name": "CRM", "url": "https://receiver.invalid", "types": [CREATED]})


def test_a_subscription_that_cannot_be_deleted_is_named(app: App, client: Client) -> None:
    _, exchange = subscription(client)
    client.session.target = replace(
        client.target, actors={**client.target.actors, "admin": client.target.actors["owner"]}
    )
    assert clean_up(client) == [f"subscription {exchange.received['id']}"]


# What is skipped


def test_without_a_way_to_the_receiver_deliveries_are_skipped_by_name(app: App) -> None:
    with elsewhere(app) as client:
        found = outcomes(client, "AROUND-DELIVERY-METHOD", "AROUND-WEBHOOKS-404")
    assert [(one.rule.id, type(one)) for one in found] == [
        ("AROUND-WEBHOOKS-404", RuleHeld),
        ("AROUND-DELIVERY-METHOD", RuleSkipped),
    ]
    assert "a way to the kit's receiver: --receiver names one" in found[1].reason  # type: ignore[attr-defined]


def test_a_target_that_does_not_offer_webhooks_has_them_skipped_by_name(client: Client) -> None:
    offers = {name: one for name, one in client.target.offers.items() if name != "webhooks"}
    client.target = client.session.target = replace(client.target, offers=offers)
    assert {type(one) for one in outcomes(client, "AROUND-WEBHOOKS-404", "CREATE-EVENT")} == {RuleSkipped}


def test_a_port_that_is_taken_is_the_reason_of_a_skip(client: Client) -> None:
    taken = client.session.receiver.port
    with driving(fresh_mock()) as another:
        another.session.reach = Reach(port=taken)
        with pytest.raises(NotPermitted, match=f"cannot listen at 127.0.0.1:{taken}: Address already in use"):
            hook(another, CREATED)


def test_where_nothing_ever_comes_nothing_can_be_told_and_nobody_waits_twice(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "PATIENCE", 0.01)
    with elsewhere(app) as client:  # which delivers nothing, since nobody runs its loop
        client.session.reach = Reach()
        offers = {name: one for name, one in client.target.offers.items() if name != "control"}
        client.target = client.session.target = replace(client.target, offers=offers)
        to = hook(client, CREATED)
        for _ in range(2):
            with pytest.raises(Inconclusive, match="nothing ever came to the kit's receiver"):
                came(client, to, "anything")
            monkeypatch.setattr(webhooks, "PATIENCE", 3600.0)


def test_that_a_page_without_its_scripts_is_no_view_breaks_nothing_elsewhere(app: App) -> None:
    with elsewhere(dropping(of(VIEWED))(app)) as client:
        client.session.reach = Reach()
        found = outcomes(client, "SHARE-EVENTS")
    assert [type(one) for one in found] == [RuleHeld, RuleUnverified, RuleHeld]
    assert "whether a page that is opened without its scripts counts, cannot be told" in str(found[1])


# Elsewhere


def test_a_target_on_this_machine_is_received_from_in_real_time(tmp_path: Path) -> None:
    with serving("-q") as program:
        file = target_file(tmp_path, program.base_url)
        file.write_text(file.read_text().replace("control =", "# control ="))
        rules = ("CREATE-EVENT", "AROUND-DELIVERY-METHOD", "AROUND-WEBHOOKS-404", "ITEMS-WHO")
        chosen = [flag for rule in rules for flag in ("--rule", rule)]
        writing = ("--target", "target.toml", "--allow-writes", "--report", "json:report.json")
        ended = kit("check", *writing, *chosen, cwd=tmp_path)
    assert ended.code == 0, ended
    told = json.loads((tmp_path / "report.json").read_text())
    assert {one["rule"]: one["verdict"] for one in told["outcomes"]} == dict.fromkeys(rules, "held")
    assert told["leftBehind"] == []
