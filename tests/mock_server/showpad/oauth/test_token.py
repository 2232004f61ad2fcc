"""The token endpoint: what each grant asks for, gives, and refuses (AROUND-OAUTH)."""

from __future__ import annotations

import base64

import httpx2
import pytest

from showpad_mock.showpad.domain import oauth

from ....harness.api import Api, assert_problem, rules_of
from .flow import CLIENT, FORM, SECRET, admin, call_with, client_id, code, exchange, refresh, token, tokens

MULTIPART = {"Content-Type": "multipart/form-data; boundary=x"}


def assert_refused(answer: httpx2.Response, error: str, status: int = 400) -> None:
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.json()["error_description"]
    assert answer.headers["content-type"] == "application/json"
    assert rules_of(answer) == ["AROUND-OAUTH-ERRORS"]


@pytest.mark.rule("AROUND-OAUTH")
def test_a_password_gives_tokens_that_act_as_the_user(api: Api) -> None:
    given = tokens(api, "seller")
    assert (given["token_type"], given["expires_in"]) == ("Bearer", 3600)
    answer = call_with(api, given["access_token"])
    assert answer.status_code == 200
    assert "ROLE-USER" in rules_of(answer)


@pytest.mark.rule("ROLE-KINDS")
def test_a_users_token_owns_what_it_creates(api: Api) -> None:
    headers = {"Authorization": f"Bearer {tokens(api)['access_token']}"}
    answer = api.post("/v4/shared-spaces", {"title": "Mine"}, as_=None, headers=headers)
    assert answer.json()["owner"]["userId"] == api.tenant.user_id("seller")


def test_a_code_is_exchanged_for_tokens(api: Api) -> None:
    answer = exchange(api, code(api))
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert call_with(api, answer.json()["access_token"]).status_code == 200


@pytest.mark.rule("AROUND-OAUTH", "AROUND-OAUTH-401")
def test_an_access_token_lasts_an_hour_of_the_tenants_clock(api: Api) -> None:
    access = tokens(api)["access_token"]
    api.tenant.freeze("2026-03-10T12:59:59.999Z")
    assert call_with(api, access).status_code == 200
    api.tenant.freeze("2026-03-10T13:00:00.000Z")
    assert_problem(call_with(api, access), 401, "AROUND-OAUTH-401", detail="expired")


@pytest.mark.rule("AROUND-OAUTH")
def test_a_refresh_token_lasts_fourteen_days(api: Api) -> None:
    given, other = tokens(api), tokens(api)
    api.tenant.freeze("2026-03-24T11:59:59.999Z")
    assert refresh(api, given["refresh_token"]).status_code == 200
    api.tenant.freeze("2026-03-24T12:00:00.000Z")
    assert_refused(refresh(api, other["refresh_token"]), "invalid_grant")


@pytest.mark.rule("AROUND-OAUTH-ONCE")
def test_a_refresh_token_works_once_and_leaves_the_access_token(api: Api) -> None:
    given = tokens(api)
    anew = refresh(api, given["refresh_token"]).json()
    assert anew["refresh_token"] != given["refresh_token"]
    assert call_with(api, anew["access_token"]).status_code == 200
    assert call_with(api, given["access_token"]).status_code == 200
    assert_refused(refresh(api, given["refresh_token"]), "invalid_grant")
    assert refresh(api, anew["refresh_token"]).status_code == 200


@pytest.mark.rule("AROUND-OAUTH-ONCE")
def test_a_code_that_comes_twice_ends_the_tokens_that_it_gave(api: Api) -> None:
    drawn = code(api)
    access = exchange(api, drawn).json()["access_token"]
    assert_refused(exchange(api, drawn), "invalid_grant")
    assert_problem(call_with(api, access), 401, "CONV-AUTH-401")


@pytest.mark.rule("AROUND-OAUTH-ONCE")
def test_a_code_that_comes_twice_ends_what_was_refreshed_since_then(api: Api) -> None:
    drawn, other = code(api), tokens(api)
    anew = refresh(api, exchange(api, drawn).json()["refresh_token"]).json()
    assert_refused(exchange(api, drawn), "invalid_grant")
    assert_problem(call_with(api, anew["access_token"]), 401, "CONV-AUTH-401")
    assert_refused(refresh(api, anew["refresh_token"]), "invalid_grant")
    assert call_with(api, other["access_token"]).status_code == 200


def test_a_code_expires(api: Api) -> None:
    drawn = code(api)
    api.tenant.freeze("2026-03-10T12:10:00.000Z")
    assert_refused(exchange(api, drawn), "invalid_grant")


def test_a_code_is_bound_to_its_redirect_uri(api: Api) -> None:
    assert_refused(exchange(api, code(api), redirect_uri="http://127.0.0.1:6000/callback"), "invalid_grant")


def test_code_and_refresh_token_of_another_client_are_refused(api: Api) -> None:
    mine = {"client_id": client_id(api, "desktop"), "client_secret": ""}
    assert_refused(exchange(api, code(api), **mine), "invalid_grant")
    assert_refused(refresh(api, tokens(api)["refresh_token"], **mine), "invalid_grant")


