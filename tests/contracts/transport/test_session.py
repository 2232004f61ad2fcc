from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx2
import pytest

from showpad_contracts.core.exchange import NOTHING
from showpad_contracts.core.target import Actor, OAuthClient, Target
from showpad_contracts.core.violation import BudgetSpent, Inconclusive, NotPermitted, NotTheApi, WrongForm
from showpad_contracts.transport.limits import Limits, Pace
from showpad_contracts.transport.session import Caller, Session

from ..misbehaving import closes, listening, says

API_TOKEN = "api-token/of-admin+1"
OAUTH_TOKEN = API_TOKEN + ".oauth"
ADMIN = Actor("admin", api_token=API_TOKEN, oauth_token=OAUTH_TOKEN)
Handler = Callable[[httpx2.Request], httpx2.Response]


def target(base_url: str = "http://127.0.0.1/v4", *, is_own: bool = False) -> Target:
    return Target("it", base_url, None, actors={"admin": ADMIN}, offers={}, is_own=is_own)


@pytest.fixture
def session_with() -> Iterator[Callable[..., Session]]:
    opened: list[Session] = []

    def make(handler: Handler, **limits: Any) -> Session:
        opened.append(Session(target(), "run", limits=Limits(**limits), transport=httpx2.MockTransport(handler)))
        return opened[-1]

    yield make
    for session in opened:
        session.close()


def well(_: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(200, json={})


def admin(session: Session) -> Caller:
    return Caller(session, "admin", API_TOKEN)


class Waiting:
    """A clock that only waiting moves."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    def time(self) -> float:
        return sum(self.waits)

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)


# What may be sent


def test_requests_name_the_kit_and_ask_for_nothing_compressed(session_with: Callable[..., Session]) -> None:
    sent: list[httpx2.Headers] = []

    def note(request: httpx2.Request) -> httpx2.Response:
        sent.append(request.headers)
        return httpx2.Response(200)

    admin(session_with(note)).get("/a")
    assert (sent[0]["user-agent"], sent[0]["accept-encoding"]) == ("showpad-contracts", "identity")


def test_the_budget_is_kept(session_with: Callable[..., Session]) -> None:
    session = session_with(well, requests=2)
    admin(session).get("/a")
    admin(session).get("/b")
    with pytest.raises(BudgetSpent, match="2 requests"):
        admin(session).get("/c")
    assert session.requests == 2


def test_the_budget_keeps_back_what_deleting_the_spaces_takes(session_with: Callable[..., Session]) -> None:
    """Elsewhere that is two requests a space: one to see that it is the run's."""
    session = session_with(well, requests=4)
    admin(session).post("/shared-spaces", {})
    session.keep("1", "run-1")
    with pytest.raises(BudgetSpent):
        admin(session).post("/shared-spaces", {})
    admin(session).get("/a")
    with pytest.raises(BudgetSpent):
        admin(session).get("/b")
    with session.clearing_up():
        admin(session).get("/shared-spaces/1")
        admin(session).delete("/shared-spaces/1")
    assert session.requests == 4


def test_the_rate_spaces_requests_evenly() -> None:
    waiting = Waiting()
    pace = Pace(4, clock=waiting.time, sleep=waiting.sleep)
    for _ in range(5):
        pace()
    assert waiting.waits == [0.25] * 4


def test_a_slow_target_gets_no_burst_afterwards() -> None:
    waiting = Waiting()
    pace = Pace(10, clock=waiting.time, sleep=waiting.sleep)
    pace()
    waiting.waits.append(60)
    pace()
    pace()
    assert waiting.waits == [60, pytest.approx(0.1)]


def test_every_request_is_paced_retries_too(session_with: Callable[..., Session]) -> None:
    answers = iter([httpx2.Response(429, headers={"Retry-After": "0"}), httpx2.Response(200)])
    paced: list[int] = []
    session = session_with(lambda _: next(answers), pace=lambda: paced.append(1), sleep=lambda _: None)
    admin(session).get("/a")
    assert len(paced) == session.requests == 2


def test_what_writes_does_not_leave_a_session_that_only_reads(session_with: Callable[..., Session]) -> None:
    session = session_with(well)
    session.may_write = False
    for method in ("POST", "PATCH", "DELETE", "PUT"):
        with pytest.raises(NotPermitted, match=f"{method}: --allow-writes"):
            admin(session).request(method, "/a")
    admin(session).get("/a")
    assert session.requests == 1


# 429


def in_a_minute() -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)


