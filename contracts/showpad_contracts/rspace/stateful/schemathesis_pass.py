"""RSpace's pass through Schemathesis: what it may create and share, and which rule its findings break."""

from __future__ import annotations

from typing import Any

from schemathesis import Case, Response
from schemathesis.core.failures import Failure as Found

from ...core.exchange import Exchange
from ...stateful import schemathesis_pass as general
from ...stateful.schemathesis_pass import document_of, is_sound, operation_id, run_pass
from ..client import Client
from ..targets import OBSERVED

OPERATIONS = {
    "getStatus": ("RS-STATUS", "RS-STATUS"),
    "listGroups": ("RS-GROUPS-OK", "RS-GROUPS-OK"),
    "getGroup": ("RS-GROUP-OK", "RS-GROUP-OK"),
    "listDocuments": ("RS-DOCS-OK", "RS-DOCS-OK"),
    "createDocument": ("RS-DOC-CREATED", "RS-DOC-CREATED"),
    "getDocument": ("RS-DOC-OK", "RS-DOC-OK"),
    "deleteDocument": ("RS-DOC-DELETED", "RS-DOC-DELETED"),
    "createFolder": ("RS-FOLDER-CREATED", "RS-FOLDER-CREATED"),
    "shareItems": ("RS-SHARE-OK", "RS-SHARE-FIELDS"),
    "listShares": ("RS-SHARES-OK", "RS-SHARES-OK"),
    "updateShare": ("RS-PERMISSION-OK", "RS-PERMISSION-OK"),
    "deleteShare": ("RS-UNSHARE-OK", "RS-UNSHARE-OK"),
    "getDocumentShares": ("RS-DOC-SHARES-OK", "RS-DOC-SHARES-OK"),
}
"""operationId -> the rule of its success, and the rule of what its answer has."""
STATEFUL = {"use_after_free": "RS-DOC-DELETED"}


class Driver(general.Driver):
    """Sends what Schemathesis draws, as the owner, and judges the answers."""

    def __init__(self, client: Client) -> None:
        # Which values of another type are refused is seldom said: digits in a string are an id (RS-JSON-DIGITS). That
        # what was created is found is known of the id in a path alone, and shares are named in bodies, or not at all.
        self.unsaid = ["negative_data_rejection", "ensure_resource_availability"]
        if client.target.offers.get("behaviour") == OBSERVED:  # what there is not is an error of the server's own
            self.unsaid.append("not_a_server_error")
        super().__init__(client, client.owner, document_of("showpad_contracts.rspace"))
        self.client = client

    def prepare(self, case: Case[Any]) -> None:
        """Mark what a case creates; what is sound shares a document of its own with the group."""
        sent = case.body if isinstance(case.body, dict) else None
        if sent is None:
            return
        if operation_id(case) == "createDocument":
            case.body = {**sent, "name": self.client.name()} if isinstance(sent.get("name", ""), str) else sent
        # Ids that are drawn name nothing: then hardly any share would succeed, or find what it changes.
        elif operation_id(case) == "shareItems" and is_sound(case):
            case.body = {
                **sent,
                "itemsToShare": [self.client.new_id()],
                "groups": [self.client.with_group],
                "users": [],
            }
        elif operation_id(case) == "updateShare" and is_sound(case):
            case.body = {**sent, "shareId": self.client.shared(self.client.new_id())["id"]}

    def created(self, case: Case[Any], body: Any) -> Exchange | None:
        """Send a create by the client: what comes of it is noted, and deleted at the end."""
        return self.client.create(body) if operation_id(case) == "createDocument" else None

    def answered(self, case: Case[Any], response: Response) -> None:
        """Take note of a document that is gone."""
        if operation_id(case) == "deleteDocument" and response.status_code == 204:
            self.client.session.forget(str(case.path_parameters.get("id")))

    def rule_of(self, found: Found, case: Case[Any], exchange: Exchange) -> str:
        """Return the rule that is broken by what Schemathesis found."""
        success, fields = OPERATIONS[operation_id(case)]
        checks = type(found).checks
        if "response_schema_conformance" in checks:
            return "RS-ERROR" if exchange.status >= 400 else fields
        return next((STATEFUL[name] for name in checks if name in STATEFUL), success)


def run_schemathesis(client: Client) -> None:
    """Run every operation by itself, well-formed and malformed, and then along the links."""
    run_pass(Driver(client))
