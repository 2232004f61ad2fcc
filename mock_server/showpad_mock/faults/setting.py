"""Setting, changing and removing a tenant's faults."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic_core import from_json, to_json

from ..core.names import nearest
from ..core.refusals import FieldError, Problem, Refusal
from ..state.documents import LATEST
from ..state.store import Store
from ..state.unit import Unit
from ..web.json_body import check_depth
from ..web.validation import Findings, refusal
from ..web.vendor import Vendor
from .effects import EFFECTS
from .forms import LIFE, told, validator
from .kinds import TOLD, parts_of
from .matching import fits_pattern
from .problems import FAULT_EXISTS, FAULT_UNKNOWN, FAULTS_FULL, WRONG
from .record import FAULTS, Fault, Match
from .target import Disagreement, Part, Target, existing, target_of

MOST_FAULTS = 100
"""Of a tenant: a call or a delivery is held against each."""
LARGEST = 64 * 1024
"""A fault's effects as JSON, in bytes: they are kept again each time it is counted."""


def newest_first(store: Store, on: Target | None = None) -> list[Fault]:
    """Return a tenant's faults in the order in which they are tried: all, or those that act on this."""
    found = (fault for fault in store.all(FAULTS) if on in (None, fault.on))
    return sorted(found, key=lambda fault: -fault.number)


def find_fault(unit: Unit, name: str) -> Fault:
    """Return the fault of that name; refuses with 404."""
    fault = unit.store.get(FAULTS, name)
    if fault is None:
        known = (fault.name for fault in unit.store.all(FAULTS))
        raise FAULT_UNKNOWN.error(tenant=unit.tenant.name, name=name, nearest=nearest(name, known))
    return fault


def checked(form: Mapping[str, Any], vendors: Sequence[Vendor], problem: Problem) -> Mapping[str, Any]:
    """Return the form; refuses, as this problem, what its types could not tell."""
    _check_match(form.get("match", {}), vendors, problem)
    for place, effect in _placed(form):
        on_calls = EFFECTS.get(effect["kind"])
        if on_calls is not None and (wrong := on_calls.wrong(effect, vendors)) is not None:
            name, _, reason = wrong.partition(": ")
            raise refusal(problem, [FieldError(f"{place}.{name}", reason, "propertyEnum")], within="body")
    _target(_parts(form), problem)
    place = "effects" if "effects" in form else "effect"
    try:
        size = len(to_json(_effects(form), inf_nan_mode="strings"))
    except ValueError as error:  # half a surrogate pair
        raise refusal(problem, [FieldError(place, f"is no JSON: {error}", "json")], within="body") from None
    if size > LARGEST:
        reason = f"a fault's effects may take {LARGEST} bytes as JSON"
        raise refusal(problem, [FieldError(place, reason, "propertyLength")], within="body")
    return form


def _check_match(match: Mapping[str, Any], vendors: Sequence[Vendor], problem: Problem) -> None:
    operations = {route.name for vendor in vendors for route in vendor.routes}
    if (operation := match.get("operation")) is not None and operation not in operations:
        reason = f"there is no operation {operation}{nearest(operation, operations)}"
        raise refusal(problem, [FieldError("match.operation", reason, "propertyEnum")], within="body")
    types = {type_ for vendor in vendors if vendor.webhooks is not None for type_ in vendor.webhooks.types}
    pattern = match.get("type")
    if pattern is not None and not any(fits_pattern(pattern, type_) for type_ in types):
        reason = f"there is no event of a type {pattern}{nearest(pattern, types)}"
        raise refusal(problem, [FieldError("match.type", reason, "propertyEnum")], within="body")


def _parts(form: Mapping[str, Any]) -> Iterator[Part]:
    return parts_of(_placed(form), form.get("match", {}))


def _target(parts: Iterable[Part], problem: Problem) -> Target:
    try:
        return target_of(parts)
    except Disagreement as error:
        raise refusal(
            problem, [FieldError(error.place, f"{error.reason}; {TOLD}", "propertyEnum")], within="body"
        ) from None


