"""`differences` finds each way in which an answer can be another than the guide's."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fixtures.guides.differences import differences
from fixtures.guides.exchanges import Answer, Exchange, Guides
from fixtures.guides.places import replaced
from fixtures.guides.table import Values

VALUES = Values("acme-2", "mock.acme-2.admin")
GET, LIST, SHARE = "000-get-a-space", "002-list-by-participant-email", "003-create-a-share"
PARTIAL, DELETE = "001-partial-success", "000-delete-a-space"
TOKEN = "xncLlh9gYDjXPao4XOVlq"
SHARE_URL = "https://acme-2.showpad.com/share/"


def shown(exchange: Exchange) -> Answer:
    """Give the answer that the guide shows."""
    body = exchange.expected.body
    return Answer(exchange.expected.status, b"" if body is None else json.dumps(body).encode())


def told(guides: Guides, name: str, *changes: tuple[str, Any]) -> list[str]:
    """Give the differences after the guide's own answer has been changed."""
    exchange = guides.exchange(name, VALUES)
    answer = {"response": {"status": exchange.expected.status, "body": exchange.expected.body}}
    for at, value in changes:
        answer = replaced(answer, at, value)
    changed = answer["response"]
    return differences(exchange, Answer(changed["status"], json.dumps(changed["body"]).encode()))


@pytest.mark.parametrize("name", [GET, LIST, SHARE, PARTIAL, DELETE])
def test_the_answer_of_the_guide_has_none(guides: Guides, name: str) -> None:
    exchange = guides.exchange(name, VALUES)
    assert differences(exchange, shown(exchange)) == []


CHANGED: list[tuple[str, str, Any]] = [
    (GET, "response.body.title", "Another"),
    (GET, "response.body.archivedAt", "2025-01-09T11:51:24.271Z"),
    (GET, "response.body.owner", None),
    (GET, "response.body.owner.userId", "95e63d4a4d049cb63fea74de4bcb2c90"),
    (GET, "response.body.createdAt", "2025-01-09T11:38:06Z"),
    (GET, "response.body.isExternalUploadAllowed", 0),
    (LIST, "response.body.count", 1.0),
    (LIST, "response.body.count", True),
    (LIST, "response.body.count", "1"),
    (PARTIAL, "response.body.failedItems[1].reason", "ARCHIVED"),
    (PARTIAL, "response.body.failedItems", {}),
    (SHARE, "response.body.assets[0].page", 4),
    (SHARE, "response.body.id", "F6297EDA5146C386009E8BDFAB99207D"),
    (SHARE, "response.body.id", None),
    (SHARE, "response.body.untrackedUrl", SHARE_URL + "short"),
    (SHARE, "response.body.untrackedUrl", "https://acme-3.showpad.com/share/1JmIS8oGyVEGUM4Cb3ETO"),
    (SHARE, "response.body.anonymousUrl", SHARE_URL + TOKEN + "\n"),
]


@pytest.mark.parametrize(("name", "at", "value"), CHANGED)
def test_a_changed_value_is_told_with_its_place(guides: Guides, name: str, at: str, value: Any) -> None:
    found = told(guides, name, (at, value))
    assert any(line.startswith(f"{at}: expected ") for line in found)
    assert any(line.endswith(f"came {json.dumps(value)}") for line in found)


def test_another_status_is_told(guides: Guides) -> None:
    assert told(guides, SHARE, ("response.status", 200)) == ["response.status: expected 201, came 200"]


def test_a_missing_member_is_told(guides: Guides) -> None:
    exchange = guides.exchange(GET, VALUES)
    body = {name: value for name, value in exchange.expected.body.items() if name != "archivedAt"}
    found = differences(exchange, Answer(200, json.dumps(body).encode()))
    assert found == ["response.body.archivedAt: expected null, came no such member"]


def test_a_missing_generated_member_is_told(guides: Guides) -> None:
    exchange = guides.exchange(SHARE, VALUES)
    body = {name: value for name, value in exchange.expected.body.items() if name != "dynamicUrl"}
    found = differences(exchange, Answer(201, json.dumps(body).encode()))
    assert [line.partition(":")[0] for line in found] == ["response.body.dynamicUrl"]


@pytest.mark.parametrize("at", ["response.body.colour", "response.body.owner.email", "response.body.theme.updatedAt"])
def test_a_member_beyond_the_printed_is_told(guides: Guides, at: str) -> None:
    assert told(guides, GET, (at, "x")) == [f'{at}: expected no such member, came "x"']


def test_a_member_that_the_table_adds_is_none(guides: Guides) -> None:
    assert told(guides, GET, ("response.body.updatedAt", "x"), ("response.body.customerLogo", None)) == []


def test_an_entry_too_few_is_told(guides: Guides) -> None:
    assert told(guides, PARTIAL, ("response.body.failedItems", []))[0] == (
        "response.body.failedItems: expected 2 entries, came 0"
    )


def test_entries_in_another_order_are_told(guides: Guides) -> None:
    failed = guides.exchange(PARTIAL, VALUES).expected.body["failedItems"]
    assert len(told(guides, PARTIAL, ("response.body.failedItems", failed[::-1]))) == 4


def test_one_token_for_two_links_is_told(guides: Guides) -> None:
    found = told(guides, SHARE, ("response.body.untrackedUrl", SHARE_URL + TOKEN))
    assert found == [f"response.body.untrackedUrl: expected another text than anonymous, came {TOKEN}"]


def test_two_tokens_for_one_link_are_told(guides: Guides) -> None:
    link = "https://acme-2.showpad.com/catalog/link/"
    found = told(guides, SHARE, ("response.body.dynamicUrl", link + TOKEN[::-1]))
    assert found == [f"response.body.dynamicUrl: expected {TOKEN} once more (anonymous), came {TOKEN[::-1]}"]


def test_a_body_after_204_is_told(guides: Guides) -> None:
    found = differences(guides.exchange(DELETE, VALUES), Answer(204, b"{}"))
    assert found == ["response.body: expected nothing, came '{}'"]


@pytest.mark.parametrize("content", [b"", b"<html>", b"\xff"])
def test_a_body_that_is_not_json_is_told(guides: Guides, content: bytes) -> None:
    found = differences(guides.exchange(GET, VALUES), Answer(200, content))
    assert [line.partition(",")[0] for line in found] == ["response.body: expected JSON"]
