"""Whose role counts, who sees what, and who is told to have acted."""

from __future__ import annotations

import asyncio
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from showpad_mock import MockShowpad

from ...harness.api import Api, assert_problem, in_process

PARTNERS_OWN = "4bdfbe3afbf0b588d3c4e1279b803fd4"


def seen_by(api: Api, user: str, *, oauth: bool = False) -> set[str]:
    items = api.get("/shared-spaces", as_=user, oauth=oauth).json()["items"]
    return {space["id"] for space in items}


def initiator_of(api: Api, space: dict[str, Any], user: str, *, oauth: bool) -> dict[str, Any]:
    item = {"type": "asset", "assetId": api.tenant.asset_id("link")}
    answer = api.post(f"/shared-spaces/{space['id']}/items", {"items": [item]}, as_=user, oauth=oauth)
    assert answer.status_code == 201, answer.text
    event = api.tenant.events[-1]
    assert event["type"] == "shared-space-content-added-v2"
    initiator: dict[str, Any] = event["data"]["initiator"]
    return initiator


@pytest.mark.rule("ROLE-ADMIN")
def test_an_administrator_lists_all_spaces(api: Api) -> None:
    for owner in ("seller", "partner", "manager", "admin"):
        api.create_space(owner=owner)
    listed = api.get("/shared-spaces").json()
    assert listed["count"] == 8 + 4


@pytest.mark.rule("ROLE-MANAGER")
def test_a_manager_lists_the_spaces_they_own(api: Api) -> None:
    assert api.create_space(owner="manager")["id"] in seen_by(api, "manager")


@pytest.mark.rule("ROLE-MANAGER")
def test_a_manager_lists_the_spaces_they_are_a_member_of(api: Api) -> None:
    space = api.create_space(owner="partner")
    assert space["id"] not in seen_by(api, "manager")
    api.tenant.add_participant(space["id"], user="manager")
    assert space["id"] in seen_by(api, "manager")


@pytest.mark.rule("ROLE-MANAGER")
def test_a_manager_lists_the_spaces_of_who_reports_to_them(api: Api) -> None:
    assert api.create_space(owner="seller")["id"] in seen_by(api, "manager")


@pytest.mark.rule("ROLE-MANAGER")
@pytest.mark.parametrize("owner", ["partner", "admin"])
def test_a_manager_lists_no_other_spaces(api: Api, owner: str) -> None:
    assert api.create_space(owner=owner)["id"] not in seen_by(api, "manager")


@pytest.mark.rule("ROLE-MANAGER-PARTICIPANT")
def test_a_manager_lists_the_spaces_in_which_a_report_takes_part(api: Api) -> None:
    space = api.create_space(owner="partner")
    api.tenant.add_participant(space["id"], user="seller")
    assert space["id"] in seen_by(api, "manager")


@pytest.mark.rule("ROLE-MANAGER")
def test_a_manager_does_not_list_the_spaces_of_their_reports_reports(tmp_path: Path, runner: asyncio.Runner) -> None:
    data = json.loads(files("showpad_mock.showpad.seed").joinpath("demo.json").read_bytes())
    manager = next(user for user in data["users"] if user["handle"] == "manager")
    data["users"].append({**manager, "id": "d" * 32, "handle": "director", "email": "director@example.com"})
    manager["manager"] = "director"
    (tmp_path / "data.json").write_text(json.dumps(data))
    with MockShowpad(data=str(tmp_path / "data.json")) as server, server.tenant() as tenant:
        api = in_process(tenant, server.app, runner)
        managers, sellers = api.create_space(owner="manager"), api.create_space(owner="seller")
        assert managers["id"] in seen_by(api, "director")
        assert sellers["id"] not in seen_by(api, "director")


@pytest.mark.rule("ROLE-USER")
def test_a_user_lists_the_spaces_they_own(api: Api) -> None:
    assert api.create_space(owner="seller")["id"] in seen_by(api, "seller")