def test_a_token_of_another_tenant_is_refused(api: Api) -> None:
    given = tokens(api)
    other = {"client_id": "mock.other.integration"}
    assert_refused(refresh(api, given["refresh_token"], **other), "invalid_grant")
    assert_problem(call_with(api, given["access_token"].replace("acme", "other")), 401, "CONV-AUTH-401")


@pytest.mark.parametrize("bogus", ["bogus", "mock-code.acme.bogus", ""])
def test_a_bogus_code_is_refused(api: Api, bogus: str) -> None:
    assert_refused(exchange(api, bogus), "invalid_grant" if bogus else "invalid_request")


def test_a_user_may_have_a_password_of_its_own(api: Api) -> None:
    asked = {"grant_type": "password", "username": "outsider"}
    assert token(api, **asked, password="not-the-usual-one").status_code == 200
    assert_refused(token(api, **asked, password="mock-password"), "invalid_grant")


@pytest.mark.rule("AROUND-OAUTH-ERRORS")
def test_a_wrong_password_is_refused(api: Api) -> None:
    assert_refused(token(api, grant_type="password", username="seller", password="wrong"), "invalid_grant")


def test_a_deactivated_user_gets_no_tokens(api: Api) -> None:
    given, drawn = tokens(api), code(api)
    api.tenant.deactivate("seller")
    assert_refused(refresh(api, given["refresh_token"]), "invalid_grant")
    assert_refused(exchange(api, drawn), "invalid_grant")
    assert_refused(token(api, grant_type="password", username="seller", password="mock-password"), "invalid_grant")
    assert_problem(call_with(api, given["access_token"]), 401, "CONV-AUTH-DEACTIVATED")


@pytest.mark.parametrize("sent", [{"client_secret": "wrong"}, {"client_secret": ""}, {"client_id": "mock.acme.nobody"}])
def test_a_client_that_is_not_who_it_says_is_refused(api: Api, sent: dict[str, str]) -> None:
    answer = token(api, grant_type="password", username="seller", password="mock-password", **sent)
    assert_refused(answer, "invalid_client", 401)
    assert answer.headers["www-authenticate"].startswith("Basic ")


def test_who_asks_with_unknown_ids_opens_no_tenant(api: Api) -> None:
    assert_refused(token(api, grant_type="password", client_id="mock.nowhere.nobody"), "invalid_client", 401)
    listed = admin(api, "GET", "/__admin/tenants").json()
    assert [one["name"] for one in listed] == ["acme"]


@pytest.mark.parametrize("grant", ["client_credentials", "implicit", "device_code"])
def test_no_other_grant_is_there(api: Api, grant: str) -> None:
    assert_refused(token(api, grant_type=grant), "unsupported_grant_type")


@pytest.mark.parametrize(
    "form", [b"", b"grant_type=", b"grant_type=refresh_token&refresh_token=", b"grant_type=password"]
)
def test_what_is_missing_or_empty_is_an_invalid_request(api: Api, form: bytes) -> None:
    pair = base64.b64encode(f"{client_id(api)}:{SECRET}".encode()).decode()
    headers = {**FORM, "Authorization": f"Basic {pair}"}
    assert_refused(api.post("/api/v3/oauth2/token", as_=None, content=form, headers=headers), "invalid_request")


def test_a_client_may_use_its_own_grants_alone(api: Api) -> None:
    mine = {"client_id": client_id(api, "desktop"), "client_secret": ""}
    answer = token(api, grant_type="password", username="seller", password="mock-password", **mine)
    assert answer.json()["error"] == "unauthorized_client"


@pytest.mark.rule("AROUND-OAUTH-CLIENTS")
@pytest.mark.parametrize("scheme", ["Basic", "basic"])
def test_credentials_may_come_by_basic(api: Api, scheme: str) -> None:
    pair = base64.b64encode(f"{client_id(api)}:{SECRET}".encode()).decode()
    content = b"grant_type=password&username=seller&password=mock-password"
    headers = {**FORM, "Authorization": f"{scheme} {pair}"}
    assert api.post("/api/v3/oauth2/token", as_=None, content=content, headers=headers).status_code == 200


@pytest.mark.rule("AROUND-OAUTH-CLIENTS")
def test_a_token_request_may_be_a_multipart_form(api: Api) -> None:
    parts = {"grant_type": "password", "username": "seller", "password": "mock-password", "client_secret": SECRET}
    fields = {name: (None, value) for name, value in {**parts, "client_id": client_id(api)}.items()}
    request = httpx2.Request("POST", "http://x/", files=fields)
    headers = {"Content-Type": request.headers["content-type"]}
    assert api.post("/api/v3/oauth2/token", as_=None, content=request.read(), headers=headers).status_code == 200


