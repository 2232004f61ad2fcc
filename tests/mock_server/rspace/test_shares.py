"""Shares listed, changed, ended, and told of one document."""

from __future__ import annotations

from typing import Any

import pytest

from ...harness.rspace import (
    ALICE,
    BOB,
    CAROLS,
    DAVES,
    DOCUMENT,
    ENTRY,
    FOLDER,
    GROUP,
    NOTEBOOK,
    NOWHERE,
    SECOND,
    SHARED_FOLDER,
    SUBFOLDER,
    RSpaceApi,
    assert_refused,
    rules_of,
)

SEEDED = 6788
"""Dave's share: nobody else's."""


@pytest.fixture
def three(lab: RSpaceApi) -> RSpaceApi:
    """A tenant where alice shares three items with a group, and one of them with bob."""
    lab.share(DOCUMENT, NOTEBOOK, groups=[{"id": GROUP, "permission": "EDIT"}])
    lab.share(SECOND, groups=[{"id": GROUP}], users=[{"id": BOB}])
    return lab


def items(lab: RSpaceApi, query: str = "") -> list[int]:
    return [one["sharedItemId"] for one in lab.get(f"/share{query}").json()["shares"]]


@pytest.mark.rule("RS-SHARES-OK", "RS-SHARE-FIELDS", "RS-LINKS-BASE")
def test_the_list_has_the_shares_of_the_own_items(three: RSpaceApi) -> None:
    listed = three.get("/share?pageSize=1&orderBy=name%20desc").json()
    assert (listed["totalHits"], listed["pageNumber"], "folderShares" in listed) == (4, 0, False)
    assert listed["shares"] == [
        {
            "id": 6789,
            "sharedItemId": DOCUMENT,
            "shareItemName": "Gel run 4",
            "sharedTargetId": GROUP,
            "sharedTargetType": "GROUP",
            "permission": "EDIT",
            "_links": [{"link": "http://in-process/api/v1/share/6789", "rel": "self"}],
        }
    ]
    assert three.get("/share", as_="bob").json()["totalHits"] == 0


@pytest.mark.rule("RS-SHARES-ORDER")
@pytest.mark.parametrize("by", ["name", "created", "lastModified"])
def test_the_list_is_sorted_by_name_whatever_was_asked(three: RSpaceApi, by: str) -> None:
    ascending = [SECOND, SECOND, NOTEBOOK, DOCUMENT]
    assert items(three, f"?orderBy={by}+asc") == ascending
    assert items(three, f"?orderBy={by}+desc") == ascending[::-1] == items(three)


@pytest.mark.rule("RS-SHARES-QUERY")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("gel RUN", [DOCUMENT]),
        ("gel_run%254", [DOCUMENT]),
        ("run%25gel", []),
        ("%25" * 600 + "x", []),
        ("buffer", [SECOND, SECOND]),
        ("tanaka", [SECOND]),
        ("Gene Lab", [DOCUMENT, NOTEBOOK, SECOND]),
        ("Moreau", [DOCUMENT, NOTEBOOK, SECOND, SECOND]),
        ("SD1234", [DOCUMENT]),
        ("NB1236", [NOTEBOOK]),
        ("1234", []),
        ("nothing", []),
        ("(", []),
    ],
)
def test_a_query_finds_names_of_items_targets_and_the_caller_and_global_ids(
    three: RSpaceApi, query: str, expected: list[int]
) -> None:
    assert items(three, f"?query={query}") == expected


@pytest.mark.rule("RS-SHARES-ITEMS")
def test_the_shares_of_items_asked_for_come_whosever_they_are_and_say_read(three: RSpaceApi) -> None:
    answer = three.get(f"/share?sharedItemIds={DOCUMENT},{SECOND}&sharedItemIds={NOTEBOOK}&query=x", as_="bob")
    listed = answer.json()
    assert [one["sharedItemId"] for one in listed["shares"]] == [DOCUMENT, SECOND, SECOND, NOTEBOOK]
    assert {one["permission"] for one in listed["shares"]} == {"READ"}
    assert (listed["totalHits"], listed["folderShares"]) == (4, [])
    assert three.get(f"/share?sharedItemIds={DOCUMENT}&pageNumber=5").json()["totalHits"] == 0


@pytest.mark.rule("RS-SHARES-ITEMS")
@pytest.mark.parametrize("ids", ["x", "1,SD2", ",".join(map(str, range(1001)))])
def test_items_are_asked_for_by_up_to_a_thousand_ids(lab: RSpaceApi, ids: str) -> None:
    assert_refused(lab.get(f"/share?sharedItemIds={ids}"), 400, 40002, "RS-SHARES-ITEMS")