@pytest.mark.rule("ROLE-USER")
def test_a_user_lists_the_spaces_they_take_part_in(api: Api) -> None:
    space = api.create_space(owner="partner")
    api.tenant.add_participant(space["id"], user="seller")
    assert space["id"] in seen_by(api, "seller")


@pytest.mark.rule("ROLE-USER")
@pytest.mark.parametrize("owner", ["partner", "manager", "admin"])
def test_a_user_lists_no_other_spaces(api: Api, owner: str) -> None:
    assert api.create_space(owner=owner)["id"] not in seen_by(api, "seller")


@pytest.mark.rule("ROLE-USER")
def test_a_user_who_takes_part_no_more_lists_the_space_no_more(api: Api) -> None:
    space = api.create_space(owner="partner")
    participant = api.tenant.add_participant(space["id"], user="seller")
    api.tenant.remove_participant(space["id"], participant["id"])
    assert space["id"] not in seen_by(api, "seller")


@pytest.mark.rule("ROLE-USER", "SPACE-INVITE")
def test_who_takes_part_in_nothing_lists_nothing(api: Api) -> None:
    assert api.get("/shared-spaces", as_="outsider").json() == {"count": 0, "items": []}


@pytest.mark.rule("ROLE-TOKEN")
@pytest.mark.parametrize("user", ["admin", "manager", "seller", "partner", "outsider"])
def test_the_role_is_that_of_the_tokens_user_whatever_the_token(api: Api, user: str) -> None:
    api.create_space(owner="seller")
    assert seen_by(api, user) == seen_by(api, user, oauth=True)


@pytest.mark.rule("CONV-HIDE", "GET-404", "SPACE-INVITE")
@pytest.mark.parametrize("user", ["seller", "manager", "outsider"])
def test_a_space_that_one_may_not_see_is_404_on_get(api: Api, user: str) -> None:
    assert_problem(api.get(f"/shared-spaces/{PARTNERS_OWN}", as_=user), 404)


@pytest.mark.rule("CONV-HIDE")
@pytest.mark.parametrize("user", ["admin", "manager", "seller", "partner", "outsider"])
def test_one_can_get_exactly_the_spaces_one_lists(api: Api, user: str) -> None:
    everything = seen_by(api, "admin")
    got = {space for space in everything if api.get(f"/shared-spaces/{space}", as_=user).status_code == 200}
    assert got == seen_by(api, user)


@pytest.mark.rule("CONV-HIDE", "PATCH-403", "DELETE-403", "TRANSFER-403")
def test_to_change_a_space_that_one_may_not_see_is_403(api: Api) -> None:
    path = f"/shared-spaces/{PARTNERS_OWN}"
    assert_problem(api.patch(path, {}, as_="outsider"), 403, "PATCH-403")
    assert_problem(api.delete(path, as_="outsider"), 403, "DELETE-403")
    assert_problem(api.post(path + "/transfer-ownership", {}, as_="outsider"), 403, "TRANSFER-403")


@pytest.mark.rule("ROLE-KINDS", "ITEMS-WHO")
def test_an_api_token_is_an_app(api: Api) -> None:
    initiator = initiator_of(api, api.create_space(), "admin", oauth=False)
    assert initiator == {"type": "APP", "userId": api.tenant.user_id("admin")}


@pytest.mark.rule("ROLE-KINDS", "ITEMS-WHO")
def test_the_api_token_of_a_participant_is_an_app(api: Api) -> None:
    initiator = initiator_of(api, api.create_space(owner="seller"), "seller", oauth=False)
    assert initiator == {"type": "APP", "userId": api.tenant.user_id("seller")}


@pytest.mark.rule("ROLE-KINDS", "ITEMS-WHO")
def test_the_oauth_token_of_an_admin_outside_the_space_is_an_admin(api: Api) -> None:
    initiator = initiator_of(api, api.create_space(), "admin", oauth=True)
    assert initiator == {"type": "ADMIN", "userId": api.tenant.user_id("admin")}


