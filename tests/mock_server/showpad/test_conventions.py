"""What holds on every call: the form of refusals, ids, times, pages, browsers, and the order of refusals."""

from __future__ import annotations

import re
from typing import Any

import pytest

from ...harness.api import Api, assert_problem, rules_of

HEX32 = re.compile(r"[0-9a-f]{32}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NORTHERN_LIGHTS = "2de459bf8936bb4a22ffe3b05260a93d"


def share(api: Api, **fields: Any) -> Any:
    return api.post(
        "/shares", {"title": "A", "origin": "test", "assets": [{"id": api.tenant.asset_id("link")}], **fields}
    )


@pytest.mark.rule("CONV-BASE")
def test_every_path_lies_under_v4(api: Api) -> None:
    assert api.tenant.base_url == api.tenant.origin + "/v4"
    assert api.get("/shared-spaces").status_code == 200


@pytest.mark.rule("CONV-PROBLEM")
def test_an_error_is_a_problem_with_title_detail_status_and_type(api: Api) -> None:
    problem = assert_problem(api.get("/shared-spaces/nowhere"), 404)
    assert {"title", "detail", "status", "type"} <= set(problem)
    assert problem["detail"]


@pytest.mark.rule("CONV-PROBLEM")
def test_an_unknown_space_is_a_problem_of_the_type_not_found(api: Api) -> None:
    assert api.get("/shared-spaces/nowhere").json()["type"] == "/errors/not-found"


@pytest.mark.rule("CONV-PROBLEM")
def test_the_id_of_a_problem_is_a_uuid_of_this_occurrence(api: Api) -> None:
    ids = [api.get("/shared-spaces/nowhere").json().get("id") for _ in range(2)]
    assert ids == [None, None] or (ids[0] != ids[1] and all(UUID.fullmatch(one) for one in ids))


@pytest.mark.rule("CONV-PROBLEM-META")
def test_each_entry_of_meta_has_a_name_a_reason_and_a_category(api: Api) -> None:
    problem = assert_problem(api.post("/shared-spaces", {"title": 1, "publicUri": "NO"}), 400)
    for fault in problem["meta"]:
        assert set(fault) == {"name", "reason", "category"}
        assert all(isinstance(value, str) and value for value in fault.values())


@pytest.mark.rule("CONV-PROBLEM-META")
def test_a_missing_property_has_the_category_property_required(api: Api) -> None:
    space = api.create_space()
    problem = assert_problem(api.post(f"/shared-spaces/{space['id']}/transfer-ownership", {}), 400, at="userId")
    assert problem["meta"][0]["category"] == "propertyRequired"


@pytest.mark.rule("CONV-META-ALL")
def test_all_faults_of_form_are_told_at_once(api: Api) -> None:
    body = {"owner": {"userId": 7}, "title": "", "publicUri": "NO", "theme": {"id": None}, "isCommentAllowed": "yes"}
    problem = assert_problem(api.post("/shared-spaces", body), 400)
    names = {fault["name"] for fault in problem["meta"]}
    assert names == {"owner.userId", "title", "publicUri", "theme.id", "isCommentAllowed"}


@pytest.mark.rule("CONV-META-ALL", "CREATE-OWNER-REQUIRED", "CREATE-TITLE-REQUIRED")
def test_all_missing_fields_are_told_at_once(api: Api) -> None:
    problem = assert_problem(api.post("/shared-spaces", {}), 400, "CREATE-OWNER-REQUIRED", at="owner.userId")
    assert "title" in {fault["name"] for fault in problem["meta"]}


@pytest.mark.rule("CONV-META-ALL")
def test_a_fault_deep_in_a_body_is_named_by_its_path(api: Api) -> None:
    good = {"type": "asset", "assetId": api.tenant.asset_id("link")}
    folder = {"type": "folder", "name": "F", "folderItems": [{"type": "asset"}]}
    answer = api.post(f"/shared-spaces/{api.create_space()['id']}/items", {"items": [good, good, folder]})
    assert_problem(answer, 400, at="items[2].folderItems[0].assetId")


@pytest.mark.rule("CONV-META-ALL")
@pytest.mark.parametrize(
    ("faults", "first"),
    [
        (("owner", "publicUri", "theme", "sharedSpaceTemplate"), "CREATE-OWNER-UNKNOWN"),
        (("publicUri", "theme", "sharedSpaceTemplate"), "CREATE-URI-TAKEN"),
        (("theme", "sharedSpaceTemplate"), "CREATE-THEME-UNKNOWN"),
    ],
)
def test_faults_against_the_state_come_one_at_a_time(api: Api, faults: tuple[str, ...], first: str) -> None:
    api.create_space(publicUri="taken")
    wrong: dict[str, Any] = {"owner": {"userId": "no"}, "theme": {"id": "no"}, "sharedSpaceTemplate": {"id": "no"}}
    wrong["publicUri"] = "taken"
    body = {"owner": {"userId": api.tenant.user_id("seller")}, "title": "A"} | {name: wrong[name] for name in faults}
    answer = api.post("/shared-spaces", body)
    assert_problem(answer, 400, first)
    assert rules_of(answer) == [first]


@pytest.mark.rule("CONV-ACCEPT")
@pytest.mark.parametrize("accept", ["application/problem+json", "application/json", "text/html", "image/png;q=0"])
def test_the_accept_header_changes_nothing(api: Api, accept: str) -> None:
    answer = api.get("/shared-spaces", headers={"Accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")


@pytest.mark.rule("CONV-ACCEPT")
@pytest.mark.parametrize("accept", ["application/problem+json", "application/json"])
def test_the_accept_header_changes_no_refusal(api: Api, accept: str) -> None:
    assert_problem(api.get("/shared-spaces/nowhere", headers={"Accept": accept}), 404, "GET-404")


@pytest.mark.rule("CONV-ID")
def test_ids_of_new_things_are_32_lower_case_hex_digits(api: Api) -> None:
    assert HEX32.fullmatch(api.create_space()["id"])
    assert HEX32.fullmatch(share(api).json()["id"])


@pytest.mark.rule("CONV-TIME")
def test_times_are_utc_with_milliseconds(api: Api) -> None:
    space = api.create_space()
    for name in ("createdAt", "lastActivityAt", "updatedAt"):
        assert TIME.fullmatch(space[name])


@pytest.mark.rule("CONV-TIME")
def test_a_time_on_the_second_still_has_its_milliseconds(api: Api) -> None:
    api.tenant.freeze("2026-01-09T11:38:06Z")
    assert api.create_space()["createdAt"] == "2026-01-09T11:38:06.000Z"


@pytest.mark.rule("CONV-TIME-IN")
@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("2199-08-24T14:15:22Z", "2199-08-24T14:15:22.000Z"),
        ("2199-08-24T14:15:22.5Z", "2199-08-24T14:15:22.500Z"),
        ("2199-08-24T14:15:22.000+02:00", "2199-08-24T12:15:22.000Z"),
        ("2199-08-24T23:59:59-05:30", "2199-08-25T05:29:59.000Z"),
    ],
)
def test_a_time_with_any_offset_is_shown_in_utc(api: Api, sent: str, shown: str) -> None:
    assert share(api, expiresAt=sent).json()["expiresAt"] == shown


