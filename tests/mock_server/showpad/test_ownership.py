"""POST /shared-spaces/{shareId}/transfer-ownership."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from ...harness.api import Api, assert_problem

DEACTIVATEDS = "fc349e72dddcdc56f2210555352e5801"


def transfer(api: Api, space: dict[str, Any], to: str = "partner", **options: Any) -> httpx2.Response:
    return api.post(f"/shared-spaces/{space['id']}/transfer-ownership", {"userId": api.tenant.user_id(to)}, **options)


def read(api: Api, space: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = api.get(f"/shared-spaces/{space['id']}").json()
    return answer


def members(api: Api, space: dict[str, Any]) -> set[str]:
    return {one["userId"] for one in api.tenant.participants(space["id"])}


@pytest.mark.rule("TRANSFER-OK")
def test_the_new_user_owns_the_space_afterwards(api: Api) -> None:
    space = api.create_space(owner="seller")
    answer = transfer(api, space)
    assert (answer.status_code, answer.content) == (204, b"")
    assert read(api, space)["owner"] == {"userId": api.tenant.user_id("partner")}


@pytest.mark.rule("TRANSFER-OK")
def test_a_transfer_moves_nothing_but_the_owner_and_the_times(api: Api) -> None:
    space = api.create_space(owner="seller", description="D")
    transfer(api, space)
    after = read(api, space)
    moved = {name: after[name] for name in ("owner", "updatedAt", "lastActivityAt")}
    assert after == {**space, **moved}


@pytest.mark.rule("TRANSFER-OK", "TRANSFER-403")
@pytest.mark.parametrize("oauth", [False, True])
@pytest.mark.parametrize("user", ["admin", "seller"])
def test_admins_and_the_owner_may_transfer(api: Api, user: str, *, oauth: bool) -> None:
    assert transfer(api, api.create_space(owner="seller"), as_=user, oauth=oauth).status_code == 204


@pytest.mark.rule("TRANSFER-OK")
def test_an_archived_space_can_be_transferred(api: Api) -> None:
    assert transfer(api, {"id": "4e1f8424de2cbeb7355d7583f91a6ef5"}).status_code == 204


@pytest.mark.rule("TRANSFER-OK", "PATCH-403")
def test_the_rights_of_the_owner_move_too(api: Api) -> None:
    space = api.create_space(owner="seller")
    transfer(api, space)
    path = f"/shared-spaces/{space['id']}"
    assert_problem(api.patch(path, {"title": "B"}, as_="seller"), 403, "PATCH-403")
    assert api.patch(path, {"title": "B"}, as_="partner").status_code == 200


@pytest.mark.rule("TRANSFER-USERID")
def test_the_new_owner_must_be_named(api: Api) -> None:
    answer = api.post(f"/shared-spaces/{api.create_space()['id']}/transfer-ownership", {})
    assert_problem(answer, 400, "TRANSFER-USERID", at="userId")


@pytest.mark.rule("TRANSFER-NOT-FOUND")
@pytest.mark.parametrize("user_id", ["f" * 32, "nobody", "partner", "pieter.janssens@example.com", ""])
def test_a_new_owner_who_is_not_found_is_refused(api: Api, user_id: str) -> None:
    space = api.create_space()
    answer = api.post(f"/shared-spaces/{space['id']}/transfer-ownership", {"userId": user_id})
    assert_problem(answer, 400, "TRANSFER-NOT-FOUND")
    assert read(api, space) == space


@pytest.mark.rule("TRANSFER-DEACTIVATED")
def test_a_deactivated_new_owner_is_refused(api: Api) -> None:
    space = api.create_space()
    assert_problem(transfer(api, space, "deactivated"), 400, "TRANSFER-DEACTIVATED")
    assert read(api, space) == space


@pytest.mark.rule("TRANSFER-UNLICENSED")
def test_a_new_owner_without_a_content_licence_is_refused(api: Api) -> None:
    space = api.create_space()
    assert_problem(transfer(api, space, "unlicensed"), 400, "TRANSFER-UNLICENSED")
    assert read(api, space) == space


@pytest.mark.rule("TRANSFER-NOT-FOUND", "TRANSFER-DEACTIVATED", "TRANSFER-UNLICENSED")
def test_the_detail_tells_apart_why_somebody_cannot_become_the_owner(api: Api) -> None:
    space = api.create_space()
    unknown = api.post(f"/shared-spaces/{space['id']}/transfer-ownership", {"userId": "nobody"})
    answers = [unknown, transfer(api, space, "deactivated"), transfer(api, space, "unlicensed")]
    assert len({answer.json()["detail"] for answer in answers}) == 3


@pytest.mark.rule("TRANSFER-403")
@pytest.mark.parametrize("oauth", [False, True])
@pytest.mark.parametrize("user", ["partner", "manager", "outsider"])
def test_nobody_but_admins_and_the_owner_may_transfer(api: Api, user: str, *, oauth: bool) -> None:
    space = api.create_space(owner="seller")
    api.tenant.add_participant(space["id"], user="partner")
    assert_problem(transfer(api, space, user, as_=user, oauth=oauth), 403, "TRANSFER-403")
    assert read(api, space)["owner"] == space["owner"]


@pytest.mark.rule("TRANSFER-403")
def test_who_may_not_transfer_a_space_is_told_so_even_where_they_may_not_see_it(api: Api) -> None:
    space = api.create_space(owner="partner")
    assert api.get(f"/shared-spaces/{space['id']}", as_="outsider").status_code == 404
    assert_problem(transfer(api, space, as_="outsider"), 403, "TRANSFER-403")


@pytest.mark.rule("TRANSFER-404")
def test_transferring_an_unknown_space_is_404(api: Api) -> None:
    assert_problem(transfer(api, {"id": "nowhere"}), 404, "TRANSFER-404")


@pytest.mark.rule("TRANSFER-FROM-DEACTIVATED")
def test_a_deactivated_users_space_can_be_transferred(api: Api) -> None:
    assert transfer(api, {"id": DEACTIVATEDS}).status_code == 204
    assert read(api, {"id": DEACTIVATEDS})["owner"] == {"userId": api.tenant.user_id("partner")}


@pytest.mark.rule("TRANSFER-FROM-DEACTIVATED")
def test_the_space_of_a_user_deactivated_meanwhile_can_be_transferred(api: Api) -> None:
    space = api.create_space(owner="seller")
    api.tenant.deactivate("seller")
    assert transfer(api, space).status_code == 204


@pytest.mark.rule("TRANSFER-NOTIFY")
def test_the_new_owner_is_notified(api: Api) -> None:
    space = api.create_space(owner="seller")
    before = len(api.tenant.outbox)
    transfer(api, space)
    (notification,) = api.tenant.outbox[before:]
    to = str(notification["to"])
    assert "pieter.janssens@example.com" in to or api.tenant.user_id("partner") in to


@pytest.mark.rule("TRANSFER-EVENT")
def test_a_new_owner_who_was_no_participant_is_told_as_added(api: Api) -> None:
    space = api.create_space(owner="seller")
    before = len(api.tenant.events)
    transfer(api, space, as_="seller")
    (event,) = api.tenant.events[before:]
    actors = {one["userId"]: one["id"] for one in api.tenant.participants(space["id"])}
    seller, partner = api.tenant.user_id("seller"), api.tenant.user_id("partner")
    assert event["type"] == "shared-space-user-added"
    assert event["data"] == {
        "inviter": {"userId": seller, "shareActorId": actors[seller], "email": "sofia.lindqvist@example.com"},
        "invitee": {"userId": partner, "shareActorId": actors[partner], "email": "pieter.janssens@example.com"},
        "sharedSpace": {"id": space["id"], "name": space["title"]},
    }


@pytest.mark.rule("TRANSFER-EVENT")
def test_who_transfers_without_taking_part_is_no_actor_of_the_space(api: Api) -> None:
    transfer(api, api.create_space(owner="seller"))
    assert api.tenant.events[-1]["data"]["inviter"] == {
        "userId": api.tenant.user_id("admin"),
        "shareActorId": None,
        "email": "ingrid.solberg@example.com",
    }


@pytest.mark.rule("TRANSFER-EVENT")
def test_a_new_owner_who_took_part_before_is_not_told_as_added(api: Api) -> None:
    space = api.create_space(owner="seller")
    api.tenant.add_participant(space["id"], user="partner")
    before = api.tenant.events
    transfer(api, space)
    assert api.tenant.events == before


@pytest.mark.rule("TRANSFER-TIMELINE")
def test_the_timeline_says_that_an_automation_transferred_the_ownership(api: Api) -> None:
    space = api.create_space(owner="seller")
    transfer(api, space)
    assert api.tenant.timeline(space["id"])[-1] == "An automation transferred ownership to Pieter Janssens"


@pytest.mark.rule("TRANSFER-TIMELINE")
@pytest.mark.parametrize("oauth", [False, True])
def test_what_a_participant_transfers_no_automation_did(api: Api, *, oauth: bool) -> None:
    space = api.create_space(owner="seller")
    transfer(api, space, as_="seller", oauth=oauth)
    assert "An automation transferred ownership to Pieter Janssens" not in api.tenant.timeline(space["id"])


@pytest.mark.rule("TRANSFER-MEMBERS", "ROLE-USER")
def test_the_new_owner_becomes_a_member_and_the_former_one_stays(api: Api) -> None:
    space = api.create_space(owner="seller")
    transfer(api, space)
    assert members(api, space) == {api.tenant.user_id("seller"), api.tenant.user_id("partner")}
    for user in ("seller", "partner"):
        assert api.get(f"/shared-spaces/{space['id']}", as_=user).status_code == 200


@pytest.mark.rule("TRANSFER-MEMBERS")
def test_a_participant_who_becomes_the_owner_takes_part_once(api: Api) -> None:
    space = api.create_space(owner="seller")
    api.tenant.add_participant(space["id"], user="partner")
    transfer(api, space)
    assert len(api.tenant.participants(space["id"])) == 2


@pytest.mark.rule("TRANSFER-MEMBERS")
def test_a_transfer_and_another_one_back_leave_both_members(api: Api) -> None:
    space = api.create_space(owner="seller")
    transfer(api, space)
    transfer(api, space, "seller")
    assert members(api, space) == {api.tenant.user_id("seller"), api.tenant.user_id("partner")}
    assert len(api.tenant.participants(space["id"])) == 2


@pytest.mark.rule("TRANSFER-SAME")
def test_a_transfer_to_the_present_owner_changes_nothing(api: Api) -> None:
    space = api.create_space(owner="seller")
    before = (api.tenant.outbox, api.tenant.events, api.tenant.timeline(space["id"]), members(api, space))
    api.tenant.freeze("2030-01-01T00:00:00Z")
    assert transfer(api, space, "seller").status_code == 204
    assert read(api, space) == space
    assert (api.tenant.outbox, api.tenant.events, api.tenant.timeline(space["id"]), members(api, space)) == before


@pytest.mark.rule("TRANSFER-NOTIFY", "TRANSFER-TIMELINE")
@pytest.mark.parametrize("to", ["deactivated", "unlicensed"])
def test_a_refused_transfer_leaves_nothing_behind(api: Api, to: str) -> None:
    space = api.create_space(owner="seller")
    before = (api.tenant.outbox, api.tenant.events, api.tenant.timeline(space["id"]), members(api, space))
    assert_problem(transfer(api, space, to), 400)
    assert (api.tenant.outbox, api.tenant.events, api.tenant.timeline(space["id"]), members(api, space)) == before
