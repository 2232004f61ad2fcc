"""GET /shared-spaces: the filters that name people, and filters together."""

from __future__ import annotations

import pytest

from ...harness.api import Api, assert_problem
from .test_list import ACCOUNT_EXECUTIVES, ARDENT, BOREALIS, DOCK, EMEA, FINCH, PROGRAMME, QUAYSIDE, TERN, matches

NOBODY = "0" * 32


def ids(api: Api, *users: str) -> str:
    return ",".join(api.tenant.user_id(user) for user in users)


@pytest.mark.rule("LIST-OWNER")
@pytest.mark.parametrize(
    ("owners", "found"),
    [
        (["seller"], {BOREALIS, FINCH, ARDENT}),
        (["admin", "deactivated"], {PROGRAMME, TERN}),
        (["outsider", "manager"], {EMEA}),
        (["outsider"], set()),
    ],
)
def test_spaces_are_found_by_the_ids_of_owners(api: Api, owners: list[str], found: set[str]) -> None:
    assert matches(api, ownerUserId=ids(api, *owners)) == found


@pytest.mark.rule("LIST-USER")
@pytest.mark.parametrize(
    ("users", "role", "found"),
    [
        (["seller"], "OWNER", {BOREALIS, FINCH, ARDENT}),
        (["seller"], "PARTICIPANT", {DOCK}),
        (["seller"], "ANY", {BOREALIS, FINCH, ARDENT, DOCK}),
        (["partner"], "PARTICIPANT", {BOREALIS, EMEA}),
        (["manager", "partner"], "OWNER", {EMEA, DOCK, QUAYSIDE}),
        (["manager", "seller"], "PARTICIPANT", {DOCK}),
        (["seller", "partner"], "PARTICIPANT", {BOREALIS, DOCK, EMEA}),
        (["outsider", "manager"], "ANY", {EMEA}),
        (["outsider"], "ANY", set()),
    ],
)
def test_spaces_are_found_by_users_in_a_role(api: Api, users: list[str], role: str, found: set[str]) -> None:
    assert matches(api, userId=ids(api, *users), userRole=role) == found


@pytest.mark.rule("LIST-USER")
def test_a_user_in_any_role_is_meant_when_no_role_is_named(api: Api) -> None:
    assert matches(api, userId=ids(api, "seller")) == {BOREALIS, FINCH, ARDENT, DOCK}


@pytest.mark.rule("LIST-USER", "TRANSFER-MEMBERS")
def test_a_former_owner_is_found_as_a_participant(api: Api) -> None:
    space = api.create_space(owner="outsider")
    api.post(f"/shared-spaces/{space['id']}/transfer-ownership", {"userId": ids(api, "seller")})
    assert matches(api, userId=ids(api, "outsider"), userRole="OWNER") == set()
    assert matches(api, userId=ids(api, "outsider"), userRole="PARTICIPANT") == {space["publicUri"]}


# Whether a team is the reports alone or the manager too, no document says: what the manager owns is left out.


@pytest.mark.rule("LIST-MANAGER")
@pytest.mark.parametrize("whose", ["mine", "id"])
@pytest.mark.parametrize(
    ("role", "found"),
    [("OWNER", {BOREALIS, FINCH, ARDENT}), ("PARTICIPANT", {DOCK}), ("ANY", {BOREALIS, FINCH, ARDENT, DOCK})],
)
def test_a_manager_finds_the_spaces_of_the_team(api: Api, whose: str, role: str, found: set[str]) -> None:
    manager = whose if whose == "mine" else ids(api, "manager")
    assert matches(api, as_="manager", managerId=manager, teamRole=role) - {EMEA} == found


@pytest.mark.rule("LIST-MANAGER")
def test_the_team_in_any_role_is_meant_when_no_role_is_named(api: Api) -> None:
    found = matches(api, as_="manager", managerId="mine")
    assert found == matches(api, as_="manager", managerId="mine", teamRole="ANY")


@pytest.mark.rule("LIST-MANAGER")
def test_an_administrator_finds_the_spaces_of_any_managers_team(api: Api) -> None:
    assert matches(api, managerId=ids(api, "manager")) - {EMEA} == {BOREALIS, FINCH, ARDENT, DOCK}


@pytest.mark.rule("LIST-MANAGER-403")
@pytest.mark.parametrize("user", ["seller", "partner", "outsider"])
def test_naming_another_manager_is_refused_to_who_is_no_administrator(api: Api, user: str) -> None:
    answer = api.get("/shared-spaces", as_=user, params={"managerId": ids(api, "manager")})
    assert_problem(answer, 403, "LIST-MANAGER-403")


@pytest.mark.rule("LIST-MANAGER-403")
def test_a_manager_may_not_name_another_manager(api: Api) -> None:
    answer = api.get("/shared-spaces", as_="manager", params={"managerId": ids(api, "admin")})
    assert_problem(answer, 403, "LIST-MANAGER-403")


