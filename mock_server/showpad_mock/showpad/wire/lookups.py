"""Users, assets, themes, templates and divisions on the wire (AROUND-)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, TypeVar

from typing_extensions import TypedDict

from ...core.clock import iso
from ..domain.assets import Asset, EnforcedPages, PageRange
from ..domain.branding import Theme
from ..domain.lookups import (
    AssetQuery,
    CountedTemplate,
    DivisionQuery,
    TemplateQuery,
    ThemeQuery,
    UserQuery,
    WholeTemplate,
)
from ..domain.organisation import Division
from ..domain.page import Page
from ..domain.people import User
from .forms import Limit50, LimitFrom0, Offset, Several, YesNo, query_form

T = TypeVar("T")


class UsersQuery(TypedDict, total=False):
    """What `GET /users` takes."""

    limit: LimitFrom0
    offset: Offset
    ids: Several
    emails: Several


class AssetsQuery(TypedDict, total=False):
    """What `GET /assets` takes."""

    limit: LimitFrom0
    offset: Offset
    ids: Several
    name: str
    divisionIds: Several
    externalIds: Several
    tagIds: Several
    slugs: Several


class ThemesQuery(TypedDict, total=False):
    """What `GET /themes` takes."""

    limit: Limit50
    offset: Offset
    sort: Literal["title", "createdAt", "updatedAt", "-title", "-createdAt", "-updatedAt"]
    divisionId: str
    includeGlobal: YesNo
    isDefault: YesNo
    title: str


class TemplatesQuery(TypedDict, total=False):
    """What `GET /shared-space-templates` takes."""

    limit: Limit50
    offset: Offset
    sort: Literal["createdAt", "updatedAt", "name", "usageCount", "-createdAt", "-updatedAt", "-name", "-usageCount"]
    includeUnpublished: YesNo
    divisionId: str


class DivisionsQuery(TypedDict, total=False):
    """What `GET /divisions` takes."""

    limit: LimitFrom0
    offset: Offset


def _named(names: Mapping[str, str], query: Mapping[str, Any]) -> dict[str, Any]:
    """Return the query's values under the domain's names."""
    return {
        field: frozenset(query[name]) if isinstance(query[name], list) else query[name]
        for name, field in names.items()
        if name in query
    }


PAGING = {"limit": "limit", "offset": "offset"}
USER_NAMES = {**PAGING, "ids": "ids", "emails": "emails"}
ASSET_NAMES = {
    **PAGING,
    "ids": "ids",
    "name": "name",
    "divisionIds": "division_ids",
    "externalIds": "external_ids",
    "tagIds": "tag_ids",
    "slugs": "slugs",
}
THEME_NAMES = {
    **PAGING,
    "sort": "sort",
    "divisionId": "division_id",
    "includeGlobal": "include_global",
    "isDefault": "is_default",
    "title": "title",
}
TEMPLATE_NAMES = {
    **PAGING,
    "sort": "sort",
    "includeUnpublished": "include_unpublished",
    "divisionId": "division_id",
}


def _users(query: UsersQuery) -> UserQuery:
    return UserQuery(**_named(USER_NAMES, query))


def _assets(query: AssetsQuery) -> AssetQuery:
    return AssetQuery(**_named(ASSET_NAMES, query))


def _themes(query: ThemesQuery) -> ThemeQuery:
    return ThemeQuery(**_named(THEME_NAMES, query))


def _templates(query: TemplatesQuery) -> TemplateQuery:
    return TemplateQuery(**_named(TEMPLATE_NAMES, query))


def _divisions(query: DivisionsQuery) -> DivisionQuery:
    return DivisionQuery(**_named(PAGING, query))


USERS = query_form(UsersQuery, _users, rule="AROUND-USERS")
ASSETS = query_form(AssetsQuery, _assets, rule="AROUND-ASSETS")
THEMES = query_form(ThemesQuery, _themes, rule="AROUND-THEMES")
TEMPLATES = query_form(TemplatesQuery, _templates, rule="AROUND-TEMPLATES")
DIVISIONS = query_form(DivisionsQuery, _divisions, rule="AROUND-DIVISIONS")


def page_answer(page: Page[T], show: Callable[[T], dict[str, Any]]) -> dict[str, Any]:
    """Show a page (CONV-PAGE)."""
    return {"count": page.count, "items": [show(item) for item in page.items]}


def user_answer(user: User) -> dict[str, Any]:
    """Show a user."""
    return {
        "id": user.id,
        "email": user.email,
        "firstName": user.first_name,
        "lastName": user.last_name,
        "createdAt": iso(user.created_at),
        "updatedAt": iso(user.updated_at),
    }


def _ranges(ranges: Iterable[PageRange]) -> list[dict[str, int]]:
    return [{"start": one.start, "end": one.end} for one in ranges]


def _each(member: str, values: Iterable[str]) -> list[dict[str, str]]:
    return [{member: value} for value in values]


def _enforced(pages: EnforcedPages | None) -> dict[str, Any] | None:
    return {"prepend": _ranges(pages.prepend), "append": _ranges(pages.append)} if pages is not None else None


def asset_answer(asset: Asset) -> dict[str, Any]:
    """Show an asset."""
    return {
        "id": asset.id,
        "name": asset.name,
        "type": asset.type,
        "status": asset.status,
        "division": {"id": asset.division_id},
        "isArchived": asset.is_archived,
        "isDivisionShared": asset.is_division_shared,
        "isSensitive": asset.is_sensitive,
        "permissions": {
            "isShareable": asset.is_shareable,
            "isAnnotatable": asset.is_annotatable,
            "isEditable": asset.is_editable,
        },
        "isOnlyEntireDocumentShareable": asset.is_only_entire_document_shareable,
        "lockedPages": _ranges(asset.locked_pages),
        "enforcedPages": _enforced(asset.enforced_pages),
        "pageCount": asset.page_count,
        "externalId": asset.external_id,
        "slug": asset.slug,
        "description": asset.description,
        "createdAt": iso(asset.created_at),
        "updatedAt": iso(asset.updated_at),
        "tags": _each("id", asset.tags),
        "languages": _each("code", asset.languages),
        "countries": _each("code", asset.countries),
        "authors": _each("id", asset.author_ids),
        "currentFile": {"id": asset.current_file_id} if asset.current_file_id is not None else None,
        "url": asset.url,
        "checksum": asset.checksum,
        "size": asset.size,
        "duration": asset.duration,
        "wordCount": asset.word_count,
        "downloadableExternal": list(asset.downloadable_external),
        "downloadableInternal": list(asset.downloadable_internal),
    }


def _image(address: str | None) -> dict[str, str] | None:
    return {"url": address} if address is not None else None


def _look(theme: Theme) -> dict[str, Any]:
    return {
        "id": theme.id,
        "title": theme.title,
        "displayData": {
            "aboutDescription": theme.about_description,
            "logo": _image(theme.logo),
            "displayImage": _image(theme.display_image),
        },
        "colorSettings": {
            "headerColor": theme.header_color,
            "headerFontColor": theme.header_font_color,
            "accentColor": theme.accent_color,
            "accentFontColor": theme.accent_font_color,
        },
    }


def theme_answer(theme: Theme) -> dict[str, Any]:
    """Show a theme of a list."""
    return {
        **_look(theme),
        "isGlobal": theme.is_global,
        "isDefault": theme.is_default,
        "createdAt": iso(theme.created_at),
        "updatedAt": iso(theme.updated_at),
        "division": {"id": theme.division_id} if theme.division_id is not None else None,
    }


def one_theme_answer(theme: Theme) -> dict[str, Any]:
    """Show one theme: with its experiences."""
    return {**theme_answer(theme), "experiences": _each("id", theme.experience_ids)}


def template_answer(counted: CountedTemplate) -> dict[str, Any]:
    """Show a template, and how many spaces were made from it."""
    template = counted.template
    return {
        "id": template.id,
        "isPublished": template.is_published,
        "creator": {"id": template.creator_id},
        "name": template.name,
        "description": template.description,
        "division": {"id": template.division_id},
        "sharedSpaceData": {
            "title": template.space_title,
            "description": template.space_description,
            "theme": {"id": template.space_theme_id},
        },
        "usageCount": counted.usage_count,
        "createdAt": iso(template.created_at),
        "updatedAt": iso(template.updated_at),
    }


def one_template_answer(whole: WholeTemplate) -> dict[str, Any]:
    """Show one template: with its whole theme, and whom it is assigned to."""
    template, shown = whole.counted.template, template_answer(whole.counted)
    return {
        **shown,
        "sharedSpaceData": {**shown["sharedSpaceData"], "theme": _look(whole.theme)},
        "users": _each("id", template.user_ids),
        "userGroups": _each("id", template.user_group_ids),
    }


def division_answer(division: Division) -> dict[str, Any]:
    """Show a division."""
    return {
        "id": division.id,
        "name": division.name,
        "isAssetSharingEnabled": division.is_asset_sharing_enabled,
        "createdAt": iso(division.created_at),
        "updatedAt": iso(division.updated_at),
    }
