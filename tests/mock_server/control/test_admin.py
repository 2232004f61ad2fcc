"""The vendors' admin operations through the control API."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from showpad_mock.control.api import Control
from showpad_mock.web.vendor import AdminOperation

from .caller import Caller, assert_refused


def features(caller: Caller) -> Any:
    return caller("GET", "tenants/acme/features").json()


def test_an_admin_operation_reads(caller: Caller) -> None:
    users = caller("GET", "tenants/acme/users")
    assert users.status_code == 200
    assert "seller" in [user["handle"] for user in users.json()]


def test_an_admin_operation_changes(caller: Caller) -> None:
    answer = caller("PATCH", "tenants/acme/users/seller", {"isActive": False})
    assert (answer.status_code, answer.json()["isActive"]) == (200, False)
    token = {"Authorization": "Bearer mock.acme.seller"}
    assert caller("GET", "/v4/shared-spaces", headers=token).status_code == 401


def test_an_admin_operation_that_adds_answers_201_and_one_that_removes_204(caller: Caller) -> None:
    path = f"tenants/acme/shared-spaces/{caller.create_space()['id']}/participants"
    added = caller("POST", path, {"email": "buyer@example.com"})
    assert added.status_code == 201
    removed = caller("DELETE", f"{path}/{added.json()['id']}")
    assert (removed.status_code, removed.content) == (204, b"")


def test_an_admin_operation_works_on_its_tenant_alone(caller: Caller) -> None:
    caller("PATCH", "tenants/other/features", {"templates": False})
    assert features(caller)["templates"] is True


def test_what_an_admin_operation_names_must_be_there(caller: Caller) -> None:
    assert_refused(caller("PATCH", "tenants/acme/users/nobody", {}), 404, "no-such-record", "nobody")


def test_a_refused_change_changes_nothing(caller: Caller) -> None:
    space = caller.create_space()
    path = f"tenants/acme/shared-spaces/{space['id']}/participants"
    owner = caller("GET", path).json()[0]
    assert_refused(caller("DELETE", f"{path}/{owner['id']}"), 409, "owner-stays")
    assert caller("GET", path).json() == [owner]


def test_an_encoded_slash_separates_nothing(caller: Caller) -> None:
    assert_refused(caller("PATCH", "tenants/acme/users/a%2Fb", {}), 404, "no-such-record", "a/b")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'{"templates": "no"}', "body.templates: Input should be a valid boolean"),
        (b'{"templates": 1}', "body.templates"),
        (b'{"templats": false}', "body.templats: Extra inputs are not permitted"),
        (b'{"templates": 1, "x": 1}', "(meta tells 1 more)"),
        (b"[]", "body: "),
        (b"{", "body: Invalid JSON"),
        (b"", "body: Invalid JSON"),
        (b"\xff", "body: Invalid JSON"),
    ],
)
def test_a_body_that_does_not_fit_is_refused(caller: Caller, content: bytes, told: str) -> None:
    assert_refused(caller("PATCH", "tenants/acme/features", content=content), 400, "invalid-request", told)
    assert features(caller)["templates"] is True


@pytest.mark.parametrize(
    ("what", "own", "member"),
    [
        ("templates", "shared-space-templates?includeUnpublished=true", "usageCount"),
        ("themes", "themes?includeGlobal=true", "experiences"),
        ("divisions", "divisions", "isAssetSharingEnabled"),
    ],
)
def test_what_else_can_be_named_is_listed(caller: Caller, what: str, own: str, member: str) -> None:
    listed = caller("GET", f"tenants/acme/{what}").json()
    assert {one["id"] for one in listed} == {one["id"] for one in caller.v4("GET", f"/{own}").json()["items"]}
    assert all(member in one for one in listed)
    assert [one["createdAt"] for one in listed] == sorted(one["createdAt"] for one in listed)


def test_an_admin_operation_that_fails_is_told_as_the_mocks_own_failure(
    caller: Caller, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    app = caller.app
    broken = replace(app.vendors[0], admin_operations=(AdminOperation("GET", "/broken", "Fail", fail),))
    app._control = Control(replace(app._parts(), vendors=[broken]), None)
    assert_refused(caller("GET", "tenants/acme/broken"), 500, "internal-error")
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize(
    ("person", "status"),
    [
        ({"user": "seller"}, 409),
        ({"email": "SOFIA.LINDQVIST@example.com"}, 409),
        ({"user": "nobody"}, 404),
        ({"user": "partner", "email": "x@example.com"}, 400),
        ({"email": ""}, 400),
        ({}, 400),
    ],
)
def test_a_participant_who_is_refused_moves_no_id(caller: Caller, person: dict[str, str], status: int) -> None:
    path = f"tenants/acme/shared-spaces/{caller.create_space()['id']}/participants"
    before = caller.snapshot()
    assert caller("POST", path, person).status_code == status
    assert caller.snapshot() == before
