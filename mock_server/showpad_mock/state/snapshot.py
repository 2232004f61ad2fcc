"""Snapshots: everything that tenants hold as one JSON document, and back, all of it or nothing.

A document holds every record whole, in the fields' own names, so that it needs neither seed data nor other tenants.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from types import GenericAlias
from typing import Annotated, Any, Literal, get_type_hints

from pydantic import AfterValidator, Field, TypeAdapter, ValidationError
from pydantic_core import SchemaValidator, from_json, to_json
from typing_extensions import TypedDict

from ..core.clock import LONGEST_SHIFT, Clock, parse_time
from ..core.ids import Ids
from ..core.names import TENANT_NAME
from ..core.refusals import Refusal
from .backend import new_store
from .base import Base
from .store import RecordType
from .tenant import LOG_CAP, Log, Tenant
from .tenants import Tenants

# Raised whenever a record's fields change: a document holds these by name, and an older one would not be read right.
SNAPSHOT_VERSION = 3
# What `iso` can show: one millisecond beyond, and every answer with that time would fail.
EARLIEST = parse_time("0001-01-01T00:00:00.000Z")
LATEST = parse_time("9999-12-31T23:59:59.999Z")
RecordTypes = Sequence[RecordType[Any]]


class SnapshotError(ValueError):
    """A document that is no snapshot; the message names the place in it and what was expected."""


def _known(version: int) -> int:
    if version != SNAPSHOT_VERSION:
        raise ValueError(f"must be {SNAPSHOT_VERSION}, the version that this server reads and writes")
    return version


class _Clock(TypedDict):
    frozen: int | None
    offset: Annotated[int, Field(ge=-LONGEST_SHIFT, le=LONGEST_SHIFT)]


_Version = Annotated[int, AfterValidator(_known)]
# The state of a Mersenne Twister (CPython's `Random`): 624 words and a position among them.
_Words = Annotated[list[Annotated[int, Field(ge=0, lt=2**32)]], Field(min_length=625, max_length=625)]
_Position = tuple[Literal[3], _Words, Annotated[float, Field(allow_inf_nan=False)] | None]


class _Chance(TypedDict):
    ids: _Position
    problem_ids: _Position


class _Log(TypedDict):
    dropped: Annotated[int, Field(ge=0)]
    entries: Annotated[list[dict[str, Any]], Field(max_length=LOG_CAP)]


class _Tenant(TypedDict):
    name: Annotated[str, Field(pattern=TENANT_NAME)]
    clock: _Clock
    chance: _Chance
    logs: dict[str, _Log]
    records: Any
    """One member a record type, the list of its records; `_reader` knows the types."""


def take(tenant: Tenant, record_types: RecordTypes) -> bytes:
    """Return a snapshot of one tenant, within a unit of work."""
    return to_json({"version": SNAPSHOT_VERSION, "tenant": _content(tenant, record_types)})


def take_all(tenants: Tenants, record_types: RecordTypes) -> bytes:
    """Return a snapshot of every tenant that was written to; the others are their seed data."""
    with tenants.lock:
        # Under one lock from the first to the last, so that the document is a moment's and no mixture.
        written = [_content(tenant, record_types) for tenant in tenants.opened() if tenant.written]
        return to_json({"version": SNAPSHOT_VERSION, "tenants": written})


def restore(tenants: Tenants, name: str, document: bytes, record_types: RecordTypes) -> Tenant:
    """Make a tenant of that name from a snapshot of any; it takes its place with `Tenants.replace`.

    Raises SnapshotError. A reset leads back to the server's seed data, not to the snapshot.
    """
    content = _read(document, "tenant", record_types)
    return _restored(tenants.fresh(name), content, record_types, "tenant")


def restore_all(tenants: Tenants, document: bytes, record_types: RecordTypes) -> None:
    """Put all tenants of a snapshot in place; raises SnapshotError and changes nothing for anything else."""
    contents: list[_Tenant] = _read(document, "tenants", record_types)
    # Two of a name would not fail by themselves: the later one would quietly take the other's place.
    _check_unique("name", [content["name"] for content in contents], "tenants")
    try:
        tenants.replace(
            *(
                _restored(tenants.fresh(content["name"]), content, record_types, f"tenants[{position}]")
                for position, content in enumerate(contents)
            )
        )
    # More tenants than a server keeps: to who starts one with --state, that is an error of the document.
    except Refusal as refusal:
        raise SnapshotError(f"tenants: {refusal.detail}") from None


def _content(tenant: Tenant, record_types: RecordTypes) -> dict[str, Any]:
    return {
        "name": tenant.name,
        "clock": {"frozen": tenant.clock.frozen, "offset": tenant.clock.offset},
        "chance": {"ids": tenant.ids.state(), "problem_ids": tenant.problem_ids.state()},
        "logs": {name: {"dropped": log.dropped, "entries": log.read()} for name, log in tenant.logs.items()},
        "records": {record_type.name: list(tenant.store.all(record_type)) for record_type in record_types},
    }


def _read(document: bytes, member: str, record_types: RecordTypes) -> Any:
    """Check the document's form; return its one member beside the version."""
    try:
        if b"NaN" in document or b"Infinity" in document:  # no JSON values, but Pydantic lets them pass in logs
            from_json(document, allow_inf_nan=False)
        read = _reader(member, tuple(record_types)).validate_json(document, strict=True, extra="forbid")
        return read[member]
    except ValidationError as error:
        raise SnapshotError(_told(error)) from None
    except ValueError as error:
        raise SnapshotError(f"the document: Invalid JSON: {error}") from None


