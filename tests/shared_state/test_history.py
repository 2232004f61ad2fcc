"""What clients of three servers saw of one space, recorded and held to a model: the history is linearizable."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from functools import partial
from random import Random
from typing import Any, NamedTuple

import pytest

from ..harness.at_once import at_once
from ..harness.linearizable import Recorded, is_linearizable
from .servers import Tenant

SLUG = "contested"
CLIENTS, CALLS = 9, 60


class Space(NamedTuple):
    """The one space that has the slug."""

    id: str
    title: str


def step(space: Space | None, call: Recorded) -> Iterable[Space | None]:
    """The model: a tenant has at most one space of that slug, and all other ids are gone."""
    asked, (status, told) = call.asked, call.answer
    if asked[0] == "create":
        return _created(space, asked[1], status, told)
    if asked[0] == "list":
        return [space] if told == space else []
    if space is None or asked[1] != space.id:
        return [space] if status == 404 else []
    if asked[0] == "delete":
        return [None] if status == 204 else []
    after = space._replace(title=asked[2]) if asked[0] == "update" else space
    return [after] if (status, told) == (200, after) else []


def _created(space: Space | None, title: str, status: int, told: Space | None) -> Iterable[Space | None]:
    if space is not None:
        return [space] if status == 400 else []
    return [told] if status == 201 and told is not None and told.title == title else []


class Clients:
    """Clients of one tenant, which tell each other the ids that they saw, and note all that they ask."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._ids = ["nobodys"]
        self.history: list[Recorded] = []

    def ask(self, number: int) -> None:
        """Do what one client does: ask its server for this and that."""
        chance = Random(number)
        weighted = ["create"] * 2 + ["delete"] + ["list"] * 2 + ["update"] * 4 + ["get"] * 4
        for turn in range(CALLS):
            operation, title = chance.choice(weighted), f"{number}-{turn}"
            id_ = self._ids[-1] if chance.random() < 0.8 else chance.choice(self._ids)
            asked = (operation, title) if operation == "create" else (operation, id_, title)
            began = time.monotonic()
            answer = getattr(self, operation)(number, *asked[1:])
            self.history.append(Recorded(asked, answer, began, time.monotonic()))

    def create(self, at: int, title: str) -> tuple[int, Space | None]:
        status, space = self._told("POST", "/shared-spaces", {"title": title, "publicUri": SLUG}, at=at)
        if space is not None:
            self._ids.append(space.id)
        return status, space

    def get(self, at: int, id_: str, _: str) -> tuple[int, Space | None]:
        return self._told("GET", f"/shared-spaces/{id_}", at=at)

    def update(self, at: int, id_: str, title: str) -> tuple[int, Space | None]:
        return self._told("PATCH", f"/shared-spaces/{id_}", {"title": title}, at=at)

    def delete(self, at: int, id_: str, _: str) -> tuple[int, Space | None]:
        return self._told("DELETE", f"/shared-spaces/{id_}", at=at)

    def list(self, at: int, _: str, __: str) -> tuple[int, Space | None]:
        answer = self._tenant.ask("GET", "/shared-spaces?sort=-createdAt&limit=1000", at=at)
        found = [_space(one) for one in answer.json()["items"] if one["publicUri"] == SLUG]
        assert len(found) < 2, found
        return answer.status_code, found[0] if found else None

    def _told(self, method: str, path: str, body: Any = None, *, at: int) -> tuple[int, Space | None]:
        answer = self._tenant.ask(method, path, body, at=at)
        return answer.status_code, _space(answer.json()) if answer.status_code in (200, 201) else None


def _space(shown: dict[str, Any]) -> Space:
    return Space(shown["id"], shown["title"])


@pytest.mark.parametrize("number", range(3))
def test_what_clients_of_three_servers_saw_has_an_order(tenant: Callable[[str], Tenant], number: int) -> None:
    clients = Clients(tenant(f"history-{number}"))
    at_once(*[partial(clients.ask, number * CLIENTS + client) for client in range(CLIENTS)])
    assert len(clients.history) == CLIENTS * CALLS
    assert is_linearizable(clients.history, None, step)
