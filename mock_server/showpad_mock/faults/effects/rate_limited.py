"""One request too many: the API's own 429, which says how long to wait."""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from ...web.call import Call
from ...web.rate import WindowState
from .effect import Effect, Given

LONGEST = 24 * 3600


class RateLimitedForm(TypedDict):
    """Refuse with 429 before the change, and say how long to wait as the API does: mostly by Retry-After."""

    kind: Literal["rate-limited"]
    seconds: NotRequired[Annotated[int, Field(ge=0, le=LONGEST, description="to wait; 1 if left out")]]


def _act(call: Call, given: Given) -> None:
    assert call.vendor is not None
    wait = given.settings.get("seconds", 1) * 1000
    first, *others = call.vendor.rate_windows
    call.rate = [
        WindowState(first.requests, 0, wait),
        *(WindowState(window.requests, window.requests, 0) for window in others),
    ]
    raise call.vendor.too_many(wait)


RATE_LIMITED = Effect(kind="rate-limited", form=RateLimitedForm, when="before", act=_act)
