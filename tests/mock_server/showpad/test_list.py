"""GET /shared-spaces: what each role sees, and each filter. Order and pages: test_list_order.py."""

from __future__ import annotations

import httpx2
import pytest

from ...harness.api import Api, assert_problem, rules_of

BOREALIS, FINCH, ARDENT, DOCK, QUAYSIDE, EMEA, PROGRAMME, TERN = (
    "borealis-bergen",
    "finch-harbour-renewal-2025",
    "ardent-salvage-poc",
    "dock-sensors-rotterdam",
    "quayside-pilots",
    "emea-quarterly-review",
    "partner-programme",
    "tern-ferries",
)
ALL = {BOREALIS, FINCH, ARDENT, DOCK, QUAYSIDE, EMEA, PROGRAMME, TERN}
ACCOUNT_EXECUTIVES = "3ab7ad5d401e317bc416750d672b5d70"


def listed(answer: httpx2.Response) -> set[str]:
    """Give the publicUri of every listed space, and hold that none is there twice and that they are counted."""
    assert answer.status_code == 200, answer.text
    found = [space["publicUri"] for space in answer.json()["items"]]
    assert len(found) == len(set(found)) == answer.json()["count"]
    return set(found)


def matches(api: Api, *, as_: str = "admin", **params: str) -> set[str]:
    return listed(api.get("/shared-spaces", as_=as_, params=params))


@pytest.mark.rule("LIST-OK", "CONV-PAGE")
def test_a_list_is_a_count_and_items(api: Api) -> None:
    answer = api.get("/shared-spaces")
    assert answer.status_code == 200
    assert set(answer.json()) == {"count", "items"}
    assert "LIST-OK" in rules_of(answer)


@pytest.mark.rule("ROLE-ADMIN")
@pytest.mark.parametrize("token", ["api", "oauth"])
def test_an_administrator_sees_every_space(api: Api, token: str) -> None:
    assert listed(api.get("/shared-spaces", oauth=token == "oauth")) == ALL


@pytest.mark.rule("ROLE-ADMIN", "ROLE-MANAGER", "ROLE-USER")
@pytest.mark.parametrize(
    ("user", "rule"), [("admin", "ROLE-ADMIN"), ("manager", "ROLE-MANAGER"), ("seller", "ROLE-USER")]
)
def test_a_list_names_the_role_that_decided_it_and_no_other(api: Api, user: str, rule: str) -> None:
    told = rules_of(api.get("/shared-spaces", as_=user))
    assert [one for one in told if one.startswith("ROLE-")] == [rule]


@pytest.mark.rule("ROLE-MANAGER", "ROLE-MANAGER-PARTICIPANT")
def test_a_manager_sees_his_own_spaces_and_those_his_reports_own_or_take_part_in(api: Api) -> None:
    assert matches(api, as_="manager") == {EMEA, BOREALIS, FINCH, ARDENT, DOCK}


@pytest.mark.rule("ROLE-MANAGER")
def test_a_manager_sees_a_space_of_which_he_becomes_a_member(api: Api) -> None:
    space = api.create_space(owner="partner")
    assert space["publicUri"] not in matches(api, as_="manager")
    api.tenant.add_participant(space["id"], user="manager")
    assert space["publicUri"] in matches(api, as_="manager")


@pytest.mark.rule("ROLE-USER")
@pytest.mark.parametrize(
    ("user", "seen"),
    [
        ("seller", {BOREALIS, FINCH, ARDENT, DOCK}),
        ("partner", {DOCK, QUAYSIDE, BOREALIS, EMEA}),
        ("outsider", set()),
        ("unlicensed", set()),
    ],
)
def test_a_user_sees_only_spaces_it_is_a_member_of(api: Api, user: str, seen: set[str]) -> None:
    assert matches(api, as_=user) == seen


@pytest.mark.rule("ROLE-TOKEN", "ROLE-USER")
@pytest.mark.parametrize("user", ["admin", "manager", "seller", "outsider"])
def test_both_tokens_of_a_user_see_the_same(api: Api, user: str) -> None:
    answer = api.get("/shared-spaces", as_=user, oauth=True)
    assert listed(answer) == matches(api, as_=user)


@pytest.mark.rule("ROLE-USER")
def test_a_user_who_is_taken_out_of_a_space_sees_it_no_more(api: Api) -> None:
    space = api.create_space(owner="seller")
    part = api.tenant.add_participant(space["id"], user="outsider")
    assert matches(api, as_="outsider") == {space["publicUri"]}
    api.tenant.remove_participant(space["id"], part["id"])
    assert matches(api, as_="outsider") == set()


@pytest.mark.rule("SPACE-LISTED")
def test_a_listed_space_is_the_whole_object_without_its_description(api: Api) -> None:
    for item in api.get("/shared-spaces").json()["items"]:
        space = api.get(f"/shared-spaces/{item['id']}").json()
        del space["description"]
        assert item == space


