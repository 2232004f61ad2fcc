"""What the steps of a sequence share: who acts, and on which space."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from ..client import Client
from .long_runs import Finding, clear_away
from .model import Requester, Space
from .play_lists import ListedPlay

T = TypeVar("T")
Who = Requester | None
"""Somebody, or None for whom the space in question belongs to."""
_MACHINE: st.SearchStrategy[Steps] = st.runner()


@functools.cache
def places(length: int) -> st.SearchStrategy[int]:
    """Draw a place among so many; made once for each number."""
    return st.sampled_from(range(length))


@st.composite
def _one_of(draw: st.DrawFn, choices: Callable[[Steps], Sequence[T]]) -> T:
    """Draw one of what there is at the moment; to make a strategy of that each time takes longer than the drawing."""
    found = choices(draw(_MACHINE))
    return found[draw(places(len(found)))]


WHO: st.SearchStrategy[Who] = _one_of(lambda machine: machine.cast.who)
ANYBODY: st.SearchStrategy[Requester] = _one_of(lambda machine: machine.cast.requesters)
SPACE: st.SearchStrategy[Space] = _one_of(lambda machine: machine.which())


def watched(step: Callable[..., T]) -> Callable[..., T]:
    """Note what a step finds, before anything is cleared away."""

    @functools.wraps(step)
    def run(self: Steps, **drawn: Any) -> T:
        with self.finding.watching():
            return step(self, **drawn)

    return run


class Steps(ListedPlay, RuleBasedStateMachine):
    """A sequence."""

    def __init__(self, client: Client, finding: Finding) -> None:
        RuleBasedStateMachine.__init__(self)
        super().__init__(client)
        self.finding = finding

    def teardown(self) -> None:
        """Delete what the sequence created."""
        clear_away(self.client)

    def which(self) -> list[Space]:
        """Return the spaces to draw from, deleted ones seldom."""
        living = list(self.model.living())
        return [*living * 3, *(space for space in self.model.spaces if space.is_gone)]

    def acting(self, who: Who, space: Space | None = None) -> Requester:
        """Return who acts on a space."""
        if who is not None:
            return who
        # The administrator is the first of them, the owner the second.
        return self.cast.requesters[1] if space is None else self.owners(space)
