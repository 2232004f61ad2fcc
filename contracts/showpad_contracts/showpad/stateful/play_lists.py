"""Lists of a play's own spaces, held against the model; those of others in them are nobody's business."""

from __future__ import annotations

from ...core import expect
from ...core.exchange import Exchange
from ...core.violation import WrongList
from ...stateful.prediction import Prediction, at_stake
from . import compare
from .model import Requester
from .model_listing import Query, broken_rule, by_title, orders, whole
from .play import Play


class ListedPlay(Play):
    """A play whose spaces are listed, too."""

    def listed(self, who: Requester, query: Query) -> Exchange:
        """Ask for a list: the right spaces, in a right order, each as it is, and counted."""
        exchange = self.asked(who, query)
        found = self.own(exchange)
        if broken_rule(self.model, who.person, query, found) is not None:
            self._simplified(who, query)
            self.judge_list(who, query, found)
        own = {space.id: space for space in self.model.spaces}
        for one in exchange.received["items"]:
            if one["id"] in own:
                compare.space(own[one["id"]], one, compare.LISTED, listed=True)
        # In either case: the mark is also asked for in capitals and in small letters (LIST-TITLE-CONTAINS).
        mark = by_title(self.mark).params["title"].casefold()
        if query.filters and mark in str(query.params.get("title")).casefold():
            self._count(exchange, who, query)
        return exchange

    def asked(self, who: Requester, query: Query) -> Exchange:
        """Ask for a list, which must be one, and no longer than its limit."""
        exchange = self.by(who).get("/shared-spaces", params=query.params)
        # The last: the title before it only keeps the spaces of others away.
        rule = query.filters[-1].rule if query.filters else "LIST-OK"
        compare.status(exchange, Prediction(200, "LIST-LIMIT" if query.is_paged else rule))
        with at_stake("CONV-PAGE"):
            items = expect.member(expect.json_object(exchange), "items")
            expect.of_type(items, list, f"items of {exchange.name}")
        if query.limit is not None and len(items) > query.limit:
            what, most = f"items of {exchange.name}", f"at most {query.limit}"
            raise WrongList(what, expected=most, received=len(items), rule="LIST-LIMIT")
        return exchange

    def own(self, exchange: Exchange) -> list[str]:
        """Return the ids of the play's own spaces in a list."""
        own = {space.id for space in self.model.spaces}
        with at_stake("SPACE-LISTED"):
            return [one["id"] for one in exchange.received["items"] if one["id"] in own]

    def judge_list(self, who: Requester, query: Query, found: list[str], *, is_paged: bool = False) -> None:
        """The ids found are those that the model says, in an order that it allows."""
        broken = broken_rule(self.model, who.person, query, found)
        if broken is not None:
            allowed = orders(whole(self.model, who.person, query), query.sort)
            raise WrongList(
                f"the spaces that {who.person.name} lists with {query.params}",
                expected=query.cut(allowed[0]),
                received=found,
                rule="LIST-SORT-TIES" if is_paged else broken,
            )

    def _simplified(self, who: Requester, query: Query) -> None:
        """Find out what of a query is answered wrongly: the simplest that is tells the rule."""
        for simpler in query.simpler():
            self.judge_list(who, simpler, self.own(self.asked(who, simpler)))

    def _count(self, exchange: Exchange, who: Requester, query: Query) -> None:
        """With the mark in the title the whole set is the play's own, so its size is known."""
        expected = len(whole(self.model, who.person, query))
        if exchange.received.get("count") != expected:
            self._simplified(who, query)
        with at_stake("CONV-COUNT"):
            expect.equal(expect.member(exchange.received, "count"), expected, f"count of {exchange.name}")
