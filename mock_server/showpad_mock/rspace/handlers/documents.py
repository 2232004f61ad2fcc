"""The operations on documents and folders."""

from __future__ import annotations

from ...web.call import Call
from ...web.render import Answer, no_content
from ..domain import documents
from ..wire import documents as wire
from ..wire.answers import answer
from ..wire.callers import caller_of
from ..wire.forms import path_id
from ..wire.pages import page_answer, read_document_query
from .urls import url_of


def list_documents(call: Call) -> Answer:
    """Answer `GET /documents`."""
    request = read_document_query(call)
    page = documents.list_documents(call.unit, caller_of(call), request)
    url = url_of(call, "/documents")
    call.unit.decide("RS-LINKS")
    shown = [wire.document_info(item, caller_of(call), call.unit.store, url) for item in page.items]
    return answer(page_answer(url, request, page, documents=shown))


def get_document(call: Call) -> Answer:
    """Answer `GET /documents/{id}`."""
    item = documents.get_document(call.unit, caller_of(call), path_id(call))
    return answer(wire.document_answer(item, caller_of(call), call.unit.store, url_of(call, "/documents")))


def create_document(call: Call) -> Answer:
    """Answer `POST /documents`."""
    item = documents.create_document(call.unit, caller_of(call), wire.read_document(call))
    return answer(wire.document_answer(item, caller_of(call), call.unit.store, url_of(call, "/documents")), 201)


def delete_document(call: Call) -> Answer:
    """Answer `DELETE /documents/{id}`."""
    documents.delete_document(call.unit, caller_of(call), path_id(call))
    return no_content()


def create_folder(call: Call) -> Answer:
    """Answer `POST /folders`."""
    item = documents.create_folder(call.unit, caller_of(call), *wire.read_folder(call))
    return answer(wire.folder_answer(item, call.unit.store, url_of(call, "/folders")), 201)