def read_fault(
    effects: Mapping[str, Any], conditions: Mapping[str, Any], vendors: Sequence[Vendor]
) -> Mapping[str, Any]:
    """Read a fault as Python code writes it; raises ValueError, which names what is wrong."""
    # As JSON, so that it is what the control API would read: no tuples, nothing too deep.
    document = to_json({**effects, **conditions})
    try:
        check_depth(document)
        form = validator().read(from_json(document))
        if isinstance(form, Findings):
            raise ValueError(told(form))
        return checked(form, vendors, WRONG)
    except Refusal as refusal:
        raise ValueError(refusal.detail) from None


def set_lasting(unit: Unit, form: Mapping[str, Any]) -> Fault:
    """Set a fault that does not end by itself, since somebody will remove it."""
    return set_fault(unit, {**form, "expiresIn": None})


def _placed(form: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the effects that a form gives, each with its place."""
    if "effect" in form:
        yield "effect", form["effect"]
    for position, effect in enumerate(form.get("effects", ())):
        yield f"effects[{position}]", effect


def _effects(form: Mapping[str, Any]) -> tuple[dict[str, Any], ...]:
    return tuple(effect for _, effect in _placed(form))


def set_fault(unit: Unit, form: Mapping[str, Any]) -> Fault:
    """Set a fault, of a name that finds itself where none is given; faults whose time is over make room."""
    for fault in list(unit.store.all(FAULTS)):
        if fault.has_expired(unit.now):
            unit.delete(FAULTS, fault.name)
    faults = newest_first(unit.store)
    if len(faults) >= MOST_FAULTS:
        raise FAULTS_FULL.error(tenant=unit.tenant.name, most=MOST_FAULTS)
    number = faults[0].number + 1 if faults else 1
    name = form.get("name") or _free_name(unit.store, number)
    if unit.store.get(FAULTS, name) is not None:
        raise FAULT_EXISTS.error(tenant=unit.tenant.name, name=name)
    fault = Fault(
        name=name,
        number=number,
        on=target_of(_parts(form)),
        match=_match_of(form.get("match", {})),
        effects=_effects(form),
        times=_times(form),
        after=form.get("after", 0),
        probability=form.get("probability", 1),
        expires_at=_expiry(unit.now, form.get("expiresIn", LIFE)),
        seen=0,
        fired=0,
    )
    unit.put(FAULTS, fault)
    return fault


def _free_name(store: Store, number: int) -> str:
    while store.get(FAULTS, f"fault-{number}") is not None:
        number += 1
    return f"fault-{number}"


def _match_of(form: Mapping[str, Any]) -> Match:
    return Match(
        operation=form.get("operation"),
        method=form.get("method"),
        path=form.get("path"),
        headers=dict(form.get("headers", {})),
        type=form.get("type"),
        subscription=form.get("subscription"),
        body=dict(form.get("body", {})),
        nth=form.get("nth"),
        named=form.get("named", False),
    )


def _times(form: Mapping[str, Any]) -> int | None:
    # A sequence that is not told how often goes through once.
    times: int | None = form.get("times", len(form["effects"]) if "effects" in form else None)
    return times


def _expiry(now: int, seconds: float | None) -> int | None:
    # No later than what can be shown.
    return min(now + round(seconds * 1000), LATEST) if seconds is not None else None


def change_fault(unit: Unit, name: str, form: Mapping[str, Any], problem: Problem) -> Fault:
    """Change what the form names; what was counted stays counted.

    Refuses, as this problem, what does not go with what the fault acts on.
    """
    fault = find_fault(unit, name)
    _target([existing(fault.on), *_parts(form)], problem)
    changes: dict[str, Any] = {member: form[member] for member in ("after", "probability") if member in form}
    if "match" in form:
        changes["match"] = _match_of(form["match"])
    if effects := _effects(form):
        changes["effects"] = effects
    if "times" in form or "effects" in form:
        changes["times"] = _times(form)
    if "expiresIn" in form:
        changes["expires_at"] = _expiry(unit.now, form["expiresIn"])
    changed = replace(fault, **changes)
    unit.put(FAULTS, changed)
    return changed


def remove_fault(unit: Unit, name: str) -> None:
    """Remove a fault."""
    unit.delete(FAULTS, find_fault(unit, name).name)


def remove_all(unit: Unit) -> None:
    """Remove all faults of a tenant."""
    for fault in list(unit.store.all(FAULTS)):
        unit.delete(FAULTS, fault.name)
