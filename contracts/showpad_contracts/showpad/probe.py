"""How Showpad's API is told from anything else that answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..core.exchange import Exchange
from ..targets import probe as asking
from ..transport.session import Session
from .targets import ROLES

PATH = "/shared-spaces?limit=1"  # every user may list; one space is the least that can be asked for
WHO_IS_LET_IN = tuple(role for role in ROLES if role != "deactivated")


def probe(session: Session) -> None:
    """Ask for one space, as the first actor with a token, the administrator if it has one. Raises NotTheApi."""
    asking.probe(session, asking.somebody(session, WHO_IS_LET_IN), PATH, is_showpads)


def is_showpads(exchange: Exchange) -> bool:
    """Return whether an answer is a list or a problem, as Showpad's are."""
    answer: Any = exchange.received
    if not isinstance(answer, Mapping):
        return False
    if exchange.status == 200:
        return isinstance(answer.get("items"), list)
    # A refusal is no proof against it: whether the token is let in the probe asks itself.
    return exchange.status >= 400 and {"title", "type"} <= set(answer)
