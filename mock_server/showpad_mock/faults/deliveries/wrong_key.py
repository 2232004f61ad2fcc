"""A key that nobody has: what is sent may be from anybody."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from ...webhooks.plans import Plan
from ...webhooks.weather.mangling import Weather
from .effect import DeliveryEffect


class WrongKeyForm(TypedDict):
    """Sign it with another key, the present one with `-wrong` behind it."""

    kind: Literal["wrong-key"]


WRONG_KEY = DeliveryEffect(
    kind="wrong-key", form=WrongKeyForm, plan=lambda name, _: Plan(name, weather=Weather.WRONG_KEY)
)