@pytest.mark.rule("CONV-TIME-IN")
@pytest.mark.parametrize("sent", ["2199-08-24", "2199-08-24T14:15:22", "20990824T141522Z", "2199-08-24T14:15Z"])
def test_an_iso_time_that_is_no_rfc_3339_time_with_an_offset_is_refused(api: Api, sent: str) -> None:
    assert_problem(share(api, expiresAt=sent), 400, "CONV-TIME-IN", at="expiresAt")


@pytest.mark.rule("CONV-TIME-IN", "SHARE-EXPIRES")
@pytest.mark.parametrize(
    "sent", ["2199-13-24T14:15:22Z", "2199-02-30T14:15:22Z", "2199-08-24T14:15:22+02:99", "soon", ""]
)
def test_what_is_no_time_is_refused(api: Api, sent: str) -> None:
    answer = share(api, expiresAt=sent)
    assert_problem(answer, 400, at="expiresAt")
    assert {"CONV-TIME-IN", "SHARE-EXPIRES"} & set(rules_of(answer))


@pytest.mark.rule("CONV-TIME-IN")
@pytest.mark.parametrize("sent", ["2026-08-24", "2026-08-24T14:15:22", "yesterday"])
def test_times_in_parameters_need_an_offset_too(api: Api, sent: str) -> None:
    assert_problem(api.get("/shared-spaces", params={"lastActivitySince": sent}), 400, at="lastActivitySince")


