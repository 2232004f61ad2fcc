"""A second pass, through Schemathesis: what it draws from openapi.yaml, alone and along the document's links.

Its requests leave by the run's own session, so that they are counted, paced and kept like all others. What it draws may
name anything of the tenant, so it runs on targets that the kit started for itself.
"""

from __future__ import annotations

import json
import re
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

import requests
import schemathesis
import yaml
from hypothesis import given, seed
from schemathesis import Case, GenerationMode, Response
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure as Found
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.openapi.checks import UndefinedStatusCode
from schemathesis.schemas import APIOperation, BaseSchema

from ...core.exchange import NOTHING, Exchange
from ...core.violation import Violation, WrongStatus
from ..client import Client
from . import compare
from .long_runs import Finding, clear_away, quiet, run_machine, to_the_end
from .model_forms import PUBLIC_URI

Operation = APIOperation[Any, Any, Any, Any]
DOCUMENT = "openapi.yaml"
CREATE = "shared-space-create"
CONFIG = {
    "generation": {"with-security-parameters": False},  # the token is ours to send
    "phases": {"stateful": {"inference": {"algorithms": []}}},  # the document's links are enough
    "checks": {
        "ignored_auth": {"enabled": False},  # would send by itself
        "object_level_authorization": {"enabled": False},
        "positive_data_acceptance": {"enabled": False},  # most that is well-formed names what does not exist
    },
}
OPERATIONS = {
    "shared-spaces-list": ("LIST-OK", "SPACE-LISTED"),
    CREATE: ("CREATE-OK", "SPACE-FIELDS"),
    "shared-space-get": ("GET-OK", "SPACE-FIELDS"),
    "shared-space-update": ("PATCH-OK", "SPACE-FIELDS"),
    "shared-space-delete": ("DELETE-OK", "DELETE-OK"),
    "shared-space-transfer-ownership": ("TRANSFER-OK", "TRANSFER-OK"),
    "shared-spaces-items-add": ("ITEMS-OK", "ITEMS-ANSWER"),
    "create-share": ("SHARE-OK", "SHARE-FIELDS"),
    "getUsers": ("AROUND-USERS", "AROUND-USERS"),
    "getUserById": ("AROUND-USERS", "AROUND-USERS"),
    "getAssets": ("AROUND-ASSETS", "AROUND-ASSETS"),
    "getAsset": ("AROUND-ASSETS", "AROUND-ASSETS"),
    "theme-list": ("AROUND-THEMES", "AROUND-THEMES"),
    "theme-get": ("AROUND-THEMES", "AROUND-THEMES"),
    "shared-space-templates-list": ("AROUND-TEMPLATES", "AROUND-TEMPLATES"),
    "shared-space-templates-get": ("AROUND-TEMPLATES", "AROUND-TEMPLATES"),
    "getDivisions": ("AROUND-DIVISIONS", "AROUND-DIVISIONS"),
    "getDivisionById": ("AROUND-DIVISIONS", "AROUND-DIVISIONS"),
}
"""operationId -> the rule of its success, and the rule of what its answer has."""
STATEFUL = {"use_after_free": "DELETE-GONE", "ensure_resource_availability": "GET-OK"}


class UnlikeTheDocument(Violation):
    """What Schemathesis found."""

    title = "The answer is not as documented"


def document() -> dict[str, Any]:
    """Return openapi.yaml as JSON."""
    text = (files("showpad_contracts.showpad") / DOCUMENT).read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


