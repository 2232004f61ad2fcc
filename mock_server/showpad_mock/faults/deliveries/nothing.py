"""Nothing: a turn in a sequence in which the delivery is made as ever."""

from __future__ import annotations

from ...webhooks.plans import Plan
from ..effects.nothing import NothingForm
from .effect import DeliveryEffect

NOTHING = DeliveryEffect(kind="nothing", form=NothingForm, plan=lambda name, _: Plan(name))
