"""Calls out of browsers (CONV-CORS), and which of several refusals comes first (CONV-ORDER)."""

from __future__ import annotations

import httpx2
import pytest

from ...harness.api import Api, assert_problem

FOREIGN = [
    "https://evil.example",
    "https://other.showpad.com",
    "https://other.showpad.biz",
    "https://showpad.com",
    "null",
    "http://localhost:3000",
]


def own_domain(api: Api) -> str:
    return f"https://{api.tenant.name}.showpad.com"


def preflight(api: Api, origin: str, domain: str = "api.showpad.com") -> httpx2.Response:
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization",
        "Host": f"{api.tenant.name}.{domain}",
    }
    return api.request("OPTIONS", "/shared-spaces", as_=None, headers=headers)


def cors_headers(answer: httpx2.Response) -> list[str]:
    return [name for name in answer.headers if name.startswith("access-control-")]


@pytest.mark.rule("CONV-CORS")
@pytest.mark.parametrize("origin", FOREIGN)
def test_a_foreign_origin_gets_no_cors_headers(api: Api, origin: str) -> None:
    assert cors_headers(api.get("/shared-spaces", headers={"Origin": origin})) == []


@pytest.mark.rule("CONV-CORS")
def test_a_domain_that_only_ends_like_the_own_one_is_foreign(api: Api) -> None:
    for origin in (own_domain(api) + ".evil.example", f"https://evil-{api.tenant.name}.showpad.com"):
        assert cors_headers(api.get("/shared-spaces", headers={"Origin": origin})) == []


@pytest.mark.rule("CONV-CORS")
@pytest.mark.parametrize("domain", ["api.showpad.com", "showpad.biz"])
@pytest.mark.parametrize("origin", FOREIGN)
def test_the_preflight_of_a_foreign_origin_is_refused(api: Api, origin: str, domain: str) -> None:
    answer = preflight(api, origin, domain)
    assert answer.status_code >= 400
    assert cors_headers(answer) == []


@pytest.mark.rule("CONV-CORS")
@pytest.mark.parametrize("top", ["com", "biz"])
def test_the_own_showpad_domain_may_call_from_a_browser(api: Api, top: str) -> None:
    origin = f"https://{api.tenant.name}.showpad.{top}"
    answer = api.get("/shared-spaces", headers={"Origin": origin})
    assert answer.headers["access-control-allow-origin"] == origin


BESIDE = [
    ("/apps/v1/shared-space-extensions", "api.showpad.com"),
    ("/api/v3/exports/shares.json", "showpad.biz"),
    ("/api/v4/mutual-action-plan/x/participants", "showpad.biz"),
    ("/v4/crm/shared-space-records/x", "api.showpad.com"),
]


@pytest.mark.rule("CONV-CORS", "CONV-BASE-BIZ")
@pytest.mark.parametrize(("path", "domain"), BESIDE)
def test_what_lies_around_is_for_the_own_domain_as_all_else(api: Api, path: str, domain: str) -> None:
    host = f"{api.tenant.name}.{domain}"
    asked = {"Access-Control-Request-Method": "GET", "Host": host}
    for origin in (own_domain(api), own_domain(api).replace(".com", ".biz"), *FOREIGN):
        told = [origin] if origin not in FOREIGN else []
        answers = (
            api.get_at(path, headers={"Origin": origin, "Host": host}),
            api.request_at("OPTIONS", path, as_=None, headers={"Origin": origin, **asked}),
        )
        assert [answer.headers.get_list("access-control-allow-origin") for answer in answers] == [told, told]


@pytest.mark.rule("CONV-CORS")
def test_the_own_showpad_domain_may_read_refusals_too(api: Api) -> None:
    answer = api.get("/shared-spaces/nowhere", headers={"Origin": own_domain(api)})
    assert answer.headers["access-control-allow-origin"] == own_domain(api)


@pytest.mark.rule("CONV-CORS")
def test_the_preflight_of_the_own_domain_is_allowed(api: Api) -> None:
    answer = preflight(api, own_domain(api))
    assert answer.is_success
    assert answer.headers["access-control-allow-origin"] == own_domain(api)
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert "authorization" in answer.headers["access-control-allow-headers"].lower()


@pytest.mark.rule("CONV-CORS")
def test_without_an_origin_there_are_no_cors_headers(api: Api) -> None:
    assert cors_headers(api.get("/shared-spaces")) == []


