"""What a fault acts on, calls or deliveries: that follows from its effects, with which its match has to agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple, get_args

Target = Literal["calls", "deliveries"]
"""Calls of an API, or the mock's own deliveries of webhooks."""

OF_MATCH: Mapping[str, Target] = {
    **dict.fromkeys(("operation", "method", "path", "headers", "named"), "calls"),
    **dict.fromkeys(("type", "subscription"), "deliveries"),
}
"""Members of a match that only one of them has."""
EVERY: frozenset[Target] = frozenset(get_args(Target))


class Part(NamedTuple):
    """A part of a fault: its place, how it is told, what it may act on."""

    place: str
    told: str
    targets: frozenset[Target]


class Disagreement(ValueError):
    """A part that does not go with those before it; the message says why."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}")
        self.place, self.reason = place, reason


def of_match(members: Iterable[str]) -> Iterator[Part]:
    """Return the members of a match as parts."""
    for name in members:
        yield Part(f"match.{name}", f"match.{name}", frozenset([OF_MATCH[name]]) if name in OF_MATCH else EVERY)


def existing(target: Target) -> Part:
    """Return the part of a fault that is there, and goes on acting on the same."""
    return Part("", "the fault", frozenset([target]))


def target_of(parts: Iterable[Part]) -> Target:
    """Return what the parts act on together, calls where both would do; raises Disagreement."""
    together, because = EVERY, ""
    for part in parts:
        if not together & part.targets:
            (one,), (other,) = part.targets, together
            raise Disagreement(part.place, f"{part.told} is for {one}, while {because} is for {other}")
        if together > part.targets:
            together, because = part.targets, part.told
    return "calls" if "calls" in together else "deliveries"
