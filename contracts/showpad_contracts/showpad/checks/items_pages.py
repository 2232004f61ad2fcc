"""Pages of documents as items: which are pages at all, and why a choice of them fails (ITEMS-)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from hypothesis import strategies as st

from ...core import expect
from ...core.check import check
from ...core.exchange import Exchange
from ...core.violation import TargetLacks, WrongValue
from ..assertions import refused_somehow
from ..client import Client
from ..strategies.items import Item, chain, no_pages
from .items import add, successes
from .items_failed import failures, in_person

choices = st.integers(0, 2**32)
"""What stands for a choice of pages of a document whose length only the target knows."""

ENTIRE = "ONLY_ENTIRE_DOCUMENT_ALLOWED"
LOCKED = "LOCKED_RANGE_INCOMPLETE"
ENFORCED = "ENFORCED_PAGES_INCOMPLETE"


def pages_of(asset: str, pages: Iterable[int]) -> list[Item]:
    """Return pages of an asset as items."""
    return [{"type": "asset", "assetId": asset, "page": page} for page in pages]


def chosen(pages: Collection[int], choice: int) -> list[int]:
    """Return some of the pages, one at least and not all."""
    if len(pages) < 2:
        raise TargetLacks("a document of which some pages can be left out")
    # The bits of a number choose: neither 0, which is none of the pages, nor all ones.
    bits = 1 + choice % (2 ** len(pages) - 2)
    return [page for place, page in enumerate(pages) if bits >> place & 1]


def told(answer: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Return what failed as (asset, page, reason), sorted by page."""
    failed = [(one.get("assetId"), one.get("page"), one.get("reason")) for one in failures(answer)]
    return sorted(failed, key=str)


def all_fail(client: Client, items: list[Item], reason: str) -> None:
    """In a space of their own all these pages fail for this reason."""
    answer = add(client, items)
    expected = {(item["assetId"], reason) for item in items}
    expect.equal({(asset, why) for asset, _, why in told(answer)}, expected, "what failed, and why")
    expect.equal(len(failures(answer)), len(items), "the number of pages that failed")


def not_added(exchange: Exchange) -> None:
    """An asset was not added, whether the request is refused or the asset fails."""
    if exchange.status == 201:
        answer = expect.json_object(exchange)
        successes(answer, 0)
        expect.equal(expect.member(answer, "summary.assetFailureCount"), 1, "the assets that failed")
    else:
        refused_somehow(exchange)


@check("ITEMS-PAGE", writes=True, given={"choice": choices}, examples=6)
def any_page_of_a_document_can_be_added(client: Client, choice: int) -> None:
    """ITEMS-PAGE: the first is 1, the last is as many as there are."""
    document = client.target.offer("document")
    pages = [1, 1 + choice % document["pages"], document["pages"]]
    space = client.space()
    for page in pages:
        successes(
            add(client, pages_of(document["id"], [page]), space_id=space["id"]), 1, f"the pages added by page {page}"
        )


@check("ITEMS-PAGE", writes=True, given={"number": no_pages}, always={"number": (0, -1, 1.5, -(2**31))}, examples=5)
def what_is_no_page_number_is_not_added(client: Client, number: float) -> None:
    """ITEMS-PAGE: pages are integers and count from 1."""
    items: list[Item] = [{"type": "asset", "assetId": client.target.offer("document")["id"], "page": number}]
    not_added(client.add_items(client.space()["id"], items))


@check("ITEMS-PAGE-BEYOND", writes=True, always={"beyond": (1, 2, 1000)})
def a_page_after_the_last_fails_with_asset_not_found(client: Client, beyond: int) -> None:
    """ITEMS-PAGE-BEYOND: and the page is told."""
    document = client.target.offer("document")
    page = document["pages"] + beyond
    answer = add(client, pages_of(document["id"], [document["pages"], page]))
    expect.equal(told(answer), [(document["id"], page, "ASSET_NOT_FOUND")], "what failed, and why")


@check("ITEMS-PAGE-IGNORED", writes=True, always={"page": (1, 2, 1000)})
def a_page_of_a_picture_is_ignored(client: Client, page: int) -> None:
    """ITEMS-PAGE-IGNORED: the picture is added."""
    successes(add(client, pages_of(client.target.offer("picture"), [page])), 1)


@check("ITEMS-ENTIRE", writes=True, given={"choice": choices}, examples=5)
def a_page_of_what_is_shared_as_a_whole_fails(client: Client, choice: int) -> None:
    """ITEMS-ENTIRE: any page does, and the whole document is added."""
    entire = client.target.offer("entire_only_asset")
    all_fail(client, pages_of(entire["id"], [1 + choice % entire["pages"]]), ENTIRE)
    successes(add(client, [{"type": "asset", "assetId": entire["id"]}]), 1)


def locked_range(client: Client) -> tuple[str, range, list[int]]:
    """Return the target's document with locked pages: its id, those pages, and its others."""
    locked = client.target.offer("locked_asset")
    pages = range(locked["start"], locked["end"] + 1)
    return locked["id"], pages, [page for page in range(1, locked["pages"] + 1) if page not in pages]


@check("ITEMS-LOCKED", writes=True, given={"choice": choices}, examples=8)
def a_part_of_a_locked_range_fails(client: Client, choice: int) -> None:
    """ITEMS-LOCKED: with any of its pages missing."""
    asset, pages, _ = locked_range(client)
    all_fail(client, pages_of(asset, chosen(pages, choice)), LOCKED)


