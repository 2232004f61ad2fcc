"""Quick actions and extensions on the wire."""

from __future__ import annotations

from typing import Annotated, Any, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from ..domain.page import PageQuery
from ..domain.quick_actions import Extension, NewQuickAction, QuickAction, QuickActionChanges
from .forms import Limit50, Offset, body_form, partial_body_form, query_form

Title = Annotated[str, Field(min_length=1, max_length=255)]
# No other scheme: a page that buyers see opens it (AROUND-QUICK-ACTIONS-FORM, assumed).
Url = Annotated[str, Field(max_length=2048, pattern=r"^https?://[^\s/?#]\S*$")]


class CreateBody(TypedDict):
    """What `POST .../quick-actions` takes."""

    title: Title
    url: Url
    sharedSpaceExtensionId: str
    isInternal: NotRequired[bool]


class UpdateBody(TypedDict):
    """What `PATCH .../quick-actions/{quickActionId}` takes."""

    title: NotRequired[Title]
    url: NotRequired[Url]
    sharedSpaceExtensionId: NotRequired[str]
    isInternal: NotRequired[bool]


class ListQuery(TypedDict, total=False):
    """What the lists take."""

    limit: Limit50
    offset: Offset


NAMES = {
    "title": "title",
    "url": "url",
    "sharedSpaceExtensionId": "extension_id",
    "isInternal": "is_internal",
}


def _new(body: CreateBody) -> NewQuickAction:
    members: dict[str, Any] = {NAMES[name]: value for name, value in body.items()}
    return NewQuickAction(**members)


def _changes(body: UpdateBody) -> QuickActionChanges:
    members: dict[str, Any] = {NAMES[name]: value for name, value in body.items()}
    return QuickActionChanges(**members)


def _query(query: ListQuery) -> PageQuery:
    return PageQuery(limit=query.get("limit", 50), offset=query.get("offset", 0))


FORM = "AROUND-QUICK-ACTIONS-FORM"
RULES = {
    "*:propertyRequired": "AROUND-QUICK-ACTIONS",
    "title:propertyLength": FORM,
    "url:propertyLength": FORM,
    "url:propertyPattern": FORM,
}
CREATE = body_form(CreateBody, _new, rules=RULES)
UPDATE = partial_body_form(UpdateBody, _changes, rules=RULES)
LIST = query_form(ListQuery, _query, rule="AROUND-QUICK-ACTIONS-CODES")
EXTENSIONS = query_form(ListQuery, _query, rule="AROUND-EXTENSIONS")


def extension_answer(extension: Extension) -> dict[str, Any]:
    """Show an extension."""
    return {
        "id": extension.id,
        "name": extension.name,
        "description": extension.description,
        "icon": extension.icon,
    }


def action_answer(action: QuickAction, extension: Extension) -> dict[str, Any]:
    """Show a quick action with its extension."""
    return {
        "id": action.id,
        "title": action.title,
        "url": action.url,
        "isInternal": action.is_internal,
        "sharedSpaceExtension": extension_answer(extension),
    }
