"""What an effect on a delivery is: its settings, and what it plans for the delivery."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...state.store import Store
from ...webhooks.plans import Plan
from ...webhooks.records import Delivery


def always(_store: Store, _delivery: Delivery) -> bool:
    """Suit every delivery."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryEffect:
    """A kind of effect on deliveries. `form` is the TypedDict of its settings.

    `plan` takes the name of the fault and the settings, and returns what is done to the next attempt.
    """

    kind: str
    form: Any
    plan: Callable[[str, Mapping[str, Any]], Plan]
    suits: Callable[[Store, Delivery], bool] = field(default=always)
    """Whether it can act on a delivery."""
