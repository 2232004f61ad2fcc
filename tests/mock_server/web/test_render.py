from __future__ import annotations

from typing import Any

import pytest

from mock_server import MockShowpad, MockTenant
from mock_server.web.render import RENDERED_CAP, Kept, rendered

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


def test_what_is_kept_of_answers_is_bounded() -> None:
    kept: Kept = {}
    for number in range(RENDERED_CAP + 1):
        rendered(kept, ("acme", str(number)), object(), lambda _: None)
    assert len(kept) == 1


def test_tenants_never_see_each_others_answers(showpad_server: MockShowpad, showpad: MockTenant, api: Api) -> None:
    with showpad_server.tenant() as other:
        listed: dict[str, Any] = api.get("/shared-spaces").json()["items"][0]
        first = api.get(f"/shared-spaces/{listed['id']}").json()
        second = api.get(f"/shared-spaces/{listed['id']}", as_=None, headers=other.headers()).json()
        assert (showpad.name in first["publicUrl"], other.name in second["publicUrl"]) == (True, True)
