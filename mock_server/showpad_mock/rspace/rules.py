"""How sure each rule is: D documented in the guide, S shown by the server's tests, code or description, A assumed.

Every answer names the rules that decided it; this is where it learns their levels. What holds in one behaviour alone
says so: the guide promises one thing where the server does another.
"""

from __future__ import annotations

from collections.abc import Mapping

LEVELS: Mapping[str, str] = {
    # Conventions
    "RS-BASE": "D",
    "RS-BASE-SLASHES": "S",
    "RS-AUTH-KEY": "D",
    "RS-AUTH-KEY-FIRST": "S",
    "RS-AUTH-KEY-FORM": "S",
    "RS-AUTH-BEARER": "S",
    "RS-AUTH-UNKNOWN": "S",
    "RS-AUTH-DISABLED": "S",
    "RS-AUTH-401": "S",
    "RS-AUTH-ORDER": "S",
    "RS-JSON": "S",
    "RS-JSON-DIGITS": "A",
    "RS-BODY": "S",
    "RS-BODY-TYPE": "S",
    "RS-ERROR": "S",
    "RS-ERROR-VALIDATION": "S",
    "RS-ID-400": "S",
    "RS-RATE": "S",
    "RS-PAGE-NUMBER": "S",
    "RS-PAGE-SIZE": "S",
    "RS-PAGE-ORDER": "S",
    "RS-PAGE-ORDER-SPACING": "S",
    "RS-PAGE-QUERY": "S",
    "RS-PAGE-END": "S",
    "RS-LINKS": "D",
    "RS-LINKS-BASE": "A",
    "RS-LINKS-FORMS": "S",  # observed
    "RS-STATUS": "S",
    # Groups
    "RS-GROUPS-OK": "D",
    "RS-GROUPS-ORDER": "S",
    "RS-GROUP-OK": "S",
    "RS-GROUP-404": "S",
    "RS-GROUP-MEMBERS": "S",
    # Documents and folders
    "RS-DOCS-OK": "D",
    "RS-DOCS-QUERY": "D",
    "RS-DOCS-FILTER": "S",
    "RS-DOCS-TWO-QUERIES": "S",
    "RS-DOCS-ADVANCED": "A",
    "RS-DOCS-ADVANCED-400": "A",
    "RS-DOC-OK": "S",
    "RS-DOC-404": "A",
    "RS-DOC-PARENT": "S",
    "RS-DOC-CREATED": "S",
    "RS-DOC-DELETED": "A",
    "RS-DOC-DELETE-404": "A",
    "RS-FOLDER-CREATED": "S",
    "RS-FOLDER-NAME-400": "A",
    "RS-NAME-400": "A",
    "RS-PARENT": "S",
    "RS-PARENT-404": "A",
    # Sharing
    "RS-SHARE-OK": "D",
    "RS-SHARE-DEFAULT": "D",
    "RS-SHARE-FIELDS": "S",
    "RS-SHARE-TWICE": "S",
    "RS-SHARE-FOLDER": "S",
    "RS-SHARE-FOLDER-OTHER": "S",
    "RS-SHARE-ITEMS-400": "S",
    "RS-SHARE-TARGETS-400": "S",
    "RS-SHARE-TARGET-ID-400": "S",
    "RS-SHARE-PERMISSION-400": "S",
    # documented
    "RS-SHARE-EACH": "A",
    "RS-SHARE-FAILED": "D",
    # observed
    "RS-SHARE-FIRST": "S",
    "RS-SHARE-AGAIN": "S",
    "RS-SHARE-NOT-OWNER": "S",
    "RS-SHARE-KIND": "S",
    "RS-SHARE-NOT-MEMBER": "S",
    "RS-SHARE-NOT-COLLEAGUE": "S",
    "RS-SHARE-ATOMIC": "A",
    "RS-SHARE-ALL-FAIL": "S",
    "RS-SHARE-SOME-FAIL": "A",
    "RS-SHARE-INTO-NOTEBOOK": "S",
    "RS-SHARE-ITEM-UNKNOWN": "A",
    "RS-SHARE-TARGET-UNKNOWN": "A",
    "RS-SHARE-FOLDER-UNKNOWN": "A",
    # Shares
    "RS-SHARES-OK": "D",
    "RS-SHARES-ORDER": "S",
    "RS-SHARES-QUERY": "S",
    "RS-SHARES-ITEMS": "S",
    "RS-SHARES-ITEMS-401": "S",
    "RS-SHARES-FOLDERS": "S",
    "RS-UNSHARE-OK": "D",
    "RS-UNSHARE-404": "S",
    "RS-UNSHARE-FOREIGN": "S",
    "RS-UNSHARE-NOTEBOOK": "S",
    "RS-PERMISSION-OK": "S",
    "RS-PERMISSION-404": "S",
    "RS-PERMISSION-NULL": "A",  # documented
    "RS-PERMISSION-NULL-OBSERVED": "S",
    "RS-DOC-SHARES-OK": "S",
    "RS-DOC-SHARES-404": "S",
    "RS-DOC-SHARES-UNKNOWN": "A",  # documented
    "RS-DOC-SHARES-UNKNOWN-OBSERVED": "A",
}
