"""Checks that hold many rules at once: random sequences against the model, and a pass through Schemathesis."""

from __future__ import annotations

from ...core.check import Check
from ...core.violation import TargetLacks
from ..addresses import require_own
from ..client import Client
from ..stateful.machine import run_sequences

SEQUENCE_RULES = (
    *("DELETE-GONE", "DELETE-OK", "DELETE-403"),
    *("CONV-AUTH-401", "CONV-HIDE", "CONV-ORDER", "CONV-COUNT", "CONV-PAGE", "CONV-PROBLEM", "CONV-TIME"),
    *("CONV-NULL", "CONV-TYPES"),
    *("ROLE-ADMIN", "ROLE-MANAGER", "ROLE-MANAGER-PARTICIPANT", "ROLE-USER"),
    *("SPACE-FIELDS", "SPACE-FIELDS-MORE", "SPACE-TEMPLATE", "SPACE-LISTED", "SPACE-DESCRIPTION", "SPACE-URL"),
    *("SPACE-STATUS", "SPACE-THEME", "SPACE-ACTIVITY", "SPACE-ACTIVITY-SET"),
    *("CREATE-OK", "CREATE-OWNER-REQUIRED", "CREATE-OWNER-DEFAULT", "CREATE-OWNER-ADMIN", "CREATE-OWNER-ADMIN-403"),
    *("CREATE-OWNER-UNKNOWN", "CREATE-OWNER-DEACTIVATED", "CREATE-OWNER-UNLICENSED"),
    *("CREATE-TITLE-REQUIRED", "CREATE-TITLE-LENGTH", "CREATE-THEME-UNKNOWN"),
    *("CREATE-URI-TAKEN", "CREATE-URI-SCOPE", "CREATE-URI-FORM", "CREATE-DEFAULTS", "CREATE-DEFAULTS-MORE"),
    *(
        "LIST-OK",
        "LIST-EMAIL",
        "LIST-EMAIL-MINE",
        "LIST-OWNER-EMAIL-NAME",
        "LIST-TITLE-CONTAINS",
        "LIST-DEACTIVATED",
        "LIST-SINCE",
    ),
    *("LIST-OWNER", "LIST-USER", "LIST-MANAGER", "LIST-GROUP", "LIST-SORT", "LIST-SORT-TIES", "LIST-LIMIT"),
    *("GET-OK", "GET-404", "PATCH-404", "DELETE-404", "TRANSFER-404", "ITEMS-404"),
    *("PATCH-OK", "PATCH-FIELDS", "PATCH-EMPTY", "PATCH-ARCHIVE", "PATCH-ARCHIVE-AGAIN"),
    *("PATCH-URI", "PATCH-URI-400", "PATCH-OWNER", "PATCH-403"),
    *("TRANSFER-OK", "TRANSFER-USERID", "TRANSFER-NOT-FOUND", "TRANSFER-DEACTIVATED", "TRANSFER-UNLICENSED"),
    *("TRANSFER-403", "TRANSFER-MEMBERS", "TRANSFER-SAME"),
    *("ITEMS-OK", "ITEMS-ANSWER", "ITEMS-COUNT", "ITEMS-PARTIAL", "ITEMS-ORDER", "ITEMS-REQUIRED", "ITEMS-EMPTY"),
    *("ITEMS-400", "ITEMS-NOT-FOUND", "ITEMS-ARCHIVED", "ITEMS-NON-SHAREABLE", "ITEMS-ARCHIVED-SPACE", "ITEMS-403"),
)
"""Every rule that a sequence can name."""

SCHEMATHESIS_RULES = (
    *("CONV-STATUS", "CONV-PROBLEM", "CONV-TIME", "CONV-TYPES", "LIST-BAD"),
    *("SPACE-FIELDS", "SPACE-FIELDS-MORE", "SPACE-LISTED"),
    *("LIST-OK", "CREATE-OK", "GET-OK", "PATCH-OK", "DELETE-OK", "DELETE-GONE", "TRANSFER-OK"),
    *("ITEMS-OK", "ITEMS-ANSWER", "SHARE-OK", "SHARE-FIELDS"),
    *("AROUND-USERS", "AROUND-ASSETS", "AROUND-THEMES", "AROUND-TEMPLATES", "AROUND-DIVISIONS"),
)
"""Every rule that Schemathesis' findings are told by."""


def run_schemathesis(client: Client) -> None:
    """Run what Schemathesis draws from openapi.yaml, where nothing is but the kit's own."""
    if not client.target.is_own:
        raise TargetLacks("a tenant of the kit's own: Schemathesis creates what it likes")
    require_own(client.space().get("publicUrl"), client.target)  # openapi.yaml has the form of Showpad's addresses
    from ..stateful.schemathesis_pass import run_schemathesis as run  # here, because Schemathesis is slow to import

    run(client)


random_sequences_match_the_model = Check(
    name="random_sequences_match_the_model", rules=SEQUENCE_RULES, run=run_sequences, writes=True, sweeping=True
)
schemathesis_finds_nothing = Check(
    name="schemathesis_finds_nothing", rules=SCHEMATHESIS_RULES, run=run_schemathesis, writes=True, sweeping=True
)
