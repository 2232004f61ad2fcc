"""What the control API shows and changes around spaces: records of a CRM, user groups, roles over time."""

from __future__ import annotations

import pytest

from ...harness.api import Api
from .caller import Caller

TIMES = [f"2026-04-0{day}T00:00:00.000Z" for day in range(1, 7)]


@pytest.mark.rule("TRANSFER-MEMBERS")
def test_participants_are_told_with_their_roles_over_time(api: Api) -> None:
    api.tenant.freeze(TIMES[0])
    space = api.create_space()["id"]
    api.tenant.freeze(TIMES[1])
    guest = api.tenant.add_participant(space, email="ann@example.org")["id"]
    for time, user in ((TIMES[2], "partner"), (TIMES[3], "seller")):
        api.tenant.freeze(time)
        api.post(f"/shared-spaces/{space}/transfer-ownership", {"userId": api.tenant.user_id(user)})
    api.tenant.freeze(TIMES[4])
    api.tenant.remove_participant(space, guest)
    seller, partner, left = api.tenant.participants_history(space)
    played = [
        [(one["role"], one["since"], one["until"]) for one in person["roles"]] for person in (seller, partner, left)
    ]
    assert played == [
        [("OWNER", TIMES[0], TIMES[2]), ("PARTICIPANT", TIMES[2], TIMES[3]), ("OWNER", TIMES[3], None)],
        [("OWNER", TIMES[2], TIMES[3]), ("PARTICIPANT", TIMES[3], None)],
        [("PARTICIPANT", TIMES[1], TIMES[4])],
    ]
    assert (left["accessGrantedAt"], left["accessRevokedAt"]) == (TIMES[1], TIMES[4])


def test_crm_records_are_given_shown_and_taken(caller: Caller) -> None:
    path = f"tenants/acme/shared-spaces/{caller.create_space()['id']}/crm-records"
    added = caller("POST", path, {"type": "Account", "name": "Borealis"}).json()
    assert caller("GET", path).json() == [added]
    assert caller("DELETE", f"{path}/{added['id']}").is_success
    assert caller("GET", path).json() == []
    assert caller("DELETE", f"{path}/{added['id']}").status_code == 404
    assert caller("POST", "tenants/acme/shares/none/crm-records", {"type": "x", "name": "y"}).status_code == 404


@pytest.mark.rule("LIST-GROUP")
def test_spaces_are_listed_by_a_group_that_was_added(api: Api) -> None:
    group = api.tenant.add_user_group("Ferries", "seller", "partner")
    mine = api.create_space()["id"]
    other = api.create_space(owner="admin")["id"]
    found = [one["id"] for one in api.get("/shared-spaces", params={"usergroupId": group}).json()["items"]]
    assert mine in found
    assert other not in found


def test_user_groups_are_added_listed_and_changed(caller: Caller) -> None:
    group = caller("POST", "tenants/acme/user-groups", {"name": "Ferries", "users": ["seller"]}).json()
    assert group["userIds"] == [caller.user_id("seller")]
    changed = caller("PATCH", f"tenants/acme/user-groups/{group['id']}", {"users": []}).json()
    assert changed == {**group, "userIds": []}
    assert changed in caller("GET", "tenants/acme/user-groups").json()
    assert caller("PATCH", "tenants/acme/user-groups/none", {"users": []}).status_code == 404
    assert caller("PATCH", f"tenants/acme/user-groups/{group['id']}", {"users": ["sellr"]}).status_code == 404