@pytest.mark.parametrize(("header", "seconds"), [("7", 7), ("0", 0), (None, 1), ("soon", 1), ("DATE", 60)])
def test_429_is_waited_for_as_long_as_it_says(
    session_with: Callable[..., Session], header: str | None, seconds: float
) -> None:
    # A date is told when the test runs: one told when it was collected may lie in the past by then.
    headers = {} if header is None else {"Retry-After": in_a_minute() if header == "DATE" else header}
    answers = iter([httpx2.Response(429, headers=headers), httpx2.Response(200, json={"count": 1})])
    waiting = Waiting()
    exchange = admin(session_with(lambda _: next(answers), sleep=waiting.sleep)).get("/a")
    assert exchange.status == 200
    assert waiting.waits == [pytest.approx(seconds, abs=30 if seconds == 60 else 0)]


def test_a_target_that_goes_on_saying_429_leaves_the_rule_undecided(session_with: Callable[..., Session]) -> None:
    waiting = Waiting()
    session = session_with(lambda _: httpx2.Response(429), sleep=waiting.sleep)
    with pytest.raises(Inconclusive, match="429"):
        admin(session).get("/a")
    assert session.requests == 5
    assert len(waiting.waits) == 4


def test_who_hurries_takes_429_for_an_answer(session_with: Callable[..., Session]) -> None:
    waiting = Waiting()
    session = session_with(lambda _: httpx2.Response(429, headers={"Retry-After": "7"}), sleep=waiting.sleep)
    with session.hurrying():
        assert admin(session).get("/a").status == 429
    assert waiting.waits == []
    with pytest.raises(Inconclusive):
        admin(session).get("/a")


def test_a_target_that_asks_to_wait_for_long_ends_the_run(session_with: Callable[..., Session]) -> None:
    waiting = Waiting()
    session = session_with(lambda _: httpx2.Response(429, headers={"Retry-After": "3600"}), sleep=waiting.sleep)
    with pytest.raises(BudgetSpent, match="wait 3600 seconds"):
        admin(session).get("/a")
    assert (session.requests, waiting.waits) == (1, [])


# What is kept


def test_tokens_are_taken_out_of_whatever_comes_back(session_with: Callable[..., Session]) -> None:
    said = {"detail": f"Bearer {API_TOKEN}", "more": [OAUTH_TOKEN]}
    slashed = json.dumps(said).replace("/", "\\/")
    headers = {"X-Echo": API_TOKEN, "Set-Cookie": "session=abc"}
    session = session_with(lambda _: httpx2.Response(200, headers=headers, text=slashed))
    exchange = admin(session).post(f"/a?token={API_TOKEN}", {"mine": OAUTH_TOKEN})
    assert exchange.received == {"detail": "Bearer [token]", "more": ["[token]"]}
    assert exchange.sent == {"mine": "[token]"}
    assert "of-admin" not in repr(exchange)
    assert "abc" not in repr(exchange)


def test_a_strangers_token_is_taken_out_too(session_with: Callable[..., Session]) -> None:
    session = session_with(lambda _: httpx2.Response(401, text="revoked-token-1 is revoked"))
    assert Caller(session, "stranger", "revoked-token-1").get("/a").text == "[token] is revoked"


def test_what_an_answer_gives_out_is_taken_out_of_it_and_from_then_on(
    session_with: Callable[..., Session],
) -> None:
    session = session_with(lambda _: httpx2.Response(200, headers={"Location": "/x?code=given-out"}, text="given-out"))
    with session.confiding(lambda _headers, content: [content.decode()]):
        exchange = admin(session).get("/a")
    assert (exchange.text, exchange.headers["location"]) == ("[token]", "/x?code=[token]")
    assert admin(session).post("/a", {"mine": "given-out"}).sent == {"mine": "[token]"}


def test_what_may_be_a_word_of_other_answers_is_taken_out_of_one_alone(session_with: Callable[..., Session]) -> None:
    session = session_with(lambda _: httpx2.Response(200, text="perhaps-a-secret"))
    with session.confiding(lambda _headers, _content: [], here=lambda _headers, content: [content.decode()]):
        assert admin(session).get("/a").text == "[token]"
    assert admin(session).get("/a").text == "perhaps-a-secret"


def test_garbage_in_the_place_of_a_secret_is_not_repeated() -> None:
    with listening(says(b"HTTP/1.1 302 Found\r\ncode given-out\r\n\r\n")) as base_url:
        with closing(Session(target(base_url), "run")) as session, pytest.raises(WrongForm) as garbage:
            with session.confiding(lambda _headers, _content: []):
                admin(session).get("/a")
    assert "given-out" not in str(garbage.value)