def test_the_host_names_the_tenant(api: Api) -> None:
    content = f"grant_type=password&username=seller&password=mock-password&client_id={CLIENT}&client_secret={SECRET}"
    headers = {**FORM, "Host": "acme.showpad.biz"}
    answer = api.post("/api/v3/oauth2/token", as_=None, content=content.encode(), headers=headers)
    assert answer.json()["access_token"].startswith("mock-access.acme.")
    elsewhere = {**FORM, "Host": "other.showpad.biz"}
    contradicting = content.replace(f"client_id={CLIENT}", f"client_id=mock.acme.{CLIENT}")
    answer = api.post("/api/v3/oauth2/token", as_=None, content=contradicting.encode(), headers=elsewhere)
    assert_refused(answer, "invalid_client", 401)


@pytest.mark.parametrize(
    ("content", "headers", "told"),
    [
        (b'{"grant_type": "password"}', {"Content-Type": "application/json"}, "must be a form"),
        (b"grant_type=password&client_id=a&client_id=b", FORM, "client_id was sent more than once"),
        (b"x=" + b"y" * 70_000, FORM, "larger than 65536 bytes"),
        (b"&".join(b"a%d=b" % n for n in range(101)), FORM, "fields"),
        (b"grant_type=x", {**FORM, "Authorization": "Basic bm9jb2xvbg=="}, "client_id:client_secret"),
        (b"grant_type=x", {**FORM, "Authorization": "Basic ***"}, "client_id:client_secret"),
        (b"nonsense", MULTIPART, "multipart"),
        (b'--x\r\nContent-Disposition: form-data; name="a"; filename="b"\r\n\r\nc\r\n--x--\r\n', MULTIPART, "a file"),
        (b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nc\r\n' * 101 + b"--x--\r\n", MULTIPART, "100 fields"),
        (b"", {"Content-Type": "multipart/form-data"}, "multipart"),
    ],
)
def test_what_is_no_token_request_is_refused_with_what_is_wrong(
    api: Api, content: bytes, headers: dict[str, str], told: str
) -> None:
    answer = api.post("/api/v3/oauth2/token", as_=None, content=content, headers=headers)
    assert_refused(answer, "invalid_request")
    assert told in answer.json()["error_description"]


def test_a_field_that_comes_twice_is_refused(api: Api) -> None:
    content = f"grant_type=password&username=a&username=b&password=c&client_id={client_id(api)}&client_secret={SECRET}"
    answer = api.post("/api/v3/oauth2/token", as_=None, content=content.encode(), headers=FORM)
    assert_refused(answer, "invalid_request")


@pytest.mark.rule("AROUND-OAUTH-SCOPES")
def test_without_a_scope_a_client_gets_all_of_its_own(api: Api) -> None:
    [mine] = [one for one in admin(api, "GET", "/__admin/tenants/acme/oauth/clients").json() if one["id"] == CLIENT]
    assert tokens(api)["scope"].split() == mine["scopes"] != []


@pytest.mark.parametrize("sent", [{"client_id": ""}, {"client_id": CLIENT}])
def test_a_request_that_names_no_tenant_is_refused(api: Api, sent: dict[str, str]) -> None:
    assert_refused(token(api, grant_type="password", **sent), "invalid_client", 401)


@pytest.mark.rule("AROUND-OAUTH-SCOPES")
def test_scopes_may_be_fewer_but_not_others(api: Api) -> None:
    password = {"grant_type": "password", "username": "seller", "password": "mock-password"}
    assert token(api, **password, scope="read_user_management").json()["scope"] == "read_user_management"
    assert token(api, **password, scope="read_user_management everything").json()["error"] == "invalid_scope"


def test_the_same_requests_to_another_server_give_the_same_tokens(api: Api) -> None:
    first = tokens(api)["access_token"]
    api.tenant.reset()
    api.tenant.freeze("2026-03-10T12:00:00.000Z")
    assert tokens(api)["access_token"] == first


def test_secrets_are_redacted_in_the_journal(api: Api) -> None:
    given = tokens(api)
    drawn = code(api, state="s")
    exchange(api, drawn)
    told = admin(api, "GET", "/__admin/requests").text
    for secret in (given["access_token"], given["refresh_token"], drawn, SECRET, "mock-password"):
        assert secret not in told


def test_a_tenant_keeps_a_thousand_pairs_of_tokens_and_the_oldest_make_room(api: Api) -> None:
    first = tokens(api)
    seller = api.tenant.user_id("seller")
    with api.tenant._unit() as unit:
        for _ in range(oauth.CAP):
            oauth.issue_tokens(unit, CLIENT, seller, ())
        assert unit.store.count(oauth.TOKENS, "number") == oauth.CAP
    assert_problem(call_with(api, first["access_token"]), 401)


def test_of_too_many_codes_the_oldest_make_room(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oauth, "CAP", 2)
    first, second, third = code(api), code(api), code(api)
    assert_refused(exchange(api, first), "invalid_grant")
    assert [exchange(api, one).status_code for one in (second, third)] == [200, 200]
