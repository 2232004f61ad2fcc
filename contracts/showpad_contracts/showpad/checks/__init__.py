"""Every check of Showpad's rules, one module a noun; what `check` makes in a module of the list is run."""

from __future__ import annotations

from ...core.check import Check, checks_of
from . import (
    changes,
    conventions,
    conventions_bodies,
    create,
    create_forms,
    effects,
    items,
    items_failed,
    items_form,
    items_pages,
    lasting,
    listing,
    listing_filters,
    listing_views,
    lookups,
    lookups_assets,
    lookups_templates,
    lookups_themes,
    ownership,
    problems,
    refusals,
    roles,
    sequences,
    shares,
    spaces,
    spaces_shown,
)

MODULES = (
    conventions,
    conventions_bodies,
    problems,
    roles,
    spaces,
    create,
    create_forms,
    changes,
    listing,
    listing_filters,
    listing_views,
    ownership,
    items,
    items_form,
    items_failed,
    items_pages,
    shares,
    spaces_shown,
    refusals,
    effects,
    lasting,
    lookups,
    lookups_assets,
    lookups_themes,
    lookups_templates,
    sequences,
)
"""In the order in which a run does their checks."""
CHECKS: tuple[Check, ...] = tuple(one for module in MODULES for one in checks_of(module))
