"""The steps of a sequence that list: what is listed, in which order, on which pages, and how many there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis.stateful import precondition, rule

from .. import expect
from ..exchange import Exchange
from ..failure import WrongList
from . import comparing
from .machine_draws import QUERIES, SORT
from .machine_steps import ANYBODY, Steps, watched
from .model import Prediction, Requester
from .model_listing import Query, broken_rule, by_title, orders, whole


class ListingSteps(Steps):
    """Lists of the sequence's own spaces; those of others in them are nobody's business."""

    @rule(who=ANYBODY, asked=QUERIES)
    @watched
    def list_some(self, who: Requester, asked: Mapping[str, Any]) -> None:
        """Some of the spaces, in some order, or a page of them."""
        self._listed(who, self.cast.query(self.model, who, self.mark, asked))

    @precondition(lambda self: len(list(self.model.living())) > 1)
    @rule(who=ANYBODY, sort=SORT)
    @watched
    def list_pages(self, who: Requester, sort: str | None) -> None:
        """All of the spaces, each on a page of its own: none is repeated or skipped."""
        query = Query([by_title(self.mark)], sort)
        self._listed(who, query)
        found = [space_id for page in self._pages(who, query) for space_id in page]
        self._judge(who, query, found, is_paged=True)

    def _pages(self, who: Requester, query: Query) -> Iterator[list[str]]:
        for offset in range(len(whole(self.model, who.person, query)) + 1):
            yield self._own(self._asked(who, Query(query.filters, query.sort, 1, offset)))

    def _asked(self, who: Requester, query: Query) -> Exchange:
        exchange = self.by(who).get("/shared-spaces", params=query.params)
        rule = query.filters[-1].rule if query.filters else "LIST-OK"
        comparing.status(exchange, Prediction(200, "LIST-LIMIT" if query.is_paged else rule))
        with comparing.at_stake("CONV-PAGE"):
            items = expect.member(expect.json_object(exchange), "items")
            expect.of_type(items, list, f"items of {exchange.name}")
        if query.limit is not None and len(items) > query.limit:
            what, most = f"items of {exchange.name}", f"at most {query.limit}"
            raise WrongList(what, expected=most, received=len(items), rule="LIST-LIMIT")
        return exchange

    def _own(self, exchange: Exchange) -> list[str]:
        own = {space.id for space in self.model.spaces}
        with comparing.at_stake("SPACE-LISTED"):
            return [one["id"] for one in exchange.received["items"] if one["id"] in own]

    def _listed(self, who: Requester, query: Query) -> None:
        exchange = self._asked(who, query)
        found = self._own(exchange)
        if broken_rule(self.model, who.person, query, found) is not None:
            self._simplified(who, query)
            self._judge(who, query, found)
        own = {space.id: space for space in self.model.spaces}
        for one in exchange.received["items"]:
            if one["id"] in own:
                comparing.space(own[one["id"]], one, comparing.LISTED, listed=True)
        if (
            query.filters
            and by_title(self.mark).params["title"].casefold() in str(query.params.get("title")).casefold()
        ):
            self._count(exchange, who, query)

    def _simplified(self, who: Requester, query: Query) -> None:
        """Find out what of a query is answered wrongly: the simplest that is tells the rule."""
        for simpler in query.simpler():
            self._judge(who, simpler, self._own(self._asked(who, simpler)))

    def _judge(self, who: Requester, query: Query, found: list[str], *, is_paged: bool = False) -> None:
        broken = broken_rule(self.model, who.person, query, found)
        if broken is not None:
            allowed = orders(whole(self.model, who.person, query), query.sort)
            raise WrongList(
                f"the spaces that {who.person.name} lists with {query.params}",
                expected=query.cut(allowed[0]),
                received=found,
                rule="LIST-SORT-TIES" if is_paged else broken,
            )

    def _count(self, exchange: Exchange, who: Requester, query: Query) -> None:
        """With the mark in the title the whole set is the sequence's own, so its size is known."""
        expected = len(whole(self.model, who.person, query))
        if exchange.received.get("count") != expected:
            self._simplified(who, query)
        with comparing.at_stake("CONV-COUNT"):
            expect.equal(expect.member(exchange.received, "count"), expected, f"count of {exchange.name}")
