"""Mutual action plans: who may have one, of what it is, who takes part in it (AROUND-MAP)."""

from __future__ import annotations

import json
from typing import Any

import httpx2
import pytest

from ...harness.api import Api, assert_problem, rules_of

PLANS = "/mutual-action-plan"
PUBLISHED = "a4d25ccf-0834-4667-8ea2-d027eb3dce14"


def made(api: Api, space_id: str, **more: Any) -> dict[str, Any]:
    body = {"contextType": "SHARED-SPACE", "contextId": space_id, **more}
    answer = api.post(PLANS, body)
    assert answer.status_code == 201, answer.text
    plan: dict[str, Any] = answer.json()
    return plan


@pytest.fixture
def space_id(api: Api) -> str:
    return str(api.create_space(title="Rollout")["id"])


@pytest.fixture
def plan(api: Api, space_id: str) -> str:
    """The path of the plan of a space of the seller's."""
    return f"{PLANS}/{made(api, space_id)['id']}"


def listed(api: Api, space_id: str, **options: Any) -> httpx2.Response:
    return api.get(PLANS, params={"contextType": "SHARED-SPACE", "contextId": space_id}, **options)


@pytest.mark.rule("AROUND-MAP")
def test_a_plan_is_listed_with_the_title_of_its_space(api: Api, space_id: str) -> None:
    assert listed(api, space_id).json() == {"items": []}
    plan = made(api, space_id)
    assert plan["context"] == {"type": "SHARED-SPACE", "id": space_id}
    assert listed(api, space_id).json() == {"items": [{**plan, "context": {**plan["context"], "title": "Rollout"}}]}


@pytest.mark.rule("AROUND-MAP")
def test_whatever_is_done_to_a_plan_says_by_which_rule(api: Api, space_id: str) -> None:
    answers = [created := api.post(PLANS, {"contextType": "SHARED-SPACE", "contextId": space_id})]
    path = f"{PLANS}/{created.json()['id']}"
    answers += [listed(api, space_id), api.get(f"{path}/participants")]
    mine = f"{path}/participants/self"
    answers += [api.get(mine, as_="seller"), api.get(f"{mine}/settings", as_="seller")]
    answers.append(api.patch(f"{mine}/settings", {"assignedActionNotifications": False}, as_="seller"))
    answers.append(api.delete(path))
    assert [one.status_code for one in answers] == [201, 200, 200, 200, 200, 200, 204]
    assert [rules_of(one) for one in answers] == [["AROUND-MAP"]] * 7


@pytest.mark.rule("AROUND-MAP-ONE")
def test_a_second_plan_is_refused_until_the_first_is_deleted(api: Api, space_id: str) -> None:
    first = made(api, space_id)
    assert_problem(
        api.post(PLANS, {"contextType": "SHARED-SPACE", "contextId": space_id}), 400, "AROUND-MAP-ONE", at="contextId"
    )
    assert api.delete(f"{PLANS}/{first['id']}").status_code == 204
    made(api, space_id)


@pytest.mark.rule("AROUND-MAP", "AROUND-MAP-404")
def test_a_deleted_plan_is_gone(api: Api, space_id: str, plan: str) -> None:
    assert api.delete(plan).content == b""
    assert listed(api, space_id).json() == {"items": []}
    assert_problem(api.get(f"{plan}/participants"), 404, "AROUND-MAP-404")
    assert_problem(api.delete(plan), 404, "AROUND-MAP-404")


@pytest.mark.rule("AROUND-MAP-WHO", "CONV-ORDER")
@pytest.mark.parametrize("who", ["outsider", "manager"])
def test_others_find_no_plan(api: Api, space_id: str, plan: str, who: str) -> None:
    body = {"contextType": "SHARED-SPACE", "contextId": space_id, "sourceMapId": 7}
    assert_problem(api.post(PLANS, body, as_=who), 404, "AROUND-MAP-WHO")
    assert_problem(listed(api, space_id, as_=who), 404, "AROUND-MAP-WHO")
    assert_problem(api.post(f"{plan}/milestones", {}, as_=who), 404, "AROUND-MAP-WHO")
    assert_problem(api.delete(plan, as_=who), 404, "AROUND-MAP-WHO")
    assert listed(api, space_id, as_="seller", oauth=True).json()["items"]


@pytest.mark.rule("AROUND-MAP-WHO")
def test_a_plan_of_a_template_is_for_administrators(api: Api) -> None:
    body = {"contextType": "SHARED-SPACE-TEMPLATE", "contextId": PUBLISHED}
    assert_problem(api.post(PLANS, body, as_="seller"), 404, "AROUND-MAP-WHO")
    plan = api.post(PLANS, body).json()
    assert plan["context"] == {"type": "SHARED-SPACE-TEMPLATE", "id": PUBLISHED}
    assert api.get(f"{PLANS}/{plan['id']}/participants").json() == {"items": []}
    assert_problem(api.get(f"{PLANS}/{plan['id']}/participants", as_="seller"), 404)


FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"contextType": None}, "contextType"),
    ({"contextType": "SPACE"}, "contextType"),
    ({"contextId": ...}, "contextId"),
    ({"contextType": ...}, "contextType"),
    ({"sourceMapId": 7}, "sourceMapId"),
]


