"""Documents and folders on the wire."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from typing_extensions import TypedDict

from ...core.clock import iso
from ...core.refusals import shortened
from ...state.store import Store
from ...web.call import Call
from ..domain.documents import NewDocument
from ..domain.groups import GROUPS
from ..domain.items import Item, ItemKind, item_by_id, with_ancestors
from ..domain.people import User, user_by_id
from .forms import Number, body_form, read_body
from .pages import links_to
from .violations import Violation, refuse

LONGEST_NAME = 255
BASIC_FORM: dict[str, Any] = {
    "id": 1,
    "globalId": "FM1",
    "stableId": "basic-document",
    "version": 0,
    "name": "Basic Document",
    "tags": None,
    "formState": "PUBLISHED",
    "iconId": None,
    "_links": [],
}


class FieldPart(TypedDict, total=False):
    """A field's content."""

    content: str | None


class DocumentBody(TypedDict, total=False):
    """What `POST /documents` takes."""

    name: str | None
    tags: str | None
    parentFolderId: Number | None
    fields: list[FieldPart] | None


class FolderBody(TypedDict, total=False):
    """What `POST /folders` takes."""

    name: str | None
    notebook: bool | None
    parentFolderId: Number | None


DOCUMENT = body_form(DocumentBody)
FOLDER = body_form(FolderBody)


def read_document(call: Call) -> NewDocument:
    """Read the body of `POST /documents`."""
    body = read_body(call, DOCUMENT)
    refuse(_name_violations("apiDocument", body.get("name") or ""))
    return NewDocument(
        name=body.get("name"),
        tags=body.get("tags"),
        parent_id=body.get("parentFolderId"),
        contents=tuple(field.get("content") or "" for field in body.get("fields") or []),
    )


def read_folder(call: Call) -> tuple[str, int | None, ItemKind]:
    """Read the body of `POST /folders`: name, parent, kind."""
    body = read_body(call, FOLDER)
    name = (body.get("name") or "").strip()
    if not name:
        rejected = body.get("name")
        refuse([Violation("apiFolder", "name", rejected, "must not be blank", "RS-FOLDER-NAME-400")])
    refuse(_name_violations("apiFolder", name))
    kind = ItemKind.NOTEBOOK if body.get("notebook") else ItemKind.FOLDER
    return name, body.get("parentFolderId"), kind


def _name_violations(object_name: str, name: str) -> Iterator[Violation]:
    if len(name) > LONGEST_NAME:
        reason = f"must have at most {LONGEST_NAME} characters"
        yield Violation(object_name, "name", shortened(name), reason, "RS-NAME-400")


def document_info(item: Item, caller: User, store: Store, url: str) -> dict[str, Any]:
    """Show a document as lists do; where it lies is told to its owner alone (RS-DOC-PARENT)."""
    line = with_ancestors(store, item) if item.owner_id == caller.id else [item]
    return {
        "id": item.id,
        "globalId": item.global_id,
        "name": item.name,
        "created": iso(item.created_at),
        "lastModified": iso(item.modified_at),
        "parentFolderId": line[1].id if len(line) > 1 else None,
        "grandParentId": line[2].id if len(line) > 2 else None,
        "signed": False,
        "tags": item.tags,
        "tagMetaData": item.tags,
        "version": 0,
        "form": BASIC_FORM,
        "owner": _owner(user_by_id(store, item.owner_id)),
        "_links": links_to(f"{url}/{item.id}"),
    }


def document_answer(item: Item, caller: User, store: Store, url: str) -> dict[str, Any]:
    """Show a document with its fields."""
    fields: list[dict[str, Any]] = [
        {
            "id": field.id,
            "globalId": f"FD{field.id}",
            "name": "Data",
            "type": "text",
            "content": field.content,
            "lastModified": iso(item.modified_at),
            "columnIndex": None,
            "files": [],
            "_links": [],
        }
        for field in item.fields
    ]
    return {**document_info(item, caller, store, url), "fields": fields}


def _owner(user: User | None) -> dict[str, Any] | None:
    if user is None:
        return None
    return {
        "id": user.id,
        "username": user.username,
        "email": user.email,
        "firstName": user.first_name,
        "lastName": user.last_name,
        "homeFolderId": user.home_folder_id,
        "workbenchId": None,
        "hasPiRole": user.is_pi,
        "hasSysAdminRole": user.is_sysadmin,
        "_links": [],
    }


def folder_answer(item: Item, store: Store, url: str) -> dict[str, Any]:
    """Show a folder or a notebook, and the way from it up to the root."""
    shared = {group.shared_folder_id for group in store.all(GROUPS)}
    path = [{"id": one.id, "globalId": one.global_id, "name": one.name} for one in with_ancestors(store, item)[1:]]
    parent = item_by_id(store, item.parent_id) if item.parent_id is not None else None
    return {
        "id": item.id,
        "globalId": item.global_id,
        "name": item.name,
        "created": iso(item.created_at),
        "lastModified": iso(item.modified_at),
        "parentFolderId": parent.id if parent is not None else None,
        "notebook": item.kind is ItemKind.NOTEBOOK,
        "systemFolder": False,
        "sharedFolder": any(one["id"] in shared for one in path),
        "mediaType": None,
        "pathToRootFolder": path,
        "_links": links_to(f"{url}/{item.id}"),
    }
