"""Acting on items of one's own, and holding every answer against the model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...core import expect
from ...core.exchange import Exchange
from ...stateful.prediction import Prediction, at_stake
from ...transport.limits import MOST_PAGES
from ...transport.session import Caller
from ..assertions import PAGE, things
from ..client import Client
from . import compare
from .cast import Cast
from .model import COLLEAGUE, DOCUMENT, FOLDER, GROUP, NOTEBOOK, OWNER, Item, Model, Share, Wanted

NEWEST = {"orderBy": "created desc", "pageSize": PAGE}


class Play:
    """Some items of the owner's, told from all others by the mark in their names, and what the model says of them."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.cast = Cast(client.target)
        self.model = Model(self.cast.known)
        # Whole: a mark may be a part of a later one.
        self.mark = f"of {client.session.fresh_mark()}."
        self._since: str | None = None
        """When the first document was created, as the server told it."""

    def by(self, who: str) -> Caller:
        """Act as somebody."""
        return self.client.as_(who)

    def _name(self, word: str) -> str:
        """Return a name that begins as no other does, so that all agree how they are sorted."""
        # The first mark in it is its own: by that a document is found again, and deleted.
        return f"{word}{len(self.model.items):03} {self.client.name()} {self.mark}"

    def make(self, word: str, tags: Sequence[str] = (), notebook: Item | None = None) -> Item:
        """Create a document, in a notebook or where documents lie."""
        body: dict[str, Any] = {"name": self._name(word)}
        if tags:
            body["tags"] = ",".join(tags)
        if notebook is not None:
            body["parentFolderId"] = notebook.id
        exchange = self.client.create(body)
        compare.status(exchange, Prediction(201, "RS-DOC-CREATED"))
        with at_stake("RS-DOC-CREATED"):
            told = expect.json_object(exchange)
            expect.of_type(expect.member(told, "id"), int, "id of the document")
            item = Item(told["id"], body["name"], tags=body.get("tags"), notebook=notebook)
        item.parent = notebook.id if notebook is not None else None
        self._since = self._since or str(told.get("created"))
        self.model.items.append(item)
        self.look(item, "RS-DOC-CREATED")
        return item

    def make_folder(self, *, notebook: bool) -> Item:
        """Create a notebook, or a folder in the group's shared one; nothing deletes it."""
        name = self._name("folder")
        within = {} if notebook else {"parentFolderId": self.model.known.top}
        exchange = self.client.create_folder(name=name, notebook=notebook, **within)
        compare.status(exchange, Prediction(201, "RS-FOLDER-CREATED"))
        with at_stake("RS-FOLDER-CREATED"):
            made = expect.member(expect.json_object(exchange), "id")
            expect.of_type(made, int, "id of the folder")
        item = Item(made, name, NOTEBOOK if notebook else FOLDER)
        if notebook:
            self.model.items.append(item)
        else:
            self.cast.folders.append(made)
        return item

    def share(self, who: str, ids: Sequence[int], wanted: Sequence[Wanted]) -> None:
        """Share items with everybody who is wanted."""
        told = self.model.share(who, ids, wanted)
        groups = [one.body() for one in wanted if one.recipient.type == GROUP]
        users = [one.body() for one in wanted if one.recipient.type != GROUP]
        exchange = self.client.share(list(ids), by=self.by(who), groups=groups, users=users)
        compare.status(exchange, told.prediction)
        if not told.prediction.is_refusal:
            compare.share_result(exchange, told)
            self.model.shared(told)
        is_placed = any(one.folder is not None for one in wanted)
        for item in [one for one in self.model.living() if one.id in ids]:
            self.look(item, told.prediction.rule, of_folder="RS-SHARE-FOLDER" if is_placed else "RS-SHARE-DEFAULT")
            self.see(item)

    def change(self, who: str, share: Share, permission: str | None) -> None:
        """Change the permission of a share."""
        told = self.model.change(who, share, permission)
        body = {"shareId": share.id, **({} if permission is None else {"permission": permission})}
        compare.status(self.by(who).put("/share", body), told)
        if not told.is_refusal and permission is not None:
            self.model.changed(share, permission)
        self.look(share.item, told.rule)

    def end(self, who: str, share: Share) -> None:
        """End a share."""
        told = self.model.end(who, share)
        compare.status(self.by(who).delete(f"/share/{share.id}"), told)
        entries = [one for one in self.model.living() if one.notebook is share.item]
        if not told.is_refusal:
            self.model.ended(share)
        self.look(share.item, told.rule)
        for entry in entries:
            self.look(entry, "RS-UNSHARE-NOTEBOOK")
        for item in (share.item, *entries):
            self.see(item)
        if not told.is_refusal:
            self.see_all()

    def remove(self, who: str, item: Item) -> None:
        """Delete a document."""
        told = self.model.delete(who, item)
        is_owners = who == OWNER
        exchange = self.client.delete(item.id) if is_owners else self.by(who).delete(f"/documents/{item.id}")
        compare.status(exchange, told)
        if not told.is_refusal:
            self.model.deleted(item)
        self.read(OWNER, item, told.rule)
        self.see(item)
        if item.is_gone:
            self.see_all()

    def read(self, who: str, item: Item, rule: str | None = None) -> None:
        """Read a document; `rule` is at stake where something was done to it just now."""
        told = self.model.read(who, item)
        exchange = self.by(who).get(f"/documents/{item.id}")
        compare.status(exchange, told if rule is None else Prediction(told.status, rule))
        if not told.is_refusal:
            self._hold(item, expect.json_object(exchange), who, told.rule)

    def _hold(self, item: Item, found: Mapping[str, Any], who: str, rule: str) -> None:
        compare.document(item, found, owner_id=self.cast.owner_id, is_owner=who == OWNER, rule=rule)

    def look(self, item: Item, rule: str, *, of_folder: str | None = None) -> None:
        """Look which shares an item has, as its owner; what is wrong now, the last request did."""
        if not item.is_gone:
            self.tell_shares(OWNER, item, rule, of_folder=of_folder)

    def see(self, item: Item) -> None:
        """Read a document as the colleague: that is what shares are for."""
        if COLLEAGUE in self.cast.people and item.kind == DOCUMENT:
            self.read(COLLEAGUE, item)

    def see_all(self) -> None:
        """List documents as the colleague."""
        if COLLEAGUE in self.cast.people:
            self.list_documents(COLLEAGUE, received=False)

    def tell_shares(self, who: str, item: Item, rule: str | None = None, *, of_folder: str | None = None) -> None:
        """Ask for the shares of an item, as anybody; `of_folder` is at stake in where they lie."""
        told = self.model.tell_shares(who, item)
        exchange = self.by(who).get(f"/share/document/{item.id}")
        compare.status(exchange, told if rule is None else Prediction(told.status, rule))
        if not told.is_refusal:
            inherited = self.model.shares_of(item.notebook) if item.notebook is not None else []
            own, blame = self.model.shares_of(item), compare.Blame(rule or told.rule, of_folder)
            compare.document_shares(exchange, item, own, inherited, blame)

    def list_shares(self, who: str, order: str | None, *, size: int = PAGE) -> None:
        """List the sequence's shares page by page: the owner's own, to all others none."""
        wanted = self.model.listed() if who == OWNER else []
        unsaid = {share.id for share in self.model.unsaid()}
        found, total = self._all_shares(who, order, size)
        kept = [one for one in found if one.get("id") not in unsaid]
        what = f"the shares of {who} by {order or 'default'}, {size} a page"
        with at_stake("RS-SHARES-OK" if size == PAGE else "RS-PAGE-SIZE"):
            compare.listed_shares(kept, wanted, what)
        with at_stake("RS-SHARES-OK"):
            if not unsaid:
                expect.equal(total, len(wanted), f"totalHits of {what}")
        compare.in_order(kept, wanted, is_descending=order is None or order.endswith("desc"), what=what)

    def _all_shares(self, who: str, order: str | None, size: int) -> tuple[list[dict[str, Any]], Any]:
        found: list[dict[str, Any]] = []
        for number in range(MOST_PAGES):
            params = {
                "query": self.mark,
                "pageSize": size,
                "pageNumber": number,
                **({"orderBy": order} if order else {}),
            }
            exchange = self._page(who, "/share", params)
            page = things(exchange, "shares")
            compare.no_folders(exchange.received, exchange.name)
            found += page
            if len(page) < size:
                break
        return found, expect.member(exchange.received, "totalHits")

    def _page(self, who: str, path: str, params: Mapping[str, Any]) -> Exchange:
        exchange = self.by(who).get(path, params=params)
        with at_stake("RS-SHARES-OK" if path == "/share" else "RS-DOCS-OK"):
            expect.answered(exchange, 200)
            things(exchange, "shares" if path == "/share" else "documents")
        return exchange

    def list_items(self, who: str, items: Sequence[Item]) -> None:
        """List the shares of some items: all of theirs, told as READ, to whoever reads the items."""
        ids = list(dict.fromkeys(item.id for item in items))
        exchange = self.by(who).get("/share", params={"sharedItemIds": ",".join(map(str, ids)), "pageSize": PAGE})
        if not all(self.model.reads(who, item) for item in items):
            compare.status(exchange, Prediction(401, "RS-SHARES-ITEMS-401"))
            return
        compare.status(exchange, Prediction(200, "RS-SHARES-ITEMS"))
        with at_stake("RS-SHARES-ITEMS"):
            told = things(exchange, "shares")
            wanted = [share for share in self.model.listed() if share.item.id in ids]
            as_read = [Share(one.item, one.recipient, "READ", id=one.id) for one in wanted]
            compare.listed_shares(told, as_read, f"the shares of {exchange.name}")
            expect.equal(expect.member(exchange.received, "totalHits"), len(wanted), f"totalHits of {exchange.name}")
            expect.equal(expect.member(exchange.received, "folderShares"), [], f"folderShares of {exchange.name}")

    def list_documents(self, who: str, *, received: bool) -> None:
        """List documents, all or those that others shared: of the sequence's those that somebody may see."""
        own = {item.id: item for item in self.model.items if item.kind == DOCUMENT}
        filters = {"filter": "sharedWithMe"} if received else {}
        rule = "RS-DOCS-FILTER" if received else "RS-DOCS-OK"
        with at_stake(rule):
            found = list(self._new_documents(who, filters))
            wanted = [item.id for item in self.model.shown(who, received=received)]
            there = [one["id"] for one in found]
            compare.listed_documents(there, wanted, own, f"documents of {who}{', received' if received else ''}")
        for one in found:
            if one["id"] in own:
                self._hold(own[one["id"]], one, who, rule)

    def _new_documents(self, who: str, filters: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        """Return the documents that somebody lists, the newest first, back to where the sequence began."""
        for number in range(MOST_PAGES):
            page = things(self._page(who, "/documents", {**NEWEST, **filters, "pageNumber": number}), "documents")
            yield from page
            is_before = any(str(one.get("created")) < (self._since or "") for one in page)
            if len(page) < PAGE or is_before:
                return
