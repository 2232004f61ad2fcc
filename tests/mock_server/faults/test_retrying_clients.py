"""Clients that try again, unmodified: they recover from a fault, or do not, as they should."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
import tenacity
import urllib3
from urllib3.util import Retry

from showpad_mock import MockTenant

BODY = {"title": "A space", "publicUri": "once"}


@pytest.fixture
def pool() -> Iterator[urllib3.PoolManager]:
    retries = Retry(3, status_forcelist=[429, 503], backoff_factor=0)
    with urllib3.PoolManager(retries=retries) as pool:
        yield pool


def users(pool: urllib3.PoolManager, showpad: MockTenant, **options: Any) -> int:
    answer = pool.request("GET", f"{showpad.base_url}/users", headers=showpad.headers(), **options)
    return answer.status


def test_urllib3_recovers_from_answers_that_ask_for_another_try(showpad: MockTenant, pool: urllib3.PoolManager) -> None:
    with showpad.fault({"kind": "status", "status": 503}, {"kind": "rate-limited", "seconds": 0}) as fault:
        assert users(pool, showpad) == 200
        assert fault.fired == 2


def test_urllib3_gives_up_where_the_fault_lasts_longer(showpad: MockTenant, pool: urllib3.PoolManager) -> None:
    with showpad.fault({"kind": "status", "status": 503}) as fault:
        with pytest.raises(urllib3.exceptions.MaxRetryError):
            users(pool, showpad)
        assert fault.fired == 4


@pytest.mark.parametrize("effect", ["close-before", "reset", "lost-answer", "close-after"])
def test_urllib3_recovers_from_a_lost_connection_where_a_call_may_be_made_twice(
    showpad: MockTenant, pool: urllib3.PoolManager, effect: str
) -> None:
    with showpad.fault(effect, times=1):
        assert [users(pool, showpad) for _ in range(2)] == [200, 200]


def test_urllib3_recovers_from_an_answer_that_takes_too_long(showpad: MockTenant, pool: urllib3.PoolManager) -> None:
    with showpad.fault({"kind": "delay", "milliseconds": 60_000}, times=1):
        assert users(pool, showpad, timeout=urllib3.Timeout(connect=30, read=0.5)) == 200


@pytest.mark.parametrize(("effect", "made"), [("reset", 0), ("close-before", 0), ("lost-answer", 1)])
def test_urllib3_does_not_make_a_create_twice(
    showpad: MockTenant, pool: urllib3.PoolManager, effect: str, made: int
) -> None:
    headers = showpad.headers("seller", oauth=True)
    with showpad.fault(effect), pytest.raises(urllib3.exceptions.ProtocolError):
        pool.request("POST", f"{showpad.base_url}/shared-spaces", headers=headers, json=BODY)
    assert (len(showpad.requests()), len(showpad.events)) == (1, made)


@pytest.mark.parametrize(("effect", "status"), [("close-before", 201), ("lost-answer", 400)])
def test_a_create_that_is_tried_again_meets_what_the_lost_one_made(
    showpad: MockTenant, effect: str, status: int
) -> None:
    @tenacity.retry(
        retry=tenacity.retry_if_exception_type(requests.ConnectionError), stop=tenacity.stop_after_attempt(2)
    )
    def create() -> requests.Response:
        headers = showpad.headers("seller", oauth=True)
        return requests.post(f"{showpad.base_url}/shared-spaces", headers=headers, json=BODY, timeout=30)

    with showpad.fault(effect, times=1):
        answer = create()
    assert answer.status_code == status
    assert ("CREATE-URI-TAKEN" in answer.headers["x-mock-rules"]) == (status == 400)
    assert len(showpad.events) == 1
