"""Themes and templates: how a space looks and what it starts from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...state.record import record
from ...state.store import RecordType, Store
from ...state.unit import Unit
from .changes import given
from .older import upgrade_template, upgrade_theme

GLOBAL = "global"


@record
class Theme:
    """A Sharing Theme (AROUND-THEMES). The Global Theme alone belongs to no division. Colours are six hex digits.

    `logo` and `display_image` are addresses.
    """

    id: str
    title: str
    is_global: bool
    is_default: bool
    about_description: str
    logo: str | None
    display_image: str | None
    header_color: str
    header_font_color: str
    accent_color: str
    accent_font_color: str
    division_id: str | None
    experience_ids: tuple[str, ...]
    created_at: int
    updated_at: int


@record
class Template:
    """A Shared Space template (AROUND-TEMPLATES); the `space_` fields fill in what a create leaves out.

    It is for the users and user groups that it is assigned to, and for administrators.
    """

    id: str
    name: str
    description: str
    is_published: bool
    creator_id: str
    division_id: str
    space_title: str | None
    space_description: str | None
    space_theme_id: str
    user_ids: tuple[str, ...]
    user_group_ids: tuple[str, ...]
    created_at: int
    updated_at: int


@record
class TemplateChanges:
    """What a change of a template asks for; None is what was left out."""

    is_published: bool | None = None


def _one_is_global(store: Store) -> Iterator[str]:
    if sum(theme.is_global for theme in store.all(THEMES)) != 1:
        yield "exactly one theme must be global"


THEMES = RecordType(
    "themes",
    Theme,
    key=lambda theme: theme.id,
    # A unique value that one theme has: the Global Theme is found without a look at the others.
    unique={"scope": lambda theme: GLOBAL if theme.is_global else None},
    inconsistencies=_one_is_global,
    upgrade=upgrade_theme,
)
TEMPLATES = RecordType("templates", Template, key=lambda template: template.id, upgrade=upgrade_template)


def change_template(unit: Unit, template: Template, changes: TemplateChanges) -> Template:
    """Publish a template or take it back; spaces made from it stay as they are."""
    changed = replace(template, **given(changes), updated_at=unit.now)
    unit.put(TEMPLATES, changed)
    return changed


def global_theme_id(store: Store) -> str:
    """Return the id of the tenant's Global Theme, which every seed has (SPACE-THEME)."""
    theme = store.find(THEMES, "scope", GLOBAL)
    assert theme is not None
    return theme.id
