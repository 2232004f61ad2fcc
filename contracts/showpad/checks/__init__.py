"""Every check of Showpad's rules, one module a noun, in one visible tuple."""

from __future__ import annotations

from ...check import Check
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
    lookups,
    lookups_assets,
    lookups_templates,
    lookups_themes,
    ownership,
    refusals,
    roles,
    sequences,
    shares,
    spaces,
    spaces_shown,
)

CHECKS: tuple[Check, ...] = (
    *conventions.CHECKS,
    *conventions_bodies.CHECKS,
    *roles.CHECKS,
    *spaces.CHECKS,
    *spaces_shown.CHECKS,
    *create.CHECKS,
    *create_forms.CHECKS,
    *changes.CHECKS,
    *listing.CHECKS,
    *listing_filters.CHECKS,
    *ownership.CHECKS,
    *items.CHECKS,
    *items_form.CHECKS,
    *items_failed.CHECKS,
    *items_pages.CHECKS,
    *shares.CHECKS,
    *refusals.CHECKS,
    *effects.CHECKS,
    *lasting.CHECKS,
    *lookups.CHECKS,
    *lookups_assets.CHECKS,
    *lookups_themes.CHECKS,
    *lookups_templates.CHECKS,
    *sequences.CHECKS,
)
"""In the order in which a run does them."""
