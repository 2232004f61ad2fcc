"""OAuth replies as answers, and the rules that decided them."""

from __future__ import annotations

from ...state.unit import Unit
from ...web.render import Answer
from ..pages import page
from .endpoints import Reply

OAUTH, ERRORS = "AROUND-OAUTH", "AROUND-OAUTH-ERRORS"


def answer_of(unit: Unit, reply: Reply) -> Answer:
    """Make a reply an answer."""
    unit.decide(*rules_of(reply))
    return bare_answer(reply)


def rules_of(reply: Reply) -> tuple[str, ...]:
    """Return the rules that decided a reply."""
    return (OAUTH,) if reply.error is None else (ERRORS,)


def bare_answer(reply: Reply) -> Answer:
    """Make a reply an answer, without a unit of work that it would tell of its rules."""
    answer = Answer(reply.status, reply.body.encode())
    answer.headers += ((name.lower().encode(), value.encode("latin-1")) for name, value in reply.headers.items())
    answer.headers.append((b"content-length", b"%d" % len(answer.body)))
    return answer


def failed(error: str, description: str) -> Answer:
    """Tell the user what is wrong, where the client cannot be told: it may be somebody else (RFC 6749, 4.1.2.1)."""
    return page("oauth_error", status=400, error=error, description=description)
