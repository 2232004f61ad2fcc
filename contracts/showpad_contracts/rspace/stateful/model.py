"""What guide and server promise, as a small model that predicts answers: of its own items only, written from the rules.

On a shared server others share other items at the same time; the model says nothing about those.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ...stateful.prediction import Prediction
from ..strategies.shares import PERMISSIONS
from ..targets import OBSERVED

GROUP, USER = "GROUP", "USER"
DOCUMENT, NOTEBOOK, FOLDER = "SD", "NB", "FL"
OWNER, COLLEAGUE = "owner", "colleague"
FAILURES = ("RS-SHARE-ITEM-UNKNOWN", "RS-SHARE-TARGET-UNKNOWN", "RS-SHARE-SOME-FAIL")
"""Rules by which a refusal is an error of the server's own."""


class Recipient(NamedTuple):
    """With whom an item is shared: the group or user of this id."""

    type: str
    id: int


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the tenant. `behaviour` is None where the target names none.

    `recipients`, and `foreign`, ids of items not the model's, come with the rule that refuses to share with them
    or to share them, an empty one where nothing does. `top` is the group's top shared folder.
    """

    behaviour: str | None
    group: Recipient
    top: int | None = None
    recipients: Mapping[Recipient, str] = field(default_factory=dict)
    foreign: Mapping[int, str] = field(default_factory=dict)


@dataclass(slots=True)
class Item:
    """A document or notebook of the owner's, perhaps in a notebook."""

    id: int
    name: str
    kind: str = DOCUMENT
    tags: str | None = None
    parent: int | None = None
    notebook: Item | None = None
    is_gone: bool = False


@dataclass(slots=True)
class Share:
    """An item with a recipient. Its id is None until it was told, its folder None where nothing is said of that."""

    item: Item
    recipient: Recipient
    permission: str
    folder: int | None = None
    id: int | None = None
    has_ended: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """With whom, with which permission and into which folder a request shares."""

    recipient: Recipient
    permission: str | None = None
    folder: int | None = None

    def body(self) -> dict[str, Any]:
        """Return the member of the request's groups or users."""
        told = {"permission": self.permission, "sharedFolderId": self.folder}
        return {"id": self.recipient.id, **{name: one for name, one in told.items() if one is not None}}


@dataclass(frozen=True, slots=True)
class Told:
    """How a share must be answered: which shares there are afterwards, which are told, which items failed."""

    prediction: Prediction
    made: Sequence[Share] = ()
    infos: Sequence[Share] = ()
    info_rule: str = "RS-SHARE-OK"
    failed: Sequence[int] | None = None
    """None where nothing is promised of them."""


