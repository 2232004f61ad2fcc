"""What is served: one list of routes, each with a name of its own."""

from __future__ import annotations

from starlette.routing import Route

from ..web.late import late
from .wire.paths import V1


def _route(method: str, path: str, name: str, handler: str) -> Route:
    # Late: most servers are never asked for RSpace.
    return Route(V1 + path, late(__package__, handler), methods=[method], name=name)


ROUTES = (
    _route("GET", "/status", "getStatus", "status.show_status"),
    _route("GET", "/groups", "listGroups", "groups.list_groups"),
    _route("GET", "/groups/{id}", "getGroup", "groups.get_group"),
    _route("GET", "/documents", "listDocuments", "documents.list_documents"),
    _route("POST", "/documents", "createDocument", "documents.create_document"),
    _route("GET", "/documents/{id}", "getDocument", "documents.get_document"),
    _route("DELETE", "/documents/{id}", "deleteDocument", "documents.delete_document"),
    _route("POST", "/folders", "createFolder", "documents.create_folder"),
    _route("POST", "/share", "shareItems", "shares.share"),
    _route("GET", "/share", "listShares", "shares.list_shares"),
    _route("PUT", "/share", "updateShare", "shares.change_permission"),
    _route("DELETE", "/share/{id}", "deleteShare", "shares.end"),
    _route("GET", "/share/document/{id}", "getDocumentShares", "shares.of_document"),
)
# So RSpace's own Python client asks for it, and the server lets it pass (RS-BASE-SLASHES).
DOUBLE_SLASH = _route("DELETE", "//documents/{id}", "deleteDocument", "documents.delete_document")
SERVED = (*ROUTES, DOUBLE_SLASH)
