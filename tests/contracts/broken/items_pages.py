"""Servers that break rules of pages as items."""

from __future__ import annotations

from typing import Any

from .items import added_all_the_same, asked, every_item, failed, items, missing, refused, told, told_as
from .tampering import Change
from .wrapping import Broken, Seen

ENTIRE = "ba57847e5b569b12a2efef6423b2c24e"
LOCKED = "c74c20b3c86848fc11275d1d6a590952"
ENFORCED = "5672f6830c40ffd4bb56fee736229342"
"""Documents of the mock's demo data: pages 3 to 5 of the second are locked, 1 and 10 of the third enforced."""


def each(change: Any, *only: str) -> Change:
    """Change every asset item that has a page."""

    def change_all(seen: Seen) -> None:
        for item in every_item(items(seen)):
            if "page" in item and (not only or item.get("assetId") in only):
                change(item)

    return change_all


def rounded(item: dict[str, Any]) -> None:
    if isinstance(item["page"], float):
        item["page"] = max(1, int(item["page"]))


def at_least_one(item: dict[str, Any]) -> None:
    if isinstance(item["page"], int):
        item["page"] = max(1, item["page"])


def from_zero(item: dict[str, Any]) -> None:
    item["page"] += 1


def picked(seen: Seen, asset: str) -> set[int]:
    """Give the pages of an asset that a request picks."""
    return {item["page"] for item in every_item(items(seen)) if item.get("assetId") == asset and "page" in item}


def told_one_page_only(seen: Seen) -> None:
    """The first page of a range fails and the others are added."""
    answer = seen.answer
    wrong = [item for item in answer["failedItems"] if item["reason"] == "LOCKED_RANGE_INCOMPLETE"]
    for item in wrong[1:]:
        answer["failedItems"].remove(item)
        answer["summary"]["assetFailureCount"] -= 1
        answer["summary"]["assetSuccessCount"] += 1


BROKEN = (
    Broken("ITEMS-PAGE", "pages count from 0", asked(each(from_zero))),
    Broken("ITEMS-PAGE", "fractions are rounded", asked(each(rounded))),
    Broken("ITEMS-PAGE", "page 0 is the first", asked(each(at_least_one))),
    Broken(
        "ITEMS-PAGE",
        "the last page is refused",
        refused(lambda seen: any(item.get("page") == 10 for item in every_item(items(seen)))),
    ),
    Broken("ITEMS-ENTIRE", "a page stands for the whole document", asked(each(lambda item: item.pop("page"), ENTIRE))),
    Broken(
        "ITEMS-ENTIRE", "a page of it is told as not found", told_as("ONLY_ENTIRE_DOCUMENT_ALLOWED", "ASSET_NOT_FOUND")
    ),
    Broken(
        "ITEMS-ENTIRE",
        "the whole document is refused",
        refused(
            lambda seen: any(item.get("assetId") == ENTIRE and "page" not in item for item in every_item(items(seen)))
        ),
    ),
    Broken("ITEMS-LOCKED", "locked ranges are not looked at", added_all_the_same("LOCKED_RANGE_INCOMPLETE")),
    Broken("ITEMS-LOCKED", "only the first page of an incomplete range fails", told(told_one_page_only)),
    Broken(
        "ITEMS-LOCKED",
        "the end of a range does not belong to it",
        added_all_the_same("LOCKED_RANGE_INCOMPLETE", when=lambda seen: {3, 4} <= picked(seen, LOCKED)),
    ),
    Broken(
        "ITEMS-LOCKED",
        "locked pages can only be shared with the whole document",
        refused(lambda seen: picked(seen, LOCKED)),
    ),
    Broken(
        "ITEMS-LOCKED",
        "an incomplete range is told as ONLY_ENTIRE",
        told_as("LOCKED_RANGE_INCOMPLETE", "ONLY_ENTIRE_DOCUMENT_ALLOWED"),
    ),
    Broken(
        "ITEMS-LOCKED",
        "one page of a range stands for all",
        added_all_the_same("LOCKED_RANGE_INCOMPLETE", when=lambda seen: len(picked(seen, LOCKED)) == 1),
    ),
    Broken("ITEMS-ENFORCED", "enforced pages are not looked at", added_all_the_same("ENFORCED_PAGES_INCOMPLETE")),
    Broken(
        "ITEMS-ENFORCED",
        "only those before are looked at",
        added_all_the_same("ENFORCED_PAGES_INCOMPLETE", when=lambda seen: 1 in picked(seen, ENFORCED)),
    ),
    Broken(
        "ITEMS-ENFORCED",
        "enforced pages are told as locked",
        told_as("ENFORCED_PAGES_INCOMPLETE", "LOCKED_RANGE_INCOMPLETE"),
    ),
    Broken("ITEMS-FAILED-PAGE", "the page is left out", missing("page")),
    Broken(
        "ITEMS-FAILED-PAGE",
        "the page is told from 0",
        failed(lambda item: item.update(page=item["page"] - 1) if "page" in item else None),
    ),
    Broken("ITEMS-FAILED-PAGE", "a page is told where none was sent", failed(lambda item: item.setdefault("page", 1))),
)
