"""Where Showpad's webhooks lead, how they are signed, when they are tried again (AROUND-DELIVERY)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from ..state.store import Store
from ..webhooks.protocol import Endpoint, Headers, Source
from ..webhooks.signing import sign
from .domain.subscriptions import SUBSCRIPTIONS, EventType

# Since the first failure (AROUND-DELIVERY-RETRY, assumed): each pause is one and a half times the one before.
RETRY_AFTER = (3_000, 7_500, 14_250)


def _endpoint(store: Store, subscription_id: str) -> Endpoint | None:
    one = store.get(SUBSCRIPTIONS, subscription_id)
    return Endpoint(one.name, one.method, one.url, one.headers, one.keys) if one is not None else None


def _signed(keys: Sequence[str], body: bytes, timestamp: int) -> Headers:
    return (
        ("X-Showpad-Signature-Timestamp", str(timestamp)),
        ("X-Showpad-Signature-V1", ",".join(sign(body, timestamp, key) for key in keys)),
    )


WEBHOOKS = Source(endpoint=_endpoint, signed=_signed, types=get_args(EventType), retry_after=RETRY_AFTER)
