"""Under which addresses the API answers (CONV-BASE, CONV-BASE-BIZ)."""

from __future__ import annotations

import asyncio

import pytest
from starlette.routing import Route

from showpad_mock import MockShowpad, MockTenant
from showpad_mock.showpad.hosts import V4
from showpad_mock.showpad.routes import ROUTES

from ...harness.api import Api, assert_problem, in_process

OPERATIONS = [one for one in ROUTES if one.path.startswith(V4)]


@pytest.fixture
def biz(showpad_server: MockShowpad, showpad: MockTenant, runner: asyncio.Runner) -> Api:
    """The API under the base URL `https://{subdomain}.showpad.biz/api/v4`."""
    return in_process(showpad, showpad_server.app, runner, "/api/v4")


@pytest.mark.rule("CONV-BASE", "CONV-BASE-BIZ")
@pytest.mark.parametrize("route", [pytest.param(one, id=one.name) for one in OPERATIONS])
def test_every_operation_is_there_under_either_base(api: Api, biz: Api, route: Route) -> None:
    (method,) = (route.methods or set()) - {"HEAD"}
    path = route.path.removeprefix(V4)
    answers = [one.request(method, path, as_=None) for one in (api, biz)]
    assert [answer.status_code for answer in answers] == [401] * 2


@pytest.mark.rule("CONV-BASE-BIZ")
def test_what_is_created_under_one_base_is_there_under_the_other(api: Api, biz: Api) -> None:
    host = {"Host": f"{biz.tenant.name}.showpad.biz"}
    space = biz.create_space()
    assert biz.get(f"/shared-spaces/{space['id']}", headers=host).json() == space
    assert api.get(f"/shared-spaces/{space['id']}").json() == space


@pytest.mark.rule("CONV-BASE-BIZ", "CONV-AUTH-DEACTIVATED")
def test_the_other_base_names_the_tenant_by_its_host(biz: Api) -> None:
    assert_problem(biz.get("/users", headers={"Host": "other.showpad.biz"}), 401, "CONV-AUTH-DEACTIVATED")


def test_an_unknown_path_names_the_nearest_route_of_the_documented_base(api: Api) -> None:
    assert "one is /v4/users." in assert_problem(api.get("/user"), 404)["detail"]