@pytest.mark.rule("CONV-ORDER")
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/shared-spaces/nowhere"),
        ("PATCH", "/shared-spaces/nowhere"),
        ("DELETE", "/shared-spaces/nowhere"),
        ("POST", "/shared-spaces/nowhere/items"),
        ("POST", "/shared-spaces/nowhere/transfer-ownership"),
        ("GET", "/users/nobody"),
    ],
)
def test_401_comes_before_404(api: Api, method: str, path: str) -> None:
    assert_problem(api.request(method, path, as_=None), 401, "CONV-AUTH-401")


@pytest.mark.rule("CONV-ORDER")
def test_401_comes_before_400(api: Api) -> None:
    assert_problem(api.post("/shared-spaces", as_=None, content=b"not JSON"), 401, "CONV-AUTH-401")


@pytest.mark.rule("CONV-ORDER")
@pytest.mark.parametrize("user", ["admin", "outsider"])
@pytest.mark.parametrize(
    ("method", "below", "rule"),
    [
        ("PATCH", "", "PATCH-404"),
        ("POST", "/transfer-ownership", "TRANSFER-404"),
        ("POST", "/items", "ITEMS-404"),
    ],
)
def test_404_comes_before_403_and_400(api: Api, user: str, method: str, below: str, rule: str) -> None:
    answer = api.request(method, "/shared-spaces/nowhere" + below, as_=user, content=b"not JSON")
    assert_problem(answer, 404, rule)


@pytest.mark.rule("CONV-ORDER", "DELETE-404")
def test_deleting_an_unknown_space_is_404_for_who_may_delete_none(api: Api) -> None:
    assert_problem(api.delete("/shared-spaces/nowhere", as_="outsider"), 404, "DELETE-404")


@pytest.mark.rule("CONV-ORDER")
@pytest.mark.parametrize("content", [b"not JSON", b"[]", b"{}", b'{"title": 1, "userId": 1, "items": 1}'])
@pytest.mark.parametrize(
    ("method", "below", "rule"),
    [("PATCH", "", "PATCH-403"), ("POST", "/transfer-ownership", "TRANSFER-403"), ("POST", "/items", "ITEMS-403")],
)
def test_403_comes_before_the_faults_of_the_body(api: Api, content: bytes, method: str, below: str, rule: str) -> None:
    path = f"/shared-spaces/{api.create_space()['id']}{below}"
    assert_problem(api.request(method, path, as_="outsider", content=content), 403, rule)


@pytest.mark.rule("CONV-ORDER", "CREATE-OWNER-ADMIN-403")
def test_who_may_not_name_the_owner_is_not_told_of_the_other_faults(api: Api) -> None:
    body = {"owner": {"userId": api.tenant.user_id("partner")}, "title": "", "publicUri": "NO"}
    assert_problem(api.post("/shared-spaces", body, as_="seller"), 403, "CREATE-OWNER-ADMIN-403")


@pytest.mark.rule("CONV-ORDER", "CREATE-UPLOAD-403")
def test_the_missing_add_on_is_told_before_the_other_faults(api: Api) -> None:
    api.tenant.switch("collaboratePlus", on=False)
    body = {"owner": {"userId": api.tenant.user_id("seller")}, "title": "", "isExternalUploadAllowed": True}
    assert_problem(api.post("/shared-spaces", body), 403, "CREATE-UPLOAD-403")


@pytest.mark.rule("CONV-ORDER", "CREATE-UPLOAD-403")
def test_the_missing_add_on_is_told_before_the_other_faults_of_an_update(api: Api) -> None:
    path = f"/shared-spaces/{api.create_space()['id']}"
    api.tenant.switch("collaboratePlus", on=False)
    assert_problem(api.patch(path, {"title": "", "isExternalUploadAllowed": True}), 403, "CREATE-UPLOAD-403")


@pytest.mark.rule("CONV-ORDER", "CREATE-TEMPLATE-FEATURE-403")
def test_the_missing_feature_is_told_before_the_other_faults(api: Api) -> None:
    api.tenant.switch("templates", on=False)
    body = {"title": "", "sharedSpaceTemplate": {"id": "a4d25ccf-0834-4667-8ea2-d027eb3dce14"}}
    assert_problem(api.post("/shared-spaces", body), 403, "CREATE-TEMPLATE-FEATURE-403")


@pytest.mark.rule("CONV-ORDER", "SHARE-403")
def test_a_share_that_the_division_does_not_allow_is_refused_before_its_faults(api: Api) -> None:
    api.tenant.switch("apiAccess", on=False)
    assert_problem(api.post("/shares", {"title": 1}), 403, "SHARE-403")
