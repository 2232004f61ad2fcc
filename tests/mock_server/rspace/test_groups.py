"""The look-ups of groups."""

from __future__ import annotations

import pytest

from ...harness.rspace import GROUP, NOWHERE, OTHER_GROUP, RSpaceApi, assert_refused, rules_of


@pytest.mark.rule("RS-GROUPS-OK", "RS-GROUP-MEMBERS", "RS-JSON")
def test_groups_are_a_bare_array_with_all_members(lab: RSpaceApi) -> None:
    answer = lab.get("/groups")
    assert answer.json() == [
        {
            "id": GROUP,
            "globalId": "GP12345",
            "name": "Gene Lab",
            "uniqueName": "geneLab7f3a",
            "type": "LAB_GROUP",
            "sharedFolderId": 1101,
            "sharedSnippetFolderId": 1102,
            "raid": None,
            "members": [
                {"id": 101, "username": "alice", "role": "PI"},
                {"id": 105, "username": "lena", "role": "LAB_ADMIN"},
                {"id": 102, "username": "bob", "role": "USER"},
            ],
            "_links": [],
        }
    ]


@pytest.mark.rule("RS-GROUPS-ORDER")
def test_the_own_groups_come_by_name(lab: RSpaceApi) -> None:
    answer = lab.get("/groups", as_="bob")
    assert [group["name"] for group in answer.json()] == ["Enzyme Folding", "Gene Lab"]
    assert "RS-GROUPS-ORDER" in rules_of(answer)
    assert lab.get("/groups", as_="carol").json() == []


@pytest.mark.rule("RS-GROUP-OK")
@pytest.mark.parametrize("user", ["alice", "bob", "lena", "sysadmin"])
def test_a_group_is_shown_to_its_members_and_to_system_administrators(lab: RSpaceApi, user: str) -> None:
    answer = lab.get(f"/groups/{GROUP}", as_=user)
    assert (answer.status_code, answer.json()) == (200, lab.get("/groups").json()[0])


@pytest.mark.rule("RS-GROUP-404")
@pytest.mark.parametrize("group", [GROUP, OTHER_GROUP, NOWHERE])
def test_to_others_a_group_does_not_exist(lab: RSpaceApi, group: int) -> None:
    body = assert_refused(lab.get(f"/groups/{group}", as_="carol"), 404, 50301, "RS-GROUP-404")
    assert (body["status"], body["errors"]) == ("NOT_FOUND", [""])
