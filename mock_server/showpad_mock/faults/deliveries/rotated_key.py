"""A key that is being rotated: two signatures, or already the next key's alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from ...webhooks.plans import Plan
from ...webhooks.weather.mangling import Weather
from .effect import DeliveryEffect


class RotatedKeyForm(TypedDict):
    """Sign it with a next key, and behind a comma with the present one; the next key is that with `-next` behind it."""

    kind: Literal["rotated-key"]
    alone: NotRequired[Annotated[bool, Field(description="with the next key alone; false if left out")]]


def _plan(name: str, settings: Mapping[str, Any]) -> Plan:
    return Plan(name, weather=Weather.NEXT_KEY if settings.get("alone") else Weather.ROTATED)


ROTATED_KEY = DeliveryEffect(kind="rotated-key", form=RotatedKeyForm, plan=_plan)
