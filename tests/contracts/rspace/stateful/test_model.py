"""RSpace's model by itself: what it predicts, without any server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from showpad_contracts.rspace.stateful.model import (
    COLLEAGUE,
    GROUP,
    NOTEBOOK,
    OWNER,
    USER,
    Item,
    Known,
    Model,
    Recipient,
    Share,
    Told,
    Wanted,
)
from showpad_contracts.rspace.targets import DOCUMENTED, OBSERVED
from showpad_contracts.stateful.prediction import Prediction

LAB, BOB, STRANGERS = Recipient(GROUP, 71), Recipient(USER, 2), Recipient(GROUP, 72)
NOBODY, ANOTHERS, FILE = 999, 601, 602
KNOWN = Known(
    DOCUMENTED,
    LAB,
    top=11,
    recipients={LAB: "", BOB: "", STRANGERS: "RS-SHARE-NOT-MEMBER"},
    foreign={NOBODY: "RS-SHARE-ITEM-UNKNOWN", ANOTHERS: "RS-SHARE-NOT-OWNER", FILE: "RS-SHARE-KIND"},
)
WITH_LAB, WITH_BOB, WITH_STRANGERS = Wanted(LAB), Wanted(BOB), Wanted(STRANGERS)


def model_of(behaviour: str | None = DOCUMENTED) -> Model:
    """Give a model with the documents 1 and 2, the first of which is shared with the lab."""
    model = Model(replace(KNOWN, behaviour=behaviour))
    model.items += [Item(1, "one"), Item(2, "two")]
    model.shares.append(Share(model.items[0], LAB, "READ", folder=11, id=91))
    return model


def pairs(shares: Sequence[Share]) -> list[tuple[int, str]]:
    return [(share.item.id, share.recipient.type) for share in shares]


def told(behaviour: str, ids: Sequence[int], *wanted: Wanted, who: str = OWNER) -> Told:
    return model_of(behaviour).share(who, ids, wanted)


def test_what_is_new_is_told_and_what_is_not_fails_as_documented() -> None:
    found = told(DOCUMENTED, [1, 2, ANOTHERS], WITH_LAB)
    assert (pairs(found.made), found.failed) == ([(2, GROUP)], [1, ANOTHERS])
    assert (found.infos, found.prediction) == (found.made, Prediction(201, "RS-SHARE-FAILED"))


def test_every_new_pair_is_told_as_documented_and_one_an_item_as_observed() -> None:
    wanted = [WITH_BOB, WITH_LAB, WITH_LAB]
    assert pairs(told(DOCUMENTED, [2, 2], *wanted).infos) == [(2, GROUP), (2, USER)]
    found = told(OBSERVED, [1, 2], *wanted)
    assert pairs(found.made) == [(1, USER), (2, GROUP), (2, USER)]
    assert (pairs(found.infos), found.failed, found.info_rule) == ([(1, USER), (2, GROUP)], [], "RS-SHARE-FIRST")


def test_an_item_that_is_shared_with_some_is_in_both_lists_as_documented() -> None:
    found = told(DOCUMENTED, [2], WITH_LAB, WITH_STRANGERS)
    assert (pairs(found.infos), found.failed, found.info_rule) == ([(2, GROUP)], [2], "RS-SHARE-EACH")


@pytest.mark.parametrize(
    ("ids", "wanted", "expected"),
    [
        ([ANOTHERS], WITH_LAB, Prediction(401, "RS-SHARE-NOT-OWNER")),
        ([FILE], WITH_LAB, Prediction(401, "RS-SHARE-KIND")),
        ([NOBODY, 2], WITH_LAB, Prediction(500, "RS-SHARE-ITEM-UNKNOWN")),
        ([2], WITH_STRANGERS, Prediction(401, "RS-SHARE-NOT-MEMBER")),
        ([1, 2], WITH_STRANGERS, Prediction(401, "RS-SHARE-ALL-FAIL")),
        ([2, FILE], WITH_LAB, Prediction(500, "RS-SHARE-SOME-FAIL")),
        ([1], WITH_LAB, Prediction(201, "RS-SHARE-AGAIN")),
    ],
)
def test_what_may_not_be_shared_is_refused_as_observed(ids: list[int], wanted: Wanted, expected: Prediction) -> None:
    found = told(OBSERVED, ids, wanted)
    assert (found.prediction, list(found.made)) == (expected, [])


def test_one_recipient_that_is_not_allowed_ends_it_for_all_as_observed() -> None:
    found = told(OBSERVED, [2], WITH_BOB, WITH_STRANGERS)
    assert (found.prediction, list(found.made)) == (Prediction(401, "RS-SHARE-ATOMIC"), [])


def test_nobody_shares_what_is_anothers() -> None:
    assert told(DOCUMENTED, [2], WITH_LAB, who=COLLEAGUE).failed == [2]
    assert told(OBSERVED, [2], WITH_LAB, who=COLLEAGUE).prediction == Prediction(401, "RS-SHARE-NOT-OWNER")


def test_where_no_behaviour_is_named_only_what_both_say_is_sure() -> None:
    model = model_of(None)
    assert model.is_agreed(OWNER, [2], [WITH_LAB])
    for who, ids, wanted in (
        (OWNER, [1], [WITH_LAB]),
        (OWNER, [2], [WITH_LAB, WITH_BOB]),
        (COLLEAGUE, [2], [WITH_LAB]),
    ):
        assert not model.is_agreed(who, ids, wanted)


def test_a_permission_is_the_owners_to_change_while_the_share_lasts() -> None:
    model = model_of()
    [share] = model.shares
    assert model.change(OWNER, share, "edit") == Prediction(204, "RS-PERMISSION-OK")
    assert model.change(COLLEAGUE, share, "EDIT") == Prediction(404, "RS-PERMISSION-404")
    assert model.change(COLLEAGUE, share, "WRITE") == Prediction(400, "RS-SHARE-PERMISSION-400")
    assert model.change(OWNER, share, None) == Prediction(400, "RS-PERMISSION-NULL")
    model.ended(share)
    assert model.change(OWNER, share, "EDIT") == Prediction(404, "RS-PERMISSION-404")
    assert model.end(OWNER, share) == Prediction(404, "RS-UNSHARE-404")


def test_the_server_notices_a_missing_permission_where_it_has_the_share() -> None:
    model = model_of(OBSERVED)
    [share] = model.shares
    assert model.change(OWNER, share, None) == Prediction(500, "RS-PERMISSION-NULL-OBSERVED")
    assert model.change(COLLEAGUE, share, None) == Prediction(404, "RS-PERMISSION-404")


def test_an_ended_share_takes_its_access_along_and_frees_its_place() -> None:
    model = model_of()
    item = model.items[0]
    assert model.reads(COLLEAGUE, item)
    model.ended(model.shares[0])
    assert not model.reads(COLLEAGUE, item)
    assert not model.reads("outsider", item)
    assert pairs(model.share(OWNER, [1], [WITH_LAB]).made) == [(1, GROUP)]


def test_with_a_notebooks_share_those_of_its_entries_with_the_same_recipient_end() -> None:
    model = model_of()
    notebook = Item(3, "three", NOTEBOOK)
    entry = Item(4, "four", notebook=notebook)
    of_notebook, of_entry, apart = (Share(*one, "READ") for one in ((notebook, LAB), (entry, LAB), (entry, BOB)))
    model.shares += [of_notebook, of_entry, apart]
    model.ended(of_notebook)
    assert (of_entry.has_ended, apart.has_ended) == (True, False)


def test_of_the_shares_of_a_deleted_document_nothing_is_said() -> None:
    model = model_of()
    model.deleted(model.items[0])
    assert (model.listed(), model.unsaid()) == ([], model.shares)
    assert model.read(OWNER, model.items[0]) == Prediction(404, "RS-DOC-DELETED")
    assert model.tell_shares(OWNER, model.items[0]) == Prediction(404, "RS-DOC-SHARES-UNKNOWN")
    assert [item.id for item in model.shown(OWNER)] == [2]


def test_own_documents_are_none_that_others_shared() -> None:
    model = model_of()
    assert [item.id for item in model.shown(COLLEAGUE, received=True)] == [1]
    assert list(model.shown(OWNER, received=True)) == []
