"""The first request of a run: is there anything at the address that speaks like the API?"""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from typing import Any

from ..core.exchange import Exchange
from ..core.failure import BudgetSpent, Failure, NotTheApi, TargetLacks, Undecided
from ..core.target import ACTORS
from ..showpad.client import Api
from ..transport.session import Caller

REFUSED = (401, 403)


def probe(api: Api) -> None:
    """Ask for one space, and see how long an answer takes.

    Raises NotTheApi with one clear line where a run could not say anything.
    """
    base_url = api.target.base_url
    caller = _somebody(api)
    try:
        exchange = caller.get("/shared-spaces", params={"limit": 1})
    except (Failure, Undecided, BudgetSpent) as failure:
        raise NotTheApi(f"{base_url} speaks nothing like the API: {failure}") from None
    if not _is_list(exchange) and not _is_problem(exchange):
        kind = exchange.headers.get("content-type", "no content type")
        raise NotTheApi(f"{base_url} speaks nothing like the API: {exchange.name} answered {exchange.status} ({kind})")
    if exchange.status in REFUSED and caller.name is not None:
        detail = exchange.received.get("detail", "")
        raise NotTheApi(f"{base_url} refuses the token of {caller.name}: {exchange.status} {detail}".rstrip())
    # The first had to connect, the second may have had to wait for its turn.
    api.session.answer_seconds = min(exchange.seconds, _seconds_of_another(caller))


def _seconds_of_another(caller: Caller) -> float:
    """Return how long another answer takes; what is wrong with it is for the checks."""
    try:
        return caller.get("/shared-spaces", params={"limit": 1}).seconds
    except (Failure, Undecided, BudgetSpent, NotTheApi):
        return inf


def _somebody(api: Api) -> Caller:
    """Give the first actor with a token, the administrator if it has one; else nobody, who is to be refused."""
    for actor in ACTORS:
        for oauth in (False, True):
            try:
                if actor != "deactivated":
                    return api.as_(actor, oauth=oauth)
            except TargetLacks:
                continue
    return api.nobody


def _is_list(exchange: Exchange) -> bool:
    answer: Any = exchange.received
    return exchange.status == 200 and isinstance(answer, Mapping) and isinstance(answer.get("items"), list)


def _is_problem(exchange: Exchange) -> bool:
    answer: Any = exchange.received
    return exchange.status >= 400 and isinstance(answer, Mapping) and {"title", "type"} <= set(answer)