@pytest.mark.rule("RS-SHARES-FOLDERS")
def test_a_groups_folder_is_told_apart(three: RSpaceApi) -> None:
    answer = three.get(f"/share?sharedItemIds={SHARED_FOLDER},{FOLDER},{DOCUMENT}")
    listed = answer.json()
    [folder] = listed["folderShares"]
    assert (folder["id"], folder["sharedItemId"], folder["sharedTargetId"]) == (None, SHARED_FOLDER, GROUP)
    assert (folder["permission"], folder["_links"]) == ("READ", [])
    assert ([one["sharedItemId"] for one in listed["shares"]], listed["totalHits"]) == ([DOCUMENT], 2)
    assert "RS-SHARES-FOLDERS" in rules_of(answer)


@pytest.mark.rule("RS-SHARES-ITEMS-401")
@pytest.mark.parametrize("item", [CAROLS, NOWHERE, 1103])
def test_items_that_one_cannot_read_are_not_asked_for(lab: RSpaceApi, item: int) -> None:
    assert_refused(lab.get(f"/share?sharedItemIds={item}"), 401, 40101, "RS-SHARES-ITEMS-401")


@pytest.mark.rule("RS-UNSHARE-OK", "RS-UNSHARE-404")
def test_a_share_ends_once_and_the_item_leaves_the_target(lab: RSpaceApi) -> None:
    share = lab.share(DOCUMENT, users=[{"id": BOB}]).json()["shareInfos"][0]["id"]
    assert lab.get(f"/documents/{DOCUMENT}", as_="bob").status_code == 200
    ended = lab.delete(f"/share/{share}")
    assert (ended.status_code, ended.content) == (204, b"")
    assert lab.get(f"/documents/{DOCUMENT}", as_="bob").status_code == 404
    refused = assert_refused(lab.delete(f"/share/{share}"), 404, 50301, "RS-UNSHARE-404")
    assert "Share" in refused["message"]
    assert str(share) in refused["message"]


@pytest.mark.rule("RS-UNSHARE-FOREIGN")
@pytest.mark.parametrize("user", ["alice", "bob"])  # a stranger, a recipient
def test_somebody_elses_share_does_not_exist(lab: RSpaceApi, user: str) -> None:
    refused = assert_refused(lab.delete(f"/share/{SEEDED}", as_=user), 404, 50301, "RS-UNSHARE-FOREIGN")
    unknown = assert_refused(lab.delete(f"/share/{NOWHERE}", as_=user), 404, 50301, "RS-UNSHARE-404")
    assert refused["message"].replace(str(SEEDED), "N") == unknown["message"].replace(str(NOWHERE), "N")
    assert SEEDED in [share["id"] for share in lab.tenant.shares]


@pytest.mark.rule("RS-UNSHARE-NOTEBOOK")
def test_with_a_notebooks_share_those_of_its_entries_end(lab: RSpaceApi) -> None:
    share = lab.share(NOTEBOOK).json()["shareInfos"][0]["id"]
    lab.share(ENTRY, groups=[{"id": GROUP}], users=[{"id": BOB}])
    assert "RS-UNSHARE-NOTEBOOK" in rules_of(lab.delete(f"/share/{share}"))
    [left] = lab.get("/share").json()["shares"]
    assert (left["sharedItemId"], left["sharedTargetType"]) == (ENTRY, "USER")


@pytest.mark.rule("RS-PERMISSION-OK")
@pytest.mark.parametrize("permission", ["EDIT", "edit"])
def test_a_permission_changes_in_place(lab: RSpaceApi, permission: str) -> None:
    share = lab.share(DOCUMENT).json()["shareInfos"][0]["id"]
    for _ in range(2):
        changed = lab.put("/share", {"shareId": share, "permission": permission})
        assert (changed.status_code, changed.content) == (204, b"")
    [listed] = lab.get("/share").json()["shares"]
    assert (listed["id"], listed["permission"]) == (share, "EDIT")


@pytest.mark.rule("RS-PERMISSION-404")
@pytest.mark.parametrize("body", [{"shareId": NOWHERE}, {"shareId": SEEDED}, {}, {"shareId": None}])
def test_only_own_shares_change(lab: RSpaceApi, body: dict[str, Any]) -> None:
    assert_refused(lab.put("/share", {"permission": "EDIT", **body}), 404, 50301, "RS-PERMISSION-404")