def _told(error: ValidationError) -> str:
    field_errors = error.errors(include_url=False, include_context=False, include_input=False)
    more = f" ({len(field_errors) - 1} more)" if len(field_errors) > 1 else ""
    place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in field_errors[0]["loc"])
    reason = field_errors[0]["msg"].removeprefix("Value error, ")
    return f"{place.lstrip('.') or 'the document'}: {reason}{more}"


@lru_cache(maxsize=8)
def _reader(member: str, record_types: tuple[RecordType[Any], ...]) -> SchemaValidator:
    make: Any = TypedDict  # typed for members that are known before the program runs
    records = make("Records", {record_type.name: GenericAlias(list, record_type.type) for record_type in record_types})
    tenant = make("Tenant", {**get_type_hints(_Tenant, include_extras=True), "records": records})
    held = tenant if member == "tenant" else GenericAlias(list, tenant)
    document = make("Document", {"version": _Version, member: held})
    # Not by the TypeAdapter itself: records are dataclasses with defaults, which it would fill in for missing members.
    return SchemaValidator(_exacting(TypeAdapter(document).core_schema))


def _exacting(schema: Any) -> Any:
    """Narrow a type's schema: no member may be missing, and an integer must be one that can be shown as a time.

    Most integers of records are times, and one beyond the calendar would fail the request that shows it.
    """
    if isinstance(schema, list | tuple):
        return [_exacting(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("type") == "default":
        return _exacting(schema["schema"])
    bounds = {"ge": EARLIEST, "le": LATEST} if schema.get("type") == "int" else {}
    return {**bounds, **{name: _exacting(part) for name, part in schema.items()}}


def _restored(tenant: Tenant, content: _Tenant, record_types: RecordTypes, place: str) -> Tenant:
    tenant.store = new_store(_base(content["records"], record_types, f"{place}.records"))
    for record_type in record_types:
        # What no type can tell, such as a missing record that another needs: an assertion would fail much later.
        if (wrong := next(iter(record_type.inconsistencies(tenant.store)), None)) is not None:
            raise SnapshotError(f"{place}.records.{record_type.name}: {wrong}")
    tenant.clock = Clock(frozen=content["clock"]["frozen"], offset=content["clock"]["offset"])
    _take_up(tenant.ids, content["chance"]["ids"], f"{place}.chance.ids")
    _take_up(tenant.problem_ids, content["chance"]["problem_ids"], f"{place}.chance.problem_ids")
    tenant.logs = {name: Log(log["entries"], log["dropped"]) for name, log in content["logs"].items()}
    return tenant


def _take_up(ids: Ids, position: _Position, place: str) -> None:
    words = position[1][:-1]
    if not any(words):  # such a generator gives the same id for ever, and the search for a free URI would never end
        raise SnapshotError(f"{place}: must not be all zeros")
    try:
        ids.restore(list(position))
    except (ValueError, TypeError) as error:
        raise SnapshotError(f"{place}: {error}") from None


def _base(records: Any, record_types: RecordTypes, place: str) -> Base:
    found: dict[RecordType[Any], list[Any]] = {record_type: records[record_type.name] for record_type in record_types}
    for record_type, some in found.items():
        for name, value_of in {"key": record_type.key, **record_type.unique}.items():
            _check_unique(name, [value_of(record) for record in some], f"{place}.{record_type.name}")
    # A base of its own: the tenant needs no seed data of the server's, and no overlay that holds everything.
    return Base(found)


def _check_unique(name: str, values: Sequence[str | None], place: str) -> None:
    seen: set[str] = set()
    for position, value in enumerate(values):
        if value in seen:
            raise SnapshotError(f'{place}[{position}]: the {name} "{value}" is used twice; each must be unique')
        if value is not None:
            seen.add(value)
