"""A second pass, through Schemathesis: what it draws from a suite's OpenAPI document, alone and along its links.

Its requests leave by the run's own session, so that they are counted, paced and kept like all others. What it draws may
name anything of the tenant, so it runs on targets that the kit started for itself.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

import requests
import schemathesis
import yaml
from hypothesis import given, reject, seed
from schemathesis import Case, GenerationMode, Response
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure as Found
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.openapi.checks import UndefinedStatusCode
from schemathesis.schemas import APIOperation, BaseSchema

from ..core.exchange import NOTHING, Exchange
from ..core.violation import Violation, WrongStatus
from ..suite import Client
from ..transport.session import Caller
from .long_runs import Finding, clear_away, quiet, run_machine, to_the_end

Operation = APIOperation[Any, Any, Any, Any]
DOCUMENT = "openapi.yaml"
LONGEST_PATH = 16_000
"""A list that is too long in a query is not tried beyond this: neither clients nor servers take every length."""
CONFIG = {
    "generation": {"with-security-parameters": False},  # the token is ours to send
    "phases": {"stateful": {"inference": {"algorithms": []}}},  # the document's links are enough
}
CHECKS = {
    "ignored_auth": {"enabled": False},  # would send by itself
    "object_level_authorization": {"enabled": False},
    "positive_data_acceptance": {"enabled": False},  # most that is well-formed names what does not exist
}


class UnlikeTheDocument(Violation):
    """What Schemathesis found."""

    title = "The answer is not as documented"


def document_of(package: str) -> dict[str, Any]:
    """Return a suite's OpenAPI document as JSON."""
    found: dict[str, Any] = yaml.safe_load((files(package) / DOCUMENT).read_text(encoding="utf-8"))
    return found


class Driver:
    """Sends what Schemathesis draws, as somebody, and judges the answers; each API has one of its own kind."""

    unsaid: Collection[str] = ()
    """Checks of Schemathesis' that hold to what the API does not promise."""

    def __init__(
        self, client: Client, by: Caller, document: Mapping[str, Any], names: Collection[str] | None = None
    ) -> None:
        self.session = client.session
        self.finding = Finding(client.session)
        self._clears, self._by = client, by
        checks = {**CHECKS, **{name: {"enabled": False} for name in self.unsaid}}
        config = SchemathesisConfig.from_dict({**CONFIG, "checks": checks})
        whole: BaseSchema = schemathesis.openapi.from_dict(dict(document), config=config)
        self.schema = whole if names is None else whole.include(operation_id=list(names))
        self.schema.config.update(base_url=self.session.target.base_url)

    def arrange(self, case: Case[Any]) -> None:
        """Give a case that is sent by itself what it needs, or all of its kind would end in 404."""

    def prepare(self, case: Case[Any]) -> None:
        """Mark what a case creates, and let what is sound name what there is."""

    def created(self, case: Case[Any], body: Any) -> Exchange | None:
        """Send a case that creates what is to be deleted; None for one that does not."""

    def answered(self, case: Case[Any], response: Response) -> None:
        """Take note of an answer, and hold it to checks of the API's own."""

    def rule_of(self, found: Found, case: Case[Any], exchange: Exchange) -> str:
        """Return the rule that is broken by what Schemathesis found."""
        raise NotImplementedError

    def operations(self) -> list[Operation]:
        """Return every operation of the document that is gone through."""
        return [result.ok() for result in self.schema.get_all_operations() if isinstance(result, Ok)]

    def alone(self, case: Case[Any]) -> None:
        """Send a case by itself."""
        with self.finding.watching():
            self.arrange(case)
        self.validate(self.call(case), case)

    def call(self, case: Case[Any], **_: Any) -> Response:
        """Send a case."""
        self.prepare(case)
        request = requests.Request(**case.as_transport_kwargs(base_url=self.session.target.base_url)).prepare()
        with self.finding.watching():
            exchange = self._send(case, request)
        return Response(
            status_code=exchange.status,
            headers={name: [value] for name, value in exchange.headers.items()},
            # Where a token was taken out, escapes are undone, and one of them may have spelled a lone surrogate.
            content=exchange.text.encode("utf-8", "surrogatepass"),
            request=request,
            elapsed=exchange.seconds,
            verify=True,
        )

    def _send(self, case: Case[Any], request: requests.PreparedRequest) -> Exchange:
        body = _body(request.body)
        exchange = self.created(case, body)
        if exchange is not None:
            return exchange
        base, parts = urlsplit(self.session.target.base_url), urlsplit(str(request.url))
        path = parts.path.removeprefix(base.path) + (f"?{parts.query}" if parts.query else "")
        if len(path) > LONGEST_PATH:
            reject()
        kind = request.headers.get("Content-Type")
        return self._by.request(case.method, path, body, headers=None if kind is None else {"Content-Type": str(kind)})

    def validate(self, response: Response, case: Case[Any], recorder: Any = None) -> None:
        """Hold an answer to the document, and to the API's own checks."""
        with self.finding.watching():
            self.answered(case, response)
            try:
                case.validate_response(response, recorder=recorder)
            except FailureGroup as group:
                # The least is the gravest: Schemathesis orders its findings so.
                raise self._told(min(group.exceptions), case) from None

    def _told(self, found: Found, case: Case[Any]) -> Violation:
        """Make a violation of what Schemathesis found, by the rule it breaks."""
        exchange = self.session.trail[-1]
        rule = self.rule_of(found, case, exchange)
        if isinstance(found, UndefinedStatusCode):
            allowed = " or ".join(sorted(found.defined_status_codes))
            return WrongStatus(f"status of {exchange.name}", expected=allowed, received=exchange.status, rule=rule)
        what, _, received = found.message.strip().partition("\n")
        return UnlikeTheDocument(
            f"{exchange.name}: {found.title}",
            expected=what or found.title,
            received=received or exchange.status,
            rule=rule,
        )

    def clear_away(self) -> None:
        """Delete what was created."""
        clear_away(self._clears)


