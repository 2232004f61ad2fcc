"""Late: so many seconds of the tenant's clock, while others go on."""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from ...webhooks.plans import Plan
from .effect import DeliveryEffect

LATE_SECONDS = 60
LONGEST = 30 * 24 * 3600
Seconds = Annotated[float, Field(ge=0.001, le=LONGEST, allow_inf_nan=False)]


class LateForm(TypedDict):
    """Send it so many seconds of the tenant's clock later; what is behind it does not wait."""

    kind: Literal["late"]
    seconds: NotRequired[Annotated[Seconds, Field(description=f"{LATE_SECONDS} if left out")]]


LATE = DeliveryEffect(
    kind="late",
    form=LateForm,
    plan=lambda name, settings: Plan(name, later=round(settings.get("seconds", LATE_SECONDS) * 1000)),
)