def test_bytes_that_are_sent_go_as_they_are(session_with: Callable[..., Session]) -> None:
    got: list[bytes] = []

    def note(request: httpx2.Request) -> httpx2.Response:
        got.append(request.content)
        return httpx2.Response(400)

    exchange = admin(session_with(note)).post("/a", b"{\xff")
    assert exchange.sent == got[0] == b"{\xff"


def test_no_cookie_of_one_actor_is_sent_for_another(session_with: Callable[..., Session]) -> None:
    got: list[str | None] = []

    def note(request: httpx2.Request) -> httpx2.Response:
        got.append(request.headers.get("cookie"))
        return httpx2.Response(200, headers={"Set-Cookie": "session=admin; Path=/"})

    session = session_with(note)
    admin(session).get("/a")
    Caller(session, None, None).get("/a")
    assert got == [None, None]


def test_an_answer_that_is_no_json_is_kept_as_text(session_with: Callable[..., Session]) -> None:
    exchange = admin(session_with(lambda _: httpx2.Response(200, text="[" * 100_000))).get("/a")
    assert exchange.received is NOTHING
    assert len(exchange.text) == 100_000


def test_redirects_are_answers_like_others(session_with: Callable[..., Session]) -> None:
    session = session_with(lambda _: httpx2.Response(302, headers={"Location": "http://elsewhere/"}))
    assert admin(session).get("/a").status == 302


# Targets that do not behave


def lost(base_url: str, timeout: float = 5) -> str:
    session = Session(target(base_url), "run", limits=Limits(timeout=timeout))
    with closing(session), pytest.raises(NotTheApi) as error:
        admin(session).get("/a")
    assert API_TOKEN not in str(error.value)
    return str(error.value).removeprefix(base_url)


def test_a_target_that_closes_connections_cannot_be_reached() -> None:
    with listening(closes) as base_url:
        told = lost(base_url)
    assert "closes connections without answering" in told or "reset" in told


def test_a_header_that_http_cannot_carry_is_undecided_without_showing_it() -> None:
    with listening(closes) as base_url, closing(Session(target(base_url), "run")) as session:
        with pytest.raises(Inconclusive) as inconclusive:
            Caller(session, "stranger", "with-newline\n").get("/a")
    assert "newline" not in str(inconclusive.value)


ELSEWHERE = (
    "https://example.org/v4/x",
    "http://127.0.0.1.example.org/x",
    "http://127.0.0.1:81/x",
    "http://127.0.0.1@x/",
)


@pytest.mark.parametrize("address", ELSEWHERE)
def test_a_token_goes_to_no_address_that_the_target_does_not_name(
    session_with: Callable[..., Session], address: str
) -> None:
    with pytest.raises(ValueError, match="none of the target's addresses"):
        admin(session_with(well)).get(address)


def test_a_token_goes_beside_the_base_url_and_to_an_address_that_is_offered() -> None:
    asked: list[str] = []
    offering = Target("it", "http://127.0.0.1/v4", None, {"admin": ADMIN}, {"more": "https://acme.example.org/api"})

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(str(request.url))
        return well(request)

    transport = httpx2.MockTransport(answer)
    with closing(Session(offering, "run", transport=transport)) as session:
        for address in (offering.beside("/apps/x"), "https://acme.example.org/api/y"):
            assert admin(session).get(address).path == address
    assert asked == ["http://127.0.0.1/apps/x", "https://acme.example.org/api/y"]


def test_a_request_goes_to_the_oauth_address_of_the_targets_file_and_to_no_other_tenants() -> None:
    client = OAuthClient(client_id="kit", url="https://{subdomain}.showpad.biz/api/v3/oauth2")
    named = Target("it", "https://acme.api.showpad.com/v4", "acme", {"admin": ADMIN}, {}, oauth=client)
    transport = httpx2.MockTransport(well)
    with closing(Session(named, "run", transport=transport)) as session:
        nobody = Caller(session, None, None)
        assert nobody.get("https://acme.showpad.biz/api/v3/oauth2/token").status == 200
        for other in ("https://acme.showpad.biz/api/v3/oauth2.evil", "https://other.showpad.biz/api/v3/oauth2/token"):
            with pytest.raises(ValueError, match="none of the target's addresses"):
                nobody.get(other)
