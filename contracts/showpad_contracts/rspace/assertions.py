"""What checks look at beside the answer itself: errors with their codes, what lists show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..core import expect
from ..core.exchange import Exchange
from ..core.violation import StateChanged, WrongForm, WrongList, WrongValue
from ..transport.limits import MOST_PAGES
from ..transport.session import Caller
from .client import Client

PAGE = 100
NO_ID = 999_999_999_999
"""An id that nothing has."""
VALIDATION = (40002, 40001)
"""internalCode of a parameter that does not validate; which of the two depends on the server's version."""


def refused(exchange: Exchange, code: int, *internal: int) -> dict[str, Any]:
    """Return the error of a request that must be refused with this status and one of these internal codes."""
    error = expect.refused(exchange, code)
    found = expect.member(error, "internalCode", of="the error")
    if not any(expect.alike(found, one) for one in internal):
        wanted = " or ".join(map(str, internal))
        raise WrongValue(f"internalCode of {exchange.name}", expected=wanted, received=found)
    return error


def tells_first(error: Mapping[str, Any], name: str) -> None:
    """Require that an error's first text is about this."""
    errors = expect.member(error, "errors", of="the error")
    if not (isinstance(errors, list) and errors and str(errors[0]).startswith(f"{name}:")):
        raise WrongValue("errors of the error", expected=f"the first begins with {name}:", received=errors)


def texts(exchange: Exchange, name: str) -> list[Any]:
    """Return a member of the answer, which must be a list."""
    found = expect.member(expect.json_object(exchange), name)
    expect.of_type(found, list, f"{name} of {exchange.name}")
    return list(found)


def things(exchange: Exchange, name: str) -> list[dict[str, Any]]:
    """Return the objects that a list of the answer holds."""
    expect.status(exchange, 200)
    found = texts(exchange, name)
    for one in found:
        expect.of_type(one, dict, f"a member of {name}")
    return found


def everything(caller: Caller, path: str, name: str, **params: Any) -> Iterator[dict[str, Any]]:
    """Return what every page of a list shows."""
    for number in range(MOST_PAGES):
        page = things(caller.get(path, params={"pageSize": PAGE, "pageNumber": number, **params}), name)
        yield from page
        if len(page) < PAGE:
            return


def documents(caller: Caller, **params: Any) -> Iterator[dict[str, Any]]:
    """Return the documents that a caller lists."""
    return everything(caller, "/documents", "documents", **params)


def listed_document(caller: Caller, document: int, **params: Any) -> dict[str, Any] | None:
    """Return a document as a caller's list shows it; None where it does not."""
    return next((one for one in documents(caller, **params) if one.get("id") == document), None)


def shares(caller: Caller, **params: Any) -> Iterator[dict[str, Any]]:
    """Return the shares that a caller lists."""
    return everything(caller, "/share", "shares", **params)


def ids(listed: Iterator[Mapping[str, Any]] | list[Any], name: str = "id") -> list[Any]:
    """Return one member of each."""
    return [expect.member(one, name, of="a member of the list") for one in listed]


def in_list(found: Mapping[str, Any] | None, what: str) -> Mapping[str, Any]:
    """Require that a list showed it."""
    if found is None:
        raise WrongList(what, expected="in the list", received="it is not there")
    return found


def not_in_list(found: Mapping[str, Any] | None, what: str) -> None:
    """Require that a list did not show it."""
    if found is not None:
        raise WrongList(what, expected="not in the list", received=found)


def not_shared(client: Client, item: int) -> None:
    """Require that a document has no share after a request that was not to share it."""
    found = client.shares_of(item)
    if found:
        raise StateChanged("shares of the document afterwards", expected="none", received=found)


def only_share(client: Client, item: int) -> Mapping[str, Any]:
    """Return the one share that a document must have."""
    found = client.shares_of(item)
    if len(found) != 1:
        raise WrongList("shares of the document", expected="one", received=found)
    return found[0]


def same_ids(received: Any, expected: list[int], what: str) -> None:
    """Require these ids in any order."""
    if not isinstance(received, list):
        raise WrongForm(what, expected="a list of ids", received=received)
    if sorted(map(repr, received)) != sorted(map(repr, expected)):
        raise WrongList(what, expected=expected, received=received)
