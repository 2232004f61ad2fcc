"""Who is let in, and what every answer has (RS-BASE, RS-AUTH, RS-JSON, RS-RATE, RS-STATUS)."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from ...core import expect
from ...core.check import check
from ...core.exchange import NOTHING, Exchange
from ...core.violation import ExtraMember, WrongForm
from ..assertions import NO_ID, refused
from ..client import Client
from ..strategies.conventions import FOREIGN_SIGNS, UNKNOWN, UNKNOWN_KEYS, WRONG_AUTHORIZATIONS

READS = ("/status", "/groups", "/documents", "/share")
LIMITS = ("Limit", "Remaining", "WaitTimeTillNextRequestMillis")
RATE = [
    "X-Rate-Limit-Limit",
    "X-Rate-Limit-Remaining",
    "X-Rate-Limit-WaitTimeTillNextRequestMillis-quarter_min",
    *(f"X-Rate-Limit-{limit}-{span}" for limit in LIMITS for span in ("hour", "day")),
    "X-Rate-Limit-MinWaitIntervalMillis",
    "X-Rate-Limit-WaitTimeMillis",
]
FAULTY: dict[str, tuple[str, str, Any]] = {
    "a share of nothing": ("POST", "/share", {}),
    "no JSON": ("POST", "/share", b"{"),
    "a wrong page": ("GET", "/share?pageSize=0", NOTHING),
    "no number": ("DELETE", "/share/abc", NOTHING),
    "no permission": ("PUT", "/share", {"shareId": 1, "permission": "WRITE"}),
}


def with_headers(client: Client, **headers: str) -> Exchange:
    """Ask for the groups with these headers alone."""
    return client.nobody.request("GET", "/groups", headers=headers)


def bearer(client: Client, actor: str = "owner") -> str:
    """Return what an actor's Authorization says."""
    return f"Bearer {client.target.token(actor, oauth=True)}"


@check("RS-BASE", always={"path": READS})
def the_api_lies_under_the_base_url(client: Client, path: str) -> None:
    """Status, groups, documents and shares are found there."""
    expect.status(client.owner.get(path), 200)


@check("RS-AUTH-KEY", always={"actor": ("owner", "colleague", "outsider")})
def a_key_lets_in_whose_it_is(client: Client, actor: str) -> None:
    """Whoever has a key gets the groups."""
    expect.status(client.as_(actor).get("/groups"), 200)


@check("RS-AUTH-KEY-FIRST")
def with_a_key_authorization_is_not_looked_at(client: Client) -> None:
    """A wrong Authorization beside a good key does no harm."""
    expect.status(client.owner.request("GET", "/groups", headers={"Authorization": "Bearer nobodys"}), 200)
    expect.status(client.owner.request("GET", "/groups", headers={"Authorization": "nonsense"}), 200)


@check("RS-AUTH-KEY-FIRST")
def an_unknown_key_is_not_saved_by_a_token(client: Client) -> None:
    """A good token beside a wrong key is no use, beside an empty one it is."""
    refused(with_headers(client, apiKey=UNKNOWN, Authorization=bearer(client)), 401, 40101)
    expect.status(with_headers(client, apiKey="", Authorization=bearer(client)), 200)


@check("RS-AUTH-KEY-FORM", given={"sign": FOREIGN_SIGNS}, always={"sign": "-."})
def a_key_of_other_characters_is_refused(client: Client, sign: str) -> None:
    """A sign within a key, or behind a good one, is refused."""
    key = client.target.token("owner", oauth=False)
    for malformed in (f"{UNKNOWN[:12]}{sign}{UNKNOWN[12:]}", f"{key}{sign}"):
        refused(with_headers(client, apiKey=malformed), 401, 40101)


@check("RS-AUTH-BEARER")
def a_bearer_token_lets_in(client: Client) -> None:
    """A token opens the groups."""
    expect.status(client.as_("owner", oauth=True).get("/groups"), 200)


@check(
    "RS-AUTH-BEARER",
    always={"form": WRONG_AUTHORIZATIONS},
)
def another_authorization_is_refused(client: Client, form: str) -> None:
    """A good token in any other form of the header is refused."""
    token = client.target.token("owner", oauth=True)
    refused(with_headers(client, Authorization=form.format(token)), 401, 40101)


@check(
    "RS-AUTH-UNKNOWN",
    given={"path": st.sampled_from(READS), "unknown": UNKNOWN_KEYS},
    always={"path": READS, "unknown": (UNKNOWN,)},
)
def who_is_nobody_is_refused(client: Client, path: str, unknown: str) -> None:
    """No key, an unknown key and an unknown token are refused."""
    refused(client.nobody.get(path), 401, 40101)
    for headers in ({"apiKey": unknown}, {"Authorization": f"Bearer {unknown}"}):
        refused(client.nobody.request("GET", path, headers=headers), 401, 40101)


