"""How checks speak to a target: every request is counted, paced, and kept for the report; what it creates is deleted.

Only this module sends. A request over the budget raises BudgetSpent; 429 is waited for; a target that cannot be reached
raises NotTheApi.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote, urlencode

import httpx

from .exchange import NOTHING, Exchange
from .failure import BudgetSpent, NotTheApi
from .target import Target

TIMEOUT_SECONDS = 30.0
MOST_RETRIES = 5
LONGEST_RETRY_SECONDS = 60.0


class Ledger(Protocol):
    """Where it is written down what a run creates, before the request leaves."""

    def will_create(self, public_uri: str) -> None:
        """Note a space that is about to be created."""

    def created(self, public_uri: str, space_id: str) -> None:
        """Note the id of a space that was created."""

    def deleted(self, space_id: str) -> None:
        """Note that a space is gone."""

    def left(self, what: str) -> None:
        """Note something that nothing can delete: a Share."""


class NoLedger:
    """For targets that the kit started for itself alone: they end with the run."""

    def will_create(self, public_uri: str) -> None:
        """Nothing to note."""

    def created(self, public_uri: str, space_id: str) -> None:
        """Nothing to note."""

    def deleted(self, space_id: str) -> None:
        """Nothing to note."""

    def left(self, what: str) -> None:
        """Nothing to note."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a run may send: `requests` in all (None: no limit), `pace` is called before each."""

    requests: int | None = None
    pace: Callable[[], None] = lambda: None


class Session:
    """A run's connection to its target; `run_id` marks what it creates (lower-case letters, digits, hyphens)."""

    def __init__(
        self,
        target: Target,
        run_id: str,
        *,
        ledger: Ledger | None = None,
        limits: Limits | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.target = target
        self.run_id = run_id
        self.ledger = ledger if ledger is not None else NoLedger()
        self._limits = limits if limits is not None else Limits()
        self.requests = 0
        self.trail: list[Exchange] = []
        """The exchanges since `begin`."""
        self._spaces: dict[str, str] = {}  # id -> the publicUri under which the ledger has it
        self._uris = 0
        self._client = httpx.Client(
            transport=transport,
            verify=target.verify,
            timeout=TIMEOUT_SECONDS,
            trust_env=False,
            follow_redirects=False,
            limits=httpx.Limits(keepalive_expiry=4),
        )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def begin(self) -> None:
        """Begin an example: nothing sent before belongs to it."""
        self.trail = []

    def send(self, method: str, path: str, sent: Any, *, actor: str | None, headers: Mapping[str, str]) -> Exchange:
        """Send one request and give the exchange; `sent` is a JSON value, or bytes that go as they are."""
        request = self._request(method, path, sent, headers)
        started = time.perf_counter()
        response = self._answered(request)
        exchange = Exchange(
            method=method,
            path=path,
            actor=actor,
            sent=sent,
            status=response.status_code,
            headers={name.lower(): value for name, value in response.headers.items()},
            received=_json(response),
            text=response.text,
            seconds=time.perf_counter() - started,
        )
        self.trail.append(exchange)
        return exchange

    def _request(self, method: str, path: str, sent: Any, headers: Mapping[str, str]) -> httpx.Request:
        given = {"Accept": "application/json", **headers}
        content = sent if isinstance(sent, bytes) else None if sent is NOTHING else json.dumps(sent).encode()
        if content is not None:
            given.setdefault("Content-Type", "application/json")
        return self._client.build_request(method, self.target.base_url + path, headers=given, content=content)

    def _answered(self, request: httpx.Request) -> httpx.Response:
        for _ in range(MOST_RETRIES):
            if self._limits.requests is not None and self.requests >= self._limits.requests:
                raise BudgetSpent(f"the run has sent the {self._limits.requests} requests it may")
            self._limits.pace()
            self.requests += 1
            try:
                response = self._client.send(request)
            except httpx.HTTPError as error:
                raise NotTheApi(f"{self.target.base_url} cannot be reached: {_reason(error)}") from None
            if response.status_code != 429:
                return response
            time.sleep(_retry_after(response))  # the vendor's own word; there is no event to wait for
        return response

    def fresh_uri(self) -> str:
        """Give a publicUri that bears the run's id and was not given before."""
        self._uris += 1
        return f"{self.run_id}-{self._uris}"

    def keep(self, space_id: str, public_uri: str) -> None:
        """Take on a space that the run created, to delete it at the end."""
        self._spaces[space_id] = public_uri
        self.ledger.created(public_uri, space_id)

    def forget(self, space_id: str) -> None:
        """Take note that a space is gone."""
        if self._spaces.pop(space_id, None) is not None:
            self.ledger.deleted(space_id)

    def kept(self) -> list[str]:
        """Give the ids of the spaces that the run created and has not deleted."""
        return list(self._spaces)


class Caller:
    """Requests as one actor, with one of its tokens; paths lie under the base URL."""

    def __init__(self, session: Session, name: str | None, token: str | None, *, oauth: bool = False) -> None:
        self._session = session
        self.name = f"{name}/oauth" if name is not None and oauth else name
        self._token = token

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
        query = f"?{urlencode(params, doseq=True, quote_via=quote)}" if params else ""
        given = {"Authorization": f"Bearer {self._token}"} if self._token is not None else {}
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


def _json(response: httpx.Response) -> Any:
    if not response.content:
        return NOTHING
    try:
        return json.loads(response.content)
    except ValueError:
        return NOTHING


def _retry_after(response: httpx.Response) -> float:
    text = response.headers.get("retry-after", "")
    return min(float(text), LONGEST_RETRY_SECONDS) if text.isascii() and text.isdigit() else 1.0


def _reason(error: httpx.HTTPError) -> str:
    if isinstance(error, httpx.TimeoutException):
        return f"no answer within {TIMEOUT_SECONDS:g} seconds"
    return str(error).splitlines()[0] if str(error) else type(error).__name__
