"""Oversized: more than a receiver may be ready to read."""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from ...webhooks.plans import Plan
from ...webhooks.weather.mangling import LARGEST, OVERSIZE, Weather
from .effect import DeliveryEffect

Bytes = Annotated[int, Field(ge=1, le=LARGEST, description=f"{OVERSIZE} if left out, {LARGEST} at most")]


class OversizedForm(TypedDict):
    """Send and sign a body of so many bytes: its data get a member `padding`."""

    kind: Literal["oversized"]
    bytes: NotRequired[Bytes]


OVERSIZED = DeliveryEffect(
    kind="oversized",
    form=OversizedForm,
    plan=lambda name, settings: Plan(name, weather=Weather.OVERSIZED, amount=settings.get("bytes")),
)
