"""Answers: JSON as RSpace writes it, error bodies (RS-ERROR), and the headers of every answer (RS-RATE)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic_core import to_json

from ...core.clock import iso
from ...core.refusals import Refusal
from ...web.call import Call
from ...web.rate import RateWindow
from ...web.render import JSON, Answer, Header, Occurrence
from ..problems import TOO_MANY_REQUESTS
from .violations import Invalid

# The server's own texts for all errors of a kind; in other words, since clients only show them.
GENERIC = {401: ["Access was refused."], 404: [""], 429: [""], 500: ["The server failed."]}

# What is told while the rate limiter is off, as it is by default: nobody ever waits so long.
WINDOWS = ((b"-quarter_min", b""), (b"-hour", b"-hour"), (b"-day", b"-day"))
RATE_WINDOWS = tuple(
    RateWindow(requests, seconds, refills=True) for requests, seconds in ((15, 15), (1000, 3600), (5000, 86_400))
)
RATE_HEADERS: Sequence[Header] = (
    *((b"x-rate-limit-limit" + suffix, b"10") for _, suffix in WINDOWS),
    *((b"x-rate-limit-remaining" + suffix, b"10.0") for _, suffix in WINDOWS),
    *((b"x-rate-limit-waittimetillnextrequestmillis" + suffix, b"100") for suffix, _ in WINDOWS),
    (b"x-rate-limit-minwaitintervalmillis", b"100"),
    (b"x-rate-limit-waittimemillis", b"100"),
)


def rate_headers(call: Call) -> Sequence[Header]:
    """Return what every answer tells of the rate limit, a refused one, too."""
    if call.rate is None:
        return RATE_HEADERS
    headers: list[Header] = [(b"x-rate-limit-minwaitintervalmillis", b"0")]
    for (wait_suffix, suffix), window in zip(WINDOWS, call.rate, strict=True):
        headers += (
            (b"x-rate-limit-limit" + suffix, b"%d" % window.requests),
            (b"x-rate-limit-remaining" + suffix, b"%.1f" % window.remaining),
            (b"x-rate-limit-waittimetillnextrequestmillis" + wait_suffix, b"%d" % window.wait),
        )
    return [*headers, (b"x-rate-limit-waittimemillis", b"%d" % max(window.wait for window in call.rate))]


def too_many(_milliseconds: int) -> Refusal:
    """Return the refusal of one request too many; how long to wait is told by the headers of every answer (RS-RATE)."""
    return TOO_MANY_REQUESTS.error()


def answer(value: Any, status: int = 200) -> Answer:
    """Answer with a value as JSON in lines, nulls among it (RS-JSON)."""
    return Answer(status, to_json(value, indent=2), JSON)


def error(refusal: Refusal, occurrence: Occurrence) -> Answer:
    """Answer with a refusal; all its keys are always there (RS-ERROR)."""
    problem = refusal.problem
    told = answer(
        {
            "status": problem.title.upper().replace(" ", "_"),
            "httpCode": problem.status,
            # What the mock itself refuses has no code of RSpace's.
            "internalCode": int(problem.type) if problem.type.isdigit() else problem.status * 100,
            "message": refusal.detail,
            "messageCode": None,
            "errors": _errors(refusal),
            "iso8601Timestamp": iso(occurrence.at),
            "data": _data(refusal),
        },
        problem.status,
    )
    told.headers += ((name.lower().encode(), value.encode("latin-1")) for name, value in refusal.headers.items())
    return told


def _errors(refusal: Refusal) -> list[str]:
    if isinstance(refusal, Invalid):
        return [one.entry for one in refusal.violations]
    return GENERIC.get(refusal.problem.status, [refusal.detail])


def _data(refusal: Refusal) -> dict[str, Any] | None:
    return {"validationErrors": [one.shown() for one in refusal.violations]} if isinstance(refusal, Invalid) else None
