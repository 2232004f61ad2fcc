"""Documents of older versions, brought up to the present one, step by step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic_core import from_json, to_json

from .store import RecordType

# Version 2 was the first that users had. Version 3 has more members in records, version 4 chance as a counter,
# version 5 more types of record, version 6 faults on deliveries, other records of plans, marks.
OLDER_VERSIONS = (2, 3, 4, 5)
COUNTED_SINCE = 4


def upgraded(document: bytes, version: int, record_types: Sequence[RecordType[Any]]) -> bytes:
    """Return a document of an older version as one of `version`; any other as it is.

    Raises ValueError for what is no JSON. What is wrong in it otherwise is left for the reader to tell.
    """
    if document.startswith(b'{"version":%d,' % version):  # as this server writes it, and nobody need look further
        return document
    content = from_json(document)
    older = content.get("version") if isinstance(content, dict) else None
    if not isinstance(older, int) or older not in OLDER_VERSIONS:
        return document
    for tenant in _tenants(content):
        if older < COUNTED_SINCE:
            _count_chance(tenant, older)
        _fill_records(tenant, older, record_types)
    if isinstance(change := content.get("change"), dict):  # of a log, which counted from its beginning
        _fill_records(change, older, record_types)
    return to_json({**content, "version": version})


def _tenants(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    held = content.get("tenants", [content.get("tenant")])
    yield from (tenant for tenant in (held if isinstance(held, list) else ()) if isinstance(tenant, dict))


def _count_chance(tenant: dict[str, Any], older: int) -> None:
    # The generator's words cannot be gone on with: ids come from a stream that nothing else draws from.
    stream = f"version {older}:{tenant.get('name')}"[:100]
    tenant["chance"] = {
        "ids": {"stream": stream, "position": 0},
        "problem_ids": {"stream": f"{stream}:problems", "position": 0},
    }


def _fill_records(tenant: dict[str, Any], older: int, record_types: Sequence[RecordType[Any]]) -> None:
    records = tenant.get("records")
    if not isinstance(records, dict):
        return
    for record_type in record_types:
        # Then there were fewer types: a vendor that came later has nothing in such a tenant.
        records.setdefault(record_type.name, [])
    for record_type in record_types:
        some = records[record_type.name]
        for record in some if isinstance(some, list) else ():
            if isinstance(record, dict):
                record_type.upgrade(record, older, records)
