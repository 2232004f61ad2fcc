"""The look-ups around spaces and Shares: users, assets, themes, templates, divisions (AROUND-)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from ...core.refusals import Parsed, Problem
from ...state.record import record
from ...state.store import RecordType, Store, get_all, starting_with
from ...state.unit import Unit
from .. import problems
from .access import Caller
from .assets import ASSETS, Asset, may_access
from .branding import TEMPLATES, THEMES, Template, Theme
from .organisation import DIVISIONS, Division
from .page import Page, page_of
from .people import USER_GROUPS, USERS, User
from .space import SPACES

R = TypeVar("R")


@record
class UserQuery:
    """What a list of users asks for; None is what was left out."""

    limit: int = 50
    offset: int = 0
    ids: frozenset[str] | None = None
    emails: frozenset[str] | None = None


@record
class AssetQuery:
    """What a list of assets asks for; `name` is a part of the name."""

    limit: int = 50
    offset: int = 0
    ids: frozenset[str] | None = None
    name: str | None = None
    division_ids: frozenset[str] | None = None
    external_ids: frozenset[str] | None = None
    tag_ids: frozenset[str] | None = None
    slugs: frozenset[str] | None = None


@record
class ThemeQuery:
    """What a list of themes asks for. With a division, the Global Theme is shown only if asked for."""

    limit: int = 50
    offset: int = 0
    sort: str = "-createdAt"
    division_id: str | None = None
    include_global: bool | None = None
    is_default: bool | None = None
    title: str | None = None


@record
class TemplateQuery:
    """What a list of templates asks for."""

    limit: int = 50
    offset: int = 0
    sort: str = "-createdAt"
    include_unpublished: bool = False
    division_id: str | None = None


@record
class DivisionQuery:
    """What a list of divisions asks for."""

    limit: int = 50
    offset: int = 0


@dataclass(frozen=True, slots=True)
class CountedTemplate:
    """A template, and how many spaces were made from it."""

    template: Template
    usage_count: int


@dataclass(frozen=True, slots=True)
class WholeTemplate:
    """A template that is asked for alone: with its whole theme."""

    counted: CountedTemplate
    theme: Theme


def _found(unit: Unit, record_type: RecordType[R], key: str, unknown: Problem) -> R:
    record = unit.store.get(record_type, key)
    if record is None:
        raise unknown.error(id=key)
    # A look-up has one rule, for what is there and for what is not.
    unit.decide(unknown.rule)
    return record


def _among(value: str | None, wanted: Collection[str] | None) -> bool:
    return wanted is None or value in wanted


def _sorted(records: Iterable[R], sort: str, keys: dict[str, Callable[[R], Any]]) -> list[R]:
    """Sort by a field, `-` in front for descending; ties go by id both ways."""
    by_id = sorted(records, key=keys["id"])
    return sorted(by_id, key=keys[sort.removeprefix("-")], reverse=sort.startswith("-"))


def get_user(unit: Unit, _: Caller, user_id: str) -> User:
    """Return a user."""
    return _found(unit, USERS, user_id, problems.USER_UNKNOWN)


def list_users(unit: Unit, _: Caller, query: Parsed[UserQuery]) -> Page[User]:
    """List users by time of creation."""
    request = query.require()
    unit.decide("AROUND-USERS")
    emails = {email.casefold() for email in request.emails} if request.emails is not None else None
    users = get_all(unit.store, USERS, unit.store.scan(USERS, "created"))
    matching = (user for user in users if _among(user.id, request.ids) and _among(user.email.casefold(), emails))
    return page_of(matching, request.offset, request.limit)


def get_asset(unit: Unit, caller: Caller, asset_id: str) -> Asset:
    """Return an asset; one that the caller has no permissions on is told like one that does not exist (CONV-HIDE)."""
    asset = _found(unit, ASSETS, asset_id, problems.ASSET_UNKNOWN)
    if not may_access(caller.user, asset):
        raise problems.ASSET_UNKNOWN.error(id=asset_id)
    return asset


def list_assets(unit: Unit, caller: Caller, query: Parsed[AssetQuery]) -> Page[Asset]:
    """List the assets that the caller has permissions on, by time of creation."""
    request = query.require()
    unit.decide("AROUND-ASSETS")
    assets = get_all(unit.store, ASSETS, unit.store.scan(ASSETS, "created"))
    matching = (asset for asset in assets if may_access(caller.user, asset) and _asset_matches(asset, request))
    return page_of(matching, request.offset, request.limit)


def _asset_matches(asset: Asset, request: AssetQuery) -> bool:
    if request.name is not None and request.name.casefold() not in (asset.name or "").casefold():
        return False
    if request.tag_ids is not None and request.tag_ids.isdisjoint(asset.tags):
        return False
    return (
        _among(asset.id, request.ids)
        and _among(asset.division_id, request.division_ids)
        and _among(asset.external_id, request.external_ids)
        and _among(asset.slug, request.slugs)
    )


THEME_KEYS: dict[str, Callable[[Theme], Any]] = {
    "id": lambda theme: theme.id,
    "title": lambda theme: (theme.title.casefold(), theme.title),
    "createdAt": lambda theme: theme.created_at,
    "updatedAt": lambda theme: theme.updated_at,
}


def get_theme(unit: Unit, _: Caller, theme_id: str) -> Theme:
    """Return a theme."""
    return _found(unit, THEMES, theme_id, problems.THEME_UNKNOWN)


def list_themes(unit: Unit, _: Caller, query: Parsed[ThemeQuery]) -> Page[Theme]:
    """List themes, newest first unless asked otherwise."""
    request = query.require()
    unit.decide("AROUND-THEMES")
    matching = (theme for theme in unit.store.all(THEMES) if _theme_matches(theme, request))
    return page_of(_sorted(matching, request.sort, THEME_KEYS), request.offset, request.limit)


def _theme_matches(theme: Theme, request: ThemeQuery) -> bool:
    if request.title is not None and request.title.casefold() not in theme.title.casefold():
        return False
    if request.is_default is not None and theme.is_default != request.is_default:
        return False
    if theme.is_global:
        # The Global Theme has no division, so that a filter by division would never show it.
        shown = request.include_global if request.include_global is not None else request.division_id is None
        return bool(shown)
    return request.division_id is None or theme.division_id == request.division_id


TEMPLATE_KEYS: dict[str, Callable[[CountedTemplate], Any]] = {
    "id": lambda one: one.template.id,
    "name": lambda one: (one.template.name.casefold(), one.template.name),
    "createdAt": lambda one: one.template.created_at,
    "updatedAt": lambda one: one.template.updated_at,
    "usageCount": lambda one: one.usage_count,
}


def counted(store: Store, template: Template) -> CountedTemplate:
    """Return a template with how many spaces were made from it."""
    # Counted by the index, not kept in the template: deleting a space must not write to it.
    return CountedTemplate(template, store.count(SPACES, "template", starting_with(template.id)))


def _may_use(store: Store, caller: Caller, template: Template) -> bool:
    """Return whether a template is for the caller; unpublished or assigned to nobody, it is for admins alone."""
    if caller.is_admin:
        return True
    groups = (store.get(USER_GROUPS, group_id) for group_id in template.user_group_ids)
    return template.is_published and (
        caller.user.id in template.user_ids or any(group and caller.user.id in group.user_ids for group in groups)
    )


def get_template(unit: Unit, caller: Caller, template_id: str) -> WholeTemplate:
    """Return a template, with its whole theme; one that is not for the caller is told like one that does not exist."""
    template = _found(unit, TEMPLATES, template_id, problems.TEMPLATE_UNKNOWN)
    if not _may_use(unit.store, caller, template):
        raise problems.TEMPLATE_UNKNOWN.error(id=template_id)
    theme = unit.store.get(THEMES, template.space_theme_id)
    assert theme is not None  # no theme is ever deleted
    return WholeTemplate(counted(unit.store, template), theme)


def list_templates(unit: Unit, caller: Caller, query: Parsed[TemplateQuery]) -> Page[CountedTemplate]:
    """List the published templates that are for the caller; for admins who ask, the unpublished too."""
    request = query.require()
    unit.decide("AROUND-TEMPLATES")
    # Ignored from everybody else, not refused: S says no more than that it is for admins.
    unpublished = request.include_unpublished and caller.is_admin
    matching = (
        counted(unit.store, template)
        for template in unit.store.all(TEMPLATES)
        if (template.is_published or unpublished)
        and request.division_id in (None, template.division_id)
        and _may_use(unit.store, caller, template)
    )
    return page_of(_sorted(matching, request.sort, TEMPLATE_KEYS), request.offset, request.limit)


def get_division(unit: Unit, _: Caller, division_id: str) -> Division:
    """Return a division."""
    return _found(unit, DIVISIONS, division_id, problems.DIVISION_UNKNOWN)


def list_divisions(unit: Unit, _: Caller, query: Parsed[DivisionQuery]) -> Page[Division]:
    """List divisions by name."""
    request = query.require()
    unit.decide("AROUND-DIVISIONS")
    divisions = sorted(unit.store.all(DIVISIONS), key=lambda division: (division.name.casefold(), division.id))
    return page_of(divisions, request.offset, request.limit)
