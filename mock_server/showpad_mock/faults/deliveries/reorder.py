"""Out of order: the one in front waits until others of its subscription were tried."""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from ...state.store import Store
from ...webhooks.plans import MOST_BEHIND, Plan
from ...webhooks.queue import waits_behind
from ...webhooks.records import Delivery
from .effect import DeliveryEffect
from .late import Seconds

PATIENCE = 60


class ReorderForm(TypedDict):
    """Hold it back until so many others of its subscription were tried, but no more than so many seconds."""

    kind: Literal["reorder"]
    behind: NotRequired[Annotated[int, Field(ge=1, le=MOST_BEHIND, description="1 if left out")]]
    seconds: NotRequired[Annotated[Seconds, Field(description=f"at most; {PATIENCE} if left out")]]


def _suits(store: Store, delivery: Delivery) -> bool:
    # One waits at a time: were all held back, they would stay in order.
    return delivery.is_in_lane and waits_behind(store, delivery.subscription_id) is None


REORDER = DeliveryEffect(
    kind="reorder",
    form=ReorderForm,
    plan=lambda name, settings: Plan(
        name, behind=settings.get("behind", 1), later=round(settings.get("seconds", PATIENCE) * 1000)
    ),
    suits=_suits,
)
