"""Pages of lists, their order and their links (RS-PAGE, RS-LINKS)."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

from hypothesis import strategies as st

from ...core import expect
from ...core.check import check
from ...core.exchange import Exchange
from ...core.violation import WrongForm, WrongList, WrongValue
from ..assertions import VALIDATION, documents, listed_document, refused, shares, tells_first, things
from ..client import Client
from ..strategies.pages import (
    LISTS,
    LONGEST_QUERY,
    ORDERS,
    PATHS,
    WRONG_ORDERS,
    numbers,
    paths,
    sizes,
    wrong_numbers,
    wrong_orders,
    wrong_sizes,
)
from ..targets import DOCUMENTED, OBSERVED

FAR = 1_000_000
INSTANT_SECONDS = 0.002
"""Enough for what comes next to bear another time."""


def page(client: Client, path: str, **params: Any) -> Exchange:
    """Ask for a page of a list."""
    return client.owner.get(path, params=params)


@check(
    "RS-PAGE-NUMBER",
    given={"path": paths, "number": numbers},
    always={"path": PATHS, "number": (0, 1)},
)
def a_page_tells_its_number(client: Client, path: str, number: int) -> None:
    """The number comes back, and is 0 where none was asked for."""
    told = expect.answered(page(client, path, pageNumber=number, pageSize=1), 200)
    expect.equal(expect.member(told, "pageNumber"), number, "pageNumber")
    expect.equal(expect.member(expect.answered(page(client, path), 200), "pageNumber"), 0, "pageNumber of the first")


@check(
    "RS-PAGE-NUMBER",
    given={"path": paths, "number": wrong_numbers},
    always={"path": PATHS, "number": (-1, "x", "1.5", -7)},
)
def a_wrong_page_number_is_refused(client: Client, path: str, number: Any) -> None:
    """The first error names the parameter."""
    tells_first(refused(page(client, path, pageNumber=number), 400, *VALIDATION), "pageNumber")


@check("RS-PAGE-SIZE", writes=True, given={"size": sizes}, always={"size": (1, 2, 100)})
def a_page_has_as_many_as_were_asked_for(client: Client, size: int) -> None:
    """Or as many as there are."""
    for _ in range(3):
        client.shared(client.new_id())
    for path, name in LISTS.items():
        exchange = page(client, path, pageSize=size)
        found, total = things(exchange, name), expect.member(exchange.received, "totalHits")
        expect.of_type(total, int, "totalHits")
        expect.equal(len(found), min(size, total), f"the number of {name} on a page of {size}")


@check("RS-PAGE-SIZE", writes=True)
def a_page_has_twenty_by_default(client: Client) -> None:
    """Of more documents than that, twenty are shown."""
    for _ in range(21):
        client.new_id()
    expect.equal(len(things(page(client, "/documents"), "documents")), 20, "the number of documents on a page")


@check(
    "RS-PAGE-SIZE",
    given={"path": paths, "size": wrong_sizes},
    always={"path": PATHS, "size": (0, -1, 101, 1000, "x")},
)
def a_wrong_page_size_is_refused(client: Client, path: str, size: Any) -> None:
    """The first error names the parameter."""
    tells_first(refused(page(client, path, pageSize=size), 400, *VALIDATION), "pageSize")


@check("RS-PAGE-ORDER", always={"path": PATHS * 3, "order": ORDERS})
def an_order_is_taken(client: Client, path: str, order: str) -> None:
    """Every field in both directions."""
    expect.status(page(client, path, orderBy=order), 200)


@check(
    "RS-PAGE-ORDER",
    given={"path": paths, "order": wrong_orders},
    always={"path": (*PATHS, PATHS[0]) * 3, "order": WRONG_ORDERS},
)
def a_wrong_order_is_refused(client: Client, path: str, order: str) -> None:
    """Other fields, other cases, half an order and none."""
    refused(page(client, path, orderBy=order), 400, *VALIDATION)


@check("RS-PAGE-ORDER", writes=True, always={"order": ORDERS})
def documents_are_in_the_order_asked_for(client: Client, order: str) -> None:
    """New documents by name and by time, in both directions."""
    field, way = order.split()
    # In neither direction the order by name is that in which they were created.
    made = {}
    for letter in "bca":
        made[letter] = client.new_id(name=f"{letter} {client.name()}")
        client.session.pause(INSTANT_SECONDS)
    wanted = [made[letter] for letter in ("abc" if field == "name" else "bca")]
    found = [one["id"] for one in documents(client.owner, orderBy=order) if one.get("id") in made.values()]
    expect.equal(found, wanted if way == "asc" else wanted[::-1], f"the new documents in the list by {order}")


@check("RS-PAGE-ORDER-SPACING", always={"path": PATHS, "blanks": ("  ", "   ")})
def more_blanks_in_an_order_are_refused(client: Client, path: str, blanks: str) -> None:
    """Where one stands, more are another error than a wrong order."""
    refused(page(client, path, orderBy=f"name{blanks}asc"), 422, 42201)


@check("RS-PAGE-QUERY", always={"path": PATHS})
def a_query_may_be_long_but_not_longer(client: Client, path: str) -> None:
    """At the limit it is taken, one character beyond it is not."""
    expect.status(page(client, path, query="q" * LONGEST_QUERY), 200)
    tells_first(refused(page(client, path, query="q" * (LONGEST_QUERY + 1)), 400, *VALIDATION), "query")


@check("RS-PAGE-QUERY", writes=True, always={"blank": ("", " ", "   ")})
def a_blank_query_filters_nothing(client: Client, blank: str) -> None:
    """A new document and its share are listed all the same."""
    document = client.new_id()
    share = client.shared(document)["id"]
    if listed_document(client.owner, document, query=blank, orderBy="created desc") is None:
        raise WrongList("documents for a blank query", expected=f"the document {document}", received="it is not there")
    if not any(one.get("id") == share for one in shares(client.owner, query=blank)):
        raise WrongList("shares for a blank query", expected=f"the share {share}", received="it is not there")


@check("RS-PAGE-END", writes=True, always={"path": PATHS})
def past_the_end_a_page_is_empty(client: Client, path: str) -> None:
    """Its number and the total are told."""
    client.shared(client.new_id())
    total = expect.member(expect.answered(page(client, path), 200), "totalHits")
    exchange = page(client, path, pageNumber=FAR)
    expect.equal(things(exchange, LISTS[path]), [], f"the list of {exchange.name}")
    expect.equal(expect.member(exchange.received, "pageNumber"), FAR, "pageNumber")
    expect.equal(expect.member(exchange.received, "totalHits"), total, "totalHits")


def links(exchange: Exchange) -> dict[str, str]:
    """Return the links of a page by their rel, in their order."""
    found = {}
    for one in things(exchange, "_links"):
        rel, link = (expect.member(one, name, of="a link") for name in ("rel", "link"))
        expect.of_type(link, str, "link")
        found[rel] = link
    return found


def rels(number: int, total: int, size: int) -> list[str]:
    """Return the rels of a page."""
    have = {
        "prev": number > 0,
        "first": number > 1,
        "next": total > (number + 1) * size,
        "last": total > (number + 2) * size,
        "self": True,
    }
    return [rel for rel, is_there in have.items() if is_there]


def places(number: int, total: int, size: int) -> dict[str, int]:
    """Return the page that each link leads to."""
    return {"prev": number - 1, "first": 0, "next": number + 1, "last": -(-total // size) - 1, "self": number}


@check(
    "RS-LINKS",
    writes=True,
    given={"path": paths, "size": st.sampled_from((1, 2, 20))},
    always={"path": PATHS, "size": (1, 2)},
)
def a_page_links_to_its_neighbours(client: Client, path: str, size: int) -> None:
    """Each link is there where it leads to something, in the order promised, and keeps what was asked for."""
    if path == "/share":
        client.only(DOCUMENTED)
    for _ in range(4):
        client.shared(client.new_id())
    for number in range(3):
        exchange = page(client, path, pageSize=size, pageNumber=number, orderBy="name asc")
        found, total = links(exchange), expect.member(exchange.received, "totalHits")
        expect.equal(list(found), rels(number, total, size), f"rels of {exchange.name}")
        for rel, leads_to in places(number, total, size).items():
            if rel in found:
                _leads(found[rel], path, {"pageNumber": leads_to, "pageSize": size})


def _leads(link: str, path: str, params: dict[str, int]) -> None:
    parts = urlsplit(link)
    if not parts.path.endswith(f"/api/v1{path}"):
        raise WrongValue("path of a link", expected=f"/api/v1{path}", received=link)
    query = parse_qs(parts.query)
    expect.equal(query.get("pageNumber"), [str(params["pageNumber"])], f"pageNumber in {link}")
    size = [str(params["pageSize"])]
    # Twenty is what goes without saying.
    if query.get("pageSize", ["20"]) != size:
        raise WrongValue(f"pageSize in {link}", expected=size, received=query.get("pageSize"))
    expect.equal(query.get("orderBy"), ["name asc"], f"orderBy in {link}")


@check("RS-LINKS", writes=True, always={"path": PATHS})
def following_next_goes_through_the_list(client: Client, path: str) -> None:
    """What was made is met on the way."""
    if path == "/share":
        client.only(DOCUMENTED)
    made = [client.new_id() for _ in range(3)]
    wanted = [client.shared(document)["id"] for document in made] if path == "/share" else made
    exchange, found = page(client, path, pageSize=1, orderBy="created desc" if path != "/share" else "name desc"), []
    for _ in range(expect.member(expect.answered(exchange, 200), "totalHits")):
        found += [one.get("id") for one in things(exchange, LISTS[path])]
        following = links(exchange).get("next")
        if following is None or set(wanted) <= set(found):
            break
        # Below the target's own address, whatever host the link names: keys go nowhere else.
        exchange = client.owner.get(following.partition("/api/v1")[2])
    if not set(wanted) <= set(found):
        raise WrongList(f"{LISTS[path]} page by page", expected=f"among them {wanted}", received=found)


@check("RS-LINKS-BASE", writes=True, always={"path": PATHS})
def links_begin_with_the_base_url(client: Client, path: str) -> None:
    """A client that was given the base URL can follow them."""
    client.shared(client.new_id())
    for link in links(page(client, path, pageSize=1)).values():
        if not link.startswith(f"{client.target.base_url}/"):
            raise WrongForm("a link", expected=f"beneath {client.target.base_url}", received=link)


@check("RS-LINKS-FORMS", writes=True)
def links_of_shares_lead_to_forms(client: Client) -> None:
    """As servers make them."""
    client.only(OBSERVED)
    for _ in range(2):
        client.shared(client.new_id())
    for link in links(page(client, "/share", pageSize=1)).values():
        if not urlsplit(link).path.endswith("/api/v1/forms"):
            raise WrongValue("path of a page link", expected="/api/v1/forms", received=link)
