"""How RSpace's API is told from anything else that answers."""

from __future__ import annotations

from ..core.exchange import Exchange
from ..targets import probe as asking
from ..transport.session import Session
from .targets import ROLES

PATH = "/groups"  # everybody who is let in may ask for it
WHO_IS_LET_IN = tuple(role for role in ROLES if role != "disabled")


def probe(session: Session) -> None:
    """Ask for the groups, as the first actor with a key. Raises NotTheApi."""
    asking.probe(session, asking.somebody(session, WHO_IS_LET_IN), PATH, is_rspaces)


def is_rspaces(exchange: Exchange) -> bool:
    """Return whether an answer is a bare array or an error, as RSpace's are."""
    if exchange.status == 200:
        return isinstance(exchange.received, list)
    # A refusal is no proof against it: whether the key is let in the probe asks itself.
    return isinstance(exchange.received, dict) and {"httpCode", "internalCode"} <= set(exchange.received)
