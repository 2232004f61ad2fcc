"""How checks speak to a target: every request is counted, paced, and kept for the report; what it creates is deleted.

Only this module sends. A request over the budget raises BudgetSpent; 429 is waited for; a target that cannot be reached
raises NotTheApi; what it answers is kept without the tokens in it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, urlencode

import httpx2

from ..core.exchange import NOTHING, Exchange
from ..core.target import BEARER, Target
from ..core.violation import BudgetSpent, Inconclusive, NotPermitted, TargetLacks, WrongForm
from .connection import Connection
from .created import Ledger, Marks, NoLedger
from .limits import MOST_KEPT
from .limits import Limits as Limits
from .receiver import Reach, Receiver
from .redaction import Redaction

MOST_RETRIES = 5
LONGEST_RETRY_SECONDS = 120.0  # of waiting for one answer in all
READING = ("GET", "HEAD", "OPTIONS")
SecretsIn = Callable[[Mapping[str, str], bytes], Iterable[str]]
"""Returns what is secret in an answer's headers and body."""


def _no_secrets(_headers: Mapping[str, str], _content: bytes) -> Iterable[str]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """What a check goes by that runs Hypothesis itself: examples a property, runs and steps of a machine, its seed."""

    examples: int = 15
    sequences: int = 25
    steps: int = 30
    seed: int = 0


