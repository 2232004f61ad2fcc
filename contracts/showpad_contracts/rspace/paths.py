"""Where each operation lies, by its operationId."""

from __future__ import annotations

from collections.abc import Mapping

from ..core import operations

TEMPLATES: Mapping[str, tuple[str, str]] = {
    "getStatus": ("GET", "/status"),
    "listGroups": ("GET", "/groups"),
    "getGroup": ("GET", "/groups/{}"),
    "listDocuments": ("GET", "/documents"),
    "createDocument": ("POST", "/documents"),
    "getDocument": ("GET", "/documents/{}"),
    "deleteDocument": ("DELETE", "/documents/{}"),
    "createFolder": ("POST", "/folders"),
    "shareItems": ("POST", "/share"),
    "listShares": ("GET", "/share"),
    "updateShare": ("PUT", "/share"),
    "deleteShare": ("DELETE", "/share/{}"),
    "getDocumentShares": ("GET", "/share/document/{}"),
}


def operation_of(method: str, path: str) -> str:
    """Return the operationId of a request, empty where it is none of these; `path` may bear a query."""
    # Two slashes are as good as one (RS-BASE-SLASHES).
    return operations.operation_of(TEMPLATES, method, path.partition("?")[0].replace("//", "/"))