class Model:
    """The items of one sequence. What is asked predicts and changes nothing; what is told (`...d`) changes."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.items: list[Item] = []
        self.shares: list[Share] = []

    def living(self) -> list[Item]:
        """Return the items that are not deleted."""
        return [item for item in self.items if not item.is_gone]

    def shares_of(self, item: Item) -> list[Share]:
        """Return an item's own shares."""
        return [share for share in self.shares if share.item is item and not share.has_ended]

    def listed(self) -> list[Share]:
        """Return the shares of the items that are not deleted; what becomes of others' is not said."""
        return [share for share in self.shares if not (share.has_ended or share.item.is_gone)]

    def unsaid(self) -> list[Share]:
        """Return the shares of which nothing is said: their items were deleted before they ended."""
        return [share for share in self.shares if share.item.is_gone and not share.has_ended]

    def reads(self, who: str, item: Item) -> bool:
        """Return whether somebody may read an item: the owner, and with whom it, or its notebook, is shared."""
        if item.is_gone or who == OWNER:
            return not item.is_gone
        # The colleague is the group's other member; the outsider is in no group of the owner's.
        inherited = self.shares_of(item.notebook) if item.notebook is not None else []
        return who == COLLEAGUE and bool(self.shares_of(item) or inherited)

    def share(self, who: str, ids: Sequence[int], wanted: Sequence[Wanted]) -> Told:
        """Predict POST /share; what stands twice in it counts once (RS-SHARE-TWICE)."""
        first: dict[Recipient, Wanted] = {}
        for one in wanted:
            first.setdefault(one.recipient, one)
        # Groups come before users, whatever their order in the body.
        targets = sorted(first.values(), key=lambda one: one.recipient.type)
        predict = self._observed if self.known.behaviour == OBSERVED else self._documented
        return predict(who, list(dict.fromkeys(ids)), targets)

    def is_agreed(self, who: str, ids: Sequence[int], wanted: Sequence[Wanted]) -> bool:
        """Return whether guide and server say the same of a share: all of it is new, with one recipient."""
        if self.known.behaviour is not None:
            return True
        return len(wanted) == 1 and all(len(self._new(who, one, wanted)) == 1 for one in ids)

    def _new(self, who: str, item_id: int, wanted: Sequence[Wanted]) -> list[Share]:
        """Return the shares that a request makes of an item, were each target by itself."""
        item = next((one for one in self.living() if one.id == item_id), None)
        if item is None or who != OWNER:
            return []
        taken = {share.recipient for share in self.shares_of(item)}
        allowed = [one for one in wanted if not self.known.recipients.get(one.recipient)]
        return [self._made(item, one) for one in allowed if one.recipient not in taken]

    def _made(self, item: Item, wanted: Wanted) -> Share:
        folder = wanted.folder if wanted.folder is not None else self.known.top
        is_group = wanted.recipient == self.known.group
        permission = (wanted.permission or "READ").upper()
        return Share(item, wanted.recipient, permission, folder=folder if is_group else None)

    def _documented(self, who: str, ids: Sequence[int], wanted: Sequence[Wanted]) -> Told:
        new = {one: self._new(who, one, wanted) for one in ids}
        failed = [one for one, shares in new.items() if len(shares) < len(wanted)]
        # An item that is shared with some and not with others is told in both lists: so we read the guide.
        is_mixed = any(new[one] for one in failed) or any(len(shares) > 1 for shares in new.values())
        made = [share for shares in new.values() for share in shares]
        rule = "RS-SHARE-EACH" if is_mixed else "RS-SHARE-FAILED" if failed else "RS-SHARE-OK"
        return Told(Prediction(201, rule), made, made, rule, failed)

    def _observed(self, who: str, ids: Sequence[int], wanted: Sequence[Wanted]) -> Told:
        refusal = self._refusal(who, ids, wanted)
        if refusal is not None:
            return Told(Prediction(500 if refusal in FAILURES else 401, refusal))
        new = [shares for one in ids if (shares := self._new(who, one, wanted))]
        made = [share for shares in new for share in shares]
        rule = "RS-SHARE-FIRST" if len(made) > len(new) else "RS-SHARE-OK" if made else "RS-SHARE-AGAIN"
        return Told(Prediction(201, rule), made, [shares[0] for shares in new], rule, [])

    def _refusal(self, who: str, ids: Sequence[int], wanted: Sequence[Wanted]) -> str | None:
        found = [self._fault(who, one, wanted) for one in ids]
        faults = [fault for fault in found if fault is not None]
        unknown = next((fault for fault in faults if fault in FAILURES), None)
        if unknown is not None or not faults:
            return unknown
        if len(faults) < len(found):
            return "RS-SHARE-SOME-FAIL"
        return faults[0] if len(faults) == 1 else "RS-SHARE-ALL-FAIL"

    def _fault(self, who: str, item_id: int, wanted: Sequence[Wanted]) -> str | None:
        if who != OWNER:
            return "RS-SHARE-NOT-OWNER"
        if self.known.foreign.get(item_id):
            return self.known.foreign[item_id]
        faults = [fault for one in wanted if (fault := self.known.recipients.get(one.recipient))]
        is_mixed = 0 < len(faults) < len(wanted) and faults[0] not in FAILURES
        return "RS-SHARE-ATOMIC" if is_mixed else next(iter(faults), None)

    def shared(self, told: Told) -> None:
        """Take note of a share that was accepted."""
        self.shares += told.made

    def change(self, who: str, share: Share, permission: str | None) -> Prediction:
        """Predict PUT /share: the form of a body comes before whose share it is.

        That there is no permission the server notices later (observed): it reads it where it has the share already.
        """
        if permission is not None and permission not in PERMISSIONS:
            return Prediction(400, "RS-SHARE-PERMISSION-400")
        if permission is None and self.known.behaviour != OBSERVED:
            return Prediction(400, "RS-PERMISSION-NULL")
        if share.has_ended or who != OWNER:
            return Prediction(404, "RS-PERMISSION-404")
        if permission is None:
            return Prediction(500, "RS-PERMISSION-NULL-OBSERVED")
        return Prediction(204, "RS-PERMISSION-OK")

    def changed(self, share: Share, permission: str) -> None:
        """Take note of a permission that was changed."""
        share.permission = permission.upper()

    def end(self, who: str, share: Share) -> Prediction:
        """Predict DELETE /share/{id}."""
        if share.has_ended:
            return Prediction(404, "RS-UNSHARE-404")
        return Prediction(204, "RS-UNSHARE-OK") if who == OWNER else Prediction(404, "RS-UNSHARE-FOREIGN")

    def ended(self, share: Share) -> None:
        """Take note of a share that ended: with a notebook's, those of its entries with the same recipient."""
        share.has_ended = True
        for one in self.shares:
            if one.item.notebook is share.item and one.recipient == share.recipient:
                one.has_ended = True

    def read(self, who: str, item: Item) -> Prediction:
        """Predict GET /documents/{id}."""
        if item.is_gone:
            return Prediction(404, "RS-DOC-DELETED")
        return Prediction(200, "RS-DOC-OK") if self.reads(who, item) else Prediction(404, "RS-DOC-404")

    def tell_shares(self, who: str, item: Item) -> Prediction:
        """Predict GET /share/document/{id}."""
        if item.is_gone:
            is_observed = self.known.behaviour == OBSERVED
            return (
                Prediction(500, "RS-DOC-SHARES-UNKNOWN-OBSERVED")
                if is_observed
                else Prediction(404, "RS-DOC-SHARES-UNKNOWN")
            )
        return Prediction(200, "RS-DOC-SHARES-OK") if who == OWNER else Prediction(404, "RS-DOC-SHARES-404")

    def delete(self, who: str, item: Item) -> Prediction:
        """Predict DELETE /documents/{id}."""
        is_deleted = who == OWNER and not item.is_gone
        return Prediction(204, "RS-DOC-DELETED") if is_deleted else Prediction(404, "RS-DOC-DELETE-404")

    def deleted(self, item: Item) -> None:
        """Take note that a document is gone; of its shares nothing is said from then on."""
        item.is_gone = True

    def shown(self, who: str, *, received: bool = False) -> Iterator[Item]:
        """Return the documents that somebody's list must show, or only those that others shared."""
        if not (received and who == OWNER):
            yield from (item for item in self.living() if item.kind == DOCUMENT and self.reads(who, item))