class Session:
    """A run's connection to its target; `run_id` marks what it creates (lower-case letters, digits, hyphens)."""

    def __init__(
        self,
        target: Target,
        run_id: str,
        *,
        ledger: Ledger | None = None,
        limits: Limits | None = None,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self.target = target
        self.run_id = run_id
        self.ledger = ledger if ledger is not None else NoLedger()
        self._limits = limits if limits is not None else Limits()
        self._redaction = Redaction(target.secrets())
        self._credentials = {"authorization", (target.key_header or "authorization").lower()}
        self.requests = 0
        self.answer_seconds = 0.0
        """How long the target takes for an answer, as measured before the run; 0 where it was not."""
        self.draws = Draws()
        self.to_delete = 1
        """How many requests it takes to delete one thing that was created; more where others hang on it."""
        self.may_write = True
        """Whether others than reading requests may leave; else they raise NotPermitted."""
        self.trail: list[Exchange] = []
        """The exchanges since `begin`."""
        self.reach: Reach | None = None
        """How the target reaches the kit's receiver; None where it has no way."""
        self._receiver: Receiver | None = None
        self.marks = Marks(run_id)
        self._created: dict[str, str] = {}  # id -> the mark under which the ledger has it
        self._unseen: set[str] = set()
        self._clearing = False
        self._hurrying = False
        self._secrets_in: SecretsIn = _no_secrets
        self._secrets_here: SecretsIn = _no_secrets
        self._connection = Connection(target, self._limits.timeout, self._redaction, transport)

    def close(self) -> None:
        """Close the connections, and the receiver."""
        self._connection.close()
        if self._receiver is not None:
            self._receiver.close()

    @property
    def receiver(self) -> Receiver:
        """Who receives what the target delivers by itself: listens from now on, or is the named skip."""
        if self.reach is None:
            raise TargetLacks("a way to the kit's receiver: --receiver names one")
        if self._receiver is None:
            try:
                self._receiver = Receiver(self.reach)
            except OSError as error:
                where = f"{self.reach.host}:{self.reach.port}"
                raise NotPermitted(f"the kit's receiver cannot listen at {where}: {error.strerror or error}") from None
        return self._receiver

    def close_inboxes(self) -> None:
        """Keep nothing any more of what the target delivers to where it was told to so far."""
        if self._receiver is not None:
            self._receiver.close_inboxes()

    def begin(self) -> None:
        """Begin an example: nothing sent before belongs to it."""
        self.trail = []

    @contextmanager
    def clearing_up(self) -> Iterator[None]:
        """Requests in this block may use what the budget keeps back for deleting, and write."""
        before = self._clearing
        self._clearing = True
        try:
            yield
        finally:
            self._clearing = before

    @contextmanager
    def hurrying(self) -> Iterator[None]:
        """Take a 429 for an answer like others in this block, which is about it: nothing is waited for."""
        self._hurrying = True
        try:
            yield
        finally:
            self._hurrying = False

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Requests in this block belong to no example, and may use what the budget keeps back."""
        trail, self.trail = self.trail, []
        try:
            with self.clearing_up():
                yield
        finally:
            self.trail = trail

    @contextmanager
    def confiding(self, secrets_in: SecretsIn, *, here: SecretsIn = _no_secrets) -> Iterator[None]:
        """Take for a secret what `secrets_in` finds in the answers of this block: they alone show it, and to it alone.

        What `here` finds is taken out of these answers, and of no other: it may be a word of those.
        Raises WrongForm, without what was received, for garbage.
        """
        before = self._secrets_in, self._secrets_here
        self._secrets_in, self._secrets_here = secrets_in, here
        try:
            yield
        except WrongForm as garbage:
            raise WrongForm(garbage.what, expected=garbage.expected, received="garbage") from None
        finally:
            self._secrets_in, self._secrets_here = before

    def send(self, method: str, path: str, sent: Any, *, actor: str | None, headers: Mapping[str, str]) -> Exchange:
        """Send one request and give the exchange; `sent` is a JSON value, or bytes that go as they are."""
        if method not in READING and not (self.may_write or self._clearing):
            raise NotPermitted(f"it sends {method}: --allow-writes lets it")
        redaction = self._redaction
        for name, value in headers.items():
            if name.lower() in self._credentials:
                redaction = redaction.also(value.removeprefix(BEARER))
        request = self._request(method, path, sent, headers)
        started = time.perf_counter()
        exchange = Exchange(
            method=method,
            path=redaction.text(path),
            actor=actor,
            sent=redaction.body(sent),
            status=0,
            headers={},
            received=NOTHING,
            text="",
            seconds=0.0,
            asked={
                name: redaction.text(value)
                for name, value in headers.items()
                if actor is None or name.lower() not in self._credentials  # which a reproduction reads from a variable
            },
        )
        if self.trail:
            self.trail[-1] = self.trail[-1].shortened(MOST_KEPT)  # by now its check has seen it
        self.trail.append(exchange)  # also where no answer comes that can be read
        response = self._answered(request)
        found = list(self._secrets_in(response.headers, response.content))
        self._redaction.learn(found)
        for secret in (*found, *self._secrets_here(response.headers, response.content)):
            redaction = redaction.also(secret)
        text, received = _without_secrets(response.content, redaction)
        self.trail[-1] = replace(
            exchange,
            status=response.status_code,
            headers=redaction.headers(response.headers),
            received=received,
            text=text,
            seconds=time.perf_counter() - started,
        )
        return self.trail[-1]

    def _request(self, method: str, path: str, sent: Any, headers: Mapping[str, str]) -> httpx2.Request:
        given = {"Accept": "application/json", **headers}
        # As ASCII with escapes: a lone surrogate, which UTF-8 has no bytes for, can be sent all the same.
        content = sent if isinstance(sent, bytes) else None if sent is NOTHING else json.dumps(sent).encode()
        if content is not None:
            given.setdefault("Content-Type", "application/json")
        return self._connection.request(method, path, content, given)

    def _answered(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request until it is answered otherwise than by 429, waiting in between as long as the target asks.

        Ends the run where that is too long.
        """
        waited = 0.0
        for attempt in range(MOST_RETRIES):
            # In the loop: a retry is a request like others, which is counted and paced.
            self._spend(request)
            response = self._connection.answer(request)
            if response.status_code != 429 or self._hurrying:
                return response
            if attempt < MOST_RETRIES - 1:
                waited += (seconds := _retry_after(response))
                if waited > LONGEST_RETRY_SECONDS:
                    raise BudgetSpent(f"the target answers 429 and asks to wait {waited:g} seconds")
                self._limits.sleep(seconds)  # the vendor's own word; there is no event to wait for
        # While clearing up, one that stays refused must not keep the others: it is told as left behind.
        if self._clearing:
            return response
        raise Inconclusive(f"the target answered 429 (too many requests) {MOST_RETRIES} times in a row")

    def _spend(self, request: httpx2.Request) -> None:
        """Take one request from the budget; what deleting needs is kept back."""
        limit = self._limits.requests
        # Elsewhere deleting takes one request more, to see that it is the run's.
        seeing = 0 if self.target.is_own else 1
        kept = self.to_delete * len(self._created) + seeing * len(self._unseen)
        # A POST may create one thing more, whose deletion has to be in the budget before it leaves.
        reserve = 0 if self._clearing else kept + (self.to_delete + seeing) * (request.method == "POST")
        if limit is not None and self.requests + reserve >= limit:
            raise BudgetSpent(
                f"the run has sent the {limit} requests it may, but for those that delete what it created"
            )
        self._limits.pace()
        self.requests += 1

    def pause(self, seconds: float) -> None:
        """Leave the target time to finish what it may still be at."""
        self._limits.sleep(seconds)

    def fresh_mark(self) -> str:
        """Return a text that bears the run's id and was not returned before."""
        return self.marks.issue()

    def bears_mark(self, text: Any) -> bool:
        """Return whether a text holds a mark that this run issued."""
        return self.marks.in_text(text) is not None

    def keep(self, created_id: str, mark: str, *, seen: bool = False) -> None:
        """Take on what the run created, to delete it at the end.

        `seen` where the target showed it by its id and under the run's mark: nobody else's is deleted.
        """
        # A check that finds what should not be there hands in the whole value that bore the mark.
        mark = self.marks.in_text(mark) or mark
        self.adopt(created_id, mark, seen=seen)
        self.ledger.created(mark, created_id)

    def adopt(self, created_id: str, mark: str, *, seen: bool = False) -> None:
        """Take on what the ledger has already."""
        self._created.setdefault(created_id, mark)
        if seen:
            self._unseen.discard(created_id)
        else:
            self._unseen.add(created_id)

    def is_seen(self, created_id: str) -> bool:
        """Return whether the target showed what is kept under the run's mark, or is the kit's own."""
        return self.target.is_own or created_id not in self._unseen

    def forget(self, created_id: str) -> None:
        """Take note that it is gone."""
        if self._created.pop(created_id, None) is not None:
            self._unseen.discard(created_id)
            self.ledger.deleted(created_id)

    def disown(self, created_id: str) -> None:
        """Take note that an id is not that of what the run created: it is to be looked for by its mark."""
        if self._created.pop(created_id, None) is not None:
            self._unseen.discard(created_id)
            self.ledger.disowned(created_id)

    def kept(self) -> list[str]:
        """Return the ids of what the run created and has not deleted."""
        return list(self._created)


class Caller:
    """Requests as one actor, with one of its tokens; paths lie under the base URL."""

    def __init__(self, session: Session, name: str | None, token: str | None, *, oauth: bool = False) -> None:
        self._session = session
        self.name = f"{name}/oauth" if name is not None and oauth else name
        self._token = token
        self._oauth = oauth

    @property
    def target(self) -> Target:
        """Whom the requests go to."""
        return self._session.target

    def request(
        self,
        method: str,
        path: str,
        sent: Any = NOTHING,
        *,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Exchange:
        """Send one request."""
        # A blank as %20, which is one everywhere; "+" is one in forms only.
        query = f"?{urlencode(params, doseq=True, quote_via=quote)}" if params else ""
        given = {}
        if self._token is not None:
            given = self._session.target.bearing(self._token, oauth=self._oauth)
        return self._session.send(method, path + query, sent, actor=self.name, headers={**given, **(headers or {})})

    def get(self, path: str, *, params: Mapping[str, Any] | None = None) -> Exchange:
        """GET."""
        return self.request("GET", path, params=params)

    def post(self, path: str, sent: Any = NOTHING) -> Exchange:
        """POST."""
        return self.request("POST", path, sent)

    def patch(self, path: str, sent: Any = NOTHING) -> Exchange:
        """PATCH."""
        return self.request("PATCH", path, sent)

    def put(self, path: str, sent: Any = NOTHING) -> Exchange:
        """PUT."""
        return self.request("PUT", path, sent)

    def delete(self, path: str) -> Exchange:
        """DELETE."""
        return self.request("DELETE", path)


@contextmanager
def connected(session: Session) -> Iterator[Session]:
    """Close the session's connections with the block."""
    try:
        yield session
    finally:
        session.close()


def _without_secrets(content: bytes, redaction: Redaction) -> tuple[str, Any]:
    """Return an answer's body as text and as JSON; where it holds a secret, the text is that of the JSON without it."""
    text = content.decode("utf-8", "replace")
    told, received = redaction.text(text), _json(content)
    if told == text:
        return text, received
    try:
        received = redaction.json(received)
        return told if received is NOTHING else json.dumps(received), received
    except RecursionError:
        # Too deep to be looked through for secrets: then it is not kept as JSON.
        return told, NOTHING


def _json(content: bytes) -> Any:
    if not content:
        return NOTHING
    try:
        return json.loads(content.decode(), parse_float=_number)  # UTF-8, as JSON has to be
    except (ValueError, RecursionError):
        return NOTHING


def _number(text: str) -> int | float:
    """Read a number with a fraction or an exponent: `3.0` is the integer 3, as JSON Schema has it."""
    number = float(text)
    return int(number) if number.is_integer() else number


def _retry_after(response: httpx2.Response) -> float:
    """Read the header in either of its forms: seconds, or a date."""
    text = response.headers.get("retry-after", "")
    # isdigit() alone lets a superscript pass, which float() refuses.
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return 1.0  # no header, or one in neither form; but to wait was asked
