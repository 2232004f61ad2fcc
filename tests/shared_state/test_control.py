"""The control API of each of three servers tells of all, over HTTP; one of them may die."""

from __future__ import annotations

import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import httpx2

from ..harness.at_once import at_once
from ..harness.engines import alone
from .servers import Tenant, servers

Tenants = Callable[[str], Tenant]


def requests(here: Tenant, asking: httpx2.Client, at: int, **params: Any) -> list[str]:
    """Return the paths that the control API of a server tells of a tenant."""
    url = f"{here.origins[at % len(here.origins)]}/__admin/requests"
    answer = asking.get(url, params={"tenant": here.name, "limit": 1000, **params})
    assert answer.status_code == 200, answer.text
    return [entry["path"].rpartition("/")[2] for entry in answer.json()["entries"]]


def test_what_one_server_answered_the_next_control_read_on_each_tells(tenant: Tenants, asking: httpx2.Client) -> None:
    here = tenant("told")
    for n in range(9):
        here.ask("GET", f"/shared-spaces/{n}", at=n)
        assert requests(here, asking, n + 1)[-1] == str(n)
    assert [requests(here, asking, server) for server in range(3)] == [list("012345678")] * 3


def test_of_many_requests_at_once_none_is_missing_and_none_told_twice(tenant: Tenants, asking: httpx2.Client) -> None:
    here = tenant("many")
    at_once(*[partial(here.ask, "GET", f"/shared-spaces/{n}", at=n) for n in range(90)])
    for server in range(3):
        assert sorted(requests(here, asking, server), key=int) == [str(n) for n in range(90)]


def test_a_request_to_another_server_wakes_who_waits(tenant: Tenants, asking: httpx2.Client) -> None:
    here = tenant("woken")
    with ThreadPoolExecutor() as pool:
        waits = [pool.submit(requests, here, asking, server, wait=50) for server in range(3)]
        here.ask("GET", "/shared-spaces/1", at=1)
        assert [wait.result() for wait in waits] == [["1"]] * 3


def test_with_a_server_killed_the_others_tell_what_they_answered(tmp_path: Path, asking: httpx2.Client) -> None:
    with alone(tmp_path) as engine, servers(engine.url) as programs:
        here = Tenant("acme", [program.origin for program in programs], asking)
        for server in range(3):
            here.ask("GET", f"/shared-spaces/{server}", at=server)
        assert len(requests(here, asking, 0)) == 3
        programs[2].process.send_signal(signal.SIGKILL)
        programs[2].process.wait()
        here.ask("GET", "/shared-spaces/3", at=0)
        assert requests(here, asking, 1)[-1] == "3"
