"""Who is let in: tokens, users, hosts."""

from __future__ import annotations

import pytest

from showpad_mock import MockShowpad

from ...harness.api import Api, assert_problem

SPACE = "/shared-spaces/df2d9fad1fc51322f366d0fa0aaff1c4"
CALLS = [
    ("GET", "/shared-spaces"),
    ("POST", "/shared-spaces"),
    ("GET", SPACE),
    ("PATCH", SPACE),
    ("DELETE", SPACE),
    ("POST", SPACE + "/transfer-ownership"),
    ("POST", SPACE + "/items"),
    ("POST", "/shares"),
    ("GET", "/users"),
    ("GET", "/users/3d57fdd4699b20391685706edc3785ef"),
    ("GET", "/themes"),
    ("GET", "/themes/53bd105be2c675272cf81e9a5099710c"),
    ("GET", "/shared-space-templates"),
    ("GET", "/shared-space-templates/a4d25ccf-0834-4667-8ea2-d027eb3dce14"),
    ("GET", "/assets"),
    ("GET", "/assets/5dabfd16b655393c309cc0a602eada11"),
    ("GET", "/divisions"),
    ("GET", "/divisions/58d33cb250524f55db2ce9423da86c6f"),
]
NO_TOKENS = [
    "x",
    "mock",
    "mock.{t}",
    "mock.{t}.",
    "mock.{t}.nobody",
    "mock.{t}.ADMIN",
    "mock.{t}.admin.basic",
    "mock.{t}.admin.oauth.oauth",
    "MOCK.{t}.admin",
    "mock..admin",
    "mock.UPPER.admin",
    "mock.-a.admin",
    "mock.a_b.admin",
]


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.rule("CONV-AUTH", "CONV-AUTH-401")
@pytest.mark.parametrize(("method", "path"), CALLS)
def test_every_call_needs_a_token(api: Api, method: str, path: str) -> None:
    assert_problem(api.request(method, path, as_=None), 401, "CONV-AUTH-401")


@pytest.mark.rule("CONV-AUTH")
@pytest.mark.parametrize("oauth", [False, True])
@pytest.mark.parametrize("user", ["admin", "manager", "seller", "partner", "outsider", "unlicensed"])
def test_both_tokens_of_an_active_user_are_let_in(api: Api, user: str, *, oauth: bool) -> None:
    assert api.get("/shared-spaces", as_=user, oauth=oauth).status_code == 200


@pytest.mark.rule("CONV-AUTH-401")
@pytest.mark.parametrize(
    "scheme_and_token",
    ["", "Bearer", "{token}", "Basic {token}", "Token {token}", "Bearer{token}", "Bearer {token} {token}"],
)
def test_a_malformed_authorization_header_is_401(api: Api, scheme_and_token: str) -> None:
    value = scheme_and_token.format(token=api.tenant.token("admin"))
    assert_problem(api.get("/shared-spaces", as_=None, headers={"Authorization": value}), 401, "CONV-AUTH-401")


@pytest.mark.rule("CONV-AUTH")
@pytest.mark.parametrize("scheme", ["bearer", "BEARER"])
def test_the_scheme_is_read_in_any_case(api: Api, scheme: str) -> None:
    headers = {"Authorization": f"{scheme} {api.tenant.token('admin')}"}
    assert api.get("/shared-spaces", as_=None, headers=headers).status_code == 200


@pytest.mark.rule("CONV-AUTH-401")
@pytest.mark.parametrize("form", NO_TOKENS)
def test_an_unknown_token_is_401(api: Api, form: str) -> None:
    answer = api.get("/shared-spaces", as_=None, headers=bearer(form.format(t=api.tenant.name)))
    assert_problem(answer, 401, "CONV-AUTH-401")


@pytest.mark.rule("CONV-AUTH-401")
def test_an_unknown_token_does_nothing(api: Api) -> None:
    body = {"owner": {"userId": api.tenant.user_id("seller")}, "title": "A"}
    assert_problem(api.post("/shared-spaces", body, as_=None, headers=bearer(f"mock.{api.tenant.name}.nobody")), 401)
    assert api.tenant.events == []


@pytest.mark.rule("CONV-AUTH-401")
def test_an_unknown_user_opens_no_tenant(api: Api, showpad_server: MockShowpad) -> None:
    answer = api.get("/shared-spaces", as_=None, headers=bearer("mock.never-seen-before.nobody"))
    assert_problem(answer, 401, "CONV-AUTH-401")
    assert not showpad_server.app.tenants.is_open("never-seen-before")


@pytest.mark.rule("CONV-AUTH-DEACTIVATED")
@pytest.mark.parametrize("oauth", [False, True])
def test_a_deactivated_users_token_is_401(api: Api, *, oauth: bool) -> None:
    assert_problem(api.get("/shared-spaces", as_="deactivated", oauth=oauth), 401, "CONV-AUTH-DEACTIVATED")


@pytest.mark.rule("CONV-AUTH-DEACTIVATED")
@pytest.mark.parametrize("oauth", [False, True])
def test_a_user_deactivated_meanwhile_is_let_in_no_more(api: Api, *, oauth: bool) -> None:
    assert api.get("/shared-spaces", as_="seller", oauth=oauth).status_code == 200
    api.tenant.deactivate("seller")
    assert_problem(api.get("/shared-spaces", as_="seller", oauth=oauth), 401, "CONV-AUTH-DEACTIVATED")


@pytest.mark.rule("CONV-AUTH-DEACTIVATED", "CONV-BASE-BIZ")
@pytest.mark.parametrize(
    "host", ["other.api.showpad.com", "other.showpad.biz", "OTHER.showpad.BIZ:443", "other.showpad.com"]
)
def test_a_token_on_another_tenants_host_is_401(api: Api, host: str) -> None:
    answer = api.get("/shared-spaces", headers={"Host": host})
    assert_problem(answer, 401, "CONV-AUTH-DEACTIVATED")


@pytest.mark.rule("CONV-BASE", "CONV-BASE-BIZ", "CONV-AUTH-DEACTIVATED")
@pytest.mark.parametrize("port", ["", ":443", ":8080"])
@pytest.mark.parametrize("domain", ["api.showpad.com", "showpad.com", "showpad.biz"])
def test_a_token_on_its_own_tenants_host_is_let_in(api: Api, domain: str, port: str) -> None:
    host = f"{api.tenant.name}.{domain}{port}"
    assert api.get("/shared-spaces", headers={"Host": host}).status_code == 200


@pytest.mark.rule("CONV-AUTH-DEACTIVATED")
def test_a_host_that_is_not_showpads_says_nothing_of_the_tenant(api: Api) -> None:
    assert api.get("/shared-spaces", headers={"Host": "mock.internal:7470"}).status_code == 200
