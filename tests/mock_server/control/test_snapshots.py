"""A tenant's state given out and put back: the same answers after it, or no change at all."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from showpad_mock.state.snapshot import restore
from showpad_mock.state.tenant import Tenant

from ...harness import asgi
from .caller import Caller, assert_refused

STATE = "tenants/acme/state"
VERSION_2 = Path(__file__).parent / "snapshot_version_2.json"


def put(caller: Caller, document: bytes, tenant: str = "acme") -> Any:
    return caller("PUT", f"tenants/{tenant}/state", content=document)


def test_a_snapshot_is_versioned_json(caller: Caller) -> None:
    answer = caller("GET", STATE)
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["version"] == 6
    assert answer.json()["tenant"]["name"] == "acme"


def test_what_came_after_a_snapshot_is_taken_back(caller: Caller) -> None:
    before = caller.snapshot()
    space = caller.create_space()
    assert put(caller, before).status_code == 204
    assert caller.v4("GET", f"/shared-spaces/{space['id']}").status_code == 404
    assert caller("GET", "tenants/acme/outbox").json()["entries"] == []


def test_what_was_there_is_there_again(caller: Caller) -> None:
    caller("PATCH", "tenants/acme", {"clock": {"frozen": "2026-03-10T15:43:25.000Z"}})
    space = caller.create_space()
    paths = ["/shared-spaces", f"/shared-spaces/{space['id']}", "/themes", "/users"]
    before, snapshot = [caller.v4("GET", path).content for path in paths], caller.snapshot()
    caller("DELETE", "tenants/acme")
    put(caller, snapshot)
    assert [caller.v4("GET", path).content for path in paths] == before
    assert caller.snapshot() == snapshot


def test_the_next_ids_are_those_that_would_have_been(caller: Caller) -> None:
    caller.create_space()
    snapshot = caller.snapshot()
    next_id, next_problem = caller.create_space()["id"], caller.v4("GET", "/shared-spaces/none").json()["id"]
    put(caller, snapshot)
    assert caller.create_space()["id"] == next_id
    assert caller.v4("GET", "/shared-spaces/none").json()["id"] == next_problem


def test_a_snapshot_of_version_2_is_taken_and_shows_all_that_the_present_version_does(caller: Caller) -> None:
    assert put(caller, VERSION_2.read_bytes()).status_code == 204
    (old,) = caller.v4("GET", "/shared-spaces?title=Old%20space").json()["items"]
    new = caller.create_space()
    assert old["publicUri"] == "old-space"
    assert old["id"] != new["id"]
    for path in ("/themes", "/assets", "/users", "/shared-space-templates"):
        assert caller.v4("GET", path).status_code == 200


def test_a_plan_of_version_5_is_shown_as_it_was(caller: Caller) -> None:
    space = caller.create_space()["id"]
    make_plan(caller, space)
    path = f"tenants/acme/shared-spaces/{space}/plan"
    before = caller("GET", path).json()
    assert caller("PUT", STATE, as_version_5(caller)).status_code == 204
    assert caller("GET", path).json() == before
    assert before["milestones"][0]["actions"][0]["assignees"]


def as_version_5(caller: Caller) -> dict[str, Any]:
    """Return a snapshot as version 5 had it: a plan in one piece, the queue without a mark."""
    document = json.loads(caller.snapshot())
    records = document["tenant"]["records"]
    parts = {name: {one["id"]: one for one in records.pop(name)} for name in ("assignees", "actions", "milestones")}
    dropped = {"plan_id", "milestone_id", "action_id", "action_ids", "number"}

    def without(one: dict[str, Any], **more: Any) -> dict[str, Any]:
        return {**{name: value for name, value in one.items() if name not in dropped}, **more}

    for plan in records["plans"]:
        plan["milestones"] = [
            without(milestone, actions=[
                without(action, assignees=[
                    without(one) for one in parts["assignees"].values() if one["action_id"] == action["id"]
                ])
                for action in (parts["actions"][id_] for id_ in milestone["action_ids"])
            ])
            for milestone in (parts["milestones"][id_] for id_ in plan.pop("milestone_ids"))
        ]  # fmt: skip
    for queue in records["webhookqueue"]:
        del queue["is_marked"]
    return {**document, "version": 5}


def test_a_snapshot_may_be_put_under_another_name(caller: Caller) -> None:
    space = caller.create_space()
    assert put(caller, caller.snapshot(), "other").status_code == 204
    assert caller.v4("GET", f"/shared-spaces/{space['id']}", tenant="other").status_code == 200


def test_a_restored_tenant_is_kept(caller: Caller) -> None:
    put(caller, caller.snapshot(), "other")
    assert {one["name"]: one["isWritten"] for one in caller("GET", "tenants").json()} == {"acme": False, "other": True}


def test_a_reset_leads_to_the_seed_data_and_not_to_the_snapshot(caller: Caller) -> None:
    fresh = caller.snapshot()
    caller.create_space()
    put(caller, caller.snapshot())
    caller("POST", "tenants/acme/reset")
    assert caller.snapshot() == fresh


def test_a_restored_tenant_can_be_written_to(caller: Caller) -> None:
    put(caller, caller.snapshot())
    space = caller.create_space()
    assert space["id"] in [one["id"] for one in caller.v4("GET", "/shared-spaces").json()["items"]]


def test_a_full_server_takes_no_snapshot_of_a_new_tenant(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caller.app.tenants, "_written_cap", 1)
    caller.create_space()
    assert_refused(put(caller, caller.snapshot(), "other"), 503, "tenants-full")
    assert put(caller, caller.snapshot()).status_code == 204


def test_others_are_answered_while_a_snapshot_is_read(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    document, answered = caller.snapshot(), threading.Event()

    def wait(*arguments: Any) -> Tenant:
        assert answered.wait(timeout=10)
        return restore(*arguments)

    async def both() -> int:
        reading = asyncio.create_task(caller.send("PUT", STATE, content=document))
        await asyncio.sleep(0)
        await caller.send("GET", "/v4/shared-spaces")
        answered.set()
        return (await reading).status_code

    monkeypatch.setattr("showpad_mock.control.snapshots.restore", wait)
    assert caller.run(both()) == 204


def test_others_are_answered_while_a_large_snapshot_is_written(caller: Caller) -> None:
    asset = next(one for one in caller("GET", "tenants/acme/assets").json() if one["handle"] == "brochure")
    items = {"items": [{"type": "asset", "assetId": asset["id"]}] * 1000}
    caller.v4("POST", f"/shared-spaces/{caller.create_space()['id']}/items", items)
    answered: list[str] = []

    async def ask(path: str) -> None:
        assert (await caller.send("GET", path)).is_success
        answered.append(path)

    async def both() -> None:
        await asyncio.gather(ask(STATE), ask("tenants/other"))

    caller.run(both())
    assert answered == ["tenants/other", STATE]


def test_a_snapshot_beyond_the_cap_is_refused(caller: Caller) -> None:
    caller.app.control.snapshots.cap = 1000
    assert_refused(put(caller, b" " * 1001), 413, "snapshot-too-large", "1000 bytes")


def test_a_snapshot_far_beyond_the_cap_is_not_even_read(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("showpad_mock.control.snapshots.DISCARDED", 10)
    caller.app.control.snapshots.cap = 10
    sent = []

    async def chunks() -> AsyncIterator[bytes]:
        for number in range(9):
            sent.append(number)
            yield b" " * 10

    assert_refused(caller("PUT", STATE, content=chunks()), 413, "snapshot-too-large")
    assert len(sent) == 3


def test_a_snapshot_may_be_larger_than_other_bodies(caller: Caller) -> None:
    assert put(caller, caller.snapshot() + b" " * (10 * 1024 * 1024 + 1)).status_code == 204


def test_half_a_snapshot_of_a_client_that_went_away_changes_nothing(caller: Caller) -> None:
    before = caller.snapshot()
    messages: list[asgi.Message] = [
        {"type": "http.request", "body": before, "more_body": True},
        {"type": "http.disconnect"},
    ]
    scope = asgi.scope_of("PUT", f"/__admin/{STATE}".encode(), [(b"host", b"localhost")])
    assert caller.run(asgi.drive(caller.app, scope, asgi.each(messages))) == []
    assert caller("GET", "tenants/acme").json()["isWritten"] is False


def test_garbage_is_refused_and_changes_nothing(caller: Caller) -> None:
    caller.create_space()
    before = caller.snapshot()
    assert_refused(put(caller, b"{"), 400, "invalid-snapshot", "the document: Invalid JSON")
    assert caller.snapshot() == before


def nodes(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a JSON value but the words of the generators, which are far too many."""
    found = [path]
    if "chance" not in path:
        steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        found += [one for step, part in steps for one in nodes(part, (*path, step))]
    return found


