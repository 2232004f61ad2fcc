"""What the steps of a sequence share: who acts, and on which space."""

from __future__ import annotations

from hypothesis import strategies as st

from ...stateful import steps
from ...stateful.long_runs import Finding
from ...stateful.steps import one_of
from ..client import Client
from .model import Requester, Space
from .play_lists import ListedPlay

Who = Requester | None
"""Somebody, or None for whom the space in question belongs to."""


WHO: st.SearchStrategy[Who] = one_of(lambda machine: machine.cast.who)
ANYBODY: st.SearchStrategy[Requester] = one_of(lambda machine: machine.cast.requesters)
SPACE: st.SearchStrategy[Space] = one_of(lambda machine: machine.which())


class Steps(ListedPlay, steps.Steps):
    """A sequence."""

    def __init__(self, client: Client, finding: Finding) -> None:
        steps.Steps.__init__(self, client, finding)
        ListedPlay.__init__(self, client)

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
