"""What checks of lists share: the list itself, what of it is the check's own, and its order."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from typing import Any

from ..core import expect
from ..core.violation import WrongForm, WrongList
from ..transport.session import Caller
from .client import Client

SPACES = "/shared-spaces"
INSTANT_SECONDS = 0.002


def list_of(caller: Caller, path: str = SPACES, /, **params: Any) -> list[dict[str, Any]]:
    """Return the items of a list that must be answered 200."""
    exchange = caller.get(path, params=params)
    items = expect.member(expect.answered(exchange, 200), "items")
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise WrongForm(f"items of {exchange.name}", expected="an array of objects", received=items)
    return items


def mark(client: Client) -> str:
    """Return a text that no title bore before and that is no part of another mark."""
    return f"[{client.session.fresh_mark()}]"


def instant() -> None:
    """Let more than a millisecond pass, so that what comes next bears another time than what came before."""
    time.sleep(INSTANT_SECONDS)


def ids(items: Sequence[dict[str, Any]]) -> list[str]:
    """Return the ids of some objects."""
    return [item["id"] for item in items]


def same_members(received: Collection[str], expected: Collection[str], what: str) -> None:
    """A list has just these members, each once, in whatever order."""
    # As sorted lists, not as sets: what is listed twice is a violation as well.
    if sorted(received) != sorted(expected):
        raise WrongList(what, expected=sorted(expected), received=sorted(received))


def only(found: Sequence[dict[str, Any]], expected: str, what: str) -> dict[str, Any]:
    """A list has this one object alone; returns it."""
    same_members(ids(found), [expected], what)
    return found[0]


def holds(received: Collection[str], expected: str, what: str) -> None:
    """A list has this member."""
    if expected not in received:
        raise WrongList(what, expected=f"{expected} among them", received=received)


def lacks(received: Collection[str], unwanted: str, what: str) -> None:
    """A list has not this member."""
    if unwanted in received:
        raise WrongList(what, expected=f"without {unwanted}", received=received)


def in_order(values: Sequence[Any], what: str, *, descending: bool = False) -> None:
    """Values come in order; nulls count for nothing, where they stand is not said."""
    told = [value for value in values if value is not None]
    if told != sorted(told, reverse=descending):
        raise WrongList(what, expected=sorted(told, reverse=descending), received=told)
