"""Records of a CRM that belong to spaces and Shares (AROUND-CRM)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ...harness.api import Api, assert_problem, rules_of

DEMO = "/crm/shared-space-records/84754b7a2a9626746528b7dd5ad2de7e"
RECORD = {"id": "006", "type": "Opportunity", "name": "Renewal", "url": "https://crm.example.com/006", "accountId": "1"}


def new_share(api: Api, **options: Any) -> str:
    body = {"title": "Prices", "origin": "test", "assets": [{"id": api.tenant.asset_id("brochure")}]}
    return str(api.post("/shares", body, **options).json()["id"])


@pytest.mark.rule("AROUND-CRM")
def test_the_seeds_records_are_listed_with_what_they_have(api: Api) -> None:
    answer = api.get(DEMO)
    found = answer.json()
    assert (rules_of(answer), found["count"]) == (["AROUND-CRM"], 2)
    assert [sorted(one) for one in found["items"]] == [
        ["id", "name", "type"],
        ["accountId", "id", "name", "type", "url"],
    ]
    assert api.get(f"{DEMO}?limit=1&offset=1").json() == {"count": 2, "items": found["items"][1:]}


@pytest.mark.rule("AROUND-CRM")
def test_a_record_belongs_to_the_space_and_to_the_share_it_was_given_to(api: Api) -> None:
    space, share = api.create_space()["id"], new_share(api)
    assert api.tenant.add_crm_record(space=space, **RECORD) == RECORD
    api.tenant.add_crm_record(share=share, type="Account", name="Borealis")
    assert api.get(f"/crm/shared-space-records/{space}").json() == {"count": 1, "items": [RECORD]}
    (account,) = api.get(f"/crm/share-records/{share}").json()["items"]
    assert account == {"id": account["id"], "type": "Account", "name": "Borealis"}
    for empty in (f"shared-space-records/{api.create_space()['id']}", f"share-records/{new_share(api)}"):
        assert api.get(f"/crm/{empty}").json() == {"count": 0, "items": []}


@pytest.mark.rule("AROUND-CRM-WHO", "CONV-ORDER")
def test_records_are_for_whoever_sees_what_they_belong_to(api: Api) -> None:
    space, share = api.create_space()["id"], new_share(api, as_="seller")
    assert api.get(f"/crm/shared-space-records/{space}", as_="manager").status_code == 200
    assert api.get(f"/crm/share-records/{share}", as_="seller").status_code == 200
    assert_problem(api.get(f"/crm/shared-space-records/{space}?limit=0", as_="outsider"), 403, "AROUND-CRM-WHO")
    assert_problem(api.get(f"/crm/share-records/{share}?limit=0", as_="manager"), 403, "AROUND-CRM-WHO")


@pytest.mark.rule("AROUND-CRM-WHO", "CONV-PLAN-403")
def test_an_unknown_space_or_share_is_400(api: Api) -> None:
    assert_problem(api.get("/crm/shared-space-records/none"), 400, "AROUND-CRM-WHO", at="sharedSpaceId")
    assert_problem(api.get("/crm/share-records/none"), 400, "AROUND-CRM-WHO", at="shareId")
    api.tenant.switch("sharedSpaces", on=False)
    assert_problem(api.get("/crm/shared-space-records/none"), 403, "CONV-PLAN-403")


@pytest.mark.rule("DELETE-GONE")
def test_records_of_a_deleted_space_are_let_go(api: Api) -> None:
    space = api.create_space()["id"]
    api.tenant.add_crm_record(space=space, **RECORD)
    api.delete(f"/shared-spaces/{space}")
    kept = json.loads(api.tenant.take())["tenant"]["records"]["crmrecords"]
    assert [one["linked_id"] for one in kept] == [DEMO.rpartition("/")[2]] * 2