def operation_id(case: Case[Any]) -> str:
    """Return the operationId of a case."""
    return str(case.operation.definition.raw.get("operationId"))


def is_sound(case: Case[Any]) -> bool:
    """Return whether a case is drawn to be as the document says."""
    return case.meta is not None and case.meta.generation.mode is GenerationMode.POSITIVE


def _body(content: Any) -> Any:
    """Return the JSON value of a body, which reports show; bytes where it is none."""
    if content is None:
        return NOTHING
    raw = content.encode() if isinstance(content, str) else bytes(content)
    try:
        return json.loads(raw)
    except ValueError:
        return raw


def run_pass(driver: Driver) -> None:
    """Run every operation by itself, well-formed and malformed, and then along the links."""

    def execute() -> None:
        for operation in driver.operations():
            _alone(driver, operation)
        run_machine(_linked(driver), driver.session.draws)

    to_the_end(driver.finding, execute)


def _alone(driver: Driver, operation: Operation) -> None:
    draws = driver.session.draws
    modes = [GenerationMode.POSITIVE]
    if len(operation.query) or len(operation.body):  # an opaque id cannot be malformed
        modes.append(GenerationMode.NEGATIVE)

    def example(case: Case[Any]) -> None:
        driver.finding.begin()
        try:
            driver.alone(case)
        finally:
            driver.clear_away()

    for mode in modes:
        drawing = given(case=operation.as_strategy(mode))
        seed(draws.seed)(quiet(examples=draws.examples)(drawing(example)))()


def _linked(driver: Driver) -> Any:
    """Make the machine that follows the links, each answer recorded for the checks that look back."""

    def after_call(self: Any, response: Response, case: Case[Any]) -> None:
        self.recorder.record_response(case_id=case.id, response=response)

    return type(
        "Linked",
        (driver.schema.as_state_machine(),),
        {
            "setup": lambda _: driver.finding.begin(),
            "teardown": lambda _: driver.clear_away(),
            "call": lambda _, case, **kwargs: driver.call(case, **kwargs),
            "after_call": after_call,
            "validate_response": lambda self, response, case, **_: driver.validate(response, case, self.recorder),
        },
    )
