"""Pages on the wire: what a list may be asked for, and the links to other pages (RS-PAGE, RS-LINKS)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from ...web.call import Call
from ..domain.documents import FILTERS
from ..domain.page import DEFAULT_ORDER, DEFAULT_SIZE, Page, PageRequest
from ..problems import TWO_QUERIES
from .forms import INTEGER, read_query
from .searches import LONGEST_QUERY, SEARCH_OBJECT, read_search
from .violations import Violation, refuse

LARGEST = 100
MOST_ITEMS = 1000
# Several blanks pass here, and are refused later: RS-PAGE-ORDER-SPACING.
ORDER = re.compile(r"(name|created|lastModified) +(asc|desc)")
PAGING = ("pageNumber", "pageSize", "orderBy", "query")
PAGING_OBJECT = "apiPaginationCriteria"

Links = list[dict[str, str]]


def links_to(self_url: str) -> Links:
    """Return the links of one resource."""
    return [{"link": self_url, "rel": "self"}]


def read_share_query(call: Call) -> PageRequest:
    """Read what `GET /share` is asked for."""
    given = read_query(call, (*PAGING, "sharedItemIds"))
    violations = list(_paging_violations(given))
    item_ids = _item_ids(given.get("sharedItemIds"))
    if item_ids is not None and (len(item_ids) > MOST_ITEMS or not all(map(INTEGER.fullmatch, item_ids))):
        reason = f"must be up to {MOST_ITEMS:,} ids, comma-separated"
        violations.append(Violation(SEARCH_OBJECT, "sharedItemIds", ",".join(item_ids), reason, "RS-SHARES-ITEMS"))
    refuse(violations)
    return _page_request(given, item_ids=tuple(map(int, item_ids)) if item_ids is not None else None)


def read_document_query(call: Call) -> PageRequest:
    """Read what `GET /documents` is asked for."""
    given = read_query(call, (*PAGING, "filter", "advancedQuery"))
    violations = list(_paging_violations(given))
    wanted = _last(given, "filter")
    if wanted is not None and wanted not in FILTERS:
        reason = f"must be one of {', '.join(FILTERS)}"
        violations.append(Violation(SEARCH_OBJECT, "filter", wanted, reason, "RS-DOCS-FILTER"))
    refuse(violations)
    advanced = _last(given, "advancedQuery")
    if advanced is not None and "query" in given:
        raise TWO_QUERIES.error()
    return _page_request(given, filter=wanted, search=read_search(advanced) if advanced is not None else None)


def _last(given: Mapping[str, Sequence[str]], name: str) -> str | None:
    return given[name][-1] if name in given else None


def _item_ids(given: Sequence[str] | None) -> list[str] | None:
    return [part.strip() for text in given for part in text.split(",") if part.strip()] if given is not None else None


def _page_request(given: Mapping[str, Sequence[str]], **more: Any) -> PageRequest:
    return PageRequest(
        number=int(_last(given, "pageNumber") or 0),
        size=int(_last(given, "pageSize") or DEFAULT_SIZE),
        order=_last(given, "orderBy") or DEFAULT_ORDER,
        query=_last(given, "query"),
        **more,
    )


def _paging_violations(given: Mapping[str, Sequence[str]]) -> Iterator[Violation]:
    number, size, order = (_last(given, name) for name in ("pageNumber", "pageSize", "orderBy"))
    if number is not None and not _is_between(number, 0, 2**31 - 1):
        yield Violation(PAGING_OBJECT, "pageNumber", number, "must be an integer from 0 on", "RS-PAGE-NUMBER")
    if size is not None and not _is_between(size, 1, LARGEST):
        reason = f"must be an integer from 1 to {LARGEST}"
        yield Violation(PAGING_OBJECT, "pageSize", size, reason, "RS-PAGE-SIZE")
    if order is not None and ORDER.fullmatch(order) is None:
        reason = "must be name, created or lastModified, a blank, then asc or desc"
        yield Violation(PAGING_OBJECT, "orderBy", order, reason, "RS-PAGE-ORDER")
    query = _last(given, "query")
    if query is not None and len(query) > LONGEST_QUERY:
        reason = f"must have at most {LONGEST_QUERY:,} characters"
        yield Violation(SEARCH_OBJECT, "query", query[:LONGEST_QUERY], reason, "RS-PAGE-QUERY")


def _is_between(text: str, least: int, most: int) -> bool:
    return INTEGER.fullmatch(text) is not None and least <= int(text) <= most


def page_answer(url: str, request: PageRequest, page: Page[Any], **lists: list[Any]) -> dict[str, Any]:
    """Show a page: how many there are, the lists that it holds, the links to the pages around it."""
    return {
        "totalHits": page.total,
        "pageNumber": request.number,
        **lists,
        "_links": list(_page_links(url, request, page.total)),
    }


def _page_links(url: str, request: PageRequest, total: int) -> Iterator[dict[str, str]]:
    number, size = request.number, request.size
    places = {
        "prev": number - 1 if number > 0 else None,
        "first": 0 if number > 1 else None,
        "next": number + 1 if total > (number + 1) * size else None,
        "last": -(-total // size) - 1 if total > (number + 2) * size else None,
        "self": number,
    }
    for rel, place in places.items():
        if place is not None:
            yield {"link": f"{url}?{_query(request, place)}", "rel": rel}


def _query(request: PageRequest, number: int) -> str:
    ids = ",".join(map(str, request.item_ids)) if request.item_ids is not None else None
    parameters = {
        "pageSize": request.size if request.size != DEFAULT_SIZE else None,
        "pageNumber": number,
        "orderBy": request.order if request.order != DEFAULT_ORDER else None,
        "query": request.query,
        "sharedItemIds": ids,
        "filter": request.filter,
        "advancedQuery": request.search.text if request.search is not None else None,
    }
    # A blank is %20, not +.
    return urlencode({name: one for name, one in parameters.items() if one is not None}, quote_via=quote, safe=",")