@pytest.mark.rule("DELETE-GONE", "LIST-OK")
def test_a_deleted_space_is_listed_no_more(api: Api) -> None:
    space = api.create_space()
    api.delete(f"/shared-spaces/{space['id']}")
    assert matches(api) == ALL


@pytest.mark.rule("CONV-PLAN-403")
def test_a_list_is_refused_where_shared_spaces_are_not_enabled(api: Api) -> None:
    api.tenant.switch("sharedSpaces", on=False)
    assert_problem(api.get("/shared-spaces"), 403, "CONV-PLAN-403")


@pytest.mark.rule("CONV-AUTH", "CONV-AUTH-401")
def test_a_list_needs_a_token(api: Api) -> None:
    assert_problem(api.get("/shared-spaces", as_=None), 401)


@pytest.mark.rule("LIST-EMAIL")
@pytest.mark.parametrize(
    ("email", "found"),
    [("lena.hoffmann@example.org", {BOREALIS, PROGRAMME}), ("omar.haddad@example.net", {FINCH, TERN})],
)
def test_spaces_are_found_by_the_e_mail_of_an_outside_participant(api: Api, email: str, found: set[str]) -> None:
    assert matches(api, participantEmail=email) == found


@pytest.mark.rule("LIST-EMAIL")
def test_spaces_are_found_by_the_e_mail_of_a_user_who_takes_part(api: Api) -> None:
    found = matches(api, participantEmail="pieter.janssens@example.com")
    # Whether an owner counts as a participant here, no document says.
    assert {BOREALIS, EMEA} <= found <= {BOREALIS, EMEA, DOCK, QUAYSIDE}


@pytest.mark.rule("LIST-EMAIL-MINE")
@pytest.mark.parametrize(
    ("user", "email"), [("seller", "sofia.lindqvist@example.com"), ("admin", "ingrid.solberg@example.com")]
)
def test_mine_is_the_e_mail_of_the_requester(api: Api, user: str, email: str) -> None:
    api.tenant.add_participant(api.create_space(owner="partner")["id"], user=user)
    mine = matches(api, as_=user, participantEmail="mine")
    assert mine == matches(api, as_=user, participantEmail=email)
    assert mine


@pytest.mark.rule("LIST-EMAIL", "LIST-EMAIL-MINE")
@pytest.mark.parametrize(
    ("email", "rule"),
    [("mine", "LIST-EMAIL-MINE"), ("lena.hoffmann@example.org", "LIST-EMAIL"), ("omar@example.net", "LIST-EMAIL")],
)
def test_a_list_by_email_names_the_rule_of_an_address_or_of_mine(api: Api, email: str, rule: str) -> None:
    told = rules_of(api.get("/shared-spaces", params={"participantEmail": email}))
    assert [one for one in told if one.startswith("LIST-EMAIL")] == [rule]


@pytest.mark.rule("LIST-OWNER-EMAIL", "LIST-OWNER-EMAIL-NAME")
def test_spaces_are_found_by_the_e_mail_of_the_owner(api: Api) -> None:
    assert matches(api, ownerEmail="sofia.lindqvist@example.com") == {BOREALIS, FINCH, ARDENT}


@pytest.mark.rule("LIST-TITLE", "LIST-TITLE-CONTAINS")
@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Tern Ferries evaluation", {TERN}),
        ("for ", {BOREALIS, DOCK}),
        ("DOCK SENSORS", {DOCK}),
        ("welcome aboard, q", {QUAYSIDE}),
        ("& Harbour", {FINCH}),
        ("no such title", set()),
        ("%", set()),
        (".*", set()),
    ],
)
def test_spaces_are_found_by_a_part_of_the_title_in_any_case(api: Api, title: str, found: set[str]) -> None:
    assert matches(api, title=title) == found


@pytest.mark.rule("LIST-TITLE-CONTAINS")
@pytest.mark.parametrize("part", ["Straße", "straße", "STRAß", "am Fjord", "AM FJORD"])
def test_a_title_beyond_ascii_is_found_by_itself(api: Api, part: str) -> None:
    space = api.create_space(title="Straße am Fjord")
    assert matches(api, title=part) == {space["publicUri"]}


@pytest.mark.rule("LIST-TITLE-CONTAINS", "PATCH-OK")
def test_spaces_are_found_by_their_new_title_not_by_the_old(api: Api) -> None:
    space = api.create_space(title="Before")
    api.patch(f"/shared-spaces/{space['id']}", {"title": "After"})
    assert matches(api, title="before") == set()
    assert matches(api, title="after") == {space["publicUri"]}


@pytest.mark.rule("LIST-DEACTIVATED")
def test_spaces_are_found_by_whether_the_owner_is_deactivated(api: Api) -> None:
    assert matches(api, isOwnerDeactivated="true") == {TERN}
    assert matches(api, isOwnerDeactivated="false") == ALL - {TERN}


@pytest.mark.rule("LIST-DEACTIVATED")
def test_deactivating_a_user_moves_the_spaces_it_owns(api: Api) -> None:
    api.tenant.deactivate("partner")
    assert matches(api, isOwnerDeactivated="true") == {TERN, DOCK, QUAYSIDE}


