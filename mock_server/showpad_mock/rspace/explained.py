"""What explains an answer of RSpace's: the rules in words, and what a tenant has that a request can name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..state.tenant import Tenant
from ..web.explained import Explained, Fault, Known
from .domain.groups import GROUPS
from .domain.items import ITEMS
from .domain.people import all_users
from .domain.shares import SHARES


def _known(tenant: Tenant) -> Iterator[Known]:
    store = tenant.store
    yield from (Known("user", str(one.id), f"{one.username} ({one.full_name})") for one in all_users(store))
    yield from (Known("group", str(one.id), f'"{one.name}"') for one in store.all(GROUPS))
    yield from (Known(str(one.kind).lower(), str(one.id), f'"{one.name}"') for one in store.all(ITEMS))
    yield from (Known("share", str(one.id), "") for one in store.all(SHARES))


def _faults(answer: Mapping[str, Any]) -> Iterator[Fault]:
    """Read them out of an answer (RS-ERROR-VALIDATION)."""
    data = answer.get("data") or {}
    for one in data.get("validationErrors", []):
        yield Fault(one["field"] or one["objectName"], one["message"], one["rejectedValue"])


def _tenant_in(key: str) -> str:
    return "-".join(key.split("_")[1:-1]).lower()


def _form_of(_path: str) -> str:
    return "a key of the form mock_TENANT_USER, with _ for each - of the tenant's name"


def _is_id(path: str) -> bool:
    return path.startswith("itemsToShare[")


EXPLAINED = Explained(
    sentences=Path(__file__).with_name("sentences.toml"),
    known=_known,
    faults=_faults,
    tenant_in=_tenant_in,
    form_of=_form_of,
    is_id=_is_id,
)
