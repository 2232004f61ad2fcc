from __future__ import annotations

from typing import Any

import pytest

from showpad_mock import MockTenant

from ...harness.api import Api
from .conftest import Control

STATUS = {"kind": "status"}


def test_a_fault_is_set_shown_changed_and_removed(control: Control, api: Api) -> None:
    made = control("POST", {"effect": STATUS, "times": 1})
    assert (made.status_code, made.json()["name"]) == (201, "fault-1")
    api.get("/users")
    changed = control("PATCH", {"times": 2, "effect": {"kind": "status", "status": 503}}, name="fault-1")
    assert (changed.json()["times"], changed.json()["fired"], changed.json()["isLive"]) == (2, 1, True)
    assert api.get("/users").status_code == 503
    assert control("GET", name="fault-1").json()["fired"] == 2
    assert control("DELETE", name="fault-1").status_code == 204
    assert control("GET").json() == []


def test_a_name_of_none_is_told_with_the_nearest(control: Control) -> None:
    control("POST", {"name": "slow", "effect": STATUS})
    for method in ("GET", "DELETE"):
        refused = control(method, name="slwo")
        assert (refused.status_code, "the nearest is slow" in refused.json()["detail"]) == (404, True)
    assert control("PATCH", {"times": 1}, name="slwo").status_code == 404


def test_a_name_in_use_is_409(control: Control) -> None:
    assert control("POST", {"name": "slow", "effect": STATUS}).status_code == 201
    assert control("POST", {"name": "slow", "effect": STATUS}).json()["type"] == "/mock-server/fault-exists"


def test_all_faults_are_removed_at_once(control: Control) -> None:
    for _ in range(3):
        control("POST", {"effect": STATUS})
    assert control("DELETE").status_code == 204
    assert control("GET").json() == []


def test_there_are_a_hundred_at_most_of_which_those_whose_time_is_over_make_room(
    control: Control, showpad: MockTenant
) -> None:
    showpad.freeze("2026-03-10T12:00:00Z")
    for _ in range(100):
        control("POST", {"effect": STATUS, "expiresIn": 1})
    assert control("POST", {"effect": STATUS}).json()["type"] == "/mock-server/too-many-faults"
    showpad.freeze("2026-03-10T12:00:01Z")
    assert control("POST", {"effect": STATUS}).status_code == 201
    assert len(control("GET").json()) == 1


BODY = {"kind": "status", "body": "x"}


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({}, "body: needs an effect"),
        ({"effect": STATUS, "effects": [STATUS]}, "body: takes either effect or effects"),
        ({"effects": []}, "body.effects:"),
        ({"effect": {"kind": "none-such"}}, "body.effect:"),
        ({"effect": {}}, "body.effect:"),
        ({"effect": STATUS, "name": "a\r\nb"}, "body.name:"),
        ({"effect": STATUS, "times": 0}, "body.times:"),
        ({"effect": STATUS, "probability": 1.5}, "body.probability:"),
        ({"effect": STATUS, "expiresIn": 0}, "body.expiresIn:"),
        ({"effect": STATUS, "match": {"operation": "getUser"}}, "body.match.operation: there is no operation getUser;"),
        ({"effect": STATUS, "match": {"colour": "red"}}, "body.match.colour:"),
        ({"effect": STATUS, "match": {"path": "*" * 201}}, "body.match.path:"),
        ({"effect": STATUS, "match": {"path": "no-slash"}}, "body.match.path:"),
        ({"effect": STATUS, "match": {"body": {"a": {"b": 1}}}}, "body.match.body.a."),
        ({"effect": STATUS, "match": {"headers": {str(n): "*" for n in range(11)}}}, "body.match.headers:"),
        ({"effect": {"kind": "status", "status": 100}}, "body.effect.status.status:"),
        (
            {"effect": {"kind": "status", "status": 204, "body": "x"}},
            "body.effect.status: an answer with the status 204",
        ),
        ({"effect": {"kind": "status", "status": 304, "body": None}}, "body.effect.status: an answer with the status"),
        ({"effect": {**BODY, "headers": {"X-A": "1\r\nX-B: 2"}}}, "body.effect.status.headers.X-A:"),
        ({"effect": {**BODY, "headers": {"X-A\r\nX-B": "1"}}}, "body.effect.status.headers.X-A"),
        ({"effect": {**BODY, "headers": {"Content-Length": "1"}}}, "body.effect.status.headers.Content-Length"),
        ({"effect": {**BODY, "headers": {"X-Mock-Rules": "1"}}}, "body.effect.status.headers.X-Mock-Rules"),
        ({"effect": {"kind": "status", "headers": {"Content-Type": "a/b"}}}, "body.effect.status: a Content-Type"),
        ({"effect": {"kind": "status", "body": "x" * 70_000}}, "body.effect: a fault's effects may take 65536 bytes"),
        ({"effects": [{"kind": "problem", "rule": "GET-40"}]}, "body.effects[0].rule:"),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(control: Control, body: Any, place: str) -> None:
    refused = control("POST", body)
    assert refused.status_code == 400
    assert refused.json()["detail"].startswith(place), refused.json()["detail"]
    assert control("GET").json() == []


def test_in_python_the_same_is_a_value_error(showpad: MockTenant) -> None:
    for effects in ([], ["none-such"], [{"kind": "status", "status": 99}], [{"kind": "problem", "rule": "GET-40"}]):
        with pytest.raises(ValueError, match=r"effect"), showpad.fault(*effects):
            raise AssertionError("nothing is set")


def test_in_python_it_ends_with_the_block_also_where_that_raises(showpad: MockTenant, api: Api) -> None:
    with pytest.raises(ZeroDivisionError), showpad.fault("status") as fault:
        assert api.get("/users").status_code == 500
        raise ZeroDivisionError
    assert (api.get("/users").status_code, fault.fired) == (200, 1)


def test_in_python_it_does_not_end_by_itself(showpad: MockTenant, api: Api) -> None:
    with showpad.fault("status"):
        showpad.shift(400 * 24 * 3600)
        assert api.get("/users").status_code == 500


def test_a_reset_within_the_block_takes_it_away_and_not_another_of_its_name(
    showpad: MockTenant, control: Control
) -> None:
    with showpad.fault("status", name="mine", after=5) as fault:
        showpad.reset()
    assert fault.fired == 0
