"""The documents that hold what tenants hold, as JSON: their forms, and how they are read, strictly.

Records are held whole, in the fields' own names.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from types import GenericAlias
from typing import Annotated, Any, get_type_hints

from pydantic import AfterValidator, Field, TypeAdapter, ValidationError
from pydantic_core import SchemaValidator, from_json
from typing_extensions import TypedDict

from ..core.clock import LONGEST_SHIFT, parse_time
from ..core.ids import LAST_POSITION
from ..core.names import TENANT_NAME
from .older import OLDER_VERSIONS, upgraded
from .store import RecordType
from .tenant import LOG_CAP

# Raised whenever a record's fields change: a document holds these by name, and an older one would not be read right.
SNAPSHOT_VERSION = 6
# What `iso` can show: one millisecond beyond, and every answer with that time would fail.
EARLIEST = parse_time("0001-01-01T00:00:00.000Z")
LATEST = parse_time("9999-12-31T23:59:59.999Z")
LONGEST_STREAM = 200
RecordTypes = Sequence[RecordType[Any]]


class SnapshotError(ValueError):
    """A document that is no snapshot; the message names the place in it and what was expected."""


def _known(version: int) -> int:
    if version != SNAPSHOT_VERSION:
        raise ValueError(f"must be one of {OLDER_VERSIONS[0]} to {SNAPSHOT_VERSION}, which this server reads")
    return version


class ClockContent(TypedDict):
    """A tenant's clock, as `core.clock.Clock` has it."""

    frozen: int | None
    offset: Annotated[int, Field(ge=-LONGEST_SHIFT, le=LONGEST_SHIFT)]


_Version = Annotated[int, AfterValidator(_known)]


class Position(TypedDict):
    """A stream of ids by its name, which is that of the tenant a snapshot was taken of, and how many were drawn."""

    stream: Annotated[str, Field(max_length=LONGEST_STREAM)]
    position: Annotated[int, Field(ge=0, le=LAST_POSITION)]


class Chance(TypedDict):
    """Both streams of a tenant."""

    ids: Position
    problem_ids: Position


class LogContent(TypedDict):
    """A log's entries, and how many had to make room."""

    dropped: Annotated[int, Field(ge=0)]
    entries: Annotated[list[dict[str, Any]], Field(max_length=LOG_CAP)]


class Beginning(TypedDict):
    """What a tenant that is first written to began from: its seed data, by fingerprint, and its stream of ids."""

    seed: str
    stream: Annotated[str, Field(max_length=LONGEST_STREAM)]


class ChangeContent(TypedDict):
    """What a unit of work changed. With `begins`, all there is beside the seed data: so a snapshot of a log looks."""

    begins: Beginning | None
    deleted: dict[str, list[str]]
    logs: dict[str, LogContent]
    clock: ClockContent
    position: Annotated[int, Field(ge=0, le=LAST_POSITION)]
    records: Any
    """As in TenantContent, those alone that were put, and their types."""


class TenantContent(TypedDict):
    """All that a tenant holds, whatever seed data it began from."""

    name: Annotated[str, Field(pattern=TENANT_NAME)]
    clock: ClockContent
    chance: Chance
    logs: dict[str, LogContent]
    records: Any
    """One member a record type, the list of its records; `_reader` knows the types."""


def read(document: bytes, member: str, record_types: RecordTypes) -> Any:
    """Check a document's form; return its one member beside the version: a tenant, tenants, or a change.

    Raises SnapshotError.
    """
    try:
        if b"NaN" in document or b"Infinity" in document:  # no JSON values, but Pydantic lets them pass in logs
            from_json(document, allow_inf_nan=False)
        document = upgraded(document, SNAPSHOT_VERSION, record_types)
        found = _reader(member, tuple(record_types)).validate_json(document, strict=True, extra="forbid")
        return found[member]
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
    lists = {record_type.name: GenericAlias(list, record_type.type) for record_type in record_types}
    records = make("Records", lists, total=member != "change")
    form = ChangeContent if member == "change" else TenantContent
    content = make(form.__name__, {**get_type_hints(form, include_extras=True), "records": records})
    held = GenericAlias(list, content) if member == "tenants" else content
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
