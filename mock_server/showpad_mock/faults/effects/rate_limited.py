"""One request too many: the API's own 429, which says how long to wait."""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from ...web.call import Call
from .effect import Effect, Given

LONGEST = 24 * 3600


class RateLimitedForm(TypedDict):
    """Refuse with 429 and Retry-After, before the change."""

    kind: Literal["rate-limited"]
    seconds: NotRequired[Annotated[int, Field(ge=0, le=LONGEST, description="to wait; 1 if left out")]]


def _act(call: Call, given: Given) -> None:
    assert call.vendor is not None
    seconds = given.settings.get("seconds", 1)
    raise call.vendor.too_many.error().with_headers(**{"Retry-After": str(seconds)})


RATE_LIMITED = Effect(kind="rate-limited", form=RateLimitedForm, when="before", act=_act)
