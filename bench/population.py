"""A tenant with many spaces, made by the domain itself as a request makes them, in known proportions."""

from __future__ import annotations

from dataclasses import replace

from showpad_mock.app import App, AppOptions
from showpad_mock.core.clock import Clock
from showpad_mock.core.refusals import Parsed
from showpad_mock.showpad.domain.access import Caller
from showpad_mock.showpad.domain.people import USERS, find_user, participant_of
from showpad_mock.showpad.domain.space import SPACES
from showpad_mock.showpad.domain.spaces import NewSpace, create
from showpad_mock.state.unit import Unit

from .inprocess import user_ids
from .requests import TENANT

FEW = 1000
"""How many spaces `seller` owns and `manager` takes part in, however many there are (a SHAREth less of only FEW)."""
SHARE = 10
"""Every SHAREth space belongs to `partner`, and `outsider` takes part in the one after it."""
START = 1_750_000_000_000
STEP = 1000
"""Milliseconds from one space to the next."""


def populated(number: int) -> App:
    """Return an app whose bench tenant has `number` spaces more than its seed data; `admin` owns the rest."""
    app = App(AppOptions())
    tenant = app.tenants.open(TENANT)
    users = user_ids(app)
    with app.tenants.transaction(tenant.name) as unit:
        admin = find_user(unit.store, "admin")
    assert admin is not None
    caller = Caller(user=admin, is_app=True)
    for place in range(number):
        tenant.clock = Clock(frozen=START + place * STEP)
        with app.tenants.transaction(tenant.name) as unit:
            owner = users[_owner(place, number)]
            space = create(unit, caller, Parsed(NewSpace(owner_id=owner, title=f"Space {place * 7919 % number}")))
            if (joins := _joins(place, number)) is not None:
                _join(unit, space.id, users[joins])
    return app


def _owner(place: int, number: int) -> str:
    if place % SHARE == 0:
        return "partner"
    return "seller" if _is_one_of_few(place, number) else "admin"


def _joins(place: int, number: int) -> str | None:
    if place % SHARE == 1:
        return "outsider"
    return "manager" if _is_one_of_few(place, number) else None


def _is_one_of_few(place: int, number: int) -> bool:
    step = max(1, number // FEW)
    return place % step == min(step - 1, SHARE // 2)


def _join(unit: Unit, space_id: str, user_id: str) -> None:
    space, user = unit.store.get(SPACES, space_id), unit.store.get(USERS, user_id)
    assert space is not None
    assert user is not None
    member = participant_of(user, unit.ids.hex32(), unit.now)
    unit.put(SPACES, replace(space, participants=(*space.participants, member)))