@pytest.mark.rule("LIST-MANAGER-403", "CONV-ORDER")
def test_another_manager_is_refused_before_a_bad_parameter_is_told(api: Api) -> None:
    params = {"managerId": ids(api, "manager"), "limit": "0"}
    assert_problem(api.get("/shared-spaces", as_="seller", params=params), 403, "LIST-MANAGER-403")


@pytest.mark.rule("LIST-GROUP")
@pytest.mark.parametrize(
    ("role", "found"),
    [
        ("OWNER", {BOREALIS, FINCH, ARDENT, DOCK, QUAYSIDE}),
        ("PARTICIPANT", {BOREALIS, DOCK, EMEA}),
        ("ANY", {BOREALIS, FINCH, ARDENT, DOCK, QUAYSIDE, EMEA}),
    ],
)
def test_spaces_are_found_by_a_user_group_in_a_role(api: Api, role: str, found: set[str]) -> None:
    assert matches(api, usergroupId=ACCOUNT_EXECUTIVES, usergroupRole=role) == found


@pytest.mark.rule("LIST-GROUP")
def test_a_user_group_in_any_role_is_meant_when_no_role_is_named(api: Api) -> None:
    found = matches(api, usergroupId=ACCOUNT_EXECUTIVES)
    assert found == {BOREALIS, FINCH, ARDENT, DOCK, QUAYSIDE, EMEA}


@pytest.mark.rule("LIST-NOBODY")
@pytest.mark.parametrize(
    "params",
    [
        {"participantEmail": "nobody@example.com"},
        {"participantEmail": "notanemail"},
        {"ownerEmail": "notanemail"},
        {"ownerEmail": "nobody@example.com"},
        {"ownerEmail": "lena.hoffmann@example.org"},
        {"ownerUserId": NOBODY},
        {"userId": NOBODY},
        {"userId": NOBODY, "userRole": "PARTICIPANT"},
        {"managerId": NOBODY},
        {"usergroupId": NOBODY},
    ],
    ids=lambda params: "-".join(params),
)
def test_somebody_unknown_matches_nothing(api: Api, params: dict[str, str]) -> None:
    assert matches(api, **params) == set()


@pytest.mark.rule("LIST-NOBODY", "LIST-USER")
def test_somebody_unknown_beside_somebody_known_changes_nothing(api: Api) -> None:
    users = f"{NOBODY},{ids(api, 'seller')}"
    assert matches(api, userId=users, userRole="OWNER") == {BOREALIS, FINCH, ARDENT}
    assert matches(api, ownerUserId=users) == {BOREALIS, FINCH, ARDENT}


@pytest.mark.rule("LIST-NOBODY")
def test_filters_combine_with_and(api: Api) -> None:
    seller = ids(api, "seller")
    assert matches(api, userId=seller, title="for ") == {BOREALIS, DOCK}
    assert matches(api, userId=seller, title="for ", userRole="PARTICIPANT") == {DOCK}
    assert matches(api, userId=seller, title="for ", ownerEmail="sofia.lindqvist@example.com") == {BOREALIS}
    assert matches(api, userId=seller, title="for ", isOwnerDeactivated="true") == set()


@pytest.mark.rule("LIST-NOBODY", "LIST-GROUP", "LIST-USER")
@pytest.mark.parametrize("whom", ["usergroupId", "userId"])
def test_an_owner_is_no_participant_beside_another_filter_either(api: Api, whom: str) -> None:
    group = {"usergroupId": ACCOUNT_EXECUTIVES, "usergroupRole": "PARTICIPANT"}
    users = {"userId": ids(api, "seller", "partner"), "userRole": "PARTICIPANT"}
    people = group if whom == "usergroupId" else users
    assert matches(api, participantEmail="omar.haddad@example.net", **people) == set()
    assert matches(api, participantEmail="lena.hoffmann@example.org", **people) == {BOREALIS}


@pytest.mark.rule("LIST-NOBODY", "ROLE-USER")
def test_a_filter_shows_nobody_more_than_the_role_does(api: Api) -> None:
    assert matches(api, as_="partner", ownerEmail="sofia.lindqvist@example.com") == {BOREALIS}
    assert matches(api, as_="seller", usergroupId=ACCOUNT_EXECUTIVES) == {BOREALIS, FINCH, ARDENT, DOCK}


@pytest.mark.rule("CONV-COUNT", "LIST-NOBODY")
def test_the_count_is_of_all_matches_not_of_the_page(api: Api) -> None:
    answer = api.get("/shared-spaces", params={"ownerUserId": ids(api, "seller"), "limit": "1", "offset": "1"})
    assert answer.json()["count"] == 3
    assert len(answer.json()["items"]) == 1
