"""The first requests of a run: is there anything at the address that speaks like the API?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import inf

from ..core.exchange import Exchange
from ..core.violation import BudgetSpent, Inconclusive, NotTheApi, TargetLacks, Violation
from ..transport.session import Caller, Session

REFUSED = (401, 403)


def probe(session: Session, caller: Caller, path: str, is_of_the_api: Callable[[Exchange], bool]) -> None:
    """Ask for something, and see how long an answer takes.

    Raises NotTheApi with one clear line where a run could not say anything.
    """
    base_url = session.target.base_url
    try:
        exchange = caller.get(path)
    except (Violation, Inconclusive, BudgetSpent) as violation:  # no check is at work that these could be told of
        raise NotTheApi(f"{base_url} speaks nothing like the API: {violation}") from None
    if not is_of_the_api(exchange):
        form = exchange.headers.get("content-type", "no content type")
        raise NotTheApi(f"{base_url} speaks nothing like the API: {exchange.name} answered {exchange.status} ({form})")
    # Nobody is refused anyhow, which shows that the API answers; with a token every check would only be refused.
    if exchange.status in REFUSED and caller.name is not None:
        detail = exchange.received.get("detail", "") if isinstance(exchange.received, dict) else ""
        raise NotTheApi(f"{base_url} refuses the token of {caller.name}: {exchange.status} {detail}".rstrip())
    # The first had to connect, the second may have had to wait for its turn.
    session.answer_seconds = min(exchange.seconds, _seconds_of_another(caller, path))


def _seconds_of_another(caller: Caller, path: str) -> float:
    """Return how long another answer takes; what is wrong with it is for the checks."""
    try:
        return caller.get(path).seconds
    except (Violation, Inconclusive, BudgetSpent, NotTheApi):
        return inf


def somebody(session: Session, roles: Iterable[str]) -> Caller:
    """Return the first of these roles that has a token; else nobody, who is to be refused."""
    for role in roles:
        for oauth in (False, True):
            try:
                return Caller(session, role, session.target.token(role, oauth=oauth), oauth=oauth)
            except TargetLacks:
                continue
    return Caller(session, None, None)
