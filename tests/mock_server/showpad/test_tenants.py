"""Tenants: they never meet, open by themselves, belong to their tokens, and are capped."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from showpad_mock import MockShowpad
from showpad_mock.core.refusals import Refusal
from showpad_mock.showpad.seed.reading import read_seed
from showpad_mock.state.tenants import Tenants

from ...harness.api import Api, assert_problem, in_process


@pytest.fixture
def other(showpad_server: MockShowpad, runner: asyncio.Runner) -> Iterator[Api]:
    with showpad_server.tenant() as tenant:
        yield in_process(tenant, showpad_server.app, runner)


def with_literal_token(api: Api, path: str, host: str = "127.0.0.1") -> int:
    headers = {"Authorization": "Bearer MyApiToken", "Host": host}
    return api.get(path, as_=None, headers=headers).status_code


def test_a_space_of_one_tenant_is_unknown_in_another(api: Api, other: Api) -> None:
    space = api.create_space()
    assert_problem(other.get(f"/shared-spaces/{space['id']}"), 404, "GET-404")
    assert_problem(other.delete(f"/shared-spaces/{space['id']}"), 404, "DELETE-404")
    assert api.get(f"/shared-spaces/{space['id']}").json() == space


def test_what_changes_in_one_tenant_changes_in_no_other(api: Api, other: Api) -> None:
    before = other.get("/shared-spaces").json()
    for space in api.get("/shared-spaces").json()["items"]:
        api.delete(f"/shared-spaces/{space['id']}")
    assert api.get("/shared-spaces").json()["count"] == 0
    assert other.get("/shared-spaces").json() == before


def test_people_assets_and_features_of_one_tenant_stay_in_it(api: Api, other: Api) -> None:
    api.tenant.deactivate("seller")
    api.tenant.archive("link")
    api.tenant.switch("sharedSpaces", on=False)
    assert other.get("/shared-spaces", as_="seller").status_code == 200
    assert other.get(f"/assets/{other.tenant.asset_id('link')}").json()["isArchived"] is False


def test_events_and_notifications_stay_in_their_tenant(api: Api, other: Api) -> None:
    api.create_space()
    assert (len(api.tenant.events), len(api.tenant.outbox)) == (1, 1)
    assert (other.tenant.events, other.tenant.outbox) == ([], [])


def test_the_clock_of_one_tenant_is_its_own(api: Api, other: Api) -> None:
    api.tenant.freeze("2030-01-01T00:00:00Z")
    assert api.create_space()["createdAt"] == "2030-01-01T00:00:00.000Z"
    assert other.create_space()["createdAt"] < "2030"


@pytest.mark.rule("CONV-AUTH-401")
def test_a_tenant_opens_at_the_first_use_of_a_token(api: Api, showpad_server: MockShowpad) -> None:
    headers = {"Authorization": "Bearer mock.opened-by-use.seller"}
    try:
        assert api.get("/shared-spaces", as_=None, headers=headers).status_code == 200
        assert showpad_server.app.tenants.is_open("opened-by-use")
    finally:
        showpad_server.app.tenants.delete("opened-by-use")


def test_a_fresh_tenant_holds_the_seed_data(api: Api, other: Api) -> None:
    spaces = api.get("/shared-spaces").json()
    assert spaces["count"] == 8
    own, others = f"//{api.tenant.name}.", f"//{other.tenant.name}."
    assert str(other.get("/shared-spaces").json()) == str(spaces).replace(own, others)


def test_a_tenant_that_was_reset_is_as_it_was_at_first(api: Api) -> None:
    api.tenant.freeze("2030-01-01T00:00:00Z")
    first = api.create_space()
    api.tenant.reset()
    assert api.get("/shared-spaces").json()["count"] == 8
    api.tenant.freeze("2030-01-01T00:00:00Z")
    assert api.create_space() == first


def test_a_tenant_of_that_name_is_not_opened_twice(showpad_server: MockShowpad) -> None:
    with showpad_server.tenant("only-once"), pytest.raises(ValueError, match="only-once"):
        showpad_server.tenant("only-once").__enter__()


@pytest.mark.parametrize("name", ["", "UPPER", "-a", "a-", "a.b", "a_b", "a" * 64, "a\n"])
def test_a_tenants_name_is_a_dns_label(showpad_server: MockShowpad, name: str) -> None:
    with pytest.raises(ValueError, match="DNS label"):
        showpad_server.tenant(name).__enter__()


@pytest.mark.rule("CONV-AUTH")
def test_a_literal_token_is_its_user_in_its_tenant(guides: Api) -> None:
    assert with_literal_token(guides, "/shared-spaces/abc123def456") == 200


@pytest.mark.rule("CONV-AUTH", "ROLE-KINDS")
def test_a_literal_token_is_an_api_token(guides: Api) -> None:
    item = {"type": "asset", "assetId": "a5f01a23f94aaf6195c1012694a404ea"}
    headers = {"Authorization": "Bearer MyApiToken"}
    guides.post("/shared-spaces/abc123def456/items", {"items": [item]}, as_=None, headers=headers)
    assert guides.tenant.events[-1]["data"]["initiator"]["type"] == "APP"


@pytest.mark.rule("CONV-AUTH-DEACTIVATED")
@pytest.mark.parametrize(("host", "status"), [("acme.api.showpad.com", 200), ("other.api.showpad.com", 401)])
def test_a_literal_token_belongs_to_its_tenant_alone(guides: Api, host: str, status: int) -> None:
    assert with_literal_token(guides, "/shared-spaces", host) == status


@pytest.mark.rule("CONV-BASE", "CONV-AUTH")
def test_the_host_names_the_tenant_of_a_literal_token_where_the_seed_data_do_not(runner: asyncio.Runner) -> None:
    users = [{"id": "u1", "handle": "ann", "email": "ann@acme.example", "role": "ADMIN"}]
    themes = [{"id": "t1", "title": "Global Theme", "isGlobal": True}]
    data = {"themes": themes, "users": users, "tokens": {"MyApiToken": "ann"}}
    token = {"Authorization": "Bearer MyApiToken"}
    with MockShowpad(data=data) as server, server.tenant("acme") as acme:
        api = in_process(acme, server.app, runner)
        body = {"owner": {"userId": "u1"}, "title": "A"}
        space = api.post("/shared-spaces", body, as_="ann").json()["id"]
        hosts = ["acme.api.showpad.com", "other.api.showpad.com", "a_b.showpad.biz", "127.0.0.1"]
        answers = [api.get(f"/shared-spaces/{space}", as_=None, headers={**token, "Host": host}) for host in hosts]
    assert [answer.status_code for answer in answers] == [200, 404, 401, 404]


@pytest.mark.rule("CONV-AUTH-401")
def test_a_literal_token_that_the_seed_data_do_not_name_is_unknown(api: Api) -> None:
    assert with_literal_token(api, "/shared-spaces") == 401


def test_the_seed_data_may_freeze_the_clock(guides: Api) -> None:
    assert guides.create_space(owner="owner")["createdAt"] == "2026-03-10T15:43:25.000Z"


def test_too_many_tenants_written_to_are_refused_with_503() -> None:
    tenants = Tenants(read_seed("demo"), random_seed=0, written_cap=2)
    for name in ("a", "b"):
        tenants.claim(tenants.open(name))
    with pytest.raises(Refusal) as refused:
        tenants.claim(tenants.open("c"))
    assert refused.value.problem.status == 503
    assert refused.value.problem.type.startswith("/mock-server/")


def test_deleting_a_tenant_makes_room_for_another() -> None:
    tenants = Tenants(read_seed("demo"), random_seed=0, written_cap=1)
    tenants.claim(tenants.open("a"))
    tenants.delete("a")
    tenants.claim(tenants.open("b"))
    assert tenants.is_open("b")


def test_a_tenant_never_written_to_takes_no_slot() -> None:
    tenants = Tenants(read_seed("demo"), random_seed=0, written_cap=1)
    for number in range(50):
        tenants.open(f"t{number}")
    tenants.claim(tenants.open("t7"))
    assert tenants.open("t7").written


def test_the_tenants_never_written_to_are_capped_by_forgetting_the_oldest() -> None:
    tenants = Tenants(read_seed("demo"), random_seed=0, unwritten_cap=3)
    for name in "abcd":
        tenants.open(name)
    assert [tenants.is_open(name) for name in "abcd"] == [False, True, True, True]


@pytest.mark.rule("CONV-PROBLEM")
def test_the_refusal_of_one_tenant_too_many_is_a_problem_and_changes_nothing(
    runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    with MockShowpad() as server, server.tenant() as tenant:
        monkeypatch.setattr(server.app.tenants, "_written_cap", 0)
        api = in_process(tenant, server.app, runner)
        body = {"title": "A", "owner": {"userId": tenant.user_id("seller")}}
        assert assert_problem(api.post("/shared-spaces", body), 503)["type"].startswith("/mock-server/")
        assert (api.get("/shared-spaces").json()["count"], tenant.events) == (8, [])


def test_a_tenant_remembers_its_last_twenty_exchanges(api: Api) -> None:
    for number in range(25):
        api.get("/users", params={"limit": number})
    assert [entry.query for entry in api.tenant.exchanges] == [b"limit=%d" % number for number in range(5, 25)]
