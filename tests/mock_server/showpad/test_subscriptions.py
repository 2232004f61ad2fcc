"""/webhooks/v1/subscriptions: who is told of events, by whom that is managed, and what is kept to oneself."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import httpx2
import pytest

from showpad_mock import MockShowpad, MockTenant

from ...harness.api import Api, assert_problem, in_process

ULID = re.compile("[0-7][0-9A-HJKMNP-TV-Z]{25}")
SECRET = "hunter2-hunter2"
AT_ONE = "/subscriptions/01ARZ3NDEKTSV4RRFFQ69G5FAV"


@pytest.fixture
def hooks(showpad_server: MockShowpad, showpad: MockTenant, runner: asyncio.Runner) -> Api:
    return in_process(showpad, showpad_server.app, runner, "/webhooks/v1")


def asked(**more: Any) -> dict[str, Any]:
    return {"name": "CRM", "url": "http://localhost:1/hook", "types": ["shared-space-created"], **more}


def subscribe(hooks: Api, **more: Any) -> dict[str, Any]:
    answer = hooks.post("/subscriptions", asked(**more))
    assert answer.status_code == 201, answer.text
    created: dict[str, Any] = answer.json()
    return created


@pytest.mark.rule("AROUND-WEBHOOKS", "CONV-ID")
def test_the_signature_key_is_shown_once(hooks: Api) -> None:
    hooks.tenant.freeze("2026-03-10T15:43:25.000Z")
    created = subscribe(hooks)
    key, id_ = created.pop("signatureKey"), created["id"]
    assert len(key) >= 32
    assert ULID.fullmatch(id_)
    at = "2026-03-10T15:43:25.000Z"
    assert created == asked(id=id_, method="POST", headers=[], createdAt=at, updatedAt=at)
    assert hooks.get(f"/subscriptions/{id_}").json() == created
    assert hooks.get("/subscriptions").json() == {"count": 1, "items": [created]}


@pytest.mark.rule("AROUND-WEBHOOKS", "AROUND-WEBHOOKS-CHANGE")
def test_a_change_changes_what_is_sent(hooks: Api) -> None:
    created = subscribe(hooks)
    del created["signatureKey"]
    hooks.tenant.freeze("2031-05-06T07:08:09.010Z")
    changed = hooks.post(f"/subscriptions/{created['id']}", {"method": "GET", "types": ["link-share-viewed"]})
    news = {"method": "GET", "types": ["link-share-viewed"], "updatedAt": "2031-05-06T07:08:09.010Z"}
    assert (changed.status_code, changed.json()) == (200, created | news)


@pytest.mark.rule("AROUND-WEBHOOKS", "AROUND-WEBHOOKS-404")
def test_a_deleted_subscription_is_gone(hooks: Api) -> None:
    path = f"/subscriptions/{subscribe(hooks)['id']}"
    assert hooks.delete(path).status_code == 204
    for method in ("GET", "POST", "DELETE"):
        assert_problem(hooks.request(method, path), 404, "AROUND-WEBHOOKS-404")
    assert hooks.get("/subscriptions").json() == {"count": 0, "items": []}


@pytest.mark.rule("AROUND-WEBHOOKS-403")
@pytest.mark.parametrize("user", ["manager", "seller"])
@pytest.mark.parametrize("oauth", [True, False])
def test_only_administrators_manage_subscriptions(hooks: Api, user: str, oauth: bool) -> None:  # noqa: FBT001
    path = f"/subscriptions/{subscribe(hooks)['id']}"
    who: dict[str, Any] = {"as_": user, "oauth": oauth}
    assert_problem(hooks.get("/subscriptions", **who), 403, "AROUND-WEBHOOKS-403")
    assert_problem(hooks.post("/subscriptions", {"types": 1}, **who), 403, "AROUND-WEBHOOKS-403")
    for method in ("GET", "POST", "DELETE"):
        assert_problem(hooks.request(method, path, **who), 403, "AROUND-WEBHOOKS-403")
    assert hooks.get("/subscriptions").json()["count"] == 1


@pytest.mark.rule("AROUND-WEBHOOKS-LIST")
def test_a_list_is_oldest_first_and_has_pages(hooks: Api) -> None:
    names = []
    for second in range(3):
        hooks.tenant.freeze(f"2026-03-10T15:43:0{second}.000Z")
        names.append(subscribe(hooks, name=f"n{second}")["name"])
    page = hooks.get("/subscriptions", params={"limit": 1, "offset": 1}).json()
    assert (page["count"], [one["name"] for one in page["items"]]) == (3, names[1:2])
    assert_problem(hooks.get("/subscriptions", params={"limit": 0}), 400, "AROUND-WEBHOOKS-LIST", at="limit")


HEADER = {"name": "X-A", "value": "b"}
WRONG: list[tuple[str, Any]] = [
    ("name", ""),
    ("name", "n" * 256),
    ("url", "ftp://localhost/"),
    ("url", "/hook"),
    ("url", "http://"),
    ("url", "http://[::1/"),
    ("url", "http://ann:secret@localhost/"),
    ("url", "http://localhost/#part"),
    ("url", "http://localhost:99999/"),
    ("url", "http://localhost:0/"),
    ("url", "http://localhost/a b"),
    ("url", "http://localhost/\r\nX-A: b"),
    ("url", "http://localhost/" + "a" * 2000),
    ("types", []),
    ("types[0]", ["shared-space-deleted"]),
    ("method", "PUT"),
    ("headers", [HEADER] * 21),
    ("headers[0].name", [{**HEADER, "name": "X A"}]),
    ("headers[0].name", [{**HEADER, "name": "X-A\r\n"}]),
    ("headers[0].name", [{**HEADER, "name": ""}]),
    *(("headers[0].name", [{**HEADER, "name": one}]) for one in ("Host", "content-length", "X-Showpad-Signature-V1")),
    ("headers[0].value", [{**HEADER, "value": "b\r\nX-C: d"}]),
    ("headers[0].value", [{**HEADER, "value": "b\n"}]),
    ("headers[0].value", [{**HEADER, "value": " b"}]),
    ("headers[0].value", [{**HEADER, "value": "\u00e9"}]),
]


@pytest.mark.rule("AROUND-WEBHOOKS-BODY")
@pytest.mark.parametrize(("at", "value"), WRONG)
def test_what_cannot_be_delivered_by_is_refused(hooks: Api, at: str, value: Any) -> None:
    member = re.split(r"\W", at)[0]
    path = f"/subscriptions/{subscribe(hooks)['id']}"
    assert_problem(hooks.post("/subscriptions", asked(**{member: value})), 400, "AROUND-WEBHOOKS-BODY", at=at)
    assert_problem(hooks.post(path, {member: value}), 400, "AROUND-WEBHOOKS-BODY", at=at)


@pytest.mark.rule("AROUND-WEBHOOKS-BODY")
def test_what_means_nothing_beside_what_is_faulty_is_no_matter(hooks: Api) -> None:
    created = subscribe(hooks)
    path = f"/subscriptions/{created['id']}"
    refused = hooks.post(path, {"url": "/hook", "recipient": "x", "name": "Changed"})
    assert_problem(refused, 400, "AROUND-WEBHOOKS-BODY", at="url")
    assert (refused.headers["x-mock-ignored"], hooks.get(path).json()["name"]) == ("body.recipient", "CRM")


@pytest.mark.rule("AROUND-WEBHOOKS-BODY")
@pytest.mark.parametrize("member", ["name", "url", "types"])
def test_what_a_subscription_needs_is_named(hooks: Api, member: str) -> None:
    body = asked()
    del body[member]
    assert_problem(hooks.post("/subscriptions", body), 400, "AROUND-WEBHOOKS-BODY", at=member)


def everything_kept(api: Api, answers: list[httpx2.Response]) -> str:
    """What the journal and the answers hold."""
    return "".join(answer.text for answer in answers) + "".join(map(repr, api.tenant.exchanges))


@pytest.mark.rule("AROUND-WEBHOOKS-SECRET")
@pytest.mark.parametrize("name", ["Authorization", "x-api-key", "X-Client-Secret", "Cookie"])
def test_a_secrets_header_is_told_nowhere(hooks: Api, name: str) -> None:
    headers = [{"name": name, "value": SECRET}, {"value": SECRET, "name": name}, {"name": "X-Plain", "value": "plain"}]
    created = hooks.post("/subscriptions", asked(headers=headers))
    path = f"/subscriptions/{created.json()['id']}"
    answers = [created, hooks.get("/subscriptions"), hooks.get(path), hooks.post(path, {"headers": headers})]
    answers.append(hooks.post("/subscriptions", asked(headers=[{"name": name, "value": f"{SECRET}\u00e9"}])))
    kept = everything_kept(hooks, answers)
    assert SECRET not in kept
    assert '"plain"' in kept


@pytest.mark.rule("AROUND-WEBHOOKS-SECRET")
def test_the_journal_does_not_keep_the_key(hooks: Api) -> None:
    key = subscribe(hooks)["signatureKey"]
    assert key not in everything_kept(hooks, [hooks.get("/subscriptions")])


def test_beyond_fifty_subscriptions_more_are_refused(hooks: Api) -> None:
    for _ in range(50):
        subscribe(hooks)
    assert_problem(hooks.post("/subscriptions", asked()), 503, detail="50 subscriptions")
