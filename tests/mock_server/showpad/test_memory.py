"""Memory comes back: of what was deleted nothing is held, and what is remembered of requests is bounded."""

from __future__ import annotations

import asyncio
import gc
from typing import Any

import pytest

from showpad_mock import MockShowpad
from showpad_mock.core.journal import Entry
from showpad_mock.showpad import authentication as admission
from showpad_mock.showpad import hosts as naming
from showpad_mock.showpad.domain.content import Item
from showpad_mock.showpad.domain.shares import Share
from showpad_mock.showpad.domain.space import _INVERSE, Space, inverted
from showpad_mock.state.kept import KEPT_BYTES
from showpad_mock.state.memory import STALE_CAP

from ...harness.api import Api, in_process
from ..control.caller import Caller

LARGE = "ä" * 65_535


def held(*kinds: type) -> list[Any]:
    gc.collect()
    return [one for one in gc.get_objects() if isinstance(one, kinds)]


@pytest.fixture
def caller(runner: asyncio.Runner) -> Caller:
    return Caller(runner)


def use(caller: Caller, tenant: str, mark: str) -> None:
    """Do something of everything in a tenant; what is made bears the mark."""
    path = f"/shared-spaces/{caller.create_space(tenant=tenant)['id']}"
    caller.v4("POST", f"{path}/items", {"items": [{"type": "folder", "name": mark}]}, tenant=tenant)
    caller.v4("PATCH", path, {"title": mark}, tenant=tenant)
    for order in ("title", "-title", "createdAt"):
        caller.v4("GET", f"/shared-spaces?sort={order}", tenant=tenant)
    asset = caller.v4("GET", "/assets?name=Data", tenant=tenant).json()["items"][0]["id"]
    caller.v4("POST", "/shares", {"title": mark, "origin": "o", "assets": [{"id": asset}]}, tenant=tenant)
    caller.v4("GET", path, tenant=tenant)


def bearing(mark: str) -> list[str]:
    """Give the types of the records that bear the mark."""
    titled = [one for one in held(Space, Share) if one.title == mark]
    return sorted(type(one).__name__ for one in (*titled, *(one for one in held(Item) if one.name == mark)))


@pytest.mark.parametrize("way", ["delete", "reset", "replace"])
def test_of_a_tenant_that_is_gone_nothing_is_held(caller: Caller, way: str) -> None:
    mark = f"Gone by {way}"
    other = caller.snapshot("other")
    use(caller, "acme", mark)
    assert bearing(mark) == ["Item", "Share", "Space"]
    gone = {
        "delete": lambda: caller("DELETE", "tenants/acme"),
        "reset": lambda: caller("POST", "tenants/acme/reset"),
        "replace": lambda: caller("PUT", "tenants/acme/state", content=other),
    }[way]()
    assert gone.status_code == 204
    assert bearing(mark) == []
    assert "acme" not in caller.app.tenants.shown.of | caller.app.tenants.listed.of


def test_the_last_exchanges_of_a_tenant_go_with_it(caller: Caller) -> None:
    use(caller, "acme", "A")
    caller("DELETE", "tenants/acme")
    assert caller.app.journal.last_of("acme") == []


def test_a_tenant_of_a_test_is_given_back_at_its_end(runner: asyncio.Runner) -> None:
    with MockShowpad() as server:
        with server.tenant("acme") as tenant:
            in_process(tenant, server.app, runner).create_space(title="Gone with its tenant")
        assert [one for one in held(Space) if one.title == "Gone with its tenant"] == []
        assert (server.app.tenants.shown.of, server.app.journal.last_of("acme")) == ({}, [])


def test_what_spaces_look_like_is_kept_within_its_bytes_and_goes_with_them(
    api: Api, showpad_server: MockShowpad
) -> None:
    tenants, name = showpad_server.app.tenants, api.tenant.name
    paths = [f"/shared-spaces/{api.create_space(description=LARGE)['id']}" for _ in range(150)]
    assert 0 < tenants.shown.size <= KEPT_BYTES
    api.get("/shared-spaces")
    for path in paths:
        api.delete(path)
    assert [
        key for key in (tenants.shown.of | tenants.listed.of).get(name, {}) if f"/shared-spaces/{key}" in paths
    ] == []


def test_of_spaces_that_are_deleted_few_are_held(api: Api) -> None:
    title = f"Held by {api.tenant.name}"
    paths = [f"/shared-spaces/{api.create_space(title=title)['id']}" for _ in range(3 * STALE_CAP)]
    for order in ("title", "-lastActivityAt"):
        api.get("/shared-spaces", params={"sort": order})
    for path in paths:
        api.delete(path)
    assert len([one for one in held(Space) if one.title == title]) <= STALE_CAP
    for order in ("title", "-lastActivityAt"):
        api.get("/shared-spaces", params={"sort": order})
    assert [one for one in held(Space) if one.title == title] == []


def test_long_tokens_and_hosts_are_not_remembered(api: Api) -> None:
    tokens, hosts = admission._parsed.cache_info(), naming._tenant_of_host.cache_info()
    for number in range(10):
        token = {"Authorization": f"Bearer {'x' * 1000}{number}"}
        assert api.get("/shared-spaces", as_=None, headers=token).status_code == 401
        host = {"Host": f"{'x' * 1000}{number}.example.com", **api.tenant.headers()}
        assert api.get("/shared-spaces", as_=None, headers=host).status_code == 200
    assert admission._parsed.cache_info().misses - tokens.misses <= 1  # the admin's own
    assert naming._tenant_of_host.cache_info().misses - hosts.misses == 0


def test_titles_of_many_characters_are_not_remembered_by_the_character() -> None:
    text = "".join(map(chr, range(0x10000, 0x20000)))
    assert inverted(text) > inverted(text[1:])
    assert len(_INVERSE) <= 4096


def test_an_exchange_is_held_by_the_journal_in_one_piece_only(api: Api) -> None:
    api.get("/shared-spaces")
    assert [one for one in held(Entry) if one.tenant == api.tenant.name] == []


def test_a_refused_request_leaves_nothing_that_only_a_collection_gives_back(api: Api) -> None:
    api.post("/shared-spaces", {})
    gc.collect()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        assert api.post("/shared-spaces", {}).status_code == 400
        gc.collect()
        left = {type(one).__name__ for one in gc.garbage}
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
    assert left & {"Call", "Refusal", "Unit"} == set()
