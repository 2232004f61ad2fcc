"""POST /share as the guide promises it, and what is wrong with a body in either behaviour."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from ...harness.rspace import (
    BOB,
    BOBS,
    CAROL,
    DOCUMENT,
    FILE,
    FOLDER,
    FOREIGN_FOLDER,
    GROUP,
    NOTEBOOK,
    NOWHERE,
    OTHER_GROUP,
    SECOND,
    SHARED_FOLDER,
    SNIPPET,
    SUBFOLDER,
    RSpaceApi,
    assert_refused,
    rules_of,
)


def told(answer: httpx2.Response) -> tuple[list[tuple[int, int]], list[int]]:
    """Give the pairs of item and target that were shared, and the ids that failed."""
    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert body["failedShares"] == body["failedShareIds"]
    assert body["_links"] == []
    return [(one["sharedItemId"], one["sharedTargetId"]) for one in body["shareInfos"]], body["failedShares"]


def folder_of(lab: RSpaceApi, item: int) -> int | None:
    [share] = lab.get(f"/share/document/{item}").json()["directShares"]
    parent: int | None = share["parentId"]
    return parent


@pytest.mark.rule("RS-SHARE-OK", "RS-SHARE-DEFAULT", "RS-SHARE-FIELDS")
def test_the_guides_own_request_gets_the_guides_own_answer(lab: RSpaceApi) -> None:
    answer = lab.post("/share", {"itemsToShare": [1234], "groups": [{"id": 12345}], "users": []})
    assert (answer.status_code, answer.headers.get("location")) == (201, None)
    assert answer.json()["shareInfos"] == [
        {
            "id": 6789,
            "sharedItemId": 1234,
            "shareItemName": "Gel run 4",
            "sharedTargetId": 12345,
            "sharedTargetType": "GROUP",
            "permission": "READ",
            "_links": [],
        }
    ]
    assert folder_of(lab, DOCUMENT) == SHARED_FOLDER


@pytest.mark.rule("RS-SHARE-OK")
@pytest.mark.parametrize("item", [DOCUMENT, NOTEBOOK, SNIPPET])
def test_documents_notebooks_and_snippets_can_be_shared(lab: RSpaceApi, item: int) -> None:
    assert told(lab.share(item)) == ([(item, GROUP)], [])


@pytest.mark.rule("RS-SHARE-DEFAULT")
def test_a_snippet_goes_into_the_folder_for_snippets(lab: RSpaceApi) -> None:
    lab.share(SNIPPET)
    assert folder_of(lab, SNIPPET) == 1102


@pytest.mark.rule("RS-SHARE-EACH")
def test_each_new_pair_of_item_and_target_is_told(lab: RSpaceApi) -> None:
    answer = lab.share(DOCUMENT, SECOND, groups=[{"id": GROUP, "permission": "edit"}], users=[{"id": BOB}])
    pairs = [(DOCUMENT, GROUP), (DOCUMENT, BOB), (SECOND, GROUP), (SECOND, BOB)]
    assert told(answer) == (pairs, [])
    infos = answer.json()["shareInfos"]
    assert [one["permission"] for one in infos] == ["EDIT", "READ", "EDIT", "READ"]
    assert [one["sharedTargetType"] for one in infos[:2]] == ["GROUP", "USER"]
    assert len({one["id"] for one in infos}) == 4


@pytest.mark.rule("RS-SHARE-FAILED")
@pytest.mark.parametrize("item", [NOWHERE, BOBS, FILE, FOLDER])
def test_an_item_that_cannot_be_shared_is_told_beside_the_others(lab: RSpaceApi, item: int) -> None:
    assert told(lab.share(item, DOCUMENT)) == ([(DOCUMENT, GROUP)], [item])


@pytest.mark.rule("RS-SHARE-FAILED")
@pytest.mark.parametrize(
    "targets",
    [
        {"groups": [{"id": OTHER_GROUP}]},
        {"groups": [{"id": NOWHERE}]},
        {"users": [{"id": CAROL}]},
        {"users": [{"id": NOWHERE}]},
        {"groups": [{"id": GROUP, "sharedFolderId": NOWHERE}]},
        {"groups": [{"id": GROUP, "sharedFolderId": NOTEBOOK}]},
    ],
)
def test_a_target_that_is_not_allowed_makes_the_item_fail(lab: RSpaceApi, targets: dict[str, Any]) -> None:
    before = lab.tenant.shares
    assert told(lab.share(DOCUMENT, **targets)) == ([], [DOCUMENT])
    assert lab.tenant.shares == before


@pytest.mark.rule("RS-SHARE-FAILED")
def test_what_is_shared_already_fails_and_keeps_its_permission(lab: RSpaceApi) -> None:
    lab.share(DOCUMENT)
    again = lab.share(DOCUMENT, groups=[{"id": GROUP, "permission": "EDIT"}], users=[{"id": BOB}])
    assert told(again) == ([(DOCUMENT, BOB)], [DOCUMENT])
    assert [one["permission"] for one in lab.get("/share").json()["shares"]] == ["READ", "READ"]


@pytest.mark.rule("RS-SHARE-TWICE")
def test_what_stands_twice_in_a_request_counts_once(lab: RSpaceApi) -> None:
    groups = [{"id": GROUP, "permission": "EDIT"}, {"id": OTHER_GROUP}, {"id": GROUP}]
    answer = lab.share(BOBS, BOBS, groups=groups, as_="bob")
    assert told(answer) == ([(BOBS, GROUP), (BOBS, OTHER_GROUP)], [])
    assert answer.json()["shareInfos"][0]["permission"] == "EDIT"
    assert "RS-SHARE-TWICE" in rules_of(answer)


@pytest.mark.rule("RS-SHARE-FOLDER", "RS-SHARE-FOLDER-OTHER")
@pytest.mark.parametrize(
    ("wanted", "placed", "rule"),
    [
        (SUBFOLDER, SUBFOLDER, "RS-SHARE-FOLDER"),
        (SHARED_FOLDER, SHARED_FOLDER, "RS-SHARE-FOLDER"),
        (FOREIGN_FOLDER, SHARED_FOLDER, "RS-SHARE-FOLDER-OTHER"),
        (FOLDER, SHARED_FOLDER, "RS-SHARE-FOLDER-OTHER"),
    ],
)
def test_an_item_goes_into_a_folder_of_its_group_or_else_to_the_top(
    lab: RSpaceApi, wanted: int, placed: int, rule: str
) -> None:
    answer = lab.share(DOCUMENT, groups=[{"id": GROUP, "sharedFolderId": wanted}])
    assert rule in rules_of(answer)
    assert folder_of(lab, DOCUMENT) == placed


@pytest.mark.rule("RS-SHARE-ITEMS-400", "RS-SHARE-TARGETS-400", "RS-ERROR-VALIDATION")
@pytest.mark.parametrize("body", [{}, {"itemsToShare": [], "groups": []}, {"itemsToShare": None, "users": None}])
def test_an_item_and_a_target_are_needed_and_both_are_told(lab: RSpaceApi, body: dict[str, Any]) -> None:
    refused = assert_refused(lab.post("/share", body), 400, 40002, "RS-SHARE-ITEMS-400")
    assert [entry.partition(":")[0] for entry in refused["errors"]] == ["itemsToShare", "sharePost"]
    first, second = refused["data"]["validationErrors"]
    assert (first["field"], first["rejectedValue"], first["objectName"]) == ("itemsToShare", [], "sharePost")
    assert (second["field"], second["rejectedValue"], second["objectName"]) == (None, None, "sharePost")
    assert "2" in refused["message"]


@pytest.mark.rule("RS-SHARE-ITEMS-400")
def test_255_items_are_the_most(lab: RSpaceApi) -> None:
    assert lab.share(*range(5000, 5255)).status_code == 201
    assert_refused(lab.share(*range(5000, 5256)), 400, 40002, "RS-SHARE-ITEMS-400")


@pytest.mark.rule("RS-SHARE-PERMISSION-400")
@pytest.mark.parametrize("permission", ["WRITE", "Edit", "", "read "])
@pytest.mark.parametrize(("targets", "name"), [("groups", "groupSharePostItems"), ("users", "userSharePostItems")])
def test_a_permission_is_read_or_edit(lab: RSpaceApi, permission: str, targets: str, name: str) -> None:
    body = {"itemsToShare": [DOCUMENT], targets: [{"id": GROUP, "permission": permission}]}
    answer = lab.post("/share", body)
    refused = assert_refused(answer, 400, 40002, "RS-SHARE-PERMISSION-400")
    assert refused["data"]["validationErrors"][0]["field"] == f"{name}[0].permission"
    assert refused["data"]["validationErrors"][0]["rejectedValue"] == permission


@pytest.mark.rule("RS-SHARE-TARGET-ID-400")
@pytest.mark.parametrize("target", [{}, {"id": None}])
def test_a_target_has_an_id(lab: RSpaceApi, target: dict[str, None]) -> None:
    refused = assert_refused(lab.share(DOCUMENT, users=[target]), 400, 40002, "RS-SHARE-TARGET-ID-400")
    assert refused["errors"][0].startswith("userSharePostItems[0].id: ")


@pytest.mark.rule("RS-BODY")
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'{"itemsToShare":["x"],"groups":[{"id":1}]}',
        b'{"itemsToShare":1,"groups":[{"id":1}]}',
        b'{"itemsToShare":[9223372036854775808],"groups":[{"id":1}]}',
        b'{"itemsToShare":[1.5],"groups":[{"id":1}]}',
    ],
)
def test_a_body_that_cannot_be_read_is_told_so(lab: RSpaceApi, content: bytes) -> None:
    answer = lab.request("POST", "/share", content=content, headers={"Content-Type": "application/json"})
    assert assert_refused(answer, 400, 40009, "RS-BODY")["data"] is None


@pytest.mark.rule("RS-BODY")
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_missing_body_is_told_so_whatever_type_is_not_stated(lab: RSpaceApi, method: str) -> None:
    assert_refused(lab.request(method, "/share"), 400, 40009, "RS-BODY")


@pytest.mark.rule("RS-BODY-TYPE")
@pytest.mark.parametrize("headers", [{}, {"Content-Type": "application/x-www-form-urlencoded"}])
def test_a_body_is_said_to_be_json(lab: RSpaceApi, headers: dict[str, str]) -> None:
    answer = lab.request("POST", "/share", content=b'{"itemsToShare":[1]}', headers=headers)
    assert_refused(answer, 415, 41501, "RS-BODY-TYPE")


@pytest.mark.rule("RS-JSON-DIGITS", "RS-JSON")
def test_digits_are_a_number_and_unknown_members_mean_nothing(lab: RSpaceApi) -> None:
    answer = lab.share("1234", groups=[{"id": "12345", "colour": "red"}])  # type: ignore[arg-type]
    assert told(answer) == ([(DOCUMENT, GROUP)], [])
    assert answer.headers["x-mock-ignored"] == "body.groups[0].colour"


@pytest.mark.rule("RS-ERROR-VALIDATION")
def test_of_a_thousand_violations_a_hundred_are_told(lab: RSpaceApi) -> None:
    refused = lab.share(DOCUMENT, users=[{"id": BOB, "permission": "x"}] * 1000).json()
    assert len(refused["errors"]) == len(refused["data"]["validationErrors"]) == 100
