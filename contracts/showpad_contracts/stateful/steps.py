"""What the steps of a sequence share, whatever they do: what they draw from, and how what they find is noted."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from ..suite import Client
from .long_runs import Finding, clear_away, run_machine, to_the_end

T = TypeVar("T")
_MACHINE: st.SearchStrategy[Any] = st.runner()


@functools.cache
def places(length: int) -> st.SearchStrategy[int]:
    """Draw a place among so many; made once for each number."""
    return st.sampled_from(range(length))


@st.composite
def one_of(draw: st.DrawFn, choices: Callable[[Any], Sequence[T]]) -> T:
    """Draw one of what a sequence has at the moment; to make a strategy of that each time takes longer than drawing."""
    found = choices(draw(_MACHINE))
    return found[draw(places(len(found)))]


class Steps(RuleBasedStateMachine):
    """One sequence of steps, whose findings become the check's; each kind of it names its own client."""

    def __init__(self, client: Client, finding: Finding) -> None:
        super().__init__()
        self._clears = client
        self.finding = finding

    def teardown(self) -> None:
        """Delete what the sequence created."""
        clear_away(self._clears)


def watched(step: Callable[..., T]) -> Callable[..., T]:
    """Note what a step finds, before anything is cleared away."""

    @functools.wraps(step)
    def run(self: Steps, **drawn: Any) -> T:
        with self.finding.watching():
            return step(self, **drawn)

    return run


def run_steps(client: Client, kind: type[Steps]) -> None:
    """Run sequences of a kind as the run's profile and seed have it."""
    finding = Finding(client.session)

    def begin(self: Steps) -> None:
        finding.begin()
        kind.__init__(self, client, finding)

    # Hypothesis makes a machine for each run itself, from a class and without arguments.
    found = type("Found", (kind,), {"__init__": begin})
    to_the_end(finding, lambda: run_machine(found, client.session.draws))
