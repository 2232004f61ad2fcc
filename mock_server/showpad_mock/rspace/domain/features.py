"""Which RSpace the tenant is: the one that its guide describes, or the one that its server's code shows."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from ...state.record import record
from ...state.store import RecordType, Store
from ...state.unit import Unit

KEY = "features"


class Behaviour(StrEnum):
    """What decides where the guide promises one thing and the server does another."""

    DOCUMENTED = "documented"
    OBSERVED = "observed"


@record
class Features:
    """The tenant's own record; there is one."""

    behaviour: Behaviour


FEATURES = RecordType("rspace_features", Features, key=lambda _: KEY)


def features(store: Store) -> Features:
    """Return the tenant's own record; one from a snapshot that is older than RSpace here has none."""
    return store.get(FEATURES, KEY) or Features(behaviour=Behaviour.DOCUMENTED)


def is_observed(store: Store) -> bool:
    """Return whether the tenant does what the server's code shows."""
    return features(store).behaviour is Behaviour.OBSERVED


def change_behaviour(unit: Unit, behaviour: Behaviour) -> None:
    """Let the tenant behave so from now on."""
    unit.put(FEATURES, replace(features(unit.store), behaviour=behaviour))
