"""The kit's receiver: what it keeps, how it answers, and what it takes from whoever comes."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import suppress
from threading import Thread

import pytest

from showpad_contracts.transport import receiver as room
from showpad_contracts.transport.receiver import Inbox, Reach, Receiver

PATIENCE = 30.0


def has_ipv6() -> bool:
    """Whether this machine has a loopback address of IPv6."""
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver(Reach())
    yield receiver
    receiver.close()


def connected(to: Receiver, host: str = "127.0.0.1") -> socket.socket:
    return socket.create_connection((host, to.port), timeout=PATIENCE)


def answered(to: Receiver, sent: bytes, host: str = "127.0.0.1") -> bytes:
    """Send some bytes; return all that comes back, before the end or the reset that a rest unread brings about."""
    answer = b""
    with connected(to, host) as connection, suppress(ConnectionResetError, BrokenPipeError):
        connection.sendall(sent)
        while piece := connection.recv(65536):
            answer += piece
    return answer


def posted(path: str, body: bytes = b"{}", *headers: str) -> bytes:
    lines = (f"POST {path} HTTP/1.1", "Host: here", f"Content-Length: {len(body)}", *headers, "", "")
    return "\r\n".join(lines).encode() + body


def status(answer: bytes) -> int:
    return int(answer.split()[1])


def bodies(inbox: Inbox) -> list[bytes]:
    return [one.body for one in inbox.all()]


def test_what_comes_is_kept_as_it_came(receiver: Receiver) -> None:
    inbox = receiver.inbox("one", [204])
    assert status(answered(receiver, posted("/one?a=b", b'{"a": 1}', "X-Check: Yes"))) == 204
    [delivery] = inbox.all()
    assert (delivery.method, delivery.body, delivery.json()) == ("POST", b'{"a": 1}', {"a": 1})
    assert (delivery.header("x-check"), delivery.header("x-other")) == ("Yes", None)
    assert receiver.was_reached


def test_a_body_in_chunks_is_whole(receiver: Receiver) -> None:
    inbox = receiver.inbox("one", [200])
    chunks = b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    answered(receiver, b"GET /one HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks)
    assert bodies(inbox) == [b"abcde"]


def test_who_waits_to_send_a_body_is_asked_for_it(receiver: Receiver) -> None:
    inbox = receiver.inbox("one", [200])
    with connected(receiver) as connection:
        connection.sendall(posted("/one", b"", "Expect: 100-continue").replace(b"Length: 0", b"Length: 2"))
        assert connection.recv(65536).startswith(b"HTTP/1.1 100 ")
        connection.sendall(b"{}")
        assert status(connection.recv(65536)) == 200
    assert bodies(inbox) == [b"{}"]


def test_what_comes_again_gets_the_next_answer_and_then_the_last_for_ever(receiver: Receiver) -> None:
    receiver.inbox("one", [503, 204])
    statuses = [status(answered(receiver, posted("/one", body))) for body in (b"a", b"b", b"a", b"a", b"b")]
    assert statuses == [503, 503, 204, 204, 204]


@pytest.mark.parametrize("answer", [b"", b"SSH-2.0-OpenSSH\r\n"])
def test_bytes_are_answered_as_they_are(receiver: Receiver, answer: bytes) -> None:
    inbox = receiver.inbox("one", [answer])
    assert answered(receiver, posted("/one")) == answer
    assert len(inbox.all()) == 1


def test_what_nobody_waits_for_is_404_and_not_kept(receiver: Receiver) -> None:
    inbox = receiver.inbox("one", [200])
    assert status(answered(receiver, posted("/other"))) == 404
    assert (inbox.all(), receiver.was_reached) == ([], False)


def test_a_tunnel_may_put_the_path_below_another_one() -> None:
    receiver = Receiver(Reach("https://tunnel.example/hooks/"))
    inbox = receiver.inbox("one", [200])
    assert inbox.url == "https://tunnel.example/hooks/one"
    answered(receiver, posted("/behind/it/one"))
    receiver.close()
    assert len(inbox.all()) == 1


def test_who_sends_too_much_gets_no_answer(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MOST_BODY", 10)
    inbox = receiver.inbox("one", [200])
    assert answered(receiver, posted("/one", b"12345678901")) == b""
    assert inbox.all() == []


@pytest.mark.parametrize("sent", [b"", b"POST /one HTTP/1.1\r\n", posted("/one", b"whole")[:-1]])
def test_who_is_too_slow_gets_no_answer(receiver: Receiver, sent: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "SECONDS", 0.05)
    inbox = receiver.inbox("one", [200])
    assert answered(receiver, sent) == b""
    assert inbox.all() == []


@pytest.mark.parametrize("sent", [b"\x16\x03\x01\x02\x00\x01\r\n\r\n", b"GET / HTTP/1.1\r\n" + b"a" * 70_000])
def test_what_is_no_request_leaves_it_listening(receiver: Receiver, sent: bytes) -> None:
    assert answered(receiver, sent) == b""
    receiver.inbox("one", [200])
    assert status(answered(receiver, posted("/one"))) == 200


def test_where_a_place_was_closed_nothing_more_is_kept(receiver: Receiver) -> None:
    inbox = receiver.inbox("one", [200])
    receiver.close_inboxes()
    assert status(answered(receiver, posted("/one"))) == 404
    assert inbox.all() == []


def test_the_oldest_make_room(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MOST_KEPT", 2)
    inbox = receiver.inbox("one", [200])
    for body in (b"a", b"b", b"c"):
        answered(receiver, posted("/one", body))
    assert bodies(inbox) == [b"b", b"c"]


def test_the_bytes_that_are_kept_have_a_limit(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MOST_KEPT_BYTES", 10)
    inbox = receiver.inbox("one", [200])
    for body in (b"12345", b"67890", b"1"):
        answered(receiver, posted("/one", body))
    assert bodies(inbox) == [b"67890", b"1"]


def test_who_waits_is_told_when_enough_has_come(receiver: Receiver) -> None:
    inbox = receiver.inbox("one", [200])
    sender = Thread(target=lambda: [answered(receiver, posted("/one", body)) for body in (b"a", b"b")])
    sender.start()
    inbox.wait(lambda come: len(come) == 2, PATIENCE)
    assert bodies(inbox) == [b"a", b"b"]
    sender.join()


def test_waiting_for_what_does_not_come_has_an_end(receiver: Receiver) -> None:
    inbox = receiver.inbox("one", [200])
    inbox.wait(bool, 0.01)
    assert inbox.all() == []


def test_it_listens_no_longer_once_it_is_closed() -> None:
    receiver = Receiver(Reach())
    receiver.close()
    with pytest.raises(ConnectionRefusedError):
        connected(receiver)


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")
def test_it_listens_by_ipv6_too() -> None:
    receiver = Receiver(Reach(host="::1"))
    inbox = receiver.inbox("one", [200])
    answered(receiver, posted("/one"), "::1")
    receiver.close()
    assert inbox.url.startswith("http://[::1]:")
    assert len(inbox.all()) == 1