@pytest.mark.rule("LIST-SINCE", "CONV-TIME-IN")
@pytest.mark.parametrize(
    ("since", "found"),
    [
        ("2025-06-02T08:14:55.000Z", {DOCK, BOREALIS}),
        ("2025-06-02T10:14:55+02:00", {DOCK, BOREALIS}),
        ("2025-06-02T08:14:55.001Z", {BOREALIS}),
        ("2025-06-16T14:03:28Z", set()),
        ("1999-01-01T00:00:00Z", ALL),
    ],
)
def test_spaces_are_found_by_an_activity_on_or_after_a_time(api: Api, since: str, found: set[str]) -> None:
    assert matches(api, lastActivitySince=since) == found


BAD: list[tuple[str, str]] = [
    *(("limit", value) for value in ("0", "-1", "1001", "ten", "1.5", "1e3")),
    *(("offset", value) for value in ("-1", "two", "0.5")),
    *(("sort", value) for value in ("colour", "-colour", "--title", "TITLE", "description")),
    *(("isOwnerDeactivated", value) for value in ("maybe", "1", "yes")),
    *(("lastActivitySince", value) for value in ("yesterday", "2025-06-02", "2025-06-02T08:14:55", "1748852095")),
    *(("lastActivitySince", value) for value in ("2025-02-30T00:00:00Z", "2025-06-02T25:00:00Z")),
]


@pytest.mark.rule("LIST-BAD", "LIST-LIMIT", "LIST-SORT", "CONV-TIME-IN", "CONV-PROBLEM-META")
@pytest.mark.parametrize(("name", "value"), BAD)
def test_a_value_that_a_parameter_does_not_take_is_refused_and_named(api: Api, name: str, value: str) -> None:
    assert_problem(api.get("/shared-spaces", params={name: value}), 400, at=name)


@pytest.mark.rule("LIST-BAD", "LIST-USER", "LIST-MANAGER", "LIST-GROUP")
@pytest.mark.parametrize(
    ("whom", "role"), [("userId", "userRole"), ("managerId", "teamRole"), ("usergroupId", "usergroupRole")]
)
@pytest.mark.parametrize("value", ["BOSS", "owner", "MEMBER"])
def test_a_role_that_there_is_not_is_refused_and_named(api: Api, whom: str, role: str, value: str) -> None:
    whose = {"userId": "seller", "managerId": "mine", "usergroupId": ACCOUNT_EXECUTIVES}[whom]
    assert_problem(api.get("/shared-spaces", params={whom: whose, role: value}), 400, "LIST-BAD", at=role)


@pytest.mark.rule("LIST-BAD", "CONV-META-ALL")
def test_every_bad_parameter_is_told_at_once(api: Api) -> None:
    answer = api.get("/shared-spaces", params={"limit": "0", "offset": "x", "sort": "colour"})
    problem = assert_problem(answer, 400)
    assert {fault["name"] for fault in problem["meta"]} == {"limit", "offset", "sort"}


@pytest.mark.rule("CONV-ORDER", "LIST-BAD")
def test_a_bad_parameter_is_not_told_to_a_stranger(api: Api) -> None:
    assert_problem(api.get("/shared-spaces", as_=None, params={"limit": "0"}), 401)


@pytest.mark.rule("CONV-JSON")
def test_a_parameter_that_there_is_not_is_ignored_and_named(api: Api) -> None:
    answer = api.get("/shared-spaces", params={"limt": "1", "status": "ARCHIVED"})
    assert listed(answer) == ALL
    assert set(answer.headers["x-mock-ignored"].split(", ")) == {"query.limt", "query.status"}


@pytest.mark.rule("LIST-USER", "LIST-MANAGER", "LIST-GROUP")
@pytest.mark.parametrize("role", ["userRole", "teamRole", "usergroupRole"])
def test_a_role_of_nobody_is_ignored_and_named(api: Api, role: str) -> None:
    answer = api.get("/shared-spaces", params={role: "OWNER"})
    assert listed(answer) == ALL
    assert answer.headers["x-mock-ignored"] == f"query.{role}"


@pytest.mark.rule("LIST-USER")
def test_a_role_of_somebody_is_not_ignored(api: Api) -> None:
    answer = api.get("/shared-spaces", params={"userId": api.tenant.user_id("seller"), "userRole": "OWNER"})
    assert "x-mock-ignored" not in answer.headers


@pytest.mark.rule("LIST-BAD", "LIST-LIMIT")
def test_an_integer_may_have_as_many_digits_as_the_server_reads(api: Api) -> None:
    assert api.get("/shared-spaces", params={"offset": "9" * 4300}).json()["items"] == []
    refused = api.get("/shared-spaces", params={"offset": "9" * 4301})
    assert_problem(refused, 400, "LIST-BAD", at="offset", detail="must be an integer of at most 4,300 digits")