@pytest.mark.rule("AROUND-MAP")
@pytest.mark.parametrize(("fault", "at"), FAULTS)
def test_a_faulty_plan_is_refused_and_none_is_made(api: Api, space_id: str, fault: dict[str, Any], at: str) -> None:
    body = {"contextType": "SHARED-SPACE", "contextId": space_id, **fault}
    sent = {name: value for name, value in body.items() if value is not ...}
    assert_problem(api.post(PLANS, sent), 400, at=at)
    assert listed(api, space_id).json() == {"items": []}


@pytest.mark.rule("AROUND-MAP")
@pytest.mark.parametrize("name", ["contextType", "contextId"])
def test_a_list_says_of_which_space(api: Api, space_id: str, name: str) -> None:
    params = {"contextType": "SHARED-SPACE", "contextId": space_id}
    assert_problem(api.get(PLANS, params={key: params[key] for key in params if key != name}), 400, at=name)
    assert_problem(api.get(PLANS, params={**params, "contextType": "SHARED-SPACE-TEMPLATE"}), 400, at="contextType")


def test_a_list_that_names_no_space_by_its_type_is_told_of_the_type(api: Api) -> None:
    for kind in ({}, {"contextType": "SHARED-SPACE-TEMPLATE"}):
        assert_problem(api.get(PLANS, params={**kind, "contextId": PUBLISHED}), 400, at="contextType")


@pytest.mark.rule("AROUND-MAP-404", "AROUND-MAP-WHO", "CONV-PLAN-403")
def test_of_what_is_not_there_is_no_plan(api: Api) -> None:
    assert_problem(api.post(PLANS, {"contextType": "SHARED-SPACE", "contextId": "none"}), 404, "AROUND-MAP-WHO")
    assert_problem(listed(api, "none"), 404, "AROUND-MAP-WHO")
    api.tenant.switch("sharedSpaces", on=False)
    assert_problem(listed(api, "none"), 403, "CONV-PLAN-403")
    assert_problem(api.get(PLANS), 403, "CONV-PLAN-403")
    assert_problem(api.post(PLANS, {}), 403, "CONV-PLAN-403")
    assert_problem(api.delete(f"{PLANS}/none"), 403, "CONV-PLAN-403")


@pytest.mark.rule("AROUND-MAP", "AROUND-MAP-PARTICIPANTS")
def test_who_takes_part_in_the_space_takes_part_in_its_plan(api: Api, space_id: str, plan: str) -> None:
    buyer = api.tenant.add_participant(space_id, email="ann@example.org", firstName="Ann")
    seller = api.tenant.participants(space_id)[0]
    api.tenant.deactivate("seller")
    names = ("id", "userId", "email", "firstName", "lastName")
    assert api.get(f"{plan}/participants").json()["items"] == [
        {**{name: one[name] for name in names}, "status": status, "avatar": None}
        for one, status in ((seller, "INACTIVE"), (buyer, "ACTIVE"))
    ]


@pytest.mark.rule("AROUND-MAP", "AROUND-MAP-PARTICIPANTS")
def test_who_takes_no_part_has_no_settings(api: Api, plan: str) -> None:
    for below in ("self", "self/settings"):
        assert_problem(api.get(f"{plan}/participants/{below}"), 404, "AROUND-MAP-PARTICIPANTS")
    assert_problem(api.patch(f"{plan}/participants/self/settings", {}), 404, "AROUND-MAP-PARTICIPANTS")
    assert api.get(f"{plan}/participants/self", as_="seller").json()["userId"] == api.tenant.user_id("seller")


@pytest.mark.rule("AROUND-MAP", "AROUND-MAP-PARTICIPANTS")
def test_settings_are_each_participants_own(api: Api, space_id: str, plan: str) -> None:
    api.tenant.add_participant(space_id, user="partner")
    both = {"assignedActionNotifications": True, "completedActionNotifications": True}
    mine = f"{plan}/participants/self/settings"
    assert api.get(mine, as_="seller").json() == both
    changed = api.patch(mine, {"completedActionNotifications": False}, as_="seller")
    assert (changed.status_code, changed.json()) == (200, {**both, "completedActionNotifications": False})
    assert api.patch(mine, {"assignedActionNotifications": False}, as_="seller").json() == dict.fromkeys(both, False)
    assert [api.get(mine, as_=who).json() for who in ("seller", "partner")] == [dict.fromkeys(both, False), both]


@pytest.mark.rule("AROUND-MAP")
@pytest.mark.parametrize("body", [{}, {"other": True}, {"assignedActionNotifications": 1}])
def test_settings_need_one_that_is_true_or_false(api: Api, plan: str, body: dict[str, Any]) -> None:
    answer = api.patch(f"{plan}/participants/self/settings", body, as_="seller")
    assert_problem(answer, 400, at="assignedActionNotifications")


@pytest.mark.rule("AROUND-MAP-GONE")
def test_a_plan_goes_with_its_space(api: Api, space_id: str, plan: str) -> None:
    assert api.delete(f"/shared-spaces/{space_id}").status_code == 204
    assert_problem(api.get(f"{plan}/participants"), 404)
    assert json.loads(api.tenant.take())["tenant"]["records"]["plans"] == []
