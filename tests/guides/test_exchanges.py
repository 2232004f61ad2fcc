"""Every exchange of the guides, in a fresh tenant of the guides' data: the answer is the one the guide shows."""

from __future__ import annotations

import json

import pytest

from fixtures.guides.differences import differences
from fixtures.guides.exchanges import Guides, arrange, read_guides
from fixtures.guides.places import value_at
from fixtures.guides.table import Values
from showpad_mock import MockTenant

from ..harness.api import Api
from .sending import sender

SPACE = ("SPACE-FIELDS", "SPACE-FIELDS-MORE", "SPACE-URL", "SPACE-STATUS", "CONV-TIME")
RULES = {
    "000-archive-a-space": ("PATCH-OK", "PATCH-FIELDS", "PATCH-ARCHIVE", "SPACE-ACTIVITY", *SPACE),
    "000-get-a-space": ("GET-OK", *SPACE),
    "000-delete-a-space": ("DELETE-OK",),
    "000-transfer-ownership": ("TRANSFER-OK",),
    "001-add-an-asset": ("ITEMS-OK", "ITEMS-ANSWER"),
    "001-add-folders": ("ITEMS-OK", "ITEMS-NEST", "ITEMS-COUNT"),
    "001-add-a-page": ("ITEMS-OK", "ITEMS-PAGE"),
    "001-partial-success": (
        "ITEMS-PARTIAL",
        "ITEMS-COUNT",
        "ITEMS-FAILED-FIELDS",
        "ITEMS-FAILED-NAME",
        "ITEMS-ARCHIVED",
        "ITEMS-NOT-FOUND",
    ),
    "002-list-by-participant-email": ("LIST-OK", "LIST-EMAIL", "CONV-PAGE", "CONV-COUNT", "SPACE-LISTED"),
    "002-transfer-ownership": ("TRANSFER-OK", "CONV-ACCEPT"),
    "003-create-a-share": ("SHARE-OK", "SHARE-FIELDS", "SHARE-URLS"),
}
EXCHANGES = [pytest.param(name, marks=pytest.mark.rule(*RULES[name])) for name in read_guides().names]


def test_the_four_guides_show_eleven_exchanges(guides: Guides) -> None:
    assert len(guides.names) == 11
    assert {name[:3] for name in guides.names} == {"000", "001", "002", "003"}


@pytest.mark.parametrize("name", EXCHANGES)
def test_the_answer_is_the_one_that_the_guide_shows(
    name: str, guides: Guides, tenant: MockTenant, values: Values, guides_api: Api
) -> None:
    exchange, send = guides.exchange(name, values), sender(guides_api)
    arrange(exchange, send, tenant.freeze)
    assert differences(exchange, send(exchange.request)) == []


@pytest.mark.parametrize("name", EXCHANGES)
def test_every_member_that_the_table_adds_is_there(
    name: str, guides: Guides, tenant: MockTenant, values: Values, guides_api: Api
) -> None:
    exchange, send = guides.exchange(name, values), sender(guides_api)
    arrange(exchange, send, tenant.freeze)
    answer = send(exchange.request)
    body = json.loads(answer.content or b"null")
    for at, members in exchange.expected.added.items():
        assert members <= value_at({"response": {"body": body}}, at).keys()


@pytest.mark.parametrize("name", EXCHANGES)
def test_the_same_request_in_the_same_tenant_name_gives_the_same_bytes(
    name: str, guides: Guides, tenant: MockTenant, values: Values, guides_api: Api
) -> None:
    exchange, send = guides.exchange(name, values), sender(guides_api)
    answers = []
    for _ in range(2):
        tenant.reset()
        arrange(exchange, send, tenant.freeze)
        answers.append(send(exchange.request))
    assert answers[0] == answers[1]
