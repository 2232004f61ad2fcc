"""Where deliveries may go: loopback, and what is allowed by name, looked up and checked at each connection."""

from __future__ import annotations

import asyncio
from pathlib import Path
from socket import AF_INET
from ssl import PROTOCOL_TLS_SERVER, SSLContext
from typing import Any

import pytest
import trustme

from showpad_mock.serving.serve import load
from showpad_mock.settings import load_settings
from showpad_mock.webhooks.queue import Outcome
from showpad_mock.webhooks.sending import Request, Sender

from ...harness.receiver import Receiver


class Names:
    """Resolves every name to these addresses, the first look-up's first."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []
        self.ports: list[int] = []
        monkeypatch.setattr(asyncio.base_events.BaseEventLoop, "getaddrinfo", self._getaddrinfo)

    async def _getaddrinfo(self, host: str, port: int, **_: Any) -> list[Any]:
        self.asked.append(host)
        self.ports.append(port)
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [(AF_INET, 1, 6, "", (address, port)) for address in found]


def send(runner: asyncio.Runner, url: str, *allowed: str) -> Outcome:
    return runner.run(Sender(allowed, 5).send(Request("POST", url, [], b"{}")))


@pytest.mark.parametrize(
    "host",
    [
        *("10.0.0.1", "169.254.169.254", "0.0.0.0", "8.8.8.8", "[::]", "[fe80::1]", "[::ffff:169.254.169.254]"),
        *("example.com", "localhost.example.com", "2130706434", "127.0.0.1.example.com"),
    ],
)
def test_what_is_not_loopback_is_refused_and_not_looked_up(
    runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    names = Names(monkeypatch, ["127.0.0.1"])
    outcome = send(runner, f"http://{host}:1/")
    assert (outcome.is_final, outcome.status) == (True, None)
    assert "not allowed" in (outcome.error or "")
    assert names.asked == []


def test_without_a_port_it_is_that_of_the_scheme(runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    names = Names(monkeypatch, ["10.0.0.1"])
    for url in ("http://hook.localhost/", "https://hook.localhost/", "https://hook.localhost:81/"):
        send(runner, url)
    assert names.ports == [80, 443, 81]


def test_loopback_is_reached_by_any_of_its_names(runner: asyncio.Runner) -> None:
    with Receiver() as receiver:
        for host in ("127.0.0.1", "localhost", "[::ffff:127.0.0.1]"):
            assert send(runner, receiver.url.replace("127.0.0.1", host)).status == 200


def test_a_name_of_loopback_that_leads_elsewhere_is_refused(
    runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    Names(monkeypatch, ["127.0.0.1", "10.0.0.1"])
    assert "10.0.0.1" in (send(runner, "http://hook.localhost:1/").error or "")


def test_an_allowed_host_is_looked_up_and_checked_each_time(
    runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Receiver() as receiver:
        names = Names(monkeypatch, ["127.0.0.1"], ["169.254.169.254"])
        url = receiver.url.replace("127.0.0.1", "receiver.test")
        assert send(runner, url, "Receiver.Test").status == 200
        assert send(runner, url, "receiver.test").error == (
            "the host receiver.test has the address 169.254.169.254, which is not allowed"
        )
    assert names.asked == ["receiver.test"] * 2
    assert receiver.received[0].headers["host"].startswith("receiver.test:")


@pytest.mark.parametrize("arguments", [[], ["--allow-webhook-host", "receiver.test"]])
def test_serve_sends_to_the_hosts_that_it_is_told_alone(
    runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    Names(monkeypatch, ["127.0.0.1"])
    app = load(load_settings(arguments, {}), None, lambda _: pytest.fail("no state was asked for"))
    with Receiver() as receiver:
        url = receiver.url.replace("127.0.0.1", "receiver.test")
        outcome = runner.run(app.deliveries.send(Request("POST", url, [], b"{}")))
    assert (outcome.status == 200) is bool(arguments)


@pytest.mark.parametrize("address", ["0.0.0.0", "224.0.0.1", "169.254.0.1", "::", "ff02::1", "fe80::1"])
def test_an_allowed_name_does_not_lead_just_anywhere(
    runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    Names(monkeypatch, [address])
    assert send(runner, "http://receiver.test:1/", "receiver.test").is_final


@pytest.mark.parametrize(("name", "status"), [("localhost", 200), ("elsewhere.test", None)])
def test_a_receiver_shows_a_certificate_of_its_own_name(
    runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, status: int | None
) -> None:
    authority, tls = trustme.CA(), SSLContext(PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(tls)
    authority.cert_pem.write_to_path(str(tmp_path / "trusted.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "trusted.pem"))
    with Receiver(tls=tls) as receiver:
        outcome = send(runner, receiver.url.replace("http://127.0.0.1", "https://localhost"))
    assert outcome.status == status
    assert ("TLS failed" in (outcome.error or "")) is (status is None)


def test_a_receiver_whose_certificate_nobody_knows_is_told_and_tried_again(runner: asyncio.Runner) -> None:
    with Receiver() as receiver:
        outcome = send(runner, receiver.url.replace("http:", "https:"))
    assert (outcome.is_final, outcome.status) == (False, None)
    assert outcome.error is not None
