from __future__ import annotations

import pytest

from showpad_mock.core.journal import BODY_SHOWN, TENANT_ENTRIES, Entry, Journal


def exchange(**changes: object) -> Entry:
    plain: dict[str, object] = {
        "method": "POST",
        "path": "/v4/shared-spaces",
        "query": b"",
        "tenant": "t",
        "user": "seller",
        "status": 201,
        "rules": ("CREATE-OK",),
        "ignored": (),
        "detail": None,
        "request_headers": [],
        "request_body": b"",
        "response_headers": [],
        "response_body": b"",
        "milliseconds": 0.5,
    }
    return Entry(**{**plain, **changes})  # type: ignore[arg-type]  # one of many types a member


def test_the_oldest_entries_are_dropped_and_counted() -> None:
    journal = Journal(entries=3)
    for _ in range(5):
        journal.add(exchange(tenant=None))
    assert [entry.number for entry in journal.read()] == [3, 4, 5]
    assert journal.dropped == 2


def test_bodies_are_bounded_in_all() -> None:
    journal = Journal(size=10_000)
    for _ in range(10):
        journal.add(exchange(request_body=b"x" * 3000))
    assert sum(entry.size for entry in journal.read()) <= 10_000


def test_a_tenant_keeps_its_last_entries_whatever_others_do() -> None:
    journal = Journal(entries=5)
    journal.add(exchange(tenant="quiet"))
    for _ in range(100):
        journal.add(exchange(tenant="loud"))
    assert len(journal.last_of("quiet")) == 1
    assert len(journal.last_of("loud")) == TENANT_ENTRIES


def test_what_tenants_keep_is_bounded_and_the_longest_quiet_goes_first() -> None:
    journal = Journal(size=5_500)
    for tenant in ("a", "b", "c", "a", "d"):
        journal.add(exchange(tenant=tenant, request_body=b"x" * 1500))
    assert [len(journal.last_of(tenant)) for tenant in "abcd"] == [2, 0, 0, 1]


@pytest.mark.parametrize("header", [b"authorization", b"Cookie", b"apiKey", b"set-cookie"])
def test_secret_headers_are_redacted_where_they_are_captured(header: bytes) -> None:
    journal = Journal()
    journal.add(exchange(request_headers=[(header, b"hush"), (b"accept", b"*/*")]))
    entry = next(journal.read())
    assert b"hush" not in repr(entry).encode()
    assert entry.request_headers == [(header, b"[redacted]"), (b"accept", b"*/*")]


@pytest.mark.parametrize(
    "body",
    [
        b'{"password": "hush"}',
        b'{"a": {"access_token":"hush", "b": 1}}',
        b'{"signatureKey" : "hu\\"sh hush"}',
        b"grant_type=password&refresh_token=hush&x=1",
        b"client_secret=hush",
        b'{"password": "hush',
    ],
)
def test_secrets_in_bodies_are_redacted_where_they_are_captured(body: bytes) -> None:
    journal = Journal()
    journal.add(exchange(request_body=body, response_body=body))
    assert b"hush" not in repr(next(journal.read())).encode()


def test_a_token_in_the_query_is_redacted() -> None:
    journal = Journal()
    journal.add(exchange(query=b"access_token=hush&limit=1"))
    assert next(journal.read()).query == b"access_token=[redacted]&limit=1"


def test_secrets_in_path_and_detail_are_redacted() -> None:
    journal = Journal()
    journal.add(exchange(path="/v4/callback;code=hush", detail='No "/v4/callback;code=hush" here.'))
    assert "hush" not in repr(next(journal.read()))


def test_long_bodies_are_cut_and_said_to_be() -> None:
    journal = Journal()
    journal.add(exchange(request_body=b"x" * (BODY_SHOWN + 1)))
    entry = next(journal.read())
    assert entry.cut
    assert len(entry.request_body) == BODY_SHOWN


def test_numbers_go_on_after_a_clear() -> None:
    journal = Journal()
    journal.add(exchange())
    journal.clear()
    journal.add(exchange())
    assert [entry.number for entry in journal.read()] == [2]


def test_the_answer_to_a_read_is_redacted_each_time() -> None:
    journal = Journal()
    for body in (b'{"id": "1"}', b'{"token": "hush"}') * 2:
        journal.add(exchange(method="GET", response_body=body))
    assert [entry.response_body for entry in journal.read()] == [b'{"id": "1"}', b'{"token": "[redacted]"}'] * 2


def test_an_entry_is_read_as_it_was_added() -> None:
    journal = Journal()
    sent = exchange(rules=("A", "B"), ignored=("body.x",), detail="why", tenant=None, response_body=b"\xff\x00")
    journal.add(sent)
    [entry] = journal.read()
    assert entry == sent
    assert entry.number == 1
    assert list(journal.read(since=1)) == []


def test_where_names_are_known_to_be_innocent_texts_are_looked_through() -> None:
    journal = Journal()
    journal.add(exchange(request_body=b'{"title": "https://example.com/?token=hidden"}'), has_innocent_names=True)
    journal.add(exchange(request_body=b'{"title": "plain"}'), has_innocent_names=True)
    hidden, plain = (entry.request_body for entry in journal.read())
    assert b"hidden" not in hidden
    assert plain == b'{"title": "plain"}'