class Driver:
    """Sends what Schemathesis draws, as the administrator, and judges the answers."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.finding = Finding(client.session)
        self._headers = {"Authorization": f"Bearer {client.target.token('admin', oauth=False)}"}
        self._owner = client.target.user_id("owner")
        config = SchemathesisConfig.from_dict(CONFIG)
        self.schema: BaseSchema = schemathesis.openapi.from_dict(document(), config=config)
        self.schema.config.update(base_url=client.target.base_url)

    def operations(self) -> list[Operation]:
        """Return every operation of the document."""
        return [result.ok() for result in self.schema.get_all_operations() if isinstance(result, Ok)]

    def alone(self, case: Case[Any]) -> None:
        """Send a case by itself; a body for a space gets a space, or all would end in 404."""
        if "shareId" in case.path_parameters and len(case.operation.body):
            with self.finding.watching():
                case.path_parameters = {"shareId": self.client.space()["id"]}
        self.validate(self.call(case), case)

    def call(self, case: Case[Any], **_: Any) -> Response:
        """Send a case; a space that it may create bears the run's mark."""
        if _id(case) == CREATE:
            case.body = self._creatable(case)
        request = requests.Request(**case.as_transport_kwargs(base_url=self.client.target.base_url)).prepare()
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

    def _creatable(self, case: Case[Any]) -> Any:
        """Mark what is created, and let what is sound name an owner who exists: else hardly any create succeeds."""
        body = case.body
        if not isinstance(body, dict):
            return body
        uri = body.get("publicUri", "")
        marked = {**body, "publicUri": self.client.session.fresh_mark()} if _is_uri(uri) or uri == "" else body
        if case.meta is None or case.meta.generation.mode is not GenerationMode.POSITIVE:
            return marked
        # A theme or template that is drawn does not exist, and is refused for that.
        named = {name: value for name, value in marked.items() if name not in ("theme", "sharedSpaceTemplate")}
        return {"title": "Drawn", **named, "owner": {"userId": self._owner}}

    def _send(self, case: Case[Any], request: requests.PreparedRequest) -> Exchange:
        base, parts = urlsplit(self.client.target.base_url), urlsplit(str(request.url))
        path = parts.path.removeprefix(base.path) + (f"?{parts.query}" if parts.query else "")
        kind = request.headers.get("Content-Type")
        headers = self._headers | ({} if kind is None else {"Content-Type": str(kind)})
        body = _body(request.body)
        if _id(case) == CREATE:
            # By the client: what comes of it is noted, and deleted at the end.
            return self.client.create(body, by=self.client.admin)
        return self.client.session.send(case.method, path, body, actor="admin", headers=headers)

    def validate(self, response: Response, case: Case[Any], recorder: Any = None) -> None:
        """Hold an answer to the document, and to our own checks."""
        with self.finding.watching():
            self._rid(case, response)
            if response.status_code >= 400:
                compare.problem(self.client.session.trail[-1])
            try:
                case.validate_response(response, recorder=recorder)
            except FailureGroup as group:
                # The least is the gravest: Schemathesis orders its findings so.
                raise _told(min(group.exceptions), case, self.client.session.trail[-1]) from None

    def _rid(self, case: Case[Any], response: Response) -> None:
        """Take note of a space that is gone."""
        if _id(case) == "shared-space-delete" and response.status_code == 204:
            self.client.session.forget(str(case.path_parameters.get("shareId")))


def _id(case: Case[Any]) -> str:
    return str(case.operation.definition.raw.get("operationId"))


def _is_uri(uri: Any) -> bool:
    return isinstance(uri, str) and PUBLIC_URI.fullmatch(uri) is not None


def _body(content: Any) -> Any:
    """Return the JSON value of a body, which reports show; bytes where it is none."""
    if content is None:
        return NOTHING
    raw = content.encode() if isinstance(content, str) else bytes(content)
    try:
        return json.loads(raw)
    except ValueError:
        return raw


def _told(found: Found, case: Case[Any], exchange: Exchange) -> Violation:
    """Make a violation of what Schemathesis found, by the rule it breaks."""
    success, fields = OPERATIONS[_id(case)]
    if isinstance(found, UndefinedStatusCode):
        allowed = " or ".join(sorted(found.defined_status_codes))
        return WrongStatus(f"status of {exchange.name}", expected=allowed, received=exchange.status, rule="CONV-STATUS")
    checks = type(found).checks
    rule = next((STATEFUL[name] for name in checks if name in STATEFUL), success)
    if "negative_data_rejection" in checks:
        rule = "CONV-TYPES" if case.method in ("POST", "PATCH") else "LIST-BAD"
    elif exchange.status >= 400 and "not_a_server_error" not in checks:
        rule = "CONV-PROBLEM"
    elif "response_schema_conformance" in checks:
        rule = _schema_rule(found, fields)
    what, _, received = found.message.strip().partition("\n")
    return UnlikeTheDocument(
        f"{exchange.name}: {found.title}", expected=what or found.title, received=received or exchange.status, rule=rule
    )


def _schema_rule(found: Found, fields: str) -> str:
    places = [str(part) for part in getattr(found, "instance_path", ())]
    if places and re.fullmatch(r"(created|updated|lastActivity|archived|expires)At", places[-1]):
        return "CONV-TIME"
    stated = any(f'"{name}"' in found.message.partition("\n")[0] for name in compare.STATED)
    return "SPACE-FIELDS-MORE" if fields == "SPACE-FIELDS" and stated else fields


def run_schemathesis(client: Client) -> None:
    """Run every operation by itself, well-formed and malformed, and then along the links."""
    driver = Driver(client)

    def execute() -> None:
        for operation in driver.operations():
            _alone(driver, operation)
        run_machine(_linked(driver), client.session.draws)

    to_the_end(driver.finding, execute)


def _alone(driver: Driver, operation: Operation) -> None:
    draws = driver.client.session.draws
    modes = [GenerationMode.POSITIVE]
    if len(operation.query) or len(operation.body):  # an opaque id cannot be malformed
        modes.append(GenerationMode.NEGATIVE)

    def example(case: Case[Any]) -> None:
        driver.finding.begin()
        try:
            driver.alone(case)
        finally:
            clear_away(driver.client)

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
            "teardown": lambda _: clear_away(driver.client),
            "call": lambda _, case, **kwargs: driver.call(case, **kwargs),
            "after_call": after_call,
            "validate_response": lambda self, response, case, **_: driver.validate(response, case, self.recorder),
        },
    )
