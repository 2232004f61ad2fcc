"""A fault that a call meets: chosen before the change, at work before it or behind the answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from ...core.refusals import Refusal
from ..call import Call, MetFault
from .answer import MakeAnswer

ChooseFault = Callable[[Call], MetFault | None]
"""Returns the fault that a call meets, and counts it in a unit of work of its own; it awaits nothing."""


def no_fault(_: Call) -> None:
    """Let every call pass."""


class MeetFault:
    """Finds the fault that a call meets, and lets one act that does so before the change."""

    def __init__(self, choose: ChooseFault) -> None:
        self._choose = choose

    def __call__(self, call: Call) -> Awaitable[None] | None:
        """Set the call's fault; one that delays the call is to be awaited, one that answers or refuses it has."""
        fault = call.fault = self._choose(call)
        return fault.act(call) if fault is not None and fault.is_before else None


class AnswerUnderFault:
    """Lets a fault act that does so after the change, and names it in the answer."""

    def __init__(self, make_answer: MakeAnswer) -> None:
        self._make_answer = make_answer

    def __call__(self, call: Call) -> Awaitable[None] | None:
        """Complete the answer of a call that met a fault."""
        return self._answer(call, call.fault) if call.fault is not None else None

    async def _answer(self, call: Call, fault: MetFault) -> None:
        if not fault.is_before:
            try:
                if (acting := fault.act(call)) is not None:
                    await acting
            except Refusal as refusal:
                call.refusal = refusal.with_traceback(None)
                self._make_answer(call)
        assert call.answer is not None
        call.answer.headers.append((b"x-mock-fault", fault.name.encode()))
