"""What belongs to the whole tenant: features, divisions, the wording of notifications."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...state.record import record
from ...state.store import RecordType, Store
from ...state.unit import Unit
from .changes import given


@record
class Features:
    """What the tenant's plan switches on: CONV-PLAN, CREATE-TEMPLATE-FEATURE, CREATE-UPLOAD-ADDON, SHARE-403."""

    shared_spaces: bool = True
    templates: bool = True
    collaborate_plus: bool = True
    api_access: bool = True


@record
class FeatureChanges:
    """What a change of the features asks for; None is what was left out."""

    shared_spaces: bool | None = None
    templates: bool | None = None
    collaborate_plus: bool | None = None
    api_access: bool | None = None


@record
class Wording:
    """A notification's text; `{title}` and `{owner}` stand for the space's title and the owner's name."""

    subject: str
    body: str


@record
class Organisation:
    """The tenant itself; its one record has the key `organisation`."""

    features: Features
    space_created: Wording
    ownership_transferred: Wording


@record
class Division:
    """A part of the organisation that owns assets (AROUND-DIVISIONS)."""

    id: str
    name: str
    is_asset_sharing_enabled: bool
    created_at: int
    updated_at: int


def _must_be_there(store: Store) -> Iterator[str]:
    if store.get(ORGANISATION, "organisation") is None:
        yield "the tenant's own record is missing"


ORGANISATION = RecordType("organisation", Organisation, key=lambda _: "organisation", inconsistencies=_must_be_there)
DIVISIONS = RecordType("divisions", Division, key=lambda division: division.id)


def organisation(unit: Unit) -> Organisation:
    """Return the tenant's own record, which every seed has."""
    found = unit.store.get(ORGANISATION, "organisation")
    assert found is not None
    return found


def change_features(unit: Unit, changes: FeatureChanges) -> Features:
    """Switch what is given on or off."""
    before = organisation(unit)
    changed = replace(before, features=replace(before.features, **given(changes)))
    unit.put(ORGANISATION, changed)
    return changed.features
