"""The right effect and the wrong status: of each success, and of each refusal."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ..wrapping import App, Ask, Broken, Seen, Wrong
from .table import EVERY, LOOK_UPS, Operation, Refusal

KIND = "status"
OTHERS = {200: (201, 202, 204), 201: (200, 202, 204), 204: (200, 201, 202)}
REFUSALS = {400: (404, 422, 500), 401: (400, 403, 404), 403: (400, 401, 404), 404: (400, 403, 410)}
UNPUBLISHED = {
    "SHARE-ORIGIN": "CONV-STATUS",
    "SHARE-ASSETS-LIMIT": "CONV-STATUS",
    "SHARE-PAGE": "CONV-STATUS",
    "SHARE-ASSET-UNKNOWN": "SHARE-ASSET-400",
    "ITEMS-REQUIRED": "ITEMS-400",
    "ITEMS-NAME": "ITEMS-400",
    "ITEMS-PAGE": "ITEMS-400",
}
"""Refusals whose status no source tells, and the rule that another status breaks or refutes."""


class OtherSuccess(Wrong):
    """Does what is asked, and answers with another status; 204 has no body."""

    def __init__(self, right: App, *, operation: Operation, status: int) -> None:
        super().__init__(right)
        self.operation, self.status = operation, status

    async def after(self, seen: Seen, ask: Ask) -> None:
        if self.operation.done(seen):
            seen.status = self.status
            if self.status == 204:
                seen.answer, seen.raw_answer = None, None


class OtherRefusal(Wrong):
    """Refuses with another status."""

    def __init__(self, right: App, *, operation: Operation, refusal: Refusal, status: int) -> None:
        super().__init__(right)
        self.operation, self.refusal, self.status = operation, refusal, status

    async def after(self, seen: Seen, ask: Ask) -> None:
        if self.operation.asked(seen) and self.refusal.is_told(seen):
            seen.status = self.status
            if isinstance(seen.answer, dict):
                seen.answer["status"] = self.status


def _successes(operation: Operation) -> Iterator[Broken]:
    for status in OTHERS[operation.success]:
        make = partial(OtherSuccess, operation=operation, status=status)
        yield Broken(operation.rule, f"{operation.name} that succeeds is answered {status}", make, KIND)


def _refusals(operation: Operation) -> Iterator[Broken]:
    for refusal in operation.refusals:
        for status in REFUSALS[refusal.status]:
            rule = UNPUBLISHED.get(refusal.rule, refusal.rule)
            if rule == "CONV-STATUS" and status != 422:
                continue
            if operation in LOOK_UPS and status != 403:
                continue
            make = partial(OtherRefusal, operation=operation, refusal=refusal, status=status)
            yield Broken(rule, f"{operation.name} {refusal.story} is answered {status}", make, KIND)


BROKEN = tuple(wrong for operation in EVERY for wrong in (*_successes(operation), *_refusals(operation)))
