"""What the steps of a sequence share: who acts, the model, and the look at a space after each request."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from .. import expect
from ..exchange import Exchange
from ..session import Caller
from . import comparing
from .api import Api
from .comparing import Blame
from .long_runs import Finding, clear_away
from .machine_cast import Cast
from .model import Model, Prediction, Requester, Space
from .strategies.spaces import within

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


class Steps(RuleBasedStateMachine):
    """A sequence: its own spaces, told from all others by the mark in their titles."""

    cast: Cast

    def __init__(self, api: Api, finding: Finding) -> None:
        super().__init__()
        self.api = api
        self.finding = finding
        self.cast = Cast(api.target)
        self.model = Model(self.cast.known)
        self.mark = f"[{api.session.fresh_uri()}] "

    def teardown(self) -> None:
        """Delete what the sequence created."""
        clear_away(self.api)

    def which(self) -> list[Space]:
        """Give the spaces to draw from, deleted ones seldom."""
        living = list(self.model.living())
        return [*living * 3, *(space for space in self.model.spaces if space.is_gone)]

    def acting(self, who: Who, space: Space | None = None) -> Requester:
        """Give who acts on a space."""
        if who is not None:
            return who
        owner = None if space is None else space.owner
        own = (one for one in self.cast.requesters if one.person.user_id == owner)
        return next(own, self.cast.requesters[1])

    def by(self, who: Requester) -> Caller:
        """Act as somebody."""
        return self.api.as_(who.person.name, oauth=who.in_person)

    def body(self, fields: Mapping[str, Any], word: str) -> dict[str, Any]:
        """Give the body of a create, its owner left out."""
        uri = self.api.session.fresh_uri()
        return {"title": self.mark + word, "publicUri": uri, **within(self.api.target, dict(fields))}

    def judge(self, exchange: Exchange, told: Prediction, soundly: Callable[[], Exchange]) -> None:
        """The status is the one predicted.

        Who may not and asks wrongly, too, is told the first (CONV-ORDER). Where it is the second, asking soundly tells
        whether the first would be told at all.
        """
        if told.by_code == "CONV-ORDER" and exchange.status == 400:
            comparing.status(soundly(), Prediction(told.status, told.rule))
        comparing.status(exchange, told)

    def look(self, space: Space, blame: Blame) -> None:
        """Look what became of a space, as the administrator; what is wrong now, the last request did."""
        exchange = self.api.admin.get(f"/shared-spaces/{space.id}")
        comparing.status(exchange, Prediction(404, "DELETE-GONE") if space.is_gone else Prediction(200, blame.rule))
        if not space.is_gone:
            with comparing.at_stake(blame.rule):
                comparing.space(space, expect.json_object(exchange), blame)

    def was_refused(self, space: Space, told: Prediction) -> None:
        """Look whether a refused request changed something all the same."""
        if not space.is_gone:
            self.look(space, comparing.refused(told.rule))