@check("ITEMS-LOCKED", writes=True)
def a_locked_range_without_its_first_or_its_last_page_fails(client: Client) -> None:
    """ITEMS-LOCKED: both ends belong to it."""
    asset, pages, _ = locked_range(client)
    for part in (pages[1:], pages[:-1]):
        all_fail(client, pages_of(asset, part), LOCKED)


@check("ITEMS-LOCKED", writes=True, always={"extra": (0, 1, 3)})
def a_whole_locked_range_is_added(client: Client, extra: int) -> None:
    """ITEMS-LOCKED: both ends belong to it; with pages outside it as well."""
    asset, pages, others = locked_range(client)
    # Turned round: it is enough that all of them are there, in whatever order.
    items = pages_of(asset, [*reversed(pages), *others[:extra]])
    successes(add(client, items), len(items))


@check("ITEMS-LOCKED-SCOPE", writes=True)
def the_request_alone_decides_whether_a_locked_range_is_whole(client: Client) -> None:
    """ITEMS-LOCKED-SCOPE: in whichever folders its pages are, but not what an earlier request added."""
    asset, pages, _ = locked_range(client)
    first, *rest = pages_of(asset, pages)
    space = client.space()
    successes(add(client, [first, chain(2, rest)], space_id=space["id"]), len(pages), "the pages added in two folders")
    again = add(client, [first], space_id=space["id"])
    expect.equal(told(again), [(asset, first["page"], LOCKED)], "what failed later, and why")


def enforced_pages(client: Client) -> tuple[str, list[int], list[int]]:
    """Return the target's document with enforced pages: its id, those pages, and its others."""
    offer = client.target.offer("enforced_asset")
    enforced = list(offer["enforced"])
    return offer["id"], enforced, [page for page in range(1, offer["pages"] + 1) if page not in enforced]


@check("ITEMS-ENFORCED", writes=True, given={"choice": choices}, examples=6)
def pages_without_one_of_the_enforced_fail(client: Client, choice: int) -> None:
    """ITEMS-ENFORCED: whichever is missing, before or after, and when all are."""
    asset, enforced, free = enforced_pages(client)
    picked = chosen(free, choice)
    all_fail(client, pages_of(asset, picked), ENFORCED)
    for missing in enforced:
        all_fail(client, pages_of(asset, [*picked, *(page for page in enforced if page != missing)]), ENFORCED)


@check("ITEMS-ENFORCED", writes=True, given={"choice": choices}, examples=4)
def pages_with_the_enforced_ones_are_added(client: Client, choice: int) -> None:
    """ITEMS-ENFORCED: in whatever order."""
    asset, enforced, free = enforced_pages(client)
    items = pages_of(asset, [*chosen(free, choice), *enforced])
    successes(add(client, items), len(items))


def page_failures(client: Client, choice: int) -> Iterator[tuple[str, int, str]]:
    """Return pages of the target's assets that fail for being pages, with the reason; one of these must be offered."""
    offers = client.target.offers
    if "entire_only_asset" in offers:
        entire = offers["entire_only_asset"]
        yield entire["id"], 1 + choice % entire["pages"], ENTIRE
    if "locked_asset" in offers:
        asset, pages, _ = locked_range(client)
        yield asset, pages[choice % len(pages)], LOCKED
    elif "entire_only_asset" not in offers:
        raise TargetLacks("an asset that must be shared whole, or with locked pages")


@check("ITEMS-FAILED-PAGE", writes=True, given={"choice": choices}, examples=6)
def a_failure_about_the_page_tells_the_page(client: Client, choice: int) -> None:
    """ITEMS-FAILED-PAGE: the one that was sent."""
    for asset, page, reason in page_failures(client, choice):
        answer = add(client, pages_of(asset, [page]))
        expect.equal(told(answer), [(asset, page, reason)], "what failed, and why")


@check("ITEMS-FAILED-PAGE", writes=True, given={"page": st.integers(1, 9)}, examples=4)
def a_failure_about_something_else_tells_no_other_page(client: Client, page: int) -> None:
    """ITEMS-FAILED-PAGE: it may tell the page that was sent."""
    asset = client.target.offer("archived_asset")
    for item in (*pages_of(asset, [page]), {"type": "asset", "assetId": asset}):
        for one in failures(add(client, [item])):
            if one.get("page") not in (None, item.get("page")):
                raise WrongValue("page of the failed item", expected=item.get("page"), received=one["page"])


@check("ITEMS-PRECEDENCE", writes=True, given={"beyond": st.integers(10_000, 20_000)}, examples=2)
def of_several_reasons_the_first_is_told(client: Client, beyond: int) -> None:
    """ITEMS-PRECEDENCE: pages that are beyond the end as well."""
    offer = client.target.offer
    expected = [
        (offer("inaccessible_asset"), "INACCESSIBLE"),
        (offer("archived_asset"), "ARCHIVED"),
        (offer("non_shareable_asset"), "NON_SHAREABLE"),
        (offer("entire_only_asset")["id"], ENTIRE),
        (offer("locked_asset")["id"], "ASSET_NOT_FOUND"),
        (offer("enforced_asset")["id"], "ASSET_NOT_FOUND"),
    ]
    items = [item for asset, _ in expected for item in pages_of(asset, [beyond])]
    answer = in_person(client, client.space()["id"], items)
    found = {one["assetId"]: one["reason"] for one in failures(answer)}
    expect.equal(found, dict(expected), "the reasons told")
