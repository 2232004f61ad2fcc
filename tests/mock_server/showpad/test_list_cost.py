"""What a page of the list costs, counted rather than timed: it does not depend on how many spaces there are."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from showpad_mock import MockShowpad
from showpad_mock.core.clock import iso
from showpad_mock.showpad.domain.space import ORDERS, SPACES
from showpad_mock.state.kept import Kept
from showpad_mock.state.memory import MemoryStore
from showpad_mock.state.store import RecordType

from ...harness.api import Api, in_process

START = 1_750_000_000_000
FEW, MANY = 60, 600
LIMIT = 5
ALONE = (
    *(f"sort={order}" for order in ORDERS),
    "ownerUserId={seller}",
    "ownerEmail={email}",
    "userId={seller}",
    "userId={seller}&userRole=OWNER",
    "participantEmail={email}",
    "lastActivitySince={since}",
    "offset=30",
    "sort=title&offset=30",
)


@pytest.fixture
def touched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The keys of the spaces that the store is asked for or gives."""
    keys: list[str] = []
    get, every = MemoryStore.get, MemoryStore.all

    def counted_get(store: MemoryStore, kind: RecordType[Any], key: str) -> Any:
        if kind is SPACES:
            keys.append(key)
        return get(store, kind, key)

    def counted_all(store: MemoryStore, kind: RecordType[Any]) -> Iterator[Any]:
        for record in every(store, kind):
            if kind is SPACES:
                keys.append(record.id)
            yield record

    monkeypatch.setattr(MemoryStore, "get", counted_get)
    monkeypatch.setattr(MemoryStore, "all", counted_all)
    return keys


@pytest.fixture(scope="module")
def tenants(showpad_server: MockShowpad, runner: asyncio.Runner) -> Iterator[list[Api]]:
    """A tenant with a few spaces and one with many; half of them belong to the seller."""
    with showpad_server.tenant() as small, showpad_server.tenant() as large:
        apis = [in_process(tenant, showpad_server.app, runner) for tenant in (small, large)]
        for api, number in zip(apis, (FEW, MANY), strict=True):
            for place in range(number):
                api.tenant.freeze(iso(START + place * 1000))
                api.create_space(owner="seller" if place % 2 else "manager", title=f"Space {place * 7919 % number}")
        yield apis


@pytest.mark.parametrize("query", ALONE)
@pytest.mark.rule("LIST-SORT", "CONV-COUNT", "CONV-PAGE")
def test_a_page_touches_no_more_spaces_than_it_shows(tenants: list[Api], touched: list[str], query: str) -> None:
    for api in tenants:
        seller = api.tenant.user_id("seller")
        email = api.get(f"/users/{seller}").json()["email"]
        asked = query.format(seller=seller, email=email, since=iso(START))
        api.get(f"/shared-spaces?limit={LIMIT}&{asked}")  # builds the index
        touched.clear()
        page = api.get(f"/shared-spaces?limit={LIMIT}&{asked}").json()
        assert page["count"] >= FEW // 2
        assert sorted(touched) == sorted(space["id"] for space in page["items"])
        assert len(touched) == LIMIT


@pytest.mark.rule("CONV-PAGE")
def test_a_page_read_again_serialises_nothing(tenants: list[Api], monkeypatch: pytest.MonkeyPatch) -> None:
    api = tenants[1]
    first = api.get("/shared-spaces?limit=100&sort=title").json()

    def serialise(_: object) -> bytes:
        raise AssertionError("nothing has changed since it was listed")

    monkeypatch.setattr("showpad_mock.web.render.to_json", serialise)
    assert api.get("/shared-spaces?limit=100&sort=title").json() == first


@pytest.mark.rule("SPACE-LISTED")
def test_a_list_shows_a_space_as_it_is_now_whatever_was_read_before(api: Api) -> None:
    space = api.create_space(description="Told in full")
    for title in ("First", "Second"):
        shown = api.patch(f"/shared-spaces/{space['id']}", {"title": title}).json()
        listed = next(one for one in api.get("/shared-spaces").json()["items"] if one["id"] == space["id"])
        assert listed == {name: value for name, value in shown.items() if name != "description"}


def test_what_is_kept_of_lists_is_bounded_over_all_tenants(
    showpad_server: MockShowpad, runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(showpad_server.app.tenants, "listed", Kept(most=10_000))
    with showpad_server.tenant() as one, showpad_server.tenant() as other:
        for tenant in (one, other) * 2:
            listed = in_process(tenant, showpad_server.app, runner).get("/shared-spaces").json()["items"]
            assert {tenant.name in space["publicUrl"] for space in listed} == {True}
            assert 0 < showpad_server.app.tenants.listed.size <= 10_000
