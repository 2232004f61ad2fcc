"""How a target reaches the kit's receiver: by itself on this machine, else as the user says."""

from __future__ import annotations

from typing import Any

import pytest

from showpad_contracts.arguments import listen_address, receiver_url
from showpad_contracts.running.opening import CannotRun, RunOptions, opened
from showpad_contracts.showpad.suite import SUITE
from showpad_contracts.transport.receiver import Reach

from ...harness.program import serving

HERE, ELSEWHERE = "http://localhost:7470/v4", "https://acme.api.showpad.com/v4"
TUNNEL = "https://tunnel.example/hooks"


def reach(base_url: str, **options: Any) -> Reach | None:
    return RunOptions(suite=SUITE, **options).reach(base_url)


def test_a_target_on_this_machine_reaches_any_port_of_it() -> None:
    assert reach(HERE) == Reach(None, "127.0.0.1", 0)


def test_a_target_elsewhere_reaches_it_where_the_user_says() -> None:
    assert reach(ELSEWHERE) is None
    assert reach(ELSEWHERE, receiver=TUNNEL, receiver_listen=("127.0.0.1", 9000)) == Reach(TUNNEL, "127.0.0.1", 9000)
    assert reach(ELSEWHERE, receiver_listen=("10.0.0.7", 9000)) == Reach(None, "10.0.0.7", 9000)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (
            {"receiver": TUNNEL},
            "--receiver: give --receiver-listen HOST:PORT, where what is sent to that address comes",
        ),
        ({"receiver_listen": ("0.0.0.0", 9000)}, "0.0.0.0 is no address that a target can reach: give --receiver URL"),
    ],
)
def test_what_leads_nowhere_is_refused_before_anything_is_sent(options: dict[str, Any], told: str) -> None:
    with pytest.raises(CannotRun, match=told):
        RunOptions(suite=SUITE, **options).look_up({})


def test_a_replay_names_the_receiver_again() -> None:
    options = RunOptions(suite=SUITE, receiver=TUNNEL, receiver_listen=("::1", 9000))
    assert options.named() == f"--receiver {TUNNEL} --receiver-listen '[::1]:9000'"


def test_a_session_has_it_and_listens_when_somebody_asks() -> None:
    with serving("-q") as program:
        environ = {"SHOWPAD_TOKEN_ADMIN": "mock.reached.admin"}
        with opened(RunOptions(suite=SUITE, target=program.base_url), environ) as client:
            assert client.session.reach == Reach()
            assert client.session.target.offers["webhooks"] == "/webhooks/v1"


@pytest.mark.parametrize("text", ["https://a.example", "http://127.0.0.1:9000/hook", "http://[::1]:9000"])
def test_an_address_of_a_receiver_is_taken(text: str) -> None:
    assert receiver_url(text) == text


@pytest.mark.parametrize(
    "text",
    ["", "a.example", "ftp://a", "http://", "http://u@a", "http://a?b", "http://a#b", "http://a b", "http://a:x"],
)
def test_what_is_no_address_of_a_receiver_is_refused(text: str) -> None:
    with pytest.raises(Exception, match="must be http"):
        receiver_url(text)


@pytest.mark.parametrize(
    ("text", "address"),
    [("9000", ("127.0.0.1", 9000)), ("0.0.0.0:9000", ("0.0.0.0", 9000)), ("[::1]:9000", ("::1", 9000))],
)
def test_where_to_listen_is_read(text: str, address: tuple[str, int]) -> None:
    assert listen_address(text) == address


@pytest.mark.parametrize("text", ["", "a", "a:", "a:0", "a:65536", "a:9000:", "a:-1"])
def test_what_is_no_place_to_listen_is_refused(text: str) -> None:
    with pytest.raises(Exception, match="must be HOST:PORT"):
        listen_address(text)
