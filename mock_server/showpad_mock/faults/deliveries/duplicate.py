"""Duplicates: the same event under the same id, once more, whatever was answered."""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from ...webhooks.plans import MOST_COPIES, Plan
from .effect import DeliveryEffect


class DuplicateForm(TypedDict):
    """Send it, and at once so many copies more, whatever is answered; what is answered last decides."""

    kind: Literal["duplicate"]
    copies: NotRequired[Annotated[int, Field(ge=1, le=MOST_COPIES, description="1 if left out")]]


DUPLICATE = DeliveryEffect(
    kind="duplicate",
    form=DuplicateForm,
    plan=lambda name, settings: Plan(name, copies=settings.get("copies", 1)),
)
