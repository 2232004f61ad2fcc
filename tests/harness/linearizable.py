"""Whether a recorded history of concurrent calls is linearizable, by Wing and Gong's search with Lowe's memory.

A history is linearizable where some order of its calls explains all answers, in which no call comes before one that had
ended when it began. The search takes, again and again, one of those calls that may be the next; which calls were taken
and the state they led to is remembered, as Porcupine does, so that nothing is looked at twice.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

State = TypeVar("State", bound=Hashable)

NEVER = math.inf
"""When a call ended that was not answered: what it asked for may be done at any time later, or never."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A call: what was asked and answered, and when."""

    asked: tuple[Any, ...]
    answer: Any
    began: float
    ended: float = NEVER


def is_linearizable(
    history: Iterable[Recorded], start: State, step: Callable[[State, Recorded], Iterable[State]]
) -> bool:
    """Search for an order; `step` returns the states to which a call with this answer may lead, none if it may not."""
    calls = sorted(history, key=lambda call: call.began)
    answered = sum(1 << number for number, call in enumerate(calls) if call.ended < NEVER)
    first: tuple[int, State] = (0, start)
    seen, left = {first}, [first]
    while left:
        taken, state = left.pop()
        if not answered & ~taken:
            return True
        for number in _next(calls, taken):
            for after in step(state, calls[number]):
                found = (taken | 1 << number, after)
                if found not in seen:
                    seen.add(found)
                    left.append(found)
    return False


def _next(calls: Sequence[Recorded], taken: int) -> list[int]:
    """Return those calls that may come next: they began before any other that is left had ended."""
    started: list[int] = []
    first_end = NEVER
    for number in range((taken ^ (taken + 1)).bit_length() - 1, len(calls)):
        if taken >> number & 1:
            continue
        if calls[number].began > first_end:
            break
        started.append(number)
        first_end = min(first_end, calls[number].ended)
    return [number for number in started if calls[number].began <= first_end]
