from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from showpad_mock import MockShowpad, MockTenant
from showpad_mock.core.redaction import is_secret
from showpad_mock.state.kept import Kept
from showpad_mock.web.render import rendered

from ...harness.api import Api


def test_a_second_read_serialises_nothing(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    space = api.create_space()

    def serialise(_: object) -> bytes:
        raise AssertionError("nothing has changed since it was created")

    monkeypatch.setattr("showpad_mock.web.render.to_json", serialise)
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
    shown = [rendered(kept, "acme", "key", record, show)[0] for record in (one, one, other, other, one)]
    assert (shown, asked) == ([b"[1]", b"[1]", b"[2]", b"[2]", b"[1]"], [one, other, one])


def test_tenants_never_see_each_others_answers(showpad_server: MockShowpad, showpad: MockTenant, api: Api) -> None:
    with showpad_server.tenant() as other:
        listed: dict[str, Any] = api.get("/shared-spaces").json()["items"][0]
        first = api.get(f"/shared-spaces/{listed['id']}").json()
        second = api.get(f"/shared-spaces/{listed['id']}", as_=None, headers=other.headers()).json()
        assert (showpad.name in first["publicUrl"], other.name in second["publicUrl"]) == (True, True)


@pytest.mark.parametrize(
    "text", ["?token=hidden-thing", "Basic YW5uOmhpZGRlbi10aGluZw==", '{"password": "hidden-thing"}']
)
def test_a_secret_in_a_text_is_found_in_every_answer_that_shows_it(api: Api, showpad: MockTenant, text: str) -> None:
    space = api.create_space(title=text)
    assert space["title"] == text
    for path in (f"/shared-spaces/{space['id']}", "/shared-spaces", "/shared-spaces"):
        assert text in [one["title"] for one in (api.get(path).json().get("items") or [api.get(path).json()])]
    for entry in showpad.requests():
        for told in ("hidden-thing", "YW5uOmhpZGRlbi10aGluZw"):
            assert told.encode() not in entry.request_body + entry.response_body


def test_no_member_that_a_space_shows_is_a_secrets(api: Api) -> None:
    api.create_space()
    shown = [api.get("/shared-spaces").json()["items"], api.get(f"/shared-spaces/{api.create_space()['id']}").json()]
    assert [name for name in names_in(shown) if is_secret(name)] == []


def names_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from names_in(part)
