"""Conventions of every operation: tokens, problems, lists, origins, the order of refusals (CONV-)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from ...core import expect
from ...core.check import check
from ...core.exchange import Exchange
from ...core.violation import ExtraMember, MissingMember, WrongList, WrongStatus
from .. import forms
from ..addresses import DOMAINS
from ..assertions import nothing_created, refused_somehow, strangers, unchanged, with_each_token
from ..client import Client
from ..operations import ALL, LISTS, NO_ID, everything, on_a_space
from ..strategies.conventions import (
    FOREIGN_ORIGINS,
    JSON_BODIES,
    LIMITS,
    LIST_PARAMETERS,
    UNKNOWN_TOKENS,
    WRONG_AUTHORIZATIONS,
)
from ..strategies.spaces import CHANGE_WRONG_TYPES, UNKNOWN_IDS, Spoilt, with_member

STATUSES = (200, 201, 204, 400, 401, 403, 404, 429, 500)
UNKNOWN = f"/shared-spaces/{NO_ID}"
ACCEPTED = ("application/problem+json", "application/json")


@check("CONV-BASE")
def every_resource_lies_under_the_base_url(client: Client) -> None:
    """CONV-BASE: each list is there, whatever this administrator may see of it."""
    for path in LISTS.values():
        exchange = client.admin.get(path, params={"limit": 1})
        # Only this tells that nothing lies there: a 403 is an answer of the API's.
        if exchange.status == 404:
            raise WrongStatus(f"status of {exchange.name}", expected="the API's answer", received=404)
        expect.json_object(exchange)


@check("CONV-AUTH", writes=True)
def no_operation_works_without_a_token(client: Client) -> None:
    """CONV-AUTH: nothing is answered, and nothing changed."""
    space = client.space()
    for operation in everything(client, space["id"]).values():
        refused_somehow(operation.send(client, client.nobody))
        if operation.name == "shared-space-create":
            nothing_created(client, "publicUri", operation.body["publicUri"])
    unchanged(client, space)


@check("CONV-AUTH-401", writes=True)
def a_missing_token_is_401(client: Client) -> None:
    """CONV-AUTH-401: for every operation."""
    for operation in everything(client, NO_ID).values():
        expect.status(operation.send(client, client.nobody), 401)


@check("CONV-AUTH-401", always={"name": tuple(LISTS)})
def a_malformed_authorization_is_401(client: Client, name: str) -> None:
    """CONV-AUTH-401: also when it holds a token that is known."""
    token = client.target.token("admin", oauth=False)
    for header in WRONG_AUTHORIZATIONS:
        headers = {"Authorization": header.replace("TOKEN", token)}
        expect.status(client.nobody.request("GET", LISTS[name], headers=headers), 401)


@check(
    "CONV-AUTH-401",
    writes=True,
    given={"name": st.sampled_from(ALL), "token": UNKNOWN_TOKENS},
    always={"name": ALL, "token": ("unknown-to-everybody",)},
)
def an_unknown_token_is_401(client: Client, name: str, token: str) -> None:
    """CONV-AUTH-401: for any operation."""
    expect.status(everything(client, NO_ID)[name].send(client, client.with_token(token)), 401)


@check("CONV-AUTH-DEACTIVATED")
def the_token_of_a_deactivated_user_is_401(client: Client) -> None:
    """CONV-AUTH-DEACTIVATED: though it was known once."""
    expect.status(client.as_("deactivated").get("/shared-spaces"), 401)


@check("CONV-ACCEPT", writes=True)
def accept_changes_no_answer(client: Client) -> None:
    """CONV-ACCEPT: of a space, of an unknown one, of a user, of a request without a token."""
    paths = (f"/shared-spaces/{client.space()['id']}", UNKNOWN, f"/users/{client.target.user_id('owner')}")
    for caller, path in (
        (client.admin, paths[0]),
        (client.admin, paths[1]),
        (client.admin, paths[2]),
        (client.nobody, paths[0]),
    ):
        seen = [_answer(caller.request("GET", path, headers={"Accept": accept})) for accept in ACCEPTED]
        expect.equal(seen[0], seen[1], f"the answer to GET {path} under Accept: {ACCEPTED[0]}")


def _answer(exchange: Exchange) -> tuple[int, str, Any]:
    received = exchange.received
    if exchange.status >= 400 and isinstance(received, dict):
        received = {name: value for name, value in received.items() if name != "id"}  # of this occurrence
    return exchange.status, exchange.headers.get("content-type", ""), received


@check("CONV-ACCEPT", writes=True, always={"accept": ACCEPTED})
def a_transfer_works_under_either_accept(client: Client, accept: str) -> None:
    """CONV-ACCEPT: the guide's own example accepts problems alone."""
    operation = on_a_space(client, client.space()["id"])["shared-space-transfer-ownership"]
    expect.status(operation.send(client, client.admin, Accept=accept), 204)


