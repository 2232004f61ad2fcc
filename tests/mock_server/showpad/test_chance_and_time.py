"""The same requests give the same bytes; no id comes twice; what is refused moves nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from showpad_mock import MockShowpad

from ...harness.api import Api, in_process

NOON = "2030-01-01T12:00:00.000Z"


@pytest.fixture
def servers() -> Iterator[tuple[MockShowpad, MockShowpad]]:
    """Two servers of the same seed."""
    with MockShowpad(seed=3) as first, MockShowpad(seed=3) as second:
        yield first, second


@pytest.fixture
def pair(runner: asyncio.Runner, servers: tuple[MockShowpad, MockShowpad]) -> Iterator[tuple[Api, Api]]:
    """One tenant on both, its clock frozen."""
    first, second = servers
    with first.tenant("acme") as one, second.tenant("acme") as two:
        one.freeze(NOON)
        two.freeze(NOON)
        yield in_process(one, first.app, runner), in_process(two, second.app, runner)


def story(api: Api) -> Iterator[bytes]:
    """Do something of everything that draws ids, refusals among it; give the answers' bytes."""
    created = api.post("/shared-spaces", {"title": "A", "owner": {"userId": api.tenant.user_id("seller")}})
    yield created.content
    path = f"/shared-spaces/{created.json()['id']}"
    item = {"type": "asset", "assetId": api.tenant.asset_id("link")}
    yield api.post(path + "/items", {"items": [item, {"type": "folder", "name": "F", "folderItems": [item]}]}).content
    yield api.get("/shared-spaces/nowhere").content
    yield api.post(path + "/transfer-ownership", {"userId": api.tenant.user_id("partner")}).content
    yield api.post("/shares", {"title": "A", "origin": "o", "assets": [{"id": item["assetId"]}]}).content
    yield api.post("/shared-spaces", {}).content
    yield api.get("/shared-spaces").content


def test_the_same_requests_at_a_frozen_time_give_the_same_bytes(pair: tuple[Api, Api]) -> None:
    one, two = pair
    assert list(story(one)) == list(story(two))
    assert one.tenant.events == two.tenant.events
    assert one.tenant.take() == two.tenant.take()


def test_the_same_requests_give_the_same_headers(pair: tuple[Api, Api]) -> None:
    answers = [api.post("/shared-spaces", {"x": 1}) for api in pair]
    assert answers[0].headers == answers[1].headers


def test_what_other_tenants_do_moves_nothing(
    pair: tuple[Api, Api], servers: tuple[MockShowpad, MockShowpad], runner: asyncio.Runner
) -> None:
    one, two = pair
    server = servers[1]
    with server.tenant("noisy") as noisy:
        neighbour = in_process(noisy, server.app, runner)
        quiet = []
        for content in story(two):
            neighbour.create_space()
            neighbour.get("/shared-spaces/nowhere")
            quiet.append(content)
    assert list(story(one)) == quiet


def test_another_seed_gives_other_ids(runner: asyncio.Runner) -> None:
    ids = set()
    for seed in (0, 1, 2):
        with MockShowpad(seed=seed) as server, server.tenant("acme") as tenant:
            ids.add(in_process(tenant, server.app, runner).create_space()["id"])
    assert len(ids) == 3


def test_another_tenant_gets_other_ids(
    pair: tuple[Api, Api], servers: tuple[MockShowpad, MockShowpad], runner: asyncio.Runner
) -> None:
    server = servers[0]
    with server.tenant("other") as other:
        assert in_process(other, server.app, runner).create_space()["id"] != pair[1].create_space()["id"]


@pytest.mark.parametrize(
    "wrong",
    [{}, {"title": ""}, {"owner": {"userId": "no"}}, {"publicUri": "borealis-bergen"}, {"theme": {"id": "no"}}],
)
def test_a_refused_create_moves_no_later_id(pair: tuple[Api, Api], wrong: dict[str, object]) -> None:
    one, two = pair
    owner = {"owner": {"userId": two.tenant.user_id("seller")}}
    assert two.post("/shared-spaces", {**owner, **wrong}).status_code == 400
    assert one.create_space() == two.create_space()


def test_refused_transfers_items_and_shares_move_no_later_id(pair: tuple[Api, Api]) -> None:
    one, two = pair
    path = f"/shared-spaces/{one.create_space()['id']}"
    two.create_space()
    assert two.post(path + "/items", {"items": [{"type": "folder", "name": "F"}, {"type": "asset"}]}).status_code == 400
    assert two.post(path + "/transfer-ownership", {"userId": two.tenant.user_id("deactivated")}).status_code == 400
    assert two.post("/shares", {"title": "A", "origin": "o", "assets": [{"id": "no"}]}).status_code == 400
    assert two.get("/shared-spaces", as_=None).status_code == 401
    assert one.create_space() == two.create_space()


def test_reading_moves_no_later_id(pair: tuple[Api, Api]) -> None:
    one, two = pair
    for path in ("/shared-spaces", "/users", "/assets", "/themes"):
        two.get(path)
    assert one.create_space() == two.create_space()


@pytest.mark.rule("CONV-ID")
def test_no_id_is_used_twice_within_the_life_of_a_tenant(api: Api) -> None:
    ids = [space["id"] for space in api.get("/shared-spaces").json()["items"]]
    for _ in range(20):
        ids.append(api.create_space()["id"])
        api.delete(f"/shared-spaces/{ids[-1]}")
    ids += [event["id"] for event in api.tenant.events]
    assert len(set(ids)) == len(ids)


@pytest.mark.rule("CONV-ID")
def test_the_ids_of_problems_are_never_used_twice(api: Api) -> None:
    ids = [api.get("/shared-spaces/nowhere").json()["id"] for _ in range(20)]
    assert len(set(ids)) == 20


def test_a_reset_starts_the_ids_again(pair: tuple[Api, Api]) -> None:
    one, _ = pair
    first = list(story(one))
    one.tenant.reset()
    one.tenant.freeze(NOON)
    assert list(story(one)) == first


def test_a_snapshot_holds_where_the_ids_were(pair: tuple[Api, Api]) -> None:
    one, two = pair
    one.create_space()
    two.tenant.put(one.tenant.take())
    assert list(story(one)) == list(story(two))


def test_after_a_rolled_back_block_the_same_ids_come_again(api: Api) -> None:
    api.tenant.freeze(NOON)
    before = api.tenant.take()
    with api.tenant.snapshot():
        first = api.create_space()
    assert api.tenant.take() == before
    assert api.create_space() == first


@pytest.mark.rule("CONV-TIME")
def test_a_shifted_clock_runs_ahead(api: Api) -> None:
    now = api.create_space()["createdAt"]
    api.tenant.shift(400 * 24 * 3600)
    assert int(api.create_space()["createdAt"][:4]) > int(now[:4])


@given(seed=st.integers(-(2**70), 2**70))
@settings(max_examples=20, deadline=None)
def test_any_seed_decides_the_ids(runner: asyncio.Runner, seed: int) -> None:
    spaces = []
    for _ in range(2):
        with MockShowpad(seed=seed) as server, server.tenant("acme") as tenant:
            tenant.freeze(NOON)
            spaces.append(in_process(tenant, server.app, runner).create_space())
    assert spaces[0] == spaces[1]
