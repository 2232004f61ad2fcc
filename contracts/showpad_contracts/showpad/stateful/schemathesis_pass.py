"""Showpad's pass through Schemathesis: what it may create, and which rule its findings break."""

from __future__ import annotations

import re
from typing import Any

from schemathesis import Case, Response
from schemathesis.core.failures import Failure as Found
from schemathesis.openapi.checks import UndefinedStatusCode

from ...core.exchange import Exchange
from ...stateful import schemathesis_pass as general
from ...stateful.schemathesis_pass import document_of, is_sound, operation_id, run_pass
from ..client import Client
from . import compare
from .model_forms import PUBLIC_URI

CREATE = "shared-space-create"
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


def document() -> dict[str, Any]:
    """Return openapi.yaml as JSON."""
    return document_of("showpad_contracts.showpad")


class Driver(general.Driver):
    """Sends what Schemathesis draws, as the administrator, and judges the answers."""

    def __init__(self, client: Client) -> None:
        # What hangs on ids that no drawing meets, or lies beside the base URL, has checks of its own.
        super().__init__(client, client.admin, document(), OPERATIONS)
        self.client = client
        self._owner = client.target.user_id("owner")

    def arrange(self, case: Case[Any]) -> None:
        """Give a body for a space a space."""
        if "shareId" in case.path_parameters and len(case.operation.body):
            case.path_parameters = {"shareId": self.client.space()["id"]}

    def prepare(self, case: Case[Any]) -> None:
        """Let a space that a case may create bear the run's mark."""
        if operation_id(case) == CREATE:
            case.body = self._creatable(case)

    def _creatable(self, case: Case[Any]) -> Any:
        """Mark what is created, and let what is sound name an owner who exists: else hardly any create succeeds."""
        body = case.body
        if not isinstance(body, dict):
            return body
        uri = body.get("publicUri", "")
        marked = {**body, "publicUri": self.client.session.fresh_mark()} if _is_uri(uri) or uri == "" else body
        if not is_sound(case):
            return marked
        # A theme or template that is drawn does not exist, and is refused for that.
        named = {name: value for name, value in marked.items() if name not in ("theme", "sharedSpaceTemplate")}
        return {"title": "Drawn", **named, "owner": {"userId": self._owner}}

    def created(self, case: Case[Any], body: Any) -> Exchange | None:
        """Send a create by the client: what comes of it is noted, and deleted at the end."""
        return self.client.create(body, by=self.client.admin) if operation_id(case) == CREATE else None

    def answered(self, case: Case[Any], response: Response) -> None:
        """Take note of a space that is gone; a refusal is a problem."""
        if operation_id(case) == "shared-space-delete" and response.status_code == 204:
            self.client.session.forget(str(case.path_parameters.get("shareId")))
        if response.status_code >= 400:
            compare.problem(self.client.session.trail[-1])

    def rule_of(self, found: Found, case: Case[Any], exchange: Exchange) -> str:
        """Return the rule that is broken by what Schemathesis found."""
        success, fields = OPERATIONS[operation_id(case)]
        if isinstance(found, UndefinedStatusCode):
            return "CONV-STATUS"
        checks = type(found).checks
        if "negative_data_rejection" in checks:
            return "CONV-TYPES" if case.method in ("POST", "PATCH") else "LIST-BAD"
        if exchange.status >= 400 and "not_a_server_error" not in checks:
            return "CONV-PROBLEM"
        if "response_schema_conformance" in checks:
            return _schema_rule(found, fields)
        return next((STATEFUL[name] for name in checks if name in STATEFUL), success)


def _is_uri(uri: Any) -> bool:
    return isinstance(uri, str) and PUBLIC_URI.fullmatch(uri) is not None


def _schema_rule(found: Found, fields: str) -> str:
    places = [str(part) for part in getattr(found, "instance_path", ())]
    if places and re.fullmatch(r"(created|updated|lastActivity|archived|expires)At", places[-1]):
        return "CONV-TIME"
    stated = any(f'"{name}"' in found.message.partition("\n")[0] for name in compare.STATED)
    return "SPACE-FIELDS-MORE" if fields == "SPACE-FIELDS" and stated else fields


def run_schemathesis(client: Client) -> None:
    """Run every operation by itself, well-formed and malformed, and then along the links."""
    run_pass(Driver(client))
