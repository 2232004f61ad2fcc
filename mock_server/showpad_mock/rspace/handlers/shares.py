"""The operations on shares."""

from __future__ import annotations

from typing import Any

from ...web.call import Call
from ...web.render import Answer, no_content
from ..domain import listing, shares, sharing
from ..domain.features import is_observed
from ..domain.items import item_by_id
from ..domain.listing import FolderShare
from ..wire import shares as wire
from ..wire.answers import answer
from ..wire.callers import caller_of
from ..wire.forms import path_id
from ..wire.pages import page_answer, read_share_query
from .urls import url_of


def share(call: Call) -> Answer:
    """Answer `POST /share`."""
    result = sharing.share(call.unit, caller_of(call), wire.read_share_post(call))
    items = {one.item_id: item for one in result.shares if (item := item_by_id(call.unit.store, one.item_id))}
    return answer(wire.result_answer(result, items), 201)


def list_shares(call: Call) -> Answer:
    """Answer `GET /share`."""
    request = read_share_query(call)
    page = listing.list_shares(call.unit, caller_of(call), request)
    url = url_of(call, "/share")
    shown = [wire.listed_answer(one, url) for one in page.items if not isinstance(one, FolderShare)]
    folders = [wire.listed_answer(one, url) for one in page.items if isinstance(one, FolderShare)]
    lists: dict[str, list[Any]] = {"shares": shown, **({} if request.item_ids is None else {"folderShares": folders})}
    # The server's code has the wrong path in these links (RS-LINKS-FORMS).
    is_wrong = is_observed(call.unit.store)
    call.unit.decide("RS-LINKS-FORMS" if is_wrong else "RS-LINKS")
    return answer(page_answer(url_of(call, "/forms") if is_wrong else url, request, page, **lists))


def change_permission(call: Call) -> Answer:
    """Answer `PUT /share`."""
    shares.change_permission(call.unit, caller_of(call), *wire.read_permission(call))
    return no_content()


def end(call: Call) -> Answer:
    """Answer `DELETE /share/{id}`."""
    shares.end(call.unit, caller_of(call), path_id(call))
    return no_content()


def of_document(call: Call) -> Answer:
    """Answer `GET /share/document/{id}`."""
    found = listing.document_shares(call.unit, caller_of(call), path_id(call))
    return answer(wire.document_shares_answer(found, call.unit.store))
