"""Where each operation lies, by its operationId."""

from __future__ import annotations

from collections.abc import Mapping

from ..core import operations

TEMPLATES: Mapping[str, tuple[str, str]] = {
    "shared-spaces-list": ("GET", "/shared-spaces"),
    "shared-space-create": ("POST", "/shared-spaces"),
    "shared-space-get": ("GET", "/shared-spaces/{}"),
    "shared-space-update": ("PATCH", "/shared-spaces/{}"),
    "shared-space-delete": ("DELETE", "/shared-spaces/{}"),
    "shared-space-transfer-ownership": ("POST", "/shared-spaces/{}/transfer-ownership"),
    "shared-spaces-items-add": ("POST", "/shared-spaces/{}/items"),
    "create-share": ("POST", "/shares"),
    "getUsers": ("GET", "/users"),
    "getUserById": ("GET", "/users/{}"),
    "getAssets": ("GET", "/assets"),
    "getAsset": ("GET", "/assets/{}"),
    "theme-list": ("GET", "/themes"),
    "theme-get": ("GET", "/themes/{}"),
    "shared-space-templates-list": ("GET", "/shared-space-templates"),
    "shared-space-templates-get": ("GET", "/shared-space-templates/{}"),
    "getDivisions": ("GET", "/divisions"),
    "getDivisionById": ("GET", "/divisions/{}"),
}


def operation_of(method: str, path: str) -> str:
    """Return the operationId of a request, empty where it is none of these; `path` may bear a query."""
    return operations.operation_of(TEMPLATES, method, path)
