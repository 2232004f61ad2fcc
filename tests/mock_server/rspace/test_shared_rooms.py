"""What serves every API serves RSpace, too: control, journal, snapshots, clock, fault steps, --strict."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from showpad_mock import MockRSpace, MockShowpad, RSpaceTenant
from showpad_mock.app import App, AppOptions
from showpad_mock.core.refusals import Problem
from showpad_mock.state.logs.sqlite import SqliteLog
from showpad_mock.web.call import Call
from showpad_mock.web.steps.transaction import Transaction

from ...harness import asgi
from ...harness.change_log import ListLog
from ...harness.rspace import DOCUMENT, GROUP, SECOND, RSpaceApi

BUSY = Problem("", 503, "busy", "Service Unavailable", "Busy.")


@pytest.fixture
def alone(runner: asyncio.Runner) -> Iterator[RSpaceApi]:
    """RSpace on a server of its own."""
    with MockRSpace() as server, server.tenant("acme") as tenant:
        yield RSpaceApi(tenant, server.app, runner)


def control(lab: RSpaceApi, method: str, path: str, body: Any = None) -> httpx2.Response:
    request = httpx2.Request(method, f"http://localhost/__admin/tenants/{lab.tenant.name}{path}", json=body)
    return asgi.run(lab._runner, asgi.send(lab._app, request))


def test_a_tenant_tells_where_each_of_its_apis_is_and_with_which_keys(lab: RSpaceApi) -> None:
    shown = control(lab, "GET", "").json()
    showpad, rspace = shown["apis"]
    assert (showpad["baseUrl"], showpad["tokens"]) == (shown["baseUrl"], shown["tokens"])
    assert (rspace["name"], rspace["baseUrl"]) == ("rspace", "http://localhost/api/v1")
    keys = {one["user"]: one["apiToken"] for one in rspace["tokens"]}
    assert keys["alice"] == lab.tenant.key("alice")
    assert [one["state"] for one in rspace["tokens"] if one["user"] == "erin"] == ["disabled"]


def test_the_behaviour_is_an_admin_operation(lab: RSpaceApi) -> None:
    assert control(lab, "GET", "/rspace/features").json() == {"behaviour": "documented"}
    changed = control(lab, "PATCH", "/rspace/features", {"behaviour": "observed"})
    assert (changed.status_code, changed.json()) == (200, {"behaviour": "observed"})
    assert lab.share(999999).status_code == 500
    assert control(lab, "PATCH", "/rspace/features", {"behaviour": "whatever"}).status_code == 400
    assert control(lab, "PATCH", "/rspace/features", {}).json() == {"behaviour": "observed"}


def test_accounts_and_shares_are_admin_operations(lab: RSpaceApi) -> None:
    disabled = control(lab, "PATCH", "/rspace/users/bob", {"isEnabled": False}).json()
    assert (disabled["username"], disabled["isEnabled"]) == ("bob", False)
    assert disabled in control(lab, "GET", "/rspace/users").json()
    assert control(lab, "PATCH", "/rspace/users/102", {}).json() == disabled
    missing = control(lab, "PATCH", "/rspace/users/bobb", {})
    assert (missing.status_code, "the nearest is bob" in missing.json()["detail"]) == (404, True)
    assert control(lab, "GET", "/rspace/shares").json() == lab.tenant.shares


def test_a_snapshot_holds_rspaces_records(lab: RSpaceApi) -> None:
    with lab.tenant.snapshot():
        lab.share(DOCUMENT)
        kept = lab.tenant.take()
    assert lab.get("/share").json()["totalHits"] == 0
    lab.tenant.put(kept)
    assert [one["id"] for one in lab.get("/share").json()["shares"]] == [6789]
    assert lab.share(SECOND).json()["shareInfos"][0]["id"] == 6790


def test_a_snapshot_whose_next_id_is_taken_is_refused(lab: RSpaceApi) -> None:
    document = json.loads(lab.tenant.take())
    document["tenant"]["records"]["rspace_sequences"] = []
    before = lab.tenant.take()
    with pytest.raises(ValueError, match="the next item id would be one that there is"):
        lab.tenant.put(json.dumps(document).encode())
    assert lab.tenant.take() == before


def test_a_tenant_from_before_rspace_has_nobody_in_it_and_the_server_lives(runner: asyncio.Runner) -> None:
    with MockRSpace() as server, server.tenant("demo") as tenant:
        document = json.loads(tenant.take())
        document["tenant"]["records"] = {name: [] for name in document["tenant"]["records"]}
        tenant.put(json.dumps(document).encode())
        root = asgi.run(runner, asgi.send(server.app, httpx2.Request("GET", "http://localhost/")))
        assert root.json()["apis"][0]["authorization"] is None
        key = {"apiKey": "mock_demo_alice"}
        assert RSpaceApi(tenant, server.app, runner).get("/status", as_=None, headers=key).status_code == 401


def test_servers_on_one_log_see_each_others_shares(runner: asyncio.Runner, rspace: RSpaceTenant) -> None:
    log = ListLog()
    apps = [App(AppOptions(), log=log) for _ in range(2)]
    for app in apps:
        asgi.run(runner, app.begin())
    one, other = (RSpaceApi(rspace, app, runner) for app in apps)
    assert one.share(DOCUMENT).json()["shareInfos"][0]["id"] == 6789
    assert [share["id"] for share in other.get("/share").json()["shares"]] == [6789]
    bearer = {"Authorization": f"Bearer\t{rspace.key('alice')}"}
    assert other.request("DELETE", "/share/6789", as_=None, headers=bearer).status_code == 204
    assert one.get("/share").json()["totalHits"] == 0
    assert one.share(DOCUMENT).json()["shareInfos"][0]["id"] == 6790


def test_a_state_file_keeps_shares_for_the_next_server(
    runner: asyncio.Runner, rspace: RSpaceTenant, tmp_path: Path
) -> None:
    for number in range(2):
        app = App(AppOptions(), log=SqliteLog(tmp_path / "state.sqlite"))
        asgi.run(runner, app.begin())
        lab = RSpaceApi(rspace, app, runner)
        assert [share["id"] for share in lab.get("/share").json()["shares"]] == [6789] * number
        assert lab.share(DOCUMENT).json()["failedShares"] == [DOCUMENT] * number
        asgi.run(runner, app.end())
        app.close()


def test_a_reset_goes_back_to_the_seed_data(lab: RSpaceApi) -> None:
    lab.share(DOCUMENT)
    lab.tenant.behave("observed")
    assert control(lab, "POST", "/reset").status_code == 204
    assert lab.get("/share").json()["totalHits"] == 0
    assert control(lab, "GET", "/rspace/features").json() == {"behaviour": "documented"}


def test_the_journal_has_the_exchange_and_no_key(lab: RSpaceApi) -> None:
    lab.share(DOCUMENT)
    [entry] = lab.tenant.assert_requested(method="POST", path="/share", status=201, times=1)
    assert (entry.user, entry.request_json["itemsToShare"]) == ("alice", [DOCUMENT])
    assert lab.tenant.key("alice") not in str(entry.request_headers)


def test_a_fault_step_fails_rspaces_calls_in_rspaces_form(alone: RSpaceApi) -> None:
    gateway = alone.tenant._app.gateway

    def busy(call: Call) -> None:
        if call.first_values.get(b"x-fault") == b"busy":
            raise BUSY.error()

    after = next(place for place, step in enumerate(gateway.steps) if isinstance(step, Transaction))
    gateway.take(*gateway.steps[:after], busy, *gateway.steps[after:])
    failed = alone.get("/status", headers={"x-fault": "busy"})
    assert (failed.status_code, failed.json()["status"], failed.json()["internalCode"]) == (
        503,
        "SERVICE_UNAVAILABLE",
        50300,
    )
    assert failed.headers["x-rate-limit-limit"] == "10"
    assert alone.get("/status").status_code == 200


def test_what_means_nothing_is_told_and_strictly_refused(runner: asyncio.Runner, alone: RSpaceApi) -> None:
    path, body = "/share?what=1", {"itemsToShare": [DOCUMENT], "groups": [{"id": GROUP, "colour": "red"}]}
    told = alone.post(path, body).headers["x-mock-ignored"]
    assert told == "query.what, body.groups[0].colour"
    with MockRSpace(strict=True) as server, server.tenant("acme") as tenant:
        strict = RSpaceApi(tenant, server.app, runner)
        refused = strict.post(path, body)
        assert (refused.status_code, refused.json()["internalCode"]) == (400, 40000)
        assert strict.get("/share?limt=3").status_code == strict.get("/status?a=b").status_code == 400
        assert len(tenant.shares) == 1


def test_one_server_has_both_apis_in_one_tenant(lab: RSpaceApi, showpad_server: MockShowpad) -> None:
    token = {"Authorization": f"Bearer mock.{lab.tenant.name}.admin"}
    request = httpx2.Request("GET", "http://in-process/v4/shared-spaces", headers=token)
    assert asgi.run(lab._runner, asgi.send(showpad_server.app, request)).json()["count"] == 8


def test_python_code_arranges_by_names(rspace: RSpaceTenant) -> None:
    assert (rspace.user_id("bob"), rspace.item_id("Gel run 4")) == (102, DOCUMENT)
    with pytest.raises(LookupError, match="the nearest is alice"):
        rspace.headers("alise")
    with pytest.raises(LookupError, match="the nearest is Gel run 4"):
        rspace.item_id("Gel run 5")
