"""Shared Spaces on the wire: create, update, list and transfer as they come in, the object as it goes out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from ...core.clock import iso, parse_time
from ...core.refusals import FieldError
from ...web.call import Call
from ..domain.listing import Part, SpaceQuery
from ..domain.space import Space, Status, public_url
from ..domain.spaces import NewSpace, SpaceChanges
from .callers import caller_of
from .forms import (
    Id,
    Integer,
    Offset,
    Several,
    Time,
    UserRef,
    UserRole,
    YesNo,
    body_form,
    partial_body_form,
    query_form,
)

Title = Annotated[str, Field(min_length=1, max_length=255)]
Description = Annotated[str, Field(max_length=65_535)]
PublicUri = Annotated[str, Field(min_length=1, max_length=255, pattern=r"^[a-z0-9_-]+$")]

LENGTHS = {
    "title:propertyLength": "CREATE-TITLE-LENGTH",
    "description:propertyLength": "CREATE-DESCRIPTION",
    "publicUri:propertyLength": "CREATE-URI-FORM",
    "publicUri:propertyPattern": "CREATE-URI-FORM",
}


class Switches(TypedDict):
    """The booleans that create and update share."""

    isExternalDownloadAllowed: NotRequired[bool]
    isExternalInviteAllowed: NotRequired[bool]
    isExternalUploadAllowed: NotRequired[bool]
    isCommentAllowed: NotRequired[bool]
    isSearchAIAllowed: NotRequired[bool]


class CreateBody(Switches):
    """What `POST /shared-spaces` takes."""

    owner: NotRequired[UserRef]
    title: NotRequired[Title]
    publicUri: NotRequired[PublicUri]
    description: NotRequired[Description]
    theme: NotRequired[Id]
    sharedSpaceTemplate: NotRequired[Id]


class UpdateBody(Switches):
    """What `PATCH /shared-spaces/{shareId}` takes."""

    title: NotRequired[Title]
    description: NotRequired[Description]
    theme: NotRequired[Id]
    status: NotRequired[Literal["ACTIVE", "ARCHIVED"]]
    # Any text: what is not the present one is refused, whatever its form (PATCH-URI-400).
    publicUri: NotRequired[str]
    owner: NotRequired[UserRef]


class TransferBody(TypedDict):
    """What `POST .../transfer-ownership` takes."""

    userId: str


Sort = Literal[
    "title",
    "createdAt",
    "lastActivityAt",
    "archivedAt",
    "updatedAt",
    "status",
    "-title",
    "-createdAt",
    "-lastActivityAt",
    "-archivedAt",
    "-updatedAt",
    "-status",
]


class ListQuery(TypedDict, total=False):
    """What `GET /shared-spaces` takes."""

    limit: Annotated[Integer, Field(ge=1, le=1000)]
    offset: Offset
    sort: Sort
    title: str
    participantEmail: str
    ownerEmail: str
    isOwnerDeactivated: YesNo
    lastActivitySince: Time
    ownerUserId: Several
    userId: Several
    userRole: UserRole
    managerId: str
    teamRole: UserRole
    usergroupId: str
    usergroupRole: UserRole


SWITCHES = {
    "isExternalDownloadAllowed": "is_external_download_allowed",
    "isExternalInviteAllowed": "is_external_invite_allowed",
    "isExternalUploadAllowed": "is_external_upload_allowed",
    "isCommentAllowed": "is_comment_allowed",
    "isSearchAIAllowed": "is_search_ai_allowed",
}


NAMES = {"title": "title", "publicUri": "public_uri", "description": "description", **SWITCHES}


def _members(body: CreateBody | UpdateBody) -> dict[str, Any]:
    """Return what create and update share, by the names that the domain has for it."""
    members: dict[str, Any] = {NAMES[name]: value for name, value in body.items() if name in NAMES}
    if "owner" in body:
        members["owner_id"] = body["owner"]["userId"]
    if "theme" in body:
        members["theme_id"] = body["theme"]["id"]
    return members


def _new_space(body: CreateBody) -> NewSpace:
    members = _members(body)
    if "sharedSpaceTemplate" in body:
        members["template_id"] = body["sharedSpaceTemplate"]["id"]
    return NewSpace(**members)


def _changes(body: UpdateBody) -> SpaceChanges:
    members = _members(body)
    if "status" in body:
        members["status"] = Status(body["status"])
    return SpaceChanges(**members)


def _new_owner(body: TransferBody) -> str:
    return body["userId"]


def _query(query: ListQuery) -> SpaceQuery:
    since = query.get("lastActivitySince")
    return SpaceQuery(
        limit=query.get("limit", 1000),
        offset=query.get("offset", 0),
        sort=query.get("sort", "-lastActivityAt"),
        title=query.get("title"),
        participant_email=query.get("participantEmail"),
        owner_email=query.get("ownerEmail"),
        is_owner_deactivated=query.get("isOwnerDeactivated"),
        last_activity_since=parse_time(since) if since is not None else None,
        owner_user_ids=tuple(query["ownerUserId"]) if "ownerUserId" in query else None,
        user_ids=tuple(query["userId"]) if "userId" in query else None,
        user_role=Part(query.get("userRole", "ANY")),
        manager_id=query.get("managerId"),
        team_role=Part(query.get("teamRole", "ANY")),
        group_id=query.get("usergroupId"),
        group_role=Part(query.get("usergroupRole", "ANY")),
    )


def _needed_to_create(call: Call, body: Mapping[str, Any]) -> list[FieldError]:
    """Return what a create lacks beyond its types: an integration's owner, a title without a template to give one."""
    field_errors = []
    # An OAuth token's user becomes the owner (CREATE-OWNER-DEFAULT); an integration must name one.
    if caller_of(call).is_app and "owner" not in body:
        field_errors.append(FieldError("owner.userId", "Field required", "propertyRequired", "CREATE-OWNER-REQUIRED"))
    # Whether the template has a title, the domain finds out: a form knows no templates.
    if "title" not in body and "sharedSpaceTemplate" not in body:
        field_errors.append(FieldError("title", "Field required", "propertyRequired", "CREATE-TITLE-REQUIRED"))
    return field_errors


