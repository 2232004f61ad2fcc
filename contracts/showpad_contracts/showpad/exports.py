"""What exports show of what a run did: the rows of a space, of a Share, on targets that offer exports."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..core import expect
from ..core.exchange import Exchange
from ..core.violation import Inconclusive
from .client import Client

PAGE = 1000
MOST_PAGES = 10


def export(client: Client, name: str, **params: Any) -> Exchange:
    """Ask for a page of an export, as the administrator."""
    return client.admin.get(client.exports(name), params=params)


def response_of(exchange: Exchange) -> dict[str, Any]:
    """Return what an export holds: its count and its items."""
    response = expect.member(expect.answered(exchange, 200), "response")
    expect.of_type(response, dict, f"response of {exchange.name}")
    expect.of_type(expect.member(response, "items", of="the response"), list, f"items of {exchange.name}")
    return dict(response)


def count_of(client: Client, name: str) -> int:
    """Return how many rows an export has."""
    count = expect.member(response_of(export(client, name, limit=1)), "count", of="the response")
    expect.of_type(count, int, f"count of {name}")
    return int(count)


def rows(client: Client, name: str, **wanted: Any) -> list[dict[str, Any]]:
    """Return the rows with these values; raises Inconclusive where an export has too many to be gone through."""
    return [row for row in _all_rows(client, name) if all(row.get(key) == value for key, value in wanted.items())]


def _all_rows(client: Client, name: str) -> Iterator[dict[str, Any]]:
    for page in range(MOST_PAGES):
        found = response_of(export(client, name, limit=PAGE, offset=page * PAGE))["items"]
        yield from found
        if len(found) < PAGE:
            return
    raise Inconclusive(f"the export {name} has more than {MOST_PAGES * PAGE} rows")
