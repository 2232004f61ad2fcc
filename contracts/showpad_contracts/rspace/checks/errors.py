"""What an error looks like, and what is one before the rules of an operation are asked (RS-ERROR, RS-BODY, RS-ID)."""

from __future__ import annotations

from typing import Any

from ...core import expect
from ...core.check import check
from ...core.exchange import NOTHING, Exchange
from ...core.violation import WrongForm
from ..assertions import NO_ID, refused
from ..client import Client
from ..strategies.conventions import UNREADABLE, WRONG_IDS

STATUSES = {
    400: "BAD_REQUEST",
    401: "UNAUTHORIZED",
    404: "NOT_FOUND",
    415: "UNSUPPORTED_MEDIA_TYPE",
    422: "UNPROCESSABLE_ENTITY",
}
MEMBERS = ("status", "httpCode", "internalCode", "message", "messageCode", "errors", "iso8601Timestamp", "data")
INSTANT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"
REFUSED: dict[str, tuple[str, str, Any]] = {
    "an unknown share": ("DELETE", f"/share/{NO_ID}", NOTHING),
    "an unknown group": ("GET", f"/groups/{NO_ID}", NOTHING),
    "no number": ("DELETE", "/share/abc", NOTHING),
    "no JSON": ("POST", "/share", b"{"),
    "a share of nothing": ("POST", "/share", {}),
    "a wrong permission": ("PUT", "/share", {"shareId": 1, "permission": "WRITE"}),
    "a wrong page": ("GET", "/documents?pageSize=0", NOTHING),
    "a wrong spacing": ("GET", "/documents?orderBy=name%20%20asc", NOTHING),
}
INVALID = ("a share of nothing", "a wrong permission", "a wrong page")


def ask(client: Client, about: str) -> Exchange:
    """Send a request that is refused."""
    method, path, sent = REFUSED[about]
    return client.owner.request(method, path, sent)


@check("RS-ERROR", writes=True, always={"about": tuple(REFUSED)})
def an_error_has_all_its_members(client: Client, about: str) -> None:
    """Refusals of every sort have them, in their forms."""
    exchange = ask(client, about)
    error = expect.json_object(exchange)
    expect.members(error, MEMBERS, "the error")
    expect.equal(error["httpCode"], exchange.status, "httpCode of the error")
    if exchange.status in STATUSES:
        expect.equal(error["status"], STATUSES[exchange.status], "status of the error")
    expect.of_type(error["internalCode"], int, "internalCode of the error")
    expect.matches(error["iso8601Timestamp"], INSTANT, "iso8601Timestamp of the error")
    expect.equal(error["messageCode"], None, "messageCode of the error")
    if not (isinstance(error["errors"], list) and all(isinstance(one, str) for one in error["errors"])):
        raise WrongForm("errors of the error", expected="a list of texts", received=error["errors"])


@check("RS-ERROR-VALIDATION", writes=True, always={"about": INVALID})
def what_does_not_validate_is_told_one_by_one(client: Client, about: str) -> None:
    """Each entry has all its members."""
    error = expect.refused(ask(client, about), 400)
    told = expect.member(error, "data.validationErrors", of="the error")
    if not (isinstance(told, list) and told):
        raise WrongForm("validationErrors", expected="a list with what is wrong", received=told)
    for one in told:
        expect.of_type(one, dict, "a validation error")
        expect.members(one, ("field", "rejectedValue", "objectName", "message"), "the validation error")


@check("RS-ERROR-VALIDATION", writes=True, always={"about": tuple(set(REFUSED) - set(INVALID))})
def other_errors_have_no_data(client: Client, about: str) -> None:
    """What is no matter of validation has null there."""
    error = expect.json_object(ask(client, about))
    expect.equal(expect.member(error, "data", of="the error"), None, "data of the error")


@check("RS-BODY", writes=True, always={"method": ("POST", "PUT"), "sent": UNREADABLE})
def a_body_that_cannot_be_read_is_refused(client: Client, method: str, sent: Any) -> None:
    """Whatever is no JSON object with the right types is refused."""
    if method == "PUT" and isinstance(sent, dict):
        sent = {"shareId": "x", "permission": "READ"}
    refused(client.owner.request(method, "/share", sent), 400, 40009)


@check("RS-BODY", writes=True, always={"method": ("POST", "PUT")})
def a_missing_body_is_refused(client: Client, method: str) -> None:
    """Nothing at all is told as what cannot be read is, and not as another type of body."""
    refused(client.owner.request(method, "/share"), 400, 40009)


@check("RS-BODY-TYPE", writes=True, always={"kind": ("text/plain", "application/xml", "multipart/form-data")})
def a_body_of_another_type_is_refused(client: Client, kind: str) -> None:
    """Neither operation takes other media types."""
    for method in ("POST", "PUT"):
        exchange = client.owner.request(method, "/share", b"itemsToShare=1", headers={"Content-Type": kind})
        refused(exchange, 415, 41501)


@check(
    "RS-ID-400",
    writes=True,
    given={"wrong": WRONG_IDS},
    always={"wrong": ("abc", "1.5")},
)
def an_id_that_is_no_number_is_refused(client: Client, wrong: str) -> None:
    """Neither a share nor a document nor a group is looked for."""
    for method, path in (("DELETE", "/share/"), ("GET", "/share/document/"), ("GET", "/groups/")):
        refused(client.owner.request(method, path + wrong), 400, 40006)
