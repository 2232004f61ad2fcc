from __future__ import annotations

from collections.abc import Callable
from unittest.mock import Mock

import httpx2
import pytest

from showpad_mock import MockShowpad, MockTenant

from ...harness.api import Api
from .conftest import Control

Create = Callable[..., httpx2.Response]


def statuses(api: Api, count: int) -> list[int]:
    return [api.get("/users").status_code for _ in range(count)]


def test_it_acts_as_often_as_told_after_letting_some_pass(showpad: MockTenant, api: Api) -> None:
    with showpad.fault("status", after=1, times=2) as fault:
        assert statuses(api, 4) == [200, 500, 500, 200]
    assert (fault.seen, fault.fired) == (3, 2)


def test_effects_are_used_in_turn_once_through(showpad: MockTenant, api: Api) -> None:
    with showpad.fault({"kind": "status", "status": 503}, {"kind": "status", "status": 502}):
        assert statuses(api, 3) == [503, 502, 200]


def test_effects_begin_again_where_they_may_act_more_often(showpad: MockTenant, api: Api) -> None:
    with showpad.fault({"kind": "status", "status": 503}, {"kind": "status", "status": 502}, times=3):
        assert statuses(api, 4) == [503, 502, 503, 200]


def test_the_newest_fault_acts_and_behind_it_the_one_before(showpad: MockTenant, api: Api) -> None:
    with showpad.fault({"kind": "status", "status": 503}), showpad.fault({"kind": "status", "status": 502}, times=1):
        assert statuses(api, 3) == [502, 503, 503]
    assert statuses(api, 1) == [200]


def drawn(showpad: MockTenant, api: Api) -> list[tuple[int, str | None]]:
    showpad.reset()
    with showpad.fault("status", name="now-and-then", probability=0.5):
        statuses(api, 20)
    return [(entry.status, entry.fault) for entry in showpad.requests()]


def test_the_same_seed_gives_the_same_faults(showpad: MockTenant, api: Api) -> None:
    first = drawn(showpad, api)
    assert set(first) == {(200, None), (500, "now-and-then")}
    assert drawn(showpad, api) == first


def test_where_there_is_none_a_call_is_one_unit_of_work(
    showpad: MockTenant, showpad_server: MockShowpad, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    with showpad.fault("status", times=1):
        statuses(api, 1)
    tenants, headers = showpad_server.app.tenants, showpad.headers()
    begin = Mock(wraps=tenants.transaction)
    monkeypatch.setattr(tenants, "transaction", begin)
    assert api.get("/users", as_=None, headers=headers).status_code == 200
    begin.assert_called_once_with(showpad.name)


def test_faults_move_no_id(showpad: MockTenant, api: Api, create: Create) -> None:
    without = [create().json()["id"] for _ in range(2)]
    showpad.reset()
    with showpad.fault("status", probability=0.5), showpad.fault({"kind": "status", "when": "before"}, times=3):
        answers = [create() for _ in range(20)]
    assert [answer.json()["id"] for answer in answers if answer.status_code == 201][:2] == without


def test_a_forgotten_fault_ends_by_the_tenants_clock(showpad: MockTenant, api: Api, control: Control) -> None:
    showpad.freeze("2026-03-10T12:00:00Z")
    control("POST", {"name": "forgotten", "effect": {"kind": "status"}})
    showpad.freeze("2026-03-10T12:59:59.999Z")
    assert statuses(api, 1) == [500]
    showpad.freeze("2026-03-10T13:00:00Z")
    assert statuses(api, 1) == [200]
    assert control("GET", name="forgotten").json()["isLive"] is False


def test_faults_are_in_snapshots_and_gone_with_a_reset(showpad: MockTenant, api: Api, control: Control) -> None:
    control("POST", {"name": "kept", "effect": {"kind": "status"}, "times": 2})
    with showpad.snapshot():
        assert statuses(api, 3) == [500, 500, 200]
    assert statuses(api, 1) == [500]
    showpad.reset()
    assert statuses(api, 1) == [200]
    assert control("GET").json() == []


def test_a_fault_lasts_no_longer_than_time_can_be_shown(showpad: MockTenant, control: Control) -> None:
    showpad.freeze("9999-12-31T23:59:00Z")
    assert control("POST", {"effect": {"kind": "status"}}).json()["expiresAt"] == "9999-12-31T23:59:59.999Z"


def test_a_snapshot_with_counts_below_nothing_is_refused(showpad: MockTenant, control: Control) -> None:
    control("POST", {"name": "odd", "effect": {"kind": "status"}})
    with pytest.raises(ValueError, match=r'the fault "odd": seen and fired must be at least 0'):
        showpad.put(showpad.take().replace(b'"seen":0', b'"seen":-1'))


@pytest.mark.parametrize("wrong", ['"kind":"none-such"', '"kind":"status","status":99'])
def test_a_snapshot_with_a_fault_that_is_none_is_refused_by_its_name(
    showpad: MockTenant, control: Control, wrong: str
) -> None:
    control("POST", {"name": "odd", "effect": {"kind": "status"}})
    snapshot = showpad.take().replace(b'"kind":"status"', wrong.encode())
    with pytest.raises(ValueError, match=r'tenant\.records\.faults: the fault "odd": effects\[0\]'):
        showpad.put(snapshot)


def test_the_journal_and_the_answer_name_the_fault(showpad: MockTenant, api: Api, control: Control) -> None:
    with showpad.fault("status", name="broken"):
        assert api.get("/users").headers["x-mock-fault"] == "broken"
    assert "x-mock-fault" not in api.get("/users").headers
    assert [entry.fault for entry in showpad.requests()] == ["broken", None]
    assert "(fault: broken)" in showpad.told()
