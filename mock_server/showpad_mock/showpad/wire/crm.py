"""Records of a CRM on the wire."""

from __future__ import annotations

from typing import Any, NotRequired

from typing_extensions import TypedDict

from ..domain.crm import CrmRecord
from ..domain.page import PageQuery
from .forms import Limit50, Offset, query_form


class ListQuery(TypedDict, total=False):
    """What the lists take."""

    limit: Limit50
    offset: Offset


class NewRecord(TypedDict):
    """What the control API takes; the id is drawn when left out."""

    id: NotRequired[str]
    type: str
    name: str
    url: NotRequired[str]
    accountId: NotRequired[str]


def _query(query: ListQuery) -> PageQuery:
    return PageQuery(limit=query.get("limit", 50), offset=query.get("offset", 0))


LIST = query_form(ListQuery, _query, rule="AROUND-CRM")


def record_answer(record: CrmRecord) -> dict[str, Any]:
    """Show a record; what it has not is left out."""
    shown = {
        "id": record.id,
        "type": record.type,
        "name": record.name,
        "url": record.url,
        "accountId": record.account_id,
    }
    return {name: value for name, value in shown.items() if value is not None}
