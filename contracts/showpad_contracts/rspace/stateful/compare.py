"""Answers held against the model: each raises one Violation that bears the rule at stake."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...core import expect
from ...core.exchange import Exchange
from ...core.violation import ExtraMember, StateChanged, WrongList, WrongValue
from ...stateful.prediction import Prediction, at_stake
from ..assertions import VALIDATION, refused, same_ids, texts, things
from .model import GROUP, Item, Share, Told

INTERNAL = {400: VALIDATION, 401: (40101,), 404: (50301,), 500: (50001,)}
"""The internalCode of each refusal that is predicted."""


@dataclass(frozen=True, slots=True)
class Blame:
    """Which rule is broken by a wrong share, and which by a wrong folder, where that is another."""

    rule: str
    of_folder: str | None = None


def status(exchange: Exchange, told: Prediction) -> None:
    """The status is the one predicted, a refusal with its internalCode, a 204 without a body."""
    with at_stake(told.broken_by(exchange.status)):
        if told.is_refusal:
            refused(exchange, told.status, *INTERNAL[told.status])
        elif told.status == 204:
            expect.nothing(exchange)
        else:
            expect.status(exchange, told.status)


def share_result(exchange: Exchange, told: Told) -> None:
    """The answer tells the new shares, whose ids are learned from it, and what failed."""
    with at_stake(told.info_rule):
        infos = texts(exchange, "shareInfos")
        there = {(info["sharedItemId"], info["sharedTargetType"], info["sharedTargetId"]): info for info in infos}
        wanted = {(one.item.id, *_target(one)): one for one in told.infos}
        if len(infos) != len(wanted) or there.keys() != wanted.keys():
            raise WrongList(f"shareInfos of {exchange.name}", expected=sorted(wanted), received=infos)
        if told.failed is not None:
            _failed(exchange, told.failed)
    for pair, share in wanted.items():
        with at_stake("RS-SHARE-OK"):
            expect.of_type(there[pair]["id"], int, "id of the ShareInfo")
            share.id = there[pair]["id"]
            expect.equal(there[pair]["permission"], share.permission, "permission of the ShareInfo")
        with at_stake("RS-SHARE-FIELDS"):
            expect.equal(expect.member(there[pair], "shareItemName"), share.item.name, "shareItemName")
            expect.equal(expect.member(there[pair], "_links"), [], "_links of the ShareInfo")


def _target(share: Share) -> tuple[str, int]:
    return share.recipient.type, share.recipient.id


def _failed(exchange: Exchange, failed: Sequence[int]) -> None:
    # By the guide's name where there is one: what has failed, servers have no word for.
    name = "failedShareIds" if failed or "failedShareIds" in exchange.received else "failedShares"
    same_ids(expect.member(expect.json_object(exchange), name), list(failed), name)


def document_shares(
    exchange: Exchange, item: Item, own: Collection[Share], inherited: Collection[Share], blame: Blame
) -> None:
    """A document tells its own shares and its notebook's; ids that were not told yet are learned."""
    with at_stake(blame.rule):
        told = expect.answered(exchange, 200)
        expect.equal(expect.member(told, "sharedDocId"), item.id, "sharedDocId")
        expect.equal(expect.member(told, "sharedDocName"), item.name, "sharedDocName")
    _shares(exchange, "directShares", own, blame)
    # Ending the notebook's own is a rule apart: what an entry tells of them is this one's.
    _shares(exchange, "notebookShares", inherited, Blame("RS-DOC-SHARES-OK"))


def _shares(exchange: Exchange, name: str, expected: Collection[Share], blame: Blame) -> None:
    with at_stake(blame.rule):
        there = things(exchange, name)
        found = {(one["recipientType"], one["recipientId"]): one for one in there}
        wanted = {_target(share): share for share in expected}
        if len(found) != len(there) or found.keys() != wanted.keys():
            raise StateChanged(f"{name} of {exchange.name}", expected=sorted(wanted), received=there)
        for pair, share in wanted.items():
            _document_share(share, found[pair], blame)


def _document_share(share: Share, found: Mapping[str, Any], blame: Blame) -> None:
    what = f"the share of {share.item.id} with {share.recipient.type} {share.recipient.id}"
    if share.id is None:
        expect.of_type(found["shareId"], int, f"shareId of {what}")
        share.id = found["shareId"]
    expect.equal(found["shareId"], share.id, f"shareId of {what}")
    expect.equal(found["permission"], share.permission, f"permission of {what}")
    if share.recipient.type == GROUP and share.folder is not None:
        with at_stake(blame.of_folder or blame.rule):
            expect.equal(found["parentId"], share.folder, f"parentId of {what}")


def listed_shares(found: Sequence[Mapping[str, Any]], wanted: Sequence[Share], what: str) -> None:
    """A list shows these shares and no others, each as it is."""
    ids = [one.get("id") for one in found]
    same_ids(ids, [share.id for share in wanted if share.id is not None], what)
    told = {one["id"]: one for one in found}
    for share in wanted:
        one = told[share.id]
        expect.equal(one["sharedItemId"], share.item.id, f"sharedItemId of the share {share.id}")
        expect.equal(one["shareItemName"], share.item.name, f"shareItemName of the share {share.id}")
        expect.equal(
            (one["sharedTargetType"], one["sharedTargetId"]), _target(share), f"target of the share {share.id}"
        )
        expect.equal(one["permission"], share.permission, f"permission of the share {share.id}")


def in_order(found: Sequence[Mapping[str, Any]], wanted: Sequence[Share], *, is_descending: bool, what: str) -> None:
    """Names are in their order; how equal ones stand is nobody's promise."""
    names = sorted((share.item.name for share in wanted), reverse=is_descending)
    with at_stake("RS-SHARES-ORDER"):
        expect.equal([one["shareItemName"] for one in found], names, f"the names in {what}")


def document(item: Item, found: Mapping[str, Any], *, owner_id: int, is_owner: bool, rule: str) -> None:
    """A document is the model's, read or listed."""
    what = f"the document {item.id}"
    with at_stake(rule):
        for name, value in {"id": item.id, "globalId": f"SD{item.id}", "name": item.name}.items():
            expect.equal(expect.member(found, name, of=what), value, f"{name} of {what}")
        expect.equal(expect.member(found, "owner.id", of=what), owner_id, f"the owner of {what}")
        if item.tags:
            expect.equal(expect.member(found, "tags", of=what), item.tags, f"tags of {what}")
    with at_stake("RS-PARENT" if is_owner else "RS-DOC-PARENT"):
        parent = expect.member(found, "parentFolderId", of=what)
        if not is_owner and parent is not None:
            raise WrongValue(f"parentFolderId of {what}", expected=None, received=parent)
        if is_owner and item.parent is not None:
            expect.equal(parent, item.parent, f"parentFolderId of {what}")


def listed_documents(found: Collection[int], wanted: Collection[int], own: Collection[int], what: str) -> None:
    """Of the sequence's documents a list shows these."""
    there = [one for one in found if one in own]
    if sorted(there) != sorted(wanted):
        raise WrongList(what, expected=sorted(wanted), received=sorted(there))


def no_folders(page: Mapping[str, Any], what: str) -> None:
    """A list that was not asked for items tells no folders."""
    if "folderShares" in page:
        raise ExtraMember(what, expected="no folderShares", received=page["folderShares"])