def at(document: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        document = document[step]
    return document


def mutation(document: Any, draw: Callable[[st.SearchStrategy[Any]], Any]) -> Any:
    """Change one place: another value, a member gone, one more, one twice."""
    places = nodes(document)[1:]
    place = draw(st.sampled_from(places))
    holder, step = at(document, place[:-1]), place[-1]
    how = draw(st.sampled_from(["replace", "remove", "add", "copy"]))
    if how == "remove":
        del holder[step]
    elif how == "add" and isinstance(holder[step], dict):
        holder[step][draw(st.text(max_size=5))] = draw(VALUES)
    elif how == "copy" and isinstance(holder, list):
        holder.append(holder[step])
    else:
        holder[step] = draw(VALUES)
    return document


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
LISTS = ["/shared-spaces", "/themes", "/shared-space-templates", "/users", "/assets", "/divisions"]
SHOWN = [
    "",
    "/users",
    "/assets",
    "/shares",
    "/features",
    "/outbox",
    "/events",
    "/webhooks/subscriptions",
    "/webhooks/attempts",
    "/webhooks/deliveries",
]


def used(caller: Caller, tenant: str) -> set[int]:
    """Read a tenant from all sides and write to it a little; gives the statuses that were answered."""
    answers = [caller.v4("GET", path, tenant=tenant) for path in LISTS]
    answers += [caller("GET", f"tenants/{tenant}{path}") for path in SHOWN]
    for space in caller.v4("GET", "/shared-spaces", tenant=tenant).json().get("items", []):
        path = f"tenants/{tenant}/shared-spaces/{quote(space['id'], safe='')}"
        answers += [caller("GET", f"{path}/{part}") for part in ("participants", "items", "timeline", "plan")]
        answers.append(caller.v4("DELETE", f"/shared-spaces/{quote(space['id'], safe='')}", tenant=tenant))
    new = {"owner": {"userId": caller.user_id("seller")}, "title": "One more"}
    answers.append(caller.v4("POST", "/shared-spaces", new, tenant=tenant))
    return {answer.status_code for answer in answers}


@pytest.fixture(scope="module")
def written_caller(runner: asyncio.Runner) -> Caller:
    """A tenant that uses every kind of record."""
    caller = Caller(runner)
    # Frozen: retries of a delivery would go on changing it.
    caller("PATCH", "tenants/acme", {"clock": {"frozen": "2026-03-10T15:43:25.000Z"}})
    space = caller.create_space()
    asset = next(one for one in caller("GET", "tenants/acme/assets").json() if one["handle"] == "brochure")
    caller.v4("POST", f"/shared-spaces/{space['id']}/items", {"items": [{"type": "asset", "assetId": asset["id"]}]})
    share = {"title": "A Share", "origin": "test", "assets": [{"id": asset["id"], "page": 1}]}
    assert caller.v4("POST", "/shares", share).status_code == 201
    make_plan(caller, space["id"])
    assert caller.v4("DELETE", f"/shared-spaces/{caller.create_space()['id']}").status_code == 204
    record = {"type": "Opportunity", "name": "Renewal"}
    assert caller("POST", f"tenants/acme/shared-spaces/{space['id']}/crm-records", record).is_success
    caller.subscribe()
    log_in(caller)
    owner = caller("GET", f"tenants/acme/shared-spaces/{space['id']}/participants").json()[0]["id"]
    caller("POST", f"tenants/acme/shared-spaces/{space['id']}/participants/{owner}/link")
    caller.create_space()
    assert caller("POST", "tenants/acme/webhooks/deliver").status_code == 200
    return caller


def make_plan(caller: Caller, space: str) -> None:
    """Make a plan with something to do for the owner."""
    path = "/mutual-action-plan"
    participant = caller("GET", f"tenants/acme/shared-spaces/{space}/participants").json()[0]["id"]
    for part, body in (
        ("", {"contextType": "SHARED-SPACE", "contextId": space}),
        ("/milestones", {"title": "Kick-off"}),
        ("/actions", {"title": "Meet"}),
        ("/assignees", {"participantId": participant}),
    ):
        made = caller.v4("POST", path + part, body)
        assert made.status_code == 201, made.text
        path += f"{part}/{made.json()['id']}"


def log_in(caller: Caller) -> None:
    """Draw a code and exchange a password for tokens, as the demo's public client and its integration do."""
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    asked = b"client_id=mock.acme.desktop&response_type=code&user=seller&decision=allow"
    password = b"grant_type=password&username=outsider&password=not-the-usual-one&client_id=mock.acme.integration"
    for path, content, status in (
        ("authorize", asked, 302),
        ("token", password + b"&client_secret=integration-secret", 200),
    ):
        assert caller("POST", f"/api/v3/oauth2/{path}", content=content, headers=form).status_code == status


def test_the_mutated_snapshot_has_every_kind_of_record(written_caller: Caller) -> None:
    records = json.loads(written_caller.snapshot())["tenant"]["records"]
    # A fault may well answer 500, which is what the mutants must not, and a limit 429 instead of what is looked at.
    assert {name for name, some in records.items() if not some} == {"faults", "rate_limits", "rate_spent"}


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_a_mutated_snapshot_is_restored_whole_or_changes_nothing(written_caller: Caller, data: st.DataObject) -> None:
    caller, before = written_caller, written_caller.snapshot()
    caller("DELETE", "tenants/mutated")
    document = mutation(json.loads(before), data.draw)
    answer = put(caller, json.dumps(document).encode(), "mutated")
    if answer.status_code == 204:
        assert 500 not in used(caller, "mutated")
        assert put(caller, caller.snapshot("mutated"), "again").status_code == 204
    else:
        assert_refused(answer, 400, "invalid-snapshot", ": ")
        assert "mutated" not in [one["name"] for one in caller("GET", "tenants").json()]
    assert caller.snapshot() == before


@settings(max_examples=100, deadline=None)
@given(garbage=st.binary() | st.text().map(str.encode) | VALUES.map(lambda value: json.dumps(value).encode()))
def test_no_garbage_is_a_snapshot(written_caller: Caller, garbage: bytes) -> None:
    before = written_caller.snapshot()
    assert_refused(put(written_caller, garbage), 400, "invalid-snapshot")
    assert written_caller.snapshot() == before