@check("RS-AUTH-DISABLED", always={"path": READS})
def a_disabled_account_is_refused(client: Client, path: str) -> None:
    """A key that was good once opens nothing."""
    refused(client.as_("disabled").get(path), 401, 40101)


@check("RS-AUTH-401", always={"headers": ({}, {"apiKey": UNKNOWN}, {"apiKey": "a-b"}, {"Authorization": "x"})})
def a_refused_authentication_tells_so(client: Client, headers: dict[str, str]) -> None:
    """The body of a 401 is as told, and no header asks for a password."""
    exchange = with_headers(client, **headers)
    error = refused(exchange, 401, 40101)
    expect.equal(expect.member(error, "status", of="the error"), "UNAUTHORIZED", "status of the error")
    errors = expect.member(error, "errors", of="the error")
    if not (isinstance(errors, list) and len(errors) == 1 and isinstance(errors[0], str)):
        raise WrongForm("errors of the error", expected="one text", received=errors)
    if "www-authenticate" in exchange.headers:
        raise ExtraMember("headers of the refusal", expected="no WWW-Authenticate", received=exchange.headers)


@check("RS-AUTH-ORDER", writes=True, always={"fault": tuple(FAULTY)})
def credentials_come_before_what_is_asked(client: Client, fault: str) -> None:
    """What is refused with a key is 401 without one."""
    method, path, sent = FAULTY[fault]
    refused(client.nobody.request(method, path, sent), 401, 40101)


@check("RS-JSON", always={"path": (*READS, "/groups/999999999999")})
def answers_are_json(client: Client, path: str) -> None:
    """Answers and refusals say that they are JSON, and are."""
    exchange = client.owner.get(path)
    kind = exchange.headers.get("content-type", "none").partition(";")[0].strip()
    expect.equal(kind, "application/json", f"Content-Type of {exchange.name}")
    if exchange.received is NOTHING:
        raise WrongForm(f"body of {exchange.name}", expected="JSON", received=exchange.text[:200])


@check("RS-JSON", writes=True)
def nulls_are_written_and_unknown_properties_ignored(client: Client) -> None:
    """A document without tags has them all the same, and a body may have more than is known."""
    document = client.created(noSuchProperty=[1])
    read = expect.answered(client.owner.get(f"/documents/{document['id']}"), 200)
    expect.members(read, ("tags", "parentFolderId", "owner"), "the document")
    expect.status(client.share([document["id"]], groups=[client.with_group], noSuchProperty={"a": None}), 201)


@check("RS-RATE", always={"path": (*READS, f"/groups/{NO_ID}", "/share?pageSize=0")})
def every_answer_tells_the_limits(client: Client, path: str) -> None:
    """Each header is there and a number, for callers with a key and without."""
    for caller in (client.owner, client.nobody):
        exchange = caller.get(path)
        for name in RATE:
            found = expect.member({**exchange.headers}, name.lower(), of=f"the headers of {exchange.name}")
            expect.matches(found, r"\d+(\.\d+)?", name)
        expect.matches(exchange.headers["x-rate-limit-remaining"], r"\d+\.\d+", "X-Rate-Limit-Remaining")
        if "retry-after" in exchange.headers:
            raise ExtraMember(f"headers of {exchange.name}", expected="no Retry-After", received=exchange.headers)


@check("RS-STATUS")
def the_status_is_ok(client: Client) -> None:
    """With a key it is told, without one it is not."""
    status = expect.answered(client.owner.get("/status"), 200)
    expect.equal(expect.member(status, "message", of="the status"), "OK", "message of the status")
    expect.of_type(expect.member(status, "rspaceVersion", of="the status"), str, "rspaceVersion")
    expect.status(client.nobody.get("/status"), 401)


@check("RS-BASE-SLASHES", writes=True)
def a_document_is_deleted_under_two_slashes(client: Client) -> None:
    """The path of the official client works."""
    document = client.new_id()
    expect.status(client.delete(document, path="//documents/"), 200, 204)
    expect.status(client.owner.get(f"/documents/{document}"), 404)


@check("RS-JSON-DIGITS", writes=True)
def digits_in_a_string_are_an_id(client: Client) -> None:
    """Ids of items and groups may come as texts."""
    document = client.new_id()
    info = client.new_share(str(document), groups=[{"id": str(client.group)}])
    expect.equal(expect.member(info, "sharedItemId", of="the ShareInfo"), document, "sharedItemId")
