"""What a vendor says of its webhooks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ..state.store import Store

Headers = Sequence[tuple[str, str]]
DELIVERY = "X-Mock-Delivery"
"""A header of every delivery: by it this mock, and any other, knows one and refuses it."""


class Endpoint(NamedTuple):
    """Where the subscription of that name wants its events, and how; `keys` sign."""

    name: str
    method: str
    url: str
    headers: Headers
    keys: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a vendor's subscriptions lead, how its deliveries are signed, and when they are tried again."""

    endpoint: Callable[[Store, str], Endpoint | None]
    """Returns where the subscription of that id leads; None for one that is gone."""
    signed: Callable[[Sequence[str], bytes, int], Headers]
    """Returns the headers that sign a body with keys at a time in Unix seconds."""
    types: Sequence[str]
    """The types of its events."""
    retry_after: Sequence[int]
    """How many milliseconds after the first failure each retry is due."""