@pytest.mark.rule("CONV-PAGE")
@pytest.mark.parametrize("path", ["/shared-spaces", "/users", "/themes", "/shared-space-templates", "/assets"])
def test_lists_answer_a_count_and_items(api: Api, path: str) -> None:
    page = api.get(path).json()
    assert set(page) == {"count", "items"}
    assert page["count"] == len(page["items"]) > 0


@pytest.mark.rule("CONV-PAGE")
def test_limit_and_offset_cut_a_page_out_of_the_list(api: Api) -> None:
    everything = api.get("/shared-spaces").json()["items"]
    assert api.get("/shared-spaces", params={"limit": 2, "offset": 3}).json()["items"] == everything[3:5]


@pytest.mark.rule("CONV-COUNT")
@pytest.mark.parametrize("path", ["/shared-spaces", "/users", "/themes", "/assets"])
def test_count_tells_all_matches_not_those_of_the_page(api: Api, path: str) -> None:
    count = api.get(path).json()["count"]
    page = api.get(path, params={"limit": 1, "offset": count}).json()
    assert page == {"count": count, "items": []}


@pytest.mark.rule("CONV-RATE")
def test_many_requests_in_a_row_get_no_429(api: Api) -> None:
    assert {api.get("/users", params={"limit": 1}).status_code for _ in range(150)} == {200}


@pytest.mark.rule("CONV-STATUS")
def test_the_calls_of_a_space_answer_with_the_published_codes(api: Api) -> None:
    space = api.create_space()
    path = f"/shared-spaces/{space['id']}"
    item = {"type": "asset", "assetId": api.tenant.asset_id("link")}
    answers = [
        api.get(path),
        api.patch(path, {"title": "B"}),
        api.post(path + "/items", {"items": [item]}),
        api.post(path + "/transfer-ownership", {"userId": api.tenant.user_id("partner")}),
        api.delete(path),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 201, 204, 204]


@pytest.mark.rule("CONV-PLAN")
def test_shared_spaces_are_enabled_unless_switched_off(api: Api) -> None:
    assert api.get("/shared-spaces").status_code == 200


@pytest.mark.rule("CONV-PLAN", "CONV-PLAN-403")
@pytest.mark.parametrize(
    ("method", "below"),
    [
        ("GET", ""),
        ("POST", ""),
        ("GET", "/{id}"),
        ("PATCH", "/{id}"),
        ("DELETE", "/{id}"),
        ("POST", "/{id}/transfer-ownership"),
        ("POST", "/{id}/items"),
    ],
)
def test_without_shared_spaces_every_call_on_them_is_403(api: Api, method: str, below: str) -> None:
    path = "/shared-spaces" + below.format(id=api.create_space()["id"])
    api.tenant.switch("sharedSpaces", on=False)
    assert_problem(api.request(method, path, {} if method in ("POST", "PATCH") else None), 403, "CONV-PLAN-403")


@pytest.mark.rule("CONV-PLAN-403")
def test_shared_spaces_switched_on_again_are_as_they_were(api: Api) -> None:
    space = api.create_space()
    api.tenant.switch("sharedSpaces", on=False)
    api.tenant.switch("sharedSpaces", on=True)
    assert api.get(f"/shared-spaces/{space['id']}").json() == space
