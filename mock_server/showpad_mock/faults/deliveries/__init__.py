"""All effects on deliveries, one a file. A new one is its file, and its line here."""

from __future__ import annotations

from collections.abc import Mapping

from . import duplicate, forged, late, lost, nothing, oversized, reorder, rotated_key, stale_timestamp, wrong_key
from .effect import DeliveryEffect

DELIVERY_EFFECTS: Mapping[str, DeliveryEffect] = {
    effect.kind: effect
    for effect in (
        duplicate.DUPLICATE,
        reorder.REORDER,
        late.LATE,
        lost.LOST,
        wrong_key.WRONG_KEY,
        rotated_key.ROTATED_KEY,
        stale_timestamp.STALE_TIMESTAMP,
        forged.FORGED,
        oversized.OVERSIZED,
        nothing.NOTHING,
    )
}
