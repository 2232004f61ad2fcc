"""A stale timestamp: rightly signed, and so old that it may be a replay."""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from ...webhooks.plans import Plan
from ...webhooks.signing import LONGEST_AGE
from ...webhooks.weather.mangling import STALE_SECONDS, Weather
from .effect import DeliveryEffect

LONGEST = 365 * 24 * 3600
Age = Annotated[int, Field(gt=LONGEST_AGE, le=LONGEST, description=f"{STALE_SECONDS} if left out")]


class StaleTimestampForm(TypedDict):
    """Sign it with a time that is so many seconds ago."""

    kind: Literal["stale-timestamp"]
    seconds: NotRequired[Age]


STALE_TIMESTAMP = DeliveryEffect(
    kind="stale-timestamp",
    form=StaleTimestampForm,
    plan=lambda name, settings: Plan(name, weather=Weather.STALE, amount=settings.get("seconds")),
)
