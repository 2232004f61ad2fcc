"""A server that is killed loses no delivery: neither one that it was making, nor one that was to be tried again."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import Any

import httpx2

from ...harness.program import Program, serving
from ...harness.receiver import HANG, Receiver


def ask(program: Program, method: str, path: str, body: Any = None) -> Any:
    headers = {"Authorization": "Bearer mock.acme.admin"}
    answer = httpx2.request(method, program.origin + path, json=body, headers=headers, trust_env=False, timeout=60)
    assert answer.is_success, answer.text
    return answer.json()


def create_space(program: Program) -> None:
    owner = ask(program, "GET", "/v4/users")["items"][0]["id"]
    ask(program, "POST", "/v4/shared-spaces", {"title": "A space", "owner": {"userId": owner}})


def test_pending_deliveries_outlive_a_server_that_is_killed(tmp_path: Path) -> None:
    state = ("--state", str(tmp_path / "state"), "-q")
    with Receiver(500, HANG, 200) as receiver:
        with serving(*state) as program:
            ask(program, "PATCH", "/__admin/tenants/acme", {"clock": {"frozen": "2026-03-10T15:43:25.000Z"}})
            subscription = {"name": "CRM", "url": receiver.url, "types": ["shared-space-created"]}
            ask(program, "POST", "/webhooks/v1/subscriptions", subscription)
            create_space(program)  # answered 500, tried again in three seconds of a frozen clock
            receiver.wait(1)
            create_space(program)  # in hand
            receiver.wait(2)
            program.end(by=signal.SIGKILL)
        with serving(*state) as program:
            receiver.wait(3)
            assert ask(program, "POST", "/__admin/tenants/acme/advance", {"seconds": 3})["pending"] == []
    first, second, second_again, first_again = [json.loads(one.body)["id"] for one in receiver.received]
    assert (first_again, second_again) == (first, second)
