"""Refusals of another form, and requests that are not refused for want of a token: of each operation."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ..acting import act_as, actor, authorization
from ..wrapping import App, Ask, Broken, Seen, Wrong
from .table import EVERY, NO_TOKEN, Operation, Refusal

KIND = "refusal"


class OtherProblem(Wrong):
    """Tells one refusal as plain JSON, or without a member of the problem."""

    def __init__(self, right: App, *, operation: Operation, refusal: Refusal, without: str = "") -> None:
        super().__init__(right)
        self.operation, self.refusal, self.without = operation, refusal, without

    async def after(self, seen: Seen, ask: Ask) -> None:
        if not (self.operation.asked(seen) and self.refusal.is_told(seen) and isinstance(seen.answer, dict)):
            return
        if self.without:
            seen.answer.pop(self.without, None)
        else:
            others = [(name, value) for name, value in seen.answer_headers if name.lower() != b"content-type"]
            seen.answer_headers = [*others, (b"content-type", b"application/json")]


class WithoutToken(Wrong):
    """Does what nobody may ask for, or what an unknown token asks for."""

    def __init__(self, right: App, *, operation: Operation, missing: bool) -> None:
        super().__init__(right)
        self.operation, self.missing = operation, missing

    async def before(self, seen: Seen, ask: Ask) -> None:
        if self.operation.asked(seen) and actor(seen) is None and (authorization(seen) == "") is self.missing:
            act_as(seen, "admin")


def _told(operation: Operation) -> Iterator[Broken]:
    for refusal in operation.refusals:
        for how, without in (("in plain JSON", ""), ("without a type", "type")):
            make = partial(OtherProblem, operation=operation, refusal=refusal, without=without)
            story = f"{operation.name} {refusal.story} is refused {how}"
            yield Broken("CONV-PROBLEM", story, make, KIND, refusal.rule)


def _untold(operation: Operation) -> Iterator[Broken]:
    for what, missing in (("no token", True), ("an unknown token", False)):
        make = partial(WithoutToken, operation=operation, missing=missing)
        yield Broken(NO_TOKEN.rule, f"{operation.name} is done for {what}", make, KIND)


BROKEN = tuple(wrong for operation in EVERY for wrong in (*_told(operation), *_untold(operation)))
