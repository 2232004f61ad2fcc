"""The journal through the control API: what it shows, what it keeps from sight, and waiting for the next request."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import pytest

from showpad_mock.control.exchanges import Wanted
from showpad_mock.core import journal
from showpad_mock.core.journal import BODY_SHOWN, JOURNAL_ENTRIES, Entry, Journal

from .caller import Caller, assert_refused, exchange

PATIENCE = 5.0  # a test that waits in vain ends after this many seconds


def entries(caller: Caller, **params: Any) -> list[dict[str, Any]]:
    answer = caller("GET", "requests", params=params)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["entries"]
    return found


def numbers(caller: Caller, **params: Any) -> list[int]:
    return [entry["number"] for entry in entries(caller, **params)]


def test_a_server_nobody_called_shows_no_request(caller: Caller) -> None:
    assert caller("GET", "requests").json() == {"entries": [], "last": 0, "dropped": 0}


def test_an_entry_shows_the_request_and_its_answer(caller: Caller) -> None:
    caller.v4("POST", "/shared-spaces?x=1", {"title": "T", "ownerId": "me"})
    [entry] = entries(caller)
    assert (entry["number"], entry["method"], entry["path"], entry["query"]) == (1, "POST", "/v4/shared-spaces", "x=1")
    assert (entry["tenant"], entry["user"], entry["status"], entry["isCut"]) == ("acme", "admin", 400, False)
    assert "CREATE-OWNER-REQUIRED" in entry["rules"]
    assert entry["ignored"] == ["query.x", "body.ownerId"]
    assert entry["request"]["body"] == {"title": "T", "ownerId": "me"}
    assert entry["response"]["body"]["detail"] == entry["detail"]
    assert entry["response"]["headers"]["content-type"] == "application/problem+json"


def test_secrets_are_not_shown(caller: Caller) -> None:
    caller.v4("GET", "/shared-spaces")
    assert entries(caller)[0]["request"]["headers"]["authorization"] == "[redacted]"


def test_a_call_of_the_control_api_is_no_request(caller: Caller) -> None:
    caller("GET", "tenants")
    assert entries(caller) == []


def test_a_header_given_twice_shows_both_values(caller: Caller) -> None:
    caller.app.journal.add(exchange(request_headers=[(b"X-A", b"1"), (b"x-a", b"2")]))
    assert entries(caller)[0]["request"]["headers"] == {"x-a": "1, 2"}


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (b"", None),
        (b'{"a": [1]}', {"a": [1]}),
        (b"no JSON", "no JSON"),
        (b"\xff", "\ufffd"),
        (b"NaN", "NaN"),
        (b"[" * 1000, "[" * 1000),
    ],
)
def test_a_body_is_shown_as_json_or_else_as_text(caller: Caller, body: bytes, shown: Any) -> None:
    caller.app.journal.add(exchange(request_body=body))
    assert entries(caller)[0]["request"]["body"] == shown


def test_a_body_that_was_cut_is_shown_as_text(caller: Caller) -> None:
    caller.app.journal.add(exchange(response_body=b'["' + b"a" * BODY_SHOWN + b'"]'))
    [entry] = entries(caller)
    assert entry["isCut"] is True
    assert entry["response"]["body"] == '["' + "a" * (BODY_SHOWN - 2)


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"tenant": "acme"}, [1, 3]),
        ({"tenant": "nobody"}, []),
        ({"method": "POST"}, [2]),
        ({"method": "post"}, [2]),
        ({"path": "/v4/shares"}, [3]),
        ({"path": "shares"}, []),
        ({"status": "404"}, [2]),
        ({"status": "4xx"}, [1, 2]),
        ({"status": "5xx"}, []),
        ({"rule": "A-RULE"}, [1, 3]),
        ({"rule": "A-RUL"}, []),
        ({"since": 2}, [3]),
        ({"since": 10**60}, []),
        ({"since": 0}, [1, 2, 3]),
        ({"limit": 2}, [2, 3]),
        ({"rule": "A-RULE", "status": "400", "tenant": "acme"}, [1]),
    ],
)
def test_filters_keep_what_fits_all_of_them(caller: Caller, params: dict[str, Any], expected: list[int]) -> None:
    add = caller.app.journal.add
    add(exchange(tenant="acme", status=400, rules=("OTHER", "A-RULE")))
    add(exchange(tenant="other", status=404, method="POST"))
    add(exchange(tenant="acme", rules=("A-RULE",), path="/v4/shares/1"))
    assert numbers(caller, **params) == expected


@pytest.mark.parametrize(
    "params",
    [
        {"status": "4XX"},
        {"status": "600"},
        {"since": "-1"},
        {"since": "x"},
        {"limit": "0"},
        {"limit": "1001"},
        {"wait": "61"},
        {"wait": "-1"},
        {"wait": "nan"},
        {"limt": "1"},
    ],
)
def test_a_query_that_cannot_be_is_refused(caller: Caller, params: dict[str, str]) -> None:
    [name] = params
    assert_refused(caller("GET", "requests", params=params), 400, "invalid-request", f"query.{name}: ")


def test_a_parameter_given_twice_is_refused(caller: Caller) -> None:
    assert_refused(caller("GET", "requests?rule=A&rule=B"), 400, "invalid-request", "query.rule: must be given once")


def test_a_hundred_are_shown_unless_asked_otherwise(caller: Caller) -> None:
    for _ in range(101):
        caller.app.journal.add(exchange())
    assert numbers(caller) == list(range(2, 102))
    assert len(numbers(caller, limit=1000)) == 101


def test_the_last_entries_of_a_tenant_outlive_the_common_ones(caller: Caller) -> None:
    caller.app.journal.add(exchange(tenant="quiet"))
    for _ in range(JOURNAL_ENTRIES):
        caller.app.journal.add(exchange(tenant="loud"))
    assert numbers(caller, tenant="quiet") == [1]
    told = caller("GET", "requests").json()
    assert (told["dropped"], told["last"]) == (1, JOURNAL_ENTRIES + 1)


def test_forgotten_requests_are_gone_and_numbers_go_on(caller: Caller) -> None:
    caller.app.journal.add(exchange())
    assert caller("DELETE", "requests").status_code == 204
    caller.app.journal.add(exchange())
    assert numbers(caller) == [2]


def waiting(
    caller: Caller, then: Callable[[], Awaitable[object]], params: dict[str, Any] | None = None
) -> httpx2.Response:
    """Ask for a request, wait for one, and do something once the server listens for it."""

    async def both() -> httpx2.Response:
        listens = asyncio.Event()
        listen = Journal.listen

        def listen_and_tell(journal: Journal, listener: Any) -> Callable[[], None]:
            listens.set()
            return listen(journal, listener)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Journal, "listen", listen_and_tell)
            async with asyncio.timeout(PATIENCE):
                answer = asyncio.create_task(caller.send("GET", "requests", params={"wait": 60, **(params or {})}))
                await listens.wait()
                assert not answer.done()
                await then()
                return await answer

    return caller.run(both())


def test_a_new_request_wakes_who_waits(caller: Caller) -> None:
    answer = waiting(caller, lambda: caller.send("GET", "/v4/shared-spaces"))
    assert [entry["path"] for entry in answer.json()["entries"]] == ["/v4/shared-spaces"]


def test_a_request_in_another_thread_wakes_who_waits(caller: Caller) -> None:
    answer = waiting(caller, lambda: asyncio.to_thread(caller.app.journal.add, exchange()))
    assert len(answer.json()["entries"]) == 1


def test_only_what_fits_wakes_who_waits(caller: Caller) -> None:
    async def add_two() -> None:
        caller.app.journal.add(exchange(tenant="other"))
        caller.app.journal.add(exchange(tenant="acme"))

    answer = waiting(caller, add_two, {"tenant": "acme"})
    assert [entry["number"] for entry in answer.json()["entries"]] == [2]


def test_what_is_there_already_is_not_waited_for(caller: Caller) -> None:
    caller.app.journal.add(exchange())
    assert numbers(caller, wait=60) == [1]


def test_only_what_came_since_is_not_waited_for(caller: Caller) -> None:
    caller.app.journal.add(exchange())

    async def add_one() -> None:
        caller.app.journal.add(exchange())

    answer = waiting(caller, add_one, {"since": 1})
    assert [entry["number"] for entry in answer.json()["entries"]] == [2]


@pytest.mark.parametrize("params", [{"tenant": "acme"}, {"status": "5xx"}, {"since": 1000, "path": "/v4/rare"}])
def test_no_wake_up_walks_over_the_journal(
    caller: Caller, monkeypatch: pytest.MonkeyPatch, params: dict[str, Any]
) -> None:
    for _ in range(JOURNAL_ENTRIES):
        caller.app.journal.add(exchange(tenant=None, status=201))
    unpacked: list[bytes] = []
    unpack = journal._unpacked

    def counted(packed: bytes) -> Entry:
        unpacked.append(packed)
        return unpack(packed)

    async def add() -> None:
        await asyncio.sleep(0)
        unpacked.clear()
        for number in range(3):
            caller.app.journal.add(exchange(tenant="other"))
            caller.app.journal.add(exchange(tenant="acme", path=f"/v4/rare/{number}", status=500))

    monkeypatch.setattr(journal, "_unpacked", counted)
    answer = waiting(caller, add, params).json()
    assert [entry["path"] for entry in answer["entries"]] == ["/v4/rare/0", "/v4/rare/1", "/v4/rare/2"]
    assert answer["last"] == JOURNAL_ENTRIES + 6
    assert len(unpacked) == 0


def test_what_came_between_looking_and_waiting_is_not_missed(caller: Caller) -> None:
    exchanges = caller.app.control._server.exchanges
    wanted = Wanted(fits=lambda _: True, since=0, tenant=None, limit=1)
    looked = caller.run(exchanges.find(wanted))
    caller.app.journal.add(exchange())
    found = caller.run(asyncio.wait_for(exchanges.next(wanted, looked.last), PATIENCE))
    assert [entry.number for entry in found.entries] == [1]


def test_what_came_is_told_up_to_its_last_number_so_that_who_asks_since_it_misses_none(caller: Caller) -> None:
    async def add() -> None:
        caller.app.journal.add(exchange(tenant="acme"))
        caller.app.journal.add(exchange(tenant="other"))

    first = waiting(caller, add, {"tenant": "acme"}).json()
    assert (len(first["entries"]), first["last"]) == (1, 1)
    caller.app.journal.add(exchange(tenant="acme"))
    assert numbers(caller, tenant="acme", since=first["last"]) == [3]


def test_who_waits_is_told_the_newest_up_to_the_limit(caller: Caller) -> None:
    async def add() -> None:
        for _ in range(5):
            caller.app.journal.add(exchange())

    answer = waiting(caller, add, {"limit": 2}).json()
    assert [entry["number"] for entry in answer["entries"]] == [4, 5]


def test_a_wait_in_vain_ends_without_entries(caller: Caller) -> None:
    assert entries(caller, wait=0.01) == []


def test_close_ends_every_wait_at_once(caller: Caller) -> None:
    answer = waiting(caller, lambda: asyncio.to_thread(caller.app.control.close))
    assert answer.json()["entries"] == []


def test_who_waited_is_forgotten(caller: Caller) -> None:
    entries(caller, wait=0.01)
    assert caller.app.journal._listeners == []
    caller.app.control.close()


def test_an_entry_after_the_loop_has_ended_fails_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    listeners: list[Callable[[Entry], None]] = []

    def listen(_: Journal, listener: Callable[[Entry], None]) -> Callable[[], None]:
        listeners.append(listener)
        return lambda: None

    monkeypatch.setattr(Journal, "listen", listen)
    with asyncio.Runner() as runner:
        caller = Caller(runner)
        entries(caller, wait=0.01)
    caller.app.journal.add(exchange())
    listeners[0](next(caller.app.journal.read()))