CREATE = partial_body_form(
    CreateBody,
    _new_space,
    rules={"owner.userId:propertyRequired": "CREATE-OWNER-REQUIRED", **LENGTHS},
    also=_needed_to_create,
)
UPDATE = partial_body_form(UpdateBody, _changes, rules={**LENGTHS, "status:propertyEnum": "SPACE-STATUS"})
TRANSFER = body_form(TransferBody, _new_owner, rules={"userId:propertyRequired": "TRANSFER-USERID"})
LIST = query_form(
    ListQuery,
    _query,
    rule="LIST-BAD",
    companions={"userRole": "userId", "teamRole": "managerId", "usergroupRole": "usergroupId"},
)


def space_answer(space: Space, subdomain: str) -> dict[str, Any]:
    """Show a space (SPACE-FIELDS, SPACE-FIELDS-MORE)."""
    template, logo = space.template, space.customer_logo
    return {
        "id": space.id,
        "title": space.title,
        "publicUri": space.public_uri,
        "publicUrl": public_url(subdomain, space.public_uri),
        "status": space.status,
        "isExternalDownloadAllowed": space.is_external_download_allowed,
        "isExternalInviteAllowed": space.is_external_invite_allowed,
        "isExternalUploadAllowed": space.is_external_upload_allowed,
        "isCommentAllowed": space.is_comment_allowed,
        "isSearchAIAllowed": space.is_search_ai_allowed,
        "createdAt": iso(space.created_at),
        "updatedAt": iso(space.updated_at),
        "lastActivityAt": iso(space.last_activity_at),
        "archivedAt": iso(space.archived_at) if space.archived_at is not None else None,
        "description": space.description,
        "owner": {"userId": space.owner_id},
        "theme": {"id": space.theme_id},
        "sharedSpaceTemplate": {"id": template.id, "name": template.name} if template is not None else None,
        "customerLogo": (
            {"url": logo.url, "height": logo.height, "isTransparent": logo.is_transparent} if logo is not None else None
        ),
    }


def listed_answer(space: Space, subdomain: str) -> dict[str, Any]:
    """Show a space in a list, without its description (SPACE-LISTED)."""
    shown = space_answer(space, subdomain)
    del shown["description"]
    return shown
