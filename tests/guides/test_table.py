"""The table is closed: a row too many is refused, and so is a placeholder without a row."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from fixtures.guides.exchanges import Guides, read_json
from fixtures.guides.table import TableError, Values

VALUES = Values("acme-2", "mock.acme-2.admin")
GET, LIST, SHARE = "000-get-a-space", "002-list-by-participant-email", "003-create-a-share"
ASSET = "001-add-an-asset"


def with_row(section: str, **row: Any) -> dict[str, Any]:
    table: dict[str, Any] = read_json("table.json")
    table[section].append(row)
    return table


def without_row(section: str, index: int) -> dict[str, Any]:
    table: dict[str, Any] = read_json("table.json")
    del table[section][index]
    return table


SUPERFLUOUS = {
    "placeholder nobody prints": with_row("placeholders", exchange="*", printed="{{nobody}}", sent="x"),
    "placeholder another exchange prints": with_row("placeholders", exchange=GET, printed="{{owner ID}}", sent="x"),
    "placeholder of no exchange": with_row("placeholders", exchange="004", printed="{access_token}", sent="x"),
    "contradiction of no exchange": with_row(
        "contradictions", exchange="004", at="request.method", printed="GET", expected="PUT", why=""
    ),
    "contradiction of what is not printed": with_row(
        "contradictions", exchange=GET, at="response.status", printed=201, expected=200, why=""
    ),
    "contradiction of another type": with_row(
        "contradictions", exchange=LIST, at="response.body.items[0].title", printed=0, expected=1, why=""
    ),
    "contradiction at no place": with_row(
        "contradictions", exchange=LIST, at="response.body.items[1].title", printed=None, expected="x", why=""
    ),
    "contradiction that changes nothing": with_row(
        "contradictions", exchange=GET, at="response.status", printed=200, expected=200, why=""
    ),
    "form at no place": with_row(
        "generated", exchange=SHARE, at="response.body.token", printed="x", form="^x$", why=""
    ),
    "form that the printed text does not have": with_row(
        "generated", exchange=SHARE, at="response.body.origin", printed="Integration", form="^[0-9]+$", why=""
    ),
    "nothing given": with_row("given", exchange=GET, why="", clock=None, requests=[]),
    "given for no exchange": with_row("given", exchange="004", why="", clock="2025-01-09T11:51:24.271Z", requests=[]),
    "given twice": with_row("given", exchange=SHARE, why="", clock="2025-01-09T11:51:24.271Z", requests=[]),
    "added where no object is": with_row("added", exchange=GET, at="response.body.title", members=["x"], why=""),
    "added though printed": with_row("added", exchange=GET, at="response.body.owner", members=["userId"], why=""),
    "nothing added": with_row("added", exchange=GET, at="response.body.owner", members=[], why=""),
    "added twice": with_row("added", exchange=GET, at="response.body", members=["colour"], why=""),
    "two rows for one place": with_row(
        "contradictions",
        exchange=SHARE,
        at="response.body.id",
        printed="f6297eda5146c386009e8bdfab99207d",
        expected="0",
        why="",
    ),
    "row of another form": with_row("placeholders", exchange="*", printed="{access_token}"),
    "section nobody knows": {**read_json("table.json"), "ignored": []},
}


@pytest.mark.parametrize("table", SUPERFLUOUS.values(), ids=SUPERFLUOUS.keys())
def test_a_row_that_says_nothing_is_refused(table: dict[str, Any]) -> None:
    with pytest.raises(TableError):
        Guides(read_json("exchanges.json"), table)


# MyApiToken is a placeholder without braces: left as it is, it would be another tenant's token.
BRACED = [index for index, row in enumerate(read_json("table.json")["placeholders"]) if row["printed"][0] == "{"]


@pytest.mark.parametrize("index", BRACED)
def test_no_placeholder_can_do_without_its_row(index: int) -> None:
    table = without_row("placeholders", index)
    with pytest.raises(TableError, match="placeholder"):
        Guides(read_json("exchanges.json"), table)


def test_an_unknown_placeholder_is_refused() -> None:
    documents = read_json("exchanges.json")
    documents[0]["request"]["body"]["title"] = "For {{customer}}"
    with pytest.raises(TableError, match="customer"):
        Guides(documents, read_json("table.json"))


def test_placeholders_become_the_values_of_the_tenant(guides: Guides) -> None:
    exchange = guides.exchange("000-get-a-space", VALUES)
    assert exchange.request.headers == {"Authorization": "Bearer mock.acme-2.admin"}
    assert exchange.expected.body["publicUrl"] == "https://acme-2.showpad.com/s/marketing-space"
    assert exchange.filled == {"{{subdomain}}": "acme-2", "{access_token}": "mock.acme-2.admin"}


def test_contradictions_become_what_is_expected(guides: Guides) -> None:
    exchange = guides.exchange(LIST, VALUES)
    assert exchange.request.headers["Authorization"] == "Bearer mock.acme-2.admin"
    assert exchange.expected.body["count"] == 1
    assert exchange.expected.body["items"][0]["archivedAt"] is None
    assert [row.expected for row in exchange.contradictions] == ["Bearer mock.acme-2.admin", 1, None]


def test_what_is_printed_stays_as_it_was(guides: Guides) -> None:
    documents = read_json("exchanges.json")
    before = copy.deepcopy(documents)
    Guides(documents, read_json("table.json")).exchange(LIST, VALUES)
    assert documents == before


def test_the_query_is_sent_as_printed(guides: Guides) -> None:
    target = guides.exchange(LIST, VALUES).request.target
    assert target == "/v4/shared-spaces?participantEmail=bob.smith%40showpad.com&offset=0&limit=1000"