@pytest.mark.rule("RS-SHARE-PERMISSION-400")
def test_a_wrong_permission_is_told_before_an_unknown_share(lab: RSpaceApi) -> None:
    answer = lab.put("/share", {"shareId": NOWHERE, "permission": "WRITE"})
    refused = assert_refused(answer, 400, 40002, "RS-SHARE-PERMISSION-400")
    assert refused["errors"][0].startswith("permission: ")


@pytest.mark.rule("RS-PERMISSION-NULL", "RS-PERMISSION-NULL-OBSERVED")
@pytest.mark.parametrize("permission", [{}, {"permission": None}])
def test_no_permission_is_400_and_observed_500(lab: RSpaceApi, permission: dict[str, Any]) -> None:
    body = {"shareId": lab.share(DOCUMENT).json()["shareInfos"][0]["id"], **permission}
    assert_refused(lab.put("/share", body), 400, 40002, "RS-PERMISSION-NULL")
    lab.tenant.behave("observed")
    assert_refused(lab.put("/share", body), 500, 50001, "RS-PERMISSION-NULL-OBSERVED")


@pytest.mark.rule("RS-PERMISSION-404")
@pytest.mark.parametrize("share", [NOWHERE, SEEDED])
def test_the_server_looks_for_the_share_before_it_misses_the_permission(observed: RSpaceApi, share: int) -> None:
    assert_refused(observed.put("/share", {"shareId": share}), 404, 50301, "RS-PERMISSION-404")


@pytest.mark.rule("RS-DOC-SHARES-OK")
def test_the_shares_of_a_document_tell_where_the_targets_find_it(lab: RSpaceApi) -> None:
    lab.share(DOCUMENT, groups=[{"id": GROUP, "permission": "EDIT", "sharedFolderId": SUBFOLDER}], users=[{"id": BOB}])
    told = lab.get(f"/share/document/{DOCUMENT}").json()
    assert {name: told[name] for name in told if name != "directShares"} == {
        "sharedDocId": DOCUMENT,
        "sharedDocName": "Gel run 4",
        "notebookShares": [],
    }
    sharer = {"sharerId": ALICE, "sharerName": "Alice Moreau"}
    with_group = {"shareId": 6789, "recipientId": GROUP, "recipientName": "Gene Lab", "recipientType": "GROUP"}
    with_bob = {"shareId": 6790, "recipientId": BOB, "recipientName": "Bob Tanaka", "recipientType": "USER"}
    in_folder = {"parentId": SUBFOLDER, "grandparentId": SHARED_FOLDER, "path": "Gene Lab_SHARED/Results 2026"}
    with_user = {"parentId": None, "grandparentId": None, "path": "alice-bob"}
    assert told["directShares"] == [
        {**sharer, **with_group, **in_folder, "permission": "EDIT"},
        {**sharer, **with_bob, **with_user, "permission": "READ"},
    ]


@pytest.mark.rule("RS-DOC-SHARES-OK")
def test_an_entry_inherits_the_shares_of_its_notebook(lab: RSpaceApi) -> None:
    lab.share(NOTEBOOK)
    told = lab.get(f"/share/document/{ENTRY}").json()
    assert (told["directShares"], [one["shareId"] for one in told["notebookShares"]]) == ([], [6789])
    assert lab.get(f"/share/document/{NOTEBOOK}").json()["notebookShares"] == []
    assert lab.get(f"/share/document/{SECOND}").json()["directShares"] == []


@pytest.mark.rule("RS-DOC-SHARES-404")
def test_only_the_owner_sees_the_shares_of_a_document(lab: RSpaceApi) -> None:
    assert_refused(lab.get(f"/share/document/{DAVES}", as_="bob"), 404, 50301, "RS-DOC-SHARES-404")


@pytest.mark.rule("RS-DOC-SHARES-UNKNOWN", "RS-DOC-SHARES-UNKNOWN-OBSERVED")
def test_an_unknown_document_is_404_and_observed_500(lab: RSpaceApi) -> None:
    assert_refused(lab.get(f"/share/document/{NOWHERE}"), 404, 50301, "RS-DOC-SHARES-UNKNOWN")
    lab.tenant.behave("observed")
    assert_refused(lab.get(f"/share/document/{NOWHERE}"), 500, 50001, "RS-DOC-SHARES-UNKNOWN-OBSERVED")