@pytest.mark.rule("ROLE-KINDS", "ITEMS-WHO")
def test_the_oauth_token_of_a_participant_is_that_participant(api: Api) -> None:
    space = api.create_space(owner="seller")
    participant = {
        "id": api.tenant.participants(space["id"])[0]["id"],
        "email": "sofia.lindqvist@example.com",
        "userId": api.tenant.user_id("seller"),
        "firstName": "Sofia",
        "lastName": "Lindqvist",
        "company": "Halden Instruments",
        "jobTitle": "Account Executive",
    }
    initiator = initiator_of(api, space, "seller", oauth=True)
    assert initiator == {"type": "PARTICIPANT", "participant": participant}


@pytest.mark.rule("ROLE-KINDS", "ITEMS-WHO")
def test_an_admin_who_takes_part_is_a_participant(api: Api) -> None:
    initiator = initiator_of(api, api.create_space(owner="admin"), "admin", oauth=True)
    assert initiator["type"] == "PARTICIPANT"
    assert initiator["participant"]["userId"] == api.tenant.user_id("admin")


@pytest.mark.rule("ITEMS-WHO")
def test_the_initiator_replaces_the_former_participant(api: Api) -> None:
    initiator_of(api, api.create_space(), "seller", oauth=True)
    assert "participant" not in api.tenant.events[-1]["data"]


@pytest.mark.rule("ITEMS-WHO")
@pytest.mark.parametrize("oauth", [False, True])
def test_an_admin_who_acts_is_not_in_the_participant_list(api: Api, *, oauth: bool) -> None:
    space = api.create_space(owner="seller")
    initiator_of(api, space, "admin", oauth=oauth)
    assert [one["userId"] for one in api.tenant.participants(space["id"])] == [api.tenant.user_id("seller")]


@pytest.mark.rule("ROLE-DEACTIVATED")
@pytest.mark.parametrize("change", ["deactivate", "unlicense"])
def test_who_is_deactivated_or_unlicensed_can_own_no_space(api: Api, change: str) -> None:
    space = api.create_space(owner="seller")
    getattr(api.tenant, change)("partner")
    partner = {"userId": api.tenant.user_id("partner")}
    assert_problem(api.post("/shared-spaces", {"title": "A", "owner": partner}), 400)
    assert_problem(api.post(f"/shared-spaces/{space['id']}/transfer-ownership", partner), 400)


@pytest.mark.rule("ROLE-OUTSIDE")
def test_somebody_from_outside_can_take_part(api: Api) -> None:
    space = api.create_space()
    person = {"firstName": "Lena", "lastName": "Hoffmann", "company": "Borealis", "jobTitle": "Buyer"}
    added = api.tenant.add_participant(space["id"], email="lena@example.org", **person)
    expected = {"id": added["id"], "email": "lena@example.org", "userId": None, **person}
    assert expected.items() <= api.tenant.participants(space["id"])[-1].items()


@pytest.mark.rule("ROLE-OUTSIDE")
def test_what_is_not_known_of_somebody_from_outside_is_null(api: Api) -> None:
    added = api.tenant.add_participant(api.create_space()["id"], email="lena@example.org")
    unknown = dict.fromkeys(("userId", "firstName", "lastName", "company", "jobTitle"))
    assert added == {"id": added["id"], "email": "lena@example.org", **unknown}


@pytest.mark.rule("ROLE-OUTSIDE", "LIST-EMAIL")
def test_somebody_from_outside_is_found_by_their_email(api: Api) -> None:
    space = api.create_space()
    api.tenant.add_participant(space["id"], email="new@example.org", firstName="New", lastName="Person")
    found = api.get("/shared-spaces", params={"participantEmail": "new@example.org"}).json()
    assert [one["id"] for one in found["items"]] == [space["id"]]
