from __future__ import annotations

from typing import Any

import pytest

from mock_server import MockShowpad, MockTenant
from mock_server.state.kept import Kept
from mock_server.web.render import rendered

from ...api import Api


def test_a_second_read_serialises_nothing(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    space = api.create_space()

    def serialise(_: object) -> bytes:
        raise AssertionError("nothing has changed since it was created")

    monkeypatch.setattr("mock_server.web.render.to_json", serialise)
    assert api.get(f"/shared-spaces/{space['id']}").json() == space


def test_a_changed_space_is_shown_as_it_is_now(api: Api) -> None:
    space = api.create_space()
    api.patch(f"/shared-spaces/{space['id']}", {"description": "new"})
    assert api.get(f"/shared-spaces/{space['id']}").json()["description"] == "new"


def test_a_record_is_serialised_once_and_another_in_its_place_again() -> None:
    kept, asked = Kept(), []

    def show(record: list[int]) -> list[int]:
        asked.append(record)
        return record

    one, other = [1], [2]
    shown = [rendered(kept, "acme", "key", record, show) for record in (one, one, other, other, one)]
    assert (shown, asked) == ([b"[1]", b"[1]", b"[2]", b"[2]", b"[1]"], [one, other, one])


def test_tenants_never_see_each_others_answers(showpad_server: MockShowpad, showpad: MockTenant, api: Api) -> None:
    with showpad_server.tenant() as other:
        listed: dict[str, Any] = api.get("/shared-spaces").json()["items"][0]
        first = api.get(f"/shared-spaces/{listed['id']}").json()
        second = api.get(f"/shared-spaces/{listed['id']}", as_=None, headers=other.headers()).json()
        assert (showpad.name in first["publicUrl"], other.name in second["publicUrl"]) == (True, True)
