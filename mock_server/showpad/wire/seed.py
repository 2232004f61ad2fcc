"""The seed data's format: one JSON document, checked whole when it is loaded.

Members that are left out have the defaults shown here. A user is named by its handle or id, everything else by its id.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

from ...clock import LONGEST_SHIFT, parse_time


def read_time(text: object) -> int:
    """Read a time given as text; raises ValueError for anything else."""
    if not isinstance(text, str):
        raise ValueError("must be a time as text, such as 2026-03-10T15:43:25.000Z")
    return parse_time(text)


Time = Annotated[int, BeforeValidator(read_time)]
Name = Annotated[str, StringConstraints(min_length=1)]
Label = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")]
Handle = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]+$")]
PublicUri = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]+$", max_length=255)]
Colour = Annotated[str, StringConstraints(pattern=r"^[0-9a-fA-F]{6}$")]

DEFAULT_TIME = parse_time("2025-01-01T00:00:00.000Z")


class Part(BaseModel):
    """A part of the document: members in camelCase, none unknown, no coercion."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", strict=True, frozen=True)


class Dated(Part):
    """Something with times; `updatedAt` is `createdAt` when left out."""

    created_at: Time | None = None
    updated_at: Time | None = None

    @property
    def created(self) -> int:
        """The time of creation in milliseconds."""
        return self.created_at if self.created_at is not None else DEFAULT_TIME

    @property
    def updated(self) -> int:
        """The time of the last update in milliseconds."""
        return self.updated_at if self.updated_at is not None else self.created


