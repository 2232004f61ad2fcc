"""The seed data's format: one JSON document, checked whole when it is loaded from a file.

What is built in is checked by a test instead, so that a start need not make what checks it. `seed/records.py`
has the defaults of members that are left out. A user is named by its handle or id, everything else by its id.
"""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired

from pydantic import BeforeValidator, Field, TypeAdapter
from pydantic_core import from_json
from typing_extensions import TypedDict

from ...core.clock import LONGEST_SHIFT, time_text
from ...core.names import TENANT_NAME
from ..tokens import HANDLE
from .forms import Whole


def _time_text(text: object) -> str:
    if not isinstance(text, str):
        raise ValueError("must be a time as text, such as 2026-03-10T15:43:25.000Z")
    return time_text(text)


Time = Annotated[str, BeforeValidator(_time_text)]
Name = Annotated[str, Field(min_length=1)]
Label = Annotated[str, Field(pattern=TENANT_NAME)]
Handle = Annotated[str, Field(pattern=f"^{HANDLE}$")]
PublicUri = Annotated[str, Field(pattern=r"^[a-z0-9_-]+$", max_length=255)]
# No space and no semicolon: the address goes into a header that lists sources.
RedirectUri = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9+.-]*:[!-:<-~]+$", max_length=2000)]
GrantType = Literal["authorization_code", "refresh_token", "password"]
Scope = Annotated[str, Field(pattern=r"^[!#-\[\]-~]+$")]  # RFC 6749, 3.3
Title = Annotated[str, Field(min_length=1, max_length=255)]
Colour = Annotated[str, Field(pattern=r"^[0-9a-fA-F]{6}$")]
Page = Annotated[Whole, Field(ge=1)]
Amount = Annotated[Whole, Field(ge=0)]
Shift = Annotated[Whole, Field(ge=-LONGEST_SHIFT // 1000, le=LONGEST_SHIFT // 1000)]


class Dated(TypedDict, total=False):
    """Something with times; `updatedAt` is `createdAt` when left out."""

    createdAt: Time | None
    updatedAt: Time | None


class ClockPart(TypedDict, total=False):
    """The tenant's clock: frozen at a time, or real plus some seconds."""

    frozen: Time | None
    offsetSeconds: Shift


class FeaturesPart(TypedDict, total=False):
    """What the plan switches on."""

    sharedSpaces: bool
    templates: bool
    collaboratePlus: bool
    apiAccess: bool


class WordingPart(TypedDict):
    """A notification's text; `{title}` and `{owner}` are replaced."""

    subject: str
    body: str


class NotificationsPart(TypedDict, total=False):
    """The wording of notifications."""

    spaceCreated: WordingPart
    ownershipTransferred: WordingPart


class DivisionPart(Dated):
    """A division."""

    id: Name
    name: str
    isAssetSharingEnabled: NotRequired[bool]


class DisplayData(TypedDict, total=False):
    """What a theme shows; logo and image by their addresses."""

    aboutDescription: Annotated[str, Field(max_length=800)]
    logo: str | None
    displayImage: str | None


class ColorSettings(TypedDict, total=False):
    """A theme's colours, six hex digits each."""

    headerColor: Colour
    headerFontColor: Colour
    accentColor: Colour
    accentFontColor: Colour


class ThemePart(Dated):
    """A theme; exactly one is the Global Theme, and has no division."""

    id: Name
    title: str
    isGlobal: NotRequired[bool]
    isDefault: NotRequired[bool]
    displayData: NotRequired[DisplayData]
    colorSettings: NotRequired[ColorSettings]
    division: NotRequired[Name | None]
    experiences: NotRequired[list[Name]]


class UserPart(Dated):
    """A user; the handle is the id when left out."""

    id: Name
    handle: NotRequired[Handle | None]
    email: Name
    firstName: NotRequired[str]
    lastName: NotRequired[str]
    role: NotRequired[Literal["ADMIN", "MANAGER", "USER"]]
    manager: NotRequired[Name | None]
    divisions: NotRequired[list[Name]]
    isActive: NotRequired[bool]
    hasContentLicense: NotRequired[bool]
    company: NotRequired[str]
    jobTitle: NotRequired[str]
    password: NotRequired[Name]


class OAuthClientPart(TypedDict):
    """A program that asks for OAuth tokens; without a secret it is public. It may do all when nothing is said."""

    id: Handle
    name: NotRequired[Name]
    secret: NotRequired[Name | None]
    redirectUris: NotRequired[list[RedirectUri]]
    grantTypes: NotRequired[list[GrantType]]
    scopes: NotRequired[list[Scope]]


class UserGroupPart(TypedDict):
    """A group of users."""

    id: Name
    name: str
    users: NotRequired[list[Name]]


class PermissionsPart(TypedDict, total=False):
    """What may be done with an asset."""

    isShareable: bool
    isAnnotatable: bool
    isEditable: bool


class PageRangePart(TypedDict):
    """Pages from start to end, both included."""

    start: Page
    end: Page


class EnforcedPagesPart(TypedDict, total=False):
    """Pages that go along with any pick of pages."""

    prepend: list[PageRangePart]
    append: list[PageRangePart]


AssetType = Literal[
    "3d-model",
    "audio",
    "document",
    "page",
    "personal-video-recording",
    "photo",
    "raw",
    "scorm",
    "unknown",
    "url",
    "video",
    "webapp",
]
AssetStatus = Literal["prepared", "queued", "processing", "active", "failed"]
Downloadable = list[Literal["original", "pdf"]]


class AssetPart(Dated):
    """An asset; the handle, a short name for the cheat sheet, is the id when left out.

    The slug comes from the name when left out. Tags are ids, languages and countries codes, authors users.
    """

    id: Name
    handle: NotRequired[Handle | None]
    name: NotRequired[str | None]
    type: NotRequired[AssetType]
    status: NotRequired[AssetStatus]
    division: Name
    isArchived: NotRequired[bool]
    isDivisionShared: NotRequired[bool]
    isSensitive: NotRequired[bool]
    permissions: NotRequired[PermissionsPart]
    isOnlyEntireDocumentShareable: NotRequired[bool]
    lockedPages: NotRequired[list[PageRangePart]]
    enforcedPages: NotRequired[EnforcedPagesPart | None]
    pageCount: NotRequired[Page | None]
    externalId: NotRequired[str | None]
    slug: NotRequired[Name]
    description: NotRequired[str | None]
    tags: NotRequired[list[Name]]
    languages: NotRequired[list[Name]]
    countries: NotRequired[list[Name]]
    authors: NotRequired[list[Name]]
    currentFile: NotRequired[Name | None]
    url: NotRequired[str | None]
    checksum: NotRequired[str | None]
    size: NotRequired[Amount | None]
    duration: NotRequired[Amount | None]
    wordCount: NotRequired[Amount | None]
    downloadableExternal: NotRequired[Downloadable]
    downloadableInternal: NotRequired[Downloadable]


class SharedSpaceData(TypedDict, total=False):
    """What a template fills in."""

    title: str | None
    description: str | None
    theme: Name | None


class TemplatePart(Dated):
    """A Shared Space template; the theme is the Global Theme when left out.

    Without users (by name) and user groups (by id) it is for administrators alone.
    """

    id: Name
    name: str
    description: NotRequired[str]
    isPublished: NotRequired[bool]
    creator: Name
    division: Name
    sharedSpaceData: NotRequired[SharedSpaceData]
    users: NotRequired[list[Name]]
    userGroups: NotRequired[list[Name]]


class CustomerLogoPart(TypedDict):
    """A buyer's logo."""

    url: str
    height: Whole
    isTransparent: NotRequired[bool]


class ParticipantPart(TypedDict, total=False):
    """A member of a space: a user by name, or an outside person by e-mail."""

    id: Name | None
    user: Name | None
    email: str | None
    firstName: str
    lastName: str
    company: str
    jobTitle: str


class ItemPart(TypedDict, total=False):
    """Something in a space: an asset (`asset`, `page`), or a folder (`folder`, its name, and `items`)."""

    asset: Name | None
    page: Page | None
    folder: str | None
    description: str | None
    items: list[ItemPart]


class ExtensionPart(TypedDict):
    """A Shared Space extension; the icon by its address."""

    id: Name
    name: str
    description: NotRequired[str | None]
    icon: NotRequired[str | None]


class QuickActionPart(TypedDict):
    """A quick action of a space; the extension by its id."""

    id: NotRequired[Name | None]
    title: Title
    url: str
    isInternal: NotRequired[bool]
    extension: Name


class CrmRecordPart(TypedDict):
    """A record of a CRM that belongs to a space."""

    id: Name
    type: Name
    name: str
    url: NotRequired[str | None]
    accountId: NotRequired[str | None]


class SpacePart(Dated):
    """A Shared Space; the owner takes part without being listed."""

    id: Name
    title: Title
    publicUri: PublicUri
    status: NotRequired[Literal["ACTIVE", "ARCHIVED"]]
    description: NotRequired[str]
    isExternalDownloadAllowed: NotRequired[bool]
    isExternalInviteAllowed: NotRequired[bool]
    isExternalUploadAllowed: NotRequired[bool]
    isCommentAllowed: NotRequired[bool]
    isSearchAIAllowed: NotRequired[bool]
    lastActivityAt: NotRequired[Time | None]
    archivedAt: NotRequired[Time | None]
    owner: Name
    theme: NotRequired[Name | None]
    template: NotRequired[Name | None]
    customerLogo: NotRequired[CustomerLogoPart | None]
    participants: NotRequired[list[ParticipantPart]]
    items: NotRequired[list[ItemPart]]
    quickActions: NotRequired[list[QuickActionPart]]
    crmRecords: NotRequired[list[CrmRecordPart]]


class SeedDocument(TypedDict):
    """A tenant's seed data."""

    subdomain: NotRequired[Label]
    clock: NotRequired[ClockPart]
    tokens: NotRequired[dict[Name, Name]]
    features: NotRequired[FeaturesPart]
    notifications: NotRequired[NotificationsPart]
    divisions: NotRequired[list[DivisionPart]]
    themes: list[ThemePart]
    users: Annotated[list[UserPart], Field(min_length=1)]  # without one no token works
    userGroups: NotRequired[list[UserGroupPart]]
    oauthClients: NotRequired[list[OAuthClientPart]]
    assets: NotRequired[list[AssetPart]]
    templates: NotRequired[list[TemplatePart]]
    extensions: NotRequired[list[ExtensionPart]]
    spaces: NotRequired[list[SpacePart]]


def checked(document: bytes) -> SeedDocument:
    """Read a document: no member unknown, no coercion; raises Pydantic's ValidationError with every field error."""
    return TypeAdapter(SeedDocument).validate_json(document, strict=True, extra="forbid")


def unchecked(document: bytes) -> SeedDocument:
    """Read a document that is known to be right."""
    read: SeedDocument = from_json(document)
    return read
