"""RSpace's API as checks use it: actors by name, documents that are unshared and deleted at the end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..core import expect
from ..core.exchange import Exchange
from ..core.violation import NotPermitted, TargetLacks, WrongList
from ..transport.client import ActorsClient
from ..transport.session import Caller, Session
from . import cleanup, paths
from .cleanup import CLEANUP


class Client(ActorsClient):
    """What a check gets. `client.owner.get("/groups")`, `client.share([document], groups=[...])`."""

    suite = "rspace"
    cleanup = CLEANUP

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        session.to_delete = cleanup.REQUESTS

    def operation_of(self, method: str, path: str) -> str:
        """Return the operationId of a request, empty where it is none that is checked."""
        return paths.operation_of(method, path)

    @property
    def colleague(self) -> Caller:
        """Another member of the owner's group."""
        return self.as_("colleague")

    def behaves(self, behaviour: str) -> bool:
        """Return whether the target is to be held to this behaviour; skips where it names none."""
        return bool(self.target.offer("behaviour") == behaviour)

    def only(self, behaviour: str) -> None:
        """Skip unless the target is to be held to this behaviour."""
        if not self.behaves(behaviour):
            raise TargetLacks(f"the behaviour {behaviour}")

    def only_on_its_own(self, what: str) -> None:
        """Skip elsewhere than on a mock that the kit started."""
        if not self.target.is_own:
            raise NotPermitted(f"it {what}: only the kit's own mock")

    @property
    def group(self) -> int:
        """The id of the group of owner and colleague."""
        return int(self.target.offer("group")["id"])

    @property
    def with_group(self) -> dict[str, Any]:
        """The group as the target of a share."""
        return {"id": self.group}

    def user(self, actor: str) -> dict[str, Any]:
        """Return an actor as the target of a share."""
        return {"id": int(self.target.user_id(actor))}

    def create(self, body: Any) -> Exchange:
        """Send a create of a document, whatever comes back; what it created is taken on."""
        mark = cleanup.announce(body, self.session)
        exchange = self.owner.post("/documents", body)
        cleanup.take_on(self.session, exchange, mark)
        return exchange

    def name(self) -> str:
        """Return a name that marks what bears it as this run's."""
        return self.session.fresh_mark()

    def created(self, **fields: Any) -> dict[str, Any]:
        """Create a document, and return it: the check is about that this succeeds."""
        document = expect.answered(self.create({"name": self.name(), **fields}), 201)
        expect.of_type(expect.member(document, "id", of="the document"), int, "id of the document")
        return document

    def document(self, **fields: Any) -> dict[str, Any]:
        """Return a new document that a check needs: where it cannot be had, creating is broken."""
        with expect.needed("a document", "RS-DOC-CREATED"):
            return self.created(**fields)

    def new_id(self, **fields: Any) -> int:
        """Return the id of a new document that a check needs."""
        return int(self.document(**fields)["id"])

    def create_folder(self, **fields: Any) -> Exchange:
        """Send a create of a folder, whatever comes back; nothing deletes it, which is noted."""
        exchange = self.owner.post("/folders", fields)
        if 200 <= exchange.status < 300 and isinstance(exchange.received, dict):
            self.session.ledger.left(f"folder {exchange.received.get('id')}")
        return exchange

    def delete(self, document: int, *, path: str = "/documents/") -> Exchange:
        """Send a delete of the owner's, whatever comes back."""
        exchange = self.owner.delete(f"{path}{document}")
        if 200 <= exchange.status < 300 or exchange.status == 404:
            self.session.forget(str(document))
        return exchange

    def share(self, items: Any, *, by: Caller | None = None, **members: Any) -> Exchange:
        """Send a share, whatever comes back; without `groups` or `users` it is with the group."""
        targets = members if members.keys() & {"groups", "users"} else {"groups": [self.with_group], **members}
        return (by or self.owner).post("/share", {"itemsToShare": items, **targets})

    def shared(self, item: int, **members: Any) -> dict[str, Any]:
        """Share an item with one target, and return its ShareInfo, which a check needs."""
        with expect.needed("a share", "RS-SHARE-OK"):
            return self.new_share(item, **members)

    def new_share(self, item: int | str, **members: Any) -> dict[str, Any]:
        """Share an item with one target, and return its ShareInfo: the check is about that this succeeds."""
        exchange = self.share([item], **members)
        infos = expect.member(expect.answered(exchange, 201), "shareInfos")
        if not isinstance(infos, list) or len(infos) != 1 or not isinstance(infos[0], dict):
            raise WrongList(f"shareInfos of {exchange.name}", expected="one ShareInfo", received=infos)
        expect.of_type(expect.member(infos[0], "id", of="the ShareInfo"), int, "id of the ShareInfo")
        info: dict[str, Any] = infos[0]
        return info

    def shares_of(self, item: int, *, listed: str = "directShares") -> list[Mapping[str, Any]]:
        """Return the shares of an item as its owner sees them."""
        with expect.needed("the shares of an item", "RS-DOC-SHARES-OK"):
            told = expect.answered(self.owner.get(f"/share/document/{item}"), 200)
            shares = expect.member(told, listed)
            expect.of_type(shares, list, listed)
        return [share for share in shares if isinstance(share, Mapping)]

    def clean_up(self) -> list[str]:
        """Unshare and delete every document that is left; returns the ids of those that could not be."""
        return cleanup.clean_up(self.session)

    def sweep(self) -> list[str]:
        """Delete what the list shows to bear the run's mark; returns what could not be deleted or looked for."""
        return cleanup.sweep(self.session)