@check("CONV-ID", writes=True)
def ids_are_texts(client: Client) -> None:
    """CONV-ID: of a new space, its owner and theme, and of what the tenant has."""
    space = client.space()
    for name in ("id", "owner.userId", "theme.id"):
        # Opaque (CONV-ID): the guides' own ids have several forms.
        expect.matches(expect.member(space, name), r"\S+", name)
    for path in LISTS.values():
        for item in _items(client.admin.get(path, params={"limit": 5})):
            expect.matches(expect.member(item, "id"), r"\S+", f"id in the list {path}")


def _items(exchange: Exchange) -> list[Any]:
    items = expect.member(expect.answered(exchange, 200), "items")
    expect.of_type(items, list, f"items of {exchange.name}")
    return list(items)


def _times(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name.endswith("At") and inner is not None:
                yield f"{path}.{name}", inner
            yield from _times(inner, f"{path}.{name}")


@check("CONV-TIME", writes=True)
def times_are_utc_with_milliseconds(client: Client) -> None:
    """CONV-TIME: of a space, created, archived and listed, and of what the tenant has."""
    space = client.space()
    archived = expect.answered(client.admin.patch(f"/shared-spaces/{space['id']}", {"status": "ARCHIVED"}), 200)
    shown = [space, archived, client.now(space["id"])]
    for path in LISTS.values():
        shown += _items(client.admin.get(path, params={"limit": 5}))
    for value in shown:
        for path, received in _times(value, ""):
            forms.TIME(received, path.removeprefix("."))


@check(
    "CONV-PAGE",
    given={"limit": LIMITS, "offset": st.integers(0, 3)},
    always={"limit": (1, 2, 50, 1000), "offset": (0, 1)},
    examples=4,
)
def a_list_has_count_and_items(client: Client, limit: int, offset: int) -> None:
    """CONV-PAGE: each of them, and no more items than limit."""
    for path in LISTS.values():
        answer = expect.answered(client.admin.get(path, params={"limit": limit, "offset": offset}), 200)
        expect.of_type(expect.member(answer, "count"), int, f"count of {path}")
        items = expect.member(answer, "items")
        expect.of_type(items, list, f"items of {path}")
        if len(items) > limit:
            raise WrongList(f"items of {path}", expected=f"at most {limit}", received=f"{len(items)} items")


def _twins(client: Client, many: int) -> tuple[str, set[str]]:
    title = f"Twin {client.session.fresh_mark()} of several"
    return title, {client.space(title=title)["id"] for _ in range(many)}


@check("CONV-PAGE", writes=True)
def offset_leads_from_page_to_page(client: Client) -> None:
    """CONV-PAGE: two spaces found by their title, one a page; the page after them is empty."""
    title, ids = _twins(client, 2)
    pages = [client.admin.get("/shared-spaces", params={"title": title, "limit": 1, "offset": at}) for at in range(3)]
    found = [[space["id"] for space in _items(page)] for page in pages]
    expect.equal([len(page) for page in found], [1, 1, 0], "the sizes of pages of one")
    expect.equal({page[0] for page in found[:2]}, ids, "the spaces on the first two pages")


@check("CONV-COUNT", writes=True, always={"limit": (1, 2, 3, 4, 1000), "offset": (0, 1, 2, 3)})
def count_is_of_all_that_match(client: Client, limit: int, offset: int) -> None:
    """CONV-COUNT: whatever the page shows of it."""
    title, ids = _twins(client, 3)
    params = {"title": title, "limit": limit, "offset": offset}
    answer = expect.answered(client.admin.get("/shared-spaces", params=params), 200)
    expect.equal(expect.member(answer, "count"), len(ids), "count")


def _grants(exchange: Exchange, origin: str) -> bool:
    return exchange.headers.get("access-control-allow-origin") in ("*", origin)


def _asked_from(client: Client, origin: str, **headers: str) -> tuple[Exchange, Exchange]:
    preflight = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization"}
    return (
        client.admin.request("GET", "/shared-spaces", params={"limit": 1}, headers={"Origin": origin}),
        client.nobody.request("OPTIONS", "/shared-spaces", headers={"Origin": origin, **preflight, **headers}),
    )


@check("CONV-CORS")
def a_foreign_page_may_not_call(client: Client) -> None:
    """CONV-CORS: neither the request nor its preflight is granted.

    A preflight bears no token: the host it is sent to names the tenant, as at Showpad, also where the target has none.
    """
    tenant = client.target.tenant
    host = {} if tenant is None else {"Host": f"{tenant}.api.showpad.com"}
    for page in (origin.replace("TENANT", tenant or "showpad") for origin in FOREIGN_ORIGINS):
        for exchange in _asked_from(client, page, **host):
            if _grants(exchange, page):
                raise ExtraMember(
                    f"Access-Control-Allow-Origin of {exchange.name} from {page}",
                    expected="no such header",
                    received=exchange.headers["access-control-allow-origin"],
                )


@check("CONV-CORS")
def the_tenants_own_domain_may_call(client: Client) -> None:
    """CONV-CORS: the request and its preflight are granted, on either of Showpad's domains."""
    for origin in (f"https://{client.target.subdomain}.{domain}" for domain in DOMAINS):
        for exchange in _asked_from(client, origin):
            if not _grants(exchange, origin):
                granted = exchange.headers.get("access-control-allow-origin")
                what = f"Access-Control-Allow-Origin of {exchange.name} from {origin}"
                raise MissingMember(what, expected=origin, received=granted)


@check("CONV-ORDER", writes=True, given={"spoilt": CHANGE_WRONG_TYPES, "space_id": UNKNOWN_IDS}, examples=5)
def of_several_errors_the_first_is_told(client: Client, spoilt: Spoilt, space_id: str) -> None:
    """CONV-ORDER: 401, then 404, then 403, then 400."""
    body = with_member({}, *spoilt)
    unknown, own = f"/shared-spaces/{space_id}", f"/shared-spaces/{client.space()['id']}"
    expect.status(client.nobody.patch(unknown, body), 401)
    expect.status(client.as_("outsider").patch(unknown, body), 404)
    expect.status(client.as_("outsider").patch(own, body), 403)
    expect.status(client.owner.patch(own, body), 400)


@check("CONV-STATUS", writes=True, given={"body": JSON_BODIES})
def no_body_gets_any_other_status(client: Client, body: Any) -> None:
    """CONV-STATUS: whatever JSON is sent, the answer has one of the codes in use."""
    # With a mark: should it come to a space, that is found again and deleted.
    asked = {**body, "publicUri": client.session.fresh_mark()} if isinstance(body, dict) else body
    expect.status(client.create(asked), *STATUSES)
    space = client.space()
    for operation in on_a_space(client, space["id"]).values():
        if operation.method in ("POST", "PATCH"):
            expect.status(client.admin.request(operation.method, operation.path, body), *STATUSES)


@check("CONV-STATUS", writes=True, given={"space_id": UNKNOWN_IDS}, examples=3)
def no_operation_on_a_space_has_any_other_status(client: Client, space_id: str) -> None:
    """CONV-STATUS: on a space that is there and on one that is not."""
    for one in (client.space()["id"], space_id):
        operations = on_a_space(client, one)
        # Deleted last: after that every other operation would only be asked for a 404.
        for name in (*(name for name in operations if name != "shared-space-delete"), "shared-space-delete"):
            expect.status(operations[name].send(client, client.admin), *STATUSES)


@check(
    "CONV-STATUS",
    given={"name": st.sampled_from(LIST_PARAMETERS), "value": st.text("abc019-,. ", max_size=12)},
    always={"name": LIST_PARAMETERS, "value": ("", " ", "0", "-1", "1e9", "%00")},
)
def no_parameter_gets_any_other_status(client: Client, name: str, value: str) -> None:
    """CONV-STATUS: whatever the list is asked."""
    expect.status(client.admin.get("/shared-spaces", params={"limit": 1, name: value}), *STATUSES)


@check("CONV-HIDE", writes=True)
def a_space_that_one_may_not_see_is_not_found(client: Client) -> None:
    """CONV-HIDE: on GET it is answered like one that does not exist, whichever token asks."""
    space = client.space()
    for stranger in strangers(client, "outsider", "participant"):
        for caller in with_each_token(client, str(stranger.name)):
            expect.status(caller.get(f"/shared-spaces/{space['id']}"), 404)
    unchanged(client, space)
