"""The steps of a sequence that list: what is listed, in which order, on which pages, and how many there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis.stateful import precondition, rule

from ...stateful.steps import watched
from .machine_draws import QUERIES, SORT
from .machine_steps import ANYBODY, Steps
from .model import Requester
from .model_listing import Query, by_title, whole


class ListingSteps(Steps):
    """Lists of the sequence's own spaces."""

    @rule(who=ANYBODY, asked=QUERIES)
    @watched
    def list_some(self, who: Requester, asked: Mapping[str, Any]) -> None:
        """Some of the spaces, in some order, or a page of them."""
        self.listed(who, self.cast.query(self.model, who, self.mark, asked))

    @precondition(lambda self: len(list(self.model.living())) > 1)
    @rule(who=ANYBODY, sort=SORT)
    @watched
    def list_pages(self, who: Requester, sort: str | None) -> None:
        """All of the spaces, each on a page of its own: none is repeated or skipped."""
        query = Query([by_title(self.mark)], sort)
        self.listed(who, query)
        found = [space_id for page in self._pages(who, query) for space_id in page]
        self.judge_list(who, query, found, is_paged=True)

    def _pages(self, who: Requester, query: Query) -> Iterator[list[str]]:
        for offset in range(len(whole(self.model, who.person, query)) + 1):
            yield self.own(self.asked(who, Query(query.filters, query.sort, 1, offset)))
