"""Lost: the mock holds it for delivered, and the receiver never sees it."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from ...webhooks.plans import Plan
from .effect import DeliveryEffect


class LostForm(TypedDict):
    """Send nothing, and hold it for delivered; the attempt says so."""

    kind: Literal["lost"]


LOST = DeliveryEffect(kind="lost", form=LostForm, plan=lambda name, _: Plan(name, is_lost=True))
