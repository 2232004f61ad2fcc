"""Many requests at once through three servers: what decides on state and what changes it do not interleave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest

from ..harness.at_once import at_once
from .servers import DEMO, Tenant

Tenants = Callable[[str], Tenant]


def test_of_a_hundred_creates_of_one_public_uri_exactly_one_succeeds(tenant: Tenants) -> None:
    here = tenant("creates")
    body = {"title": "A", "publicUri": "marketing"}
    answers = at_once(*[partial(here.ask, "POST", "/shared-spaces", body, at=n) for n in range(100)])
    assert Counter(answer.status_code for answer in answers) == {201: 1, 400: 99}
    [id_] = [answer.json()["id"] for answer in answers if answer.status_code == 201]
    for server in range(3):
        assert here.ask("GET", f"/shared-spaces/{id_}", at=server).json()["publicUri"] == "marketing"
        assert len(here.shown("/events", at=server)["entries"]) == 1


def test_a_thousand_requests_for_items_lose_nothing(tenant: Tenants) -> None:
    here = tenant("items")
    space = here.create()
    items = {"items": [{"type": "asset", "assetId": DEMO["offers"]["good_assets"][0]}] * 3}

    def add(first: int) -> list[int]:
        path = f"/shared-spaces/{space}/items"
        return [here.ask("POST", path, items, at=first + n).status_code for n in range(50)]

    statuses = at_once(*[partial(add, first) for first in range(20)])
    assert Counter(status for some in statuses for status in some) == {201: 1000}
    for server in range(3):
        kept = here.shown(f"/shared-spaces/{space}/items", at=server)
        assert len({item["id"] for item in kept}) == len(kept) == 3000


@pytest.mark.parametrize("turn", range(10))
def test_a_transfer_and_a_delete_at_once_leave_no_half_state(tenant: Tenants, turn: int) -> None:
    here = tenant(f"races-{turn}")
    path = f"/shared-spaces/{here.create(publicUri='contested')}"
    sent = len(here.shown("/outbox")["entries"])
    partner = {"userId": DEMO["actors"]["participant"]["user_id"]}
    transfer = partial(here.ask, "POST", f"{path}/transfer-ownership", partner, at=turn)
    moved, gone = at_once(transfer, partial(here.ask, "DELETE", path, at=turn + 1, as_="admin"))
    assert (gone.status_code, moved.status_code in (204, 404)) == (204, True)
    for server in range(3):
        assert len(here.shown("/outbox", at=server)["entries"]) == sent + (moved.status_code == 204)
        assert here.ask("GET", path, at=server).status_code == 404
        assert path.split("/")[-1] not in here.ask("GET", "/shared-spaces?limit=1000", at=server, as_="partner").text
    assert here.create(publicUri="contested") not in path