class ClockPart(Part):
    """The tenant's clock: frozen at a time, or real plus some seconds."""

    frozen: Time | None = None
    offset_seconds: Annotated[int, Field(ge=-LONGEST_SHIFT // 1000, le=LONGEST_SHIFT // 1000)] = 0


class FeaturesPart(Part):
    """What the plan switches on."""

    shared_spaces: bool = True
    templates: bool = True
    collaborate_plus: bool = True
    api_access: bool = True


class WordingPart(Part):
    """A notification's text; `{title}` and `{owner}` are replaced."""

    subject: str
    body: str


class NotificationsPart(Part):
    """The wording of notifications; the first is guide 000's (CREATE-NOTIFY), the second is assumed."""

    space_created: WordingPart = WordingPart(
        subject="A new Shared Space has been created for you.",
        body=(
            "You have a new automatically created Shared Space, {title}. As the assigned owner, you have full control "
            "to personalize and manage this Shared Space. This automation was configured by your Showpad administrator."
        ),
    )
    ownership_transferred: WordingPart = WordingPart(
        subject="You are now the owner of a Shared Space.",
        body="The ownership of the Shared Space {title} was transferred to you.",
    )


class DivisionPart(Dated):
    """A division."""

    id: Name
    name: str
    is_asset_sharing_enabled: bool = True


class DisplayData(Part):
    """What a theme shows."""

    about_description: str | None = None
    logo: str | None = None
    display_image: str | None = None


class ColorSettings(Part):
    """A theme's colours, six hex digits each."""

    header_color: Colour = "FFFFFF"
    header_font_color: Colour = "1A1A1A"
    accent_color: Colour = "0A6CFF"
    accent_font_color: Colour = "FFFFFF"


class ThemePart(Dated):
    """A theme; exactly one is the Global Theme."""

    id: Name
    title: str
    is_global: bool = False
    is_default: bool = False
    display_data: DisplayData = DisplayData()
    color_settings: ColorSettings = ColorSettings()
    division: Name | None = None
    experiences: list[Name] = []


class UserPart(Dated):
    """A user; the handle is the id when left out."""

    id: Name
    handle: Handle | None = None
    email: Name
    first_name: str = ""
    last_name: str = ""
    role: Literal["ADMIN", "MANAGER", "USER"] = "USER"
    manager: Name | None = None
    divisions: list[Name] = []
    is_active: bool = True
    has_content_license: bool = True
    company: str = ""
    job_title: str = ""


class UserGroupPart(Part):
    """A group of users."""

    id: Name
    name: str
    users: list[Name] = []


class PermissionsPart(Part):
    """What may be done with an asset."""

    is_shareable: bool = True
    is_annotatable: bool = True
    is_editable: bool = False


class PageRangePart(Part):
    """Pages from start to end, both included."""

    start: Annotated[int, Field(ge=1)]
    end: Annotated[int, Field(ge=1)]


class EnforcedPagesPart(Part):
    """Pages that go along with any pick of pages."""

    prepend: list[PageRangePart] = []
    append: list[PageRangePart] = []


class AssetPart(Dated):
    """An asset; the handle, a short name for the cheat sheet, is the id when left out."""

    id: Name
    handle: Handle | None = None
    name: str | None = None
    type: str = "document"
    status: str = "READY"
    division: Name
    is_archived: bool = False
    permissions: PermissionsPart = PermissionsPart()
    is_only_entire_document_shareable: bool = False
    locked_pages: list[PageRangePart] = []
    enforced_pages: EnforcedPagesPart | None = None
    page_count: Annotated[int, Field(ge=1)] | None = None
    external_id: str | None = None
    slug: str | None = None
    description: str | None = None
    tags: list[str] = []
    languages: list[str] = []
    countries: list[str] = []


class SharedSpaceData(Part):
    """What a template fills in."""

    title: str | None = None
    description: str | None = None
    theme: Name | None = None


class TemplatePart(Dated):
    """A Shared Space template."""

    id: Name
    name: str
    description: str | None = None
    is_published: bool = True
    creator: Name
    division: Name | None = None
    shared_space_data: SharedSpaceData = SharedSpaceData()


class CustomerLogoPart(Part):
    """A buyer's logo."""

    url: str
    height: int
    is_transparent: bool = False


class ParticipantPart(Part):
    """A member of a space: a user by name, or an outside person by e-mail."""

    id: Name | None = None
    user: Name | None = None
    email: str | None = None
    first_name: str = ""
    last_name: str = ""
    company: str = ""
    job_title: str = ""


class ItemPart(Part):
    """Something in a space: an asset (`asset`, `page`), or a folder (`folder`, its name, and `items`)."""

    asset: Name | None = None
    page: Annotated[int, Field(ge=1)] | None = None
    folder: str | None = None
    description: str | None = None
    items: list[ItemPart] = []


class SpacePart(Dated):
    """A Shared Space; the owner takes part without being listed."""

    id: Name
    title: Annotated[str, StringConstraints(min_length=1, max_length=255)]
    public_uri: PublicUri
    status: Literal["ACTIVE", "ARCHIVED"] = "ACTIVE"
    description: str = ""
    is_external_download_allowed: bool = True
    is_external_invite_allowed: bool = True
    is_external_upload_allowed: bool = False
    is_comment_allowed: bool = True
    is_search_ai_allowed: Annotated[bool, Field(alias="isSearchAIAllowed")] = True
    last_activity_at: Time | None = None
    archived_at: Time | None = None
    owner: Name
    theme: Name | None = None
    template: Name | None = None
    customer_logo: CustomerLogoPart | None = None
    participants: list[ParticipantPart] = []
    items: list[ItemPart] = []


class SeedDocument(Part):
    """A tenant's seed data."""

    subdomain: Label = "demo"
    clock: ClockPart = ClockPart()
    tokens: dict[Name, Name] = {}
    features: FeaturesPart = FeaturesPart()
    notifications: NotificationsPart = NotificationsPart()
    divisions: list[DivisionPart] = []
    themes: list[ThemePart]
    users: list[UserPart]
    user_groups: list[UserGroupPart] = []
    assets: list[AssetPart] = []
    templates: list[TemplatePart] = []
    spaces: list[SpacePart] = []
