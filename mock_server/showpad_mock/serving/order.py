"""What a parent orders a worker to serve: the settings, and what it has decided for all workers."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from ..settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a worker is to serve. `settings.state` is there already and held for it; `listeners` are file descriptors.

    `temporary` is a folder that goes with the last process.
    """

    settings: Settings
    listeners: list[int | None]
    admin_token: str | None
    colour: bool
    temporary: str | None

    def packed(self) -> bytes:
        """Return the order as it is sent."""
        return json.dumps(asdict(self)).encode()


def unpacked(body: bytes) -> Order:
    """Return an order that was sent."""
    values = json.loads(body)
    return Order(**{**values, "settings": Settings(**values["settings"])})
