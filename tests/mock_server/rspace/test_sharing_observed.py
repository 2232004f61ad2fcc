"""POST /share as RSpace's server does it, where that is not what its guide promises."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from ...harness.rspace import (
    BOB,
    BOBS,
    CAROL,
    CAROLS,
    DOCUMENT,
    FILE,
    FOLDER,
    FOREIGN_FOLDER,
    GROUP,
    NOTEBOOK,
    NOWHERE,
    OTHER_GROUP,
    SECOND,
    SNIPPET,
    RSpaceApi,
    assert_refused,
    rules_of,
)


def shared(answer: httpx2.Response) -> list[tuple[int, int]]:
    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert (body["failedShares"], body["failedShareIds"]) == ([], [])
    return [(one["sharedItemId"], one["sharedTargetId"]) for one in body["shareInfos"]]


def all_pairs(lab: RSpaceApi) -> list[tuple[int, int]]:
    return [(one["sharedItemId"], one["sharedTargetId"]) for one in lab.get("/share?orderBy=name asc").json()["shares"]]


@pytest.mark.rule("RS-SHARE-FIRST")
def test_of_several_targets_the_first_alone_is_told(observed: RSpaceApi) -> None:
    answer = observed.share(DOCUMENT, SNIPPET, groups=[{"id": GROUP}], users=[{"id": BOB}])
    assert shared(answer) == [(DOCUMENT, GROUP), (SNIPPET, GROUP)]
    assert "RS-SHARE-FIRST" in rules_of(answer)
    assert all_pairs(observed) == [(DOCUMENT, GROUP), (DOCUMENT, BOB), (SNIPPET, GROUP), (SNIPPET, BOB)]


@pytest.mark.rule("RS-SHARE-AGAIN")
def test_what_is_shared_already_is_skipped_and_keeps_its_permission(observed: RSpaceApi) -> None:
    observed.share(DOCUMENT)
    edit = [{"id": GROUP, "permission": "EDIT"}]
    assert shared(observed.share(DOCUMENT, groups=edit)) == []
    assert shared(observed.share(DOCUMENT, groups=edit, users=[{"id": BOB}])) == [(DOCUMENT, BOB)]
    assert {one["permission"] for one in observed.get("/share").json()["shares"]} == {"READ"}


@pytest.mark.rule(
    "RS-SHARE-NOT-OWNER", "RS-SHARE-KIND", "RS-SHARE-NOT-MEMBER", "RS-SHARE-NOT-COLLEAGUE", "RS-SHARE-ATOMIC"
)
@pytest.mark.parametrize(
    ("item", "targets", "rule"),
    [
        (BOBS, {"groups": [{"id": GROUP}]}, "RS-SHARE-NOT-OWNER"),
        (FILE, {"groups": [{"id": GROUP}]}, "RS-SHARE-KIND"),
        (FOLDER, {"groups": [{"id": GROUP}]}, "RS-SHARE-KIND"),
        (DOCUMENT, {"groups": [{"id": OTHER_GROUP}]}, "RS-SHARE-NOT-MEMBER"),
        (DOCUMENT, {"users": [{"id": CAROL}]}, "RS-SHARE-NOT-COLLEAGUE"),
        (DOCUMENT, {"groups": [{"id": OTHER_GROUP}], "users": [{"id": CAROL}]}, "RS-SHARE-NOT-MEMBER"),
        (DOCUMENT, {"groups": [{"id": GROUP}], "users": [{"id": CAROL}]}, "RS-SHARE-ATOMIC"),
    ],
)
def test_what_may_not_be_shared_is_401_and_shares_nothing(
    observed: RSpaceApi, item: int, targets: dict[str, Any], rule: str
) -> None:
    before = observed.tenant.shares
    assert_refused(observed.share(item, **targets), 401, 40101, rule)
    assert observed.tenant.shares == before


@pytest.mark.rule("RS-SHARE-NOT-MEMBER")
def test_who_is_in_no_group_shares_with_none(observed: RSpaceApi) -> None:
    assert_refused(observed.share(CAROLS, as_="carol"), 401, 40101, "RS-SHARE-NOT-MEMBER")


@pytest.mark.rule("RS-SHARE-ALL-FAIL")
def test_several_that_all_fail_are_refused_in_one_word(observed: RSpaceApi) -> None:
    assert_refused(observed.share(BOBS, FILE), 401, 40101, "RS-SHARE-ALL-FAIL")


@pytest.mark.rule("RS-SHARE-SOME-FAIL")
def test_one_that_fails_takes_the_others_back(observed: RSpaceApi) -> None:
    before = observed.tenant.shares
    refused = assert_refused(observed.share(DOCUMENT, BOBS), 500, 50001, "RS-SHARE-SOME-FAIL")
    assert (refused["status"], len(refused["errors"])) == ("INTERNAL_SERVER_ERROR", 1)
    assert observed.tenant.shares == before
    assert observed.share(SECOND).json()["shareInfos"][0]["id"] == 6789  # no id was lost


@pytest.mark.rule("RS-SHARE-ITEM-UNKNOWN", "RS-SHARE-TARGET-UNKNOWN", "RS-SHARE-FOLDER-UNKNOWN")
@pytest.mark.parametrize(
    ("items", "targets", "rule"),
    [
        ([DOCUMENT, NOWHERE], {"groups": [{"id": GROUP}]}, "RS-SHARE-ITEM-UNKNOWN"),
        ([DOCUMENT], {"groups": [{"id": NOWHERE}]}, "RS-SHARE-TARGET-UNKNOWN"),
        ([DOCUMENT], {"users": [{"id": NOWHERE}]}, "RS-SHARE-TARGET-UNKNOWN"),
        ([DOCUMENT], {"groups": [{"id": GROUP, "sharedFolderId": NOWHERE}]}, "RS-SHARE-FOLDER-UNKNOWN"),
    ],
)
def test_an_unknown_id_is_a_500_and_shares_nothing(
    observed: RSpaceApi, items: list[int], targets: dict[str, Any], rule: str
) -> None:
    before = observed.tenant.shares
    assert_refused(observed.share(*items, **targets), 500, 50001, rule)
    assert observed.tenant.shares == before


@pytest.mark.rule("RS-SHARE-INTO-NOTEBOOK")
def test_an_own_notebook_is_no_folder_to_share_into(observed: RSpaceApi) -> None:
    answer = observed.share(DOCUMENT, groups=[{"id": GROUP, "sharedFolderId": NOTEBOOK}])
    refused = assert_refused(answer, 422, 42201, "RS-SHARE-INTO-NOTEBOOK")
    assert refused["errors"] == [refused["message"]]


@pytest.mark.rule("RS-SHARE-FOLDER-OTHER")
def test_a_folder_of_another_group_is_no_error(observed: RSpaceApi) -> None:
    answer = observed.share(DOCUMENT, groups=[{"id": GROUP, "sharedFolderId": FOREIGN_FOLDER}])
    assert shared(answer) == [(DOCUMENT, GROUP)]
