"""Forged: the signature is right, and of another body."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from ...webhooks.plans import Plan
from ...webhooks.weather.mangling import Weather
from .effect import DeliveryEffect


class ForgedForm(TypedDict):
    """Change its data once it is signed: they get a member `forged`."""

    kind: Literal["forged"]


FORGED = DeliveryEffect(kind="forged", form=ForgedForm, plan=lambda name, _: Plan(name, weather=Weather.FORGED))
