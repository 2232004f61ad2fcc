"""What values look like: times, types of problems, and objects around spaces member by member (AROUND-)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from ..core import expect
from ..core.violation import WrongForm

Form = Callable[[Any, str], None]
"""Raises a Violation where a value is not of the form; the text says what it is the value of."""


def of(kind: type) -> Form:
    """A value of a JSON type."""
    return lambda value, what: expect.of_type(value, kind, what)


def or_null(form: Form) -> Form:
    """A value of the form, or null."""

    def check(value: Any, what: str) -> None:
        if value is not None:
            form(value, what)

    return check


def one_of(*values: str) -> Form:
    """One of these texts."""

    def check(value: Any, what: str) -> None:
        if value not in values:
            raise WrongForm(what, expected=f"one of {', '.join(values)}", received=value)

    return check


def matching(pattern: str | re.Pattern[str]) -> Form:
    """A text that matches, the whole of it."""
    return lambda value, what: expect.matches(value, pattern, what)


def text(*, most: int) -> Form:
    """A text of so many characters at most."""

    def check(value: Any, what: str) -> None:
        expect.of_type(value, str, what)
        if len(value) > most:
            raise WrongForm(what, expected=f"at most {most} characters", received=f"{len(value)} characters")

    return check


def number(value: Any, what: str) -> None:
    """A number from 0."""
    # To isinstance true is a number.
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise WrongForm(what, expected="a number from 0", received=value)


def list_of(form: Form) -> Form:
    """An array of values of one form."""

    def check(value: Any, what: str) -> None:
        expect.of_type(value, list, what)
        for position, part in enumerate(value):
            form(part, f"{what}[{position}]")

    return check


def with_members(members: Mapping[str, Form]) -> Form:
    """An object that has at least these members, each of its form."""

    def check(value: Any, what: str) -> None:
        expect.of_type(value, dict, what)
        for name, form in members.items():
            form(expect.member(value, name, of=what), f"{name} of {what}")

    return check


TEXT, YES_OR_NO, WHOLE = of(str), of(bool), of(int)
TIME = matching(re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII))
"""A time as answers show it (CONV-TIME)."""
PROBLEM_TYPE = matching(r"(\/[a-z]+(-[a-z]+)*)+")
REFERENCE = with_members({"id": matching(r"\S+")})
CODE = with_members({"code": TEXT})
IMAGE = or_null(with_members({"url": TEXT}))
COLOUR = matching("[0-9A-Fa-f]{6}")
PAGES = list_of(with_members({"start": WHOLE, "end": WHOLE}))
DATED: Mapping[str, Form] = {"id": TEXT, "createdAt": TIME, "updatedAt": TIME}

USER = with_members({**DATED, "email": TEXT, "firstName": TEXT, "lastName": TEXT})
DIVISION = with_members({**DATED, "name": TEXT, "isAssetSharingEnabled": YES_OR_NO})

ASSET = with_members(
    {
        **DATED,
        "name": or_null(TEXT),
        "type": one_of(
            *("3d-model", "audio", "document", "page", "personal-video-recording", "photo", "raw", "scorm"),
            *("unknown", "url", "video", "webapp"),
        ),
        "status": one_of("prepared", "queued", "processing", "active", "failed"),
        "division": REFERENCE,
        **dict.fromkeys(("isArchived", "isDivisionShared", "isSensitive"), YES_OR_NO),
        "permissions": with_members(dict.fromkeys(("isShareable", "isAnnotatable", "isEditable"), YES_OR_NO)),
        "isOnlyEntireDocumentShareable": YES_OR_NO,
        "lockedPages": PAGES,
        "enforcedPages": or_null(with_members({"prepend": PAGES, "append": PAGES})),
        "pageCount": or_null(WHOLE),
        "slug": TEXT,
        **dict.fromkeys(("externalId", "description", "url", "checksum"), or_null(TEXT)),
        **dict.fromkeys(("tags", "authors"), list_of(REFERENCE)),
        **dict.fromkeys(("languages", "countries"), list_of(CODE)),
        "currentFile": or_null(REFERENCE),
        **dict.fromkeys(("size", "duration", "wordCount"), or_null(number)),
        "downloadableExternal": list_of(one_of("original", "pdf")),
        "downloadableInternal": list_of(TEXT),
    }
)
"""What may be null besides currentFile and enforcedPages is not published: texts and numbers may, slug may not."""

EXTENSION = with_members({"id": TEXT, "name": TEXT, "description": or_null(TEXT), "icon": or_null(TEXT)})
"""What may be null is not published."""
QUICK_ACTION = with_members(
    {"id": TEXT, "title": TEXT, "url": TEXT, "isInternal": YES_OR_NO, "sharedSpaceExtension": EXTENSION}
)

PLAN = with_members(
    {
        **DATED,
        "context": with_members({"type": one_of("SHARED-SPACE", "SHARED-SPACE-TEMPLATE"), "id": TEXT}),
    }
)
PLAN_PARTICIPANT = with_members(
    {
        **{"id": TEXT, "status": one_of("ACTIVE", "INACTIVE"), "email": TEXT},
        **dict.fromkeys(("userId", "avatar", "firstName", "lastName"), or_null(TEXT)),
    }
)
PLAN_SETTINGS = with_members(dict.fromkeys(("assignedActionNotifications", "completedActionNotifications"), YES_OR_NO))
MILESTONE = with_members({**DATED, "title": TEXT})
ACTION = with_members({**DATED, "title": TEXT, "dueAt": or_null(TIME), "status": one_of("COMPLETED", "NOT_COMPLETED")})
ASSIGNEE = with_members({**DATED, "participantId": TEXT})

EXPORT_META = with_members(
    {"code": WHOLE, "serverTime": TIME}
    | dict.fromkeys(("requestRateLimit", "requestRateLimitReset", "requestsRemaining"), or_null(number))
)
EXPORTED: Mapping[str, Form] = {
    "sharedspaces": with_members(
        {
            **dict.fromkeys(("sharedSpaceId", "creatorId", "ownerId", "title"), TEXT),
            "description": or_null(TEXT),
            "status": one_of("active", "archived", "deleted"),
            "createdAt": TIME,
            **dict.fromkeys(("lastActivityAt", "deletedAt"), or_null(TIME)),
            "sharedSpaceParticipantsIds": list_of(TEXT),
        }
    ),
    "sharedspaceparticipants": with_members(
        {
            **dict.fromkeys(("sharedSpaceParticipantId", "sharedSpaceId", "emailAddress"), TEXT),
            **dict.fromkeys(("userId", "firstName", "lastName", "organisation", "jobTitle"), or_null(TEXT)),
            **dict.fromkeys(("accessGrantedAt", "accessRevokedAt", "lastActivityAt", "deletedAt"), or_null(TIME)),
            "createdAt": TIME,
        }
    ),
    "sharedspace-items": with_members(
        {
            **dict.fromkeys(("sharedSpaceItemId", "sharedSpaceId"), TEXT),
            **dict.fromkeys(("userId", "assetId"), or_null(TEXT)),
            "page": or_null(number),
            **dict.fromkeys(("createdAt", "updatedAt"), TIME),
            "deletedAt": or_null(TIME),
        }
    ),
    "shares": with_members(
        {
            **dict.fromkeys(("shareId", "title", "type", "creatorId"), TEXT),
            **dict.fromkeys(("salesforce", "theme", "recipients"), lambda _value, _what: None),
            "sharedAt": TIME,
            "revokedAt": or_null(TIME),
        }
    ),
}
"""The rows of each export; what may be null is not published, nor what stands in the last three of a Share."""

CRM_RECORD = with_members({"id": TEXT, "type": TEXT, "name": TEXT})
"""`url` and `accountId` may be missing."""

LOOK: Mapping[str, Form] = {
    "id": TEXT,
    "title": TEXT,
    "displayData": with_members({"aboutDescription": text(most=800), "logo": IMAGE, "displayImage": IMAGE}),
    "colorSettings": with_members(
        dict.fromkeys(("headerColor", "headerFontColor", "accentColor", "accentFontColor"), COLOUR)
    ),
}
THEME_MEMBERS: Mapping[str, Form] = {
    **DATED,
    **LOOK,
    **dict.fromkeys(("isGlobal", "isDefault"), YES_OR_NO),
    "division": or_null(REFERENCE),
}
THEME = with_members(THEME_MEMBERS)
ONE_THEME = with_members({**THEME_MEMBERS, "experiences": of(list)})


def _space_data(theme: Form) -> Form:
    return with_members({"title": or_null(TEXT), "description": or_null(TEXT), "theme": theme})


TEMPLATE_MEMBERS: Mapping[str, Form] = {
    **DATED,
    "isPublished": YES_OR_NO,
    "creator": REFERENCE,
    "name": TEXT,
    "description": or_null(TEXT),
    "division": REFERENCE,
    "sharedSpaceData": _space_data(REFERENCE),
    "usageCount": WHOLE,
}
TEMPLATE = with_members(TEMPLATE_MEMBERS)
ONE_TEMPLATE = with_members(
    {
        **TEMPLATE_MEMBERS,
        "sharedSpaceData": _space_data(with_members(LOOK)),
        **dict.fromkeys(("users", "userGroups"), list_of(REFERENCE)),
    }
)
