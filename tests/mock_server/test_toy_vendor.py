"""A second vendor is served, controlled, snapshotted and journaled without a line in any shared room."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import httpx2
import pytest

from showpad_mock.app import App, AppOptions
from showpad_mock.core.refusals import Problem
from showpad_mock.showpad.vendor import SHOWPAD
from showpad_mock.testing.server import MockServer
from showpad_mock.testing.tenant import ServedTenant
from showpad_mock.web.call import Call
from showpad_mock.web.steps.transaction import Transaction

from .toy import NOTES, TOY

BUSY = Problem("", 503, "busy", "Busy", "Busy.")


class ToyTenant(ServedTenant):
    def __init__(self, origin: Callable[[], str], app: App, name: str) -> None:
        super().__init__(origin, app, TOY.base_path, name)


@pytest.fixture
def tenant() -> Iterator[ToyTenant]:
    with MockServer(App(AppOptions(data="hello"), (TOY,)), ToyTenant) as server, server.tenant("acme") as tenant:
        yield tenant


@pytest.fixture
def client(tenant: ToyTenant) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=tenant.origin, headers={"x-key": "acme"}, trust_env=False) as client:
        yield client


def write(client: httpx2.Client, text: str = "a note") -> httpx2.Response:
    return client.post("/toy/notes", json={"text": text})


def test_it_is_served_from_its_seed_data_and_keeps_what_it_is_told(client: httpx2.Client) -> None:
    assert client.get("/toy/notes/first").json() == {"id": "first", "text": "hello"}
    written = write(client)
    assert (written.status_code, written.json()) == (201, {"notes": 2})
    assert written.headers["x-mock-rules"] == "NOTES-WRITTEN;D"


def test_its_errors_have_its_own_form(client: httpx2.Client) -> None:
    missing = client.get("/toy/notes/none")
    assert (missing.status_code, missing.json()) == (404, {"oops": "There is no note none."})
    assert missing.headers["x-mock-rules"] == "NOTES-UNKNOWN;A"
    nobody = httpx2.get(f"{client.base_url}/toy/notes/first", trust_env=False)
    assert (nobody.status_code, nobody.json()) == (401, {"oops": "A key is needed."})


def test_what_the_mock_itself_refuses_names_its_paths(client: httpx2.Client) -> None:
    assert client.get("/toy/note").json()["detail"].endswith("The nearest one is /toy/notes.")


def test_its_tenants_are_controlled(client: httpx2.Client, tenant: ToyTenant) -> None:
    write(client)
    shown = client.get("/__admin/tenants/acme").json()
    assert (shown["baseUrl"], shown["tokens"]) == (f"{tenant.origin}/toy", [{"user": "acme", "apiToken": "acme"}])
    wiped = client.post("/__admin/tenants/acme/notes/wipe")
    assert (wiped.status_code, wiped.json()) == (201, {"wiped": 2})
    assert client.get("/toy/notes/first").status_code == 404
    assert client.post("/__admin/tenants/acme/reset").status_code == 204
    assert client.get("/toy/notes/first").status_code == 200


def test_its_rules_and_admin_operations_are_documented(client: httpx2.Client) -> None:
    write(client)
    decided = {rule["id"]: rule["decided"] for rule in client.get("/__admin/rules").json()}
    assert decided == {"NOTES-SHOWN": 0, "NOTES-WRITTEN": 1, "NOTES-KEY": 0, "NOTES-UNKNOWN": 0}
    paths = client.get("/__admin/openapi.json").json()["paths"]
    assert paths["/__admin/tenants/{name}/notes/wipe"]["post"]["operationId"] == "toy-post-notes-wipe"


def test_its_records_are_in_snapshots(client: httpx2.Client, tenant: ToyTenant) -> None:
    with tenant.snapshot():
        write(client)
        kept = client.get("/__admin/tenants/acme/state").json()
    assert write(client).json() == {"notes": 2}
    assert client.put("/__admin/tenants/acme/state", json=kept).status_code == 204
    assert write(client).json() == {"notes": 3}


def test_its_requests_are_in_the_journal(client: httpx2.Client, tenant: ToyTenant) -> None:
    write(client)
    [entry] = tenant.assert_requested(method="POST", path="/notes", status=201, times=1)
    assert (entry.user, entry.request_json) == ("acme", {"text": "a note"})


def test_a_step_is_one_function_and_one_place_and_may_await(client: httpx2.Client, tenant: ToyTenant) -> None:
    gateway = tenant._app.gateway
    seen: list[str | None] = []

    async def late(call: Call) -> None:
        await asyncio.sleep(0)
        seen.append(call.user)
        if call.first_values.get(b"x-fault") == b"busy":
            raise BUSY.error()

    after = next(place for place, step in enumerate(gateway.steps) if isinstance(step, Transaction))
    gateway.take(*gateway.steps[:after], late, *gateway.steps[after:])
    assert write(client).json() == {"notes": 2}
    busy = client.post("/toy/notes", json={"text": "lost"}, headers={"x-fault": "busy"})
    assert (busy.status_code, busy.json()) == (503, {"oops": "Busy."})
    assert write(client).json() == {"notes": 3}
    assert seen == ["acme"] * 3
    assert [entry.status for entry in tenant.requests()] == [201, 503, 201]


def test_a_tenant_that_is_reset_on_the_way_of_a_request_is_the_one_that_keeps_what_it_writes(
    client: httpx2.Client, tenant: ToyTenant
) -> None:
    gateway, tenants = tenant._app.gateway, tenant._app.tenants
    write(client)
    after = next(place for place, step in enumerate(gateway.steps) if isinstance(step, Transaction))
    found: list[bool] = []

    def look(call: Call) -> None:
        found.append(call.tenant is tenants.open("acme"))

    gateway.take(*gateway.steps[:after], lambda _: tenants.reset("acme"), *gateway.steps[after:], look)
    assert write(client).json() == {"notes": 2}
    assert found == [True]  # so was its caller found in it
    with tenants.transaction("acme") as unit:
        assert len(list(unit.store.all(NOTES))) == 2


def test_it_is_served_beside_another() -> None:
    with MockServer(App(AppOptions(data="demo"), (SHOWPAD, TOY)), ToyTenant) as server, server.tenant("acme") as tenant:
        note = httpx2.get(f"{tenant.base_url}/notes/first", headers={"x-key": "acme"}, trust_env=False)
        assert note.json()["text"] == "demo"
        headers = {"authorization": "Bearer mock.acme.admin"}
        spaces = httpx2.get(f"{tenant.origin}/v4/shared-spaces", headers=headers, trust_env=False)
        assert spaces.json()["count"] == 8
