"""A tenant with a subscription whose deliveries come to a receiver on loopback; they are made within calls alone."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

from showpad_mock.webhooks import verify

from ....harness.receiver import Received, Receiver
from ...control.caller import Caller

START = "2026-03-10T15:43:25.000Z"


class Hooks:
    """The tenant, its one subscription, its receiver."""

    def __init__(self, runner: asyncio.Runner, receiver: Receiver, **options: Any) -> None:
        self.caller = Caller(runner, **options)
        self.receiver = receiver
        self.control("PATCH", "", {"clock": {"frozen": START}})
        subscription = self.caller.subscribe(url=receiver.url)
        self.key, self.subscription = subscription["signatureKey"], subscription["id"]

    def control(self, method: str, path: str, body: Any = None, **options: Any) -> Any:
        answer = self.caller(method, f"tenants/acme{path}", body, **options)
        assert answer.status_code < 300, answer.text
        return answer.json() if answer.content else None

    def fault(self, *effects: str | dict[str, Any], **conditions: Any) -> None:
        """Set a fault named `it`, of kinds or of kinds with settings."""
        named = [{"kind": effect} if isinstance(effect, str) else effect for effect in effects]
        given = {"effect": named[0]} if len(named) == 1 else {"effects": named}
        self.control("POST", "/faults", {"name": "it", **given, **conditions})

    def counts(self) -> tuple[int, int]:
        fault = self.control("GET", "/faults/it")
        return fault["seen"], fault["fired"]

    def happen(self, *titles: str) -> None:
        """Let events happen, and be delivered as far as they are due."""
        for title in titles:
            self.caller.create_space(title=title)
        self.deliver()

    def deliver(self) -> None:
        self.control("POST", "/webhooks/deliver")

    def advance(self, seconds: float) -> None:
        self.control("POST", "/advance", {"seconds": seconds})

    def attempts(self) -> list[dict[str, Any]]:
        attempts: list[dict[str, Any]] = self.control("GET", "/webhooks/attempts")["attempts"]
        return attempts

    def deliveries(self) -> list[dict[str, Any]]:
        deliveries: list[dict[str, Any]] = self.control("GET", "/webhooks/deliveries")["deliveries"]
        return deliveries

    def titles(self) -> list[str]:
        """What the receiver was told of, in order."""
        return [json.loads(one.body)["data"]["sharedSpace"]["name"] for one in self.receiver.received]

    def is_good(self, received: Received, key: str | None = None, ago: int = 0) -> bool:
        """Whether a receiver with that key, at a time so many seconds ago, would accept it."""
        signature, at = (received.headers[f"x-showpad-signature-{name}"] for name in ("v1", "timestamp"))
        now = time.time() - ago
        return verify(received.body, signature=signature, timestamp=at, key=key or self.key, now=now)
