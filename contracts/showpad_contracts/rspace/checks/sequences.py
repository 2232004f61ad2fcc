"""Checks that hold many rules at once: random sequences against the model, and a pass through Schemathesis."""

from __future__ import annotations

from ...core.check import Check
from ...core.violation import TargetLacks
from ..client import Client
from ..stateful.machine import run_sequences

SEQUENCE_RULES = (
    *("RS-SHARE-OK", "RS-SHARE-FIELDS", "RS-SHARE-DEFAULT", "RS-SHARE-FOLDER", "RS-SHARE-EACH", "RS-SHARE-FAILED"),
    *("RS-SHARE-FIRST", "RS-SHARE-AGAIN", "RS-SHARE-NOT-OWNER", "RS-SHARE-KIND", "RS-SHARE-NOT-MEMBER"),
    *("RS-SHARE-NOT-COLLEAGUE", "RS-SHARE-ATOMIC", "RS-SHARE-ALL-FAIL", "RS-SHARE-SOME-FAIL", "RS-SHARE-ITEM-UNKNOWN"),
    *("RS-SHARE-TARGET-UNKNOWN", "RS-SHARE-PERMISSION-400"),
    *("RS-SHARES-OK", "RS-SHARES-ORDER", "RS-SHARES-ITEMS", "RS-SHARES-ITEMS-401", "RS-PAGE-SIZE"),
    *("RS-UNSHARE-OK", "RS-UNSHARE-404", "RS-UNSHARE-FOREIGN", "RS-UNSHARE-NOTEBOOK"),
    *("RS-PERMISSION-OK", "RS-PERMISSION-404", "RS-PERMISSION-NULL", "RS-PERMISSION-NULL-OBSERVED"),
    *("RS-DOC-SHARES-OK", "RS-DOC-SHARES-404", "RS-DOC-SHARES-UNKNOWN", "RS-DOC-SHARES-UNKNOWN-OBSERVED"),
    *("RS-DOCS-OK", "RS-DOCS-FILTER", "RS-DOC-OK", "RS-DOC-404", "RS-DOC-PARENT", "RS-PARENT"),
    *("RS-DOC-CREATED", "RS-DOC-DELETED", "RS-DOC-DELETE-404", "RS-FOLDER-CREATED"),
)
"""Every rule that a sequence can name."""

SCHEMATHESIS_RULES = (
    *("RS-STATUS", "RS-GROUPS-OK", "RS-GROUP-OK", "RS-DOCS-OK", "RS-DOC-CREATED", "RS-DOC-OK", "RS-DOC-DELETED"),
    *("RS-FOLDER-CREATED", "RS-SHARE-OK", "RS-SHARE-FIELDS", "RS-SHARES-OK", "RS-PERMISSION-OK", "RS-UNSHARE-OK"),
    *("RS-DOC-SHARES-OK", "RS-ERROR"),
)
"""Every rule that Schemathesis' findings are told by."""


def run_schemathesis(client: Client) -> None:
    """Run what Schemathesis draws from openapi.yaml, where nothing is but the kit's own."""
    if not client.target.is_own:
        raise TargetLacks("a tenant of the kit's own: Schemathesis creates what it likes")
    from ..stateful.schemathesis_pass import run_schemathesis as run  # here, because Schemathesis is slow to import

    run(client)


random_shares_match_the_model = Check(
    name="random_shares_match_the_model", rules=SEQUENCE_RULES, run=run_sequences, writes=True, sweeping=True
)
schemathesis_is_answered_as_documented = Check(
    name="schemathesis_is_answered_as_documented",
    rules=SCHEMATHESIS_RULES,
    run=run_schemathesis,
    writes=True,
    sweeping=True,
)
