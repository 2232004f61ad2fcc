"""POST /shared-spaces/{shareId}/items: what is added, what fails and why. Pages: test_items_pages.py."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from showpad_mock import MockShowpad

from ...harness.api import Api, in_process

Item = dict[str, Any]


def asset(api: Api, handle: str, **fields: Any) -> Item:
    return {"type": "asset", "assetId": api.tenant.asset_id(handle), **fields}


def folder(name: str, *inside: Item, **fields: Any) -> Item:
    return {"type": "folder", "name": name, "folderItems": list(inside), **fields}


def add(api: Api, space: dict[str, Any], *items: Any, **options: Any) -> httpx2.Response:
    return api.post(f"/shared-spaces/{space['id']}/items", {"items": list(items)}, **options)


def added(api: Api, space: dict[str, Any], *items: Any, **options: Any) -> dict[str, Any]:
    """Add items; hold that the answer has the form of ITEMS-ANSWER and that its counts agree with its list."""
    answer = add(api, space, *items, **options)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    assert set(told) == {"summary", "failedItems"}
    assert set(told["summary"]) == {"assetSuccessCount", "assetFailureCount"}
    assert len(told["failedItems"]) == told["summary"]["assetFailureCount"]
    return told


def reasons(told: dict[str, Any]) -> list[str]:
    return [failed["reason"] for failed in told["failedItems"]]


def kept(api: Api, space: dict[str, Any]) -> list[Item]:
    return api.tenant.items(space["id"])


@pytest.mark.rule("ITEMS-OK", "ITEMS-ANSWER")
def test_an_asset_is_added(api: Api) -> None:
    space = api.create_space()
    told = added(api, space, asset(api, "brochure"))
    assert told == {"summary": {"assetSuccessCount": 1, "assetFailureCount": 0}, "failedItems": []}
    assert [item["assetId"] for item in kept(api, space)] == [api.tenant.asset_id("brochure")]


@pytest.mark.rule(
    "ITEMS-NOT-FOUND", "ITEMS-ARCHIVED", "ITEMS-NON-SHAREABLE", "ITEMS-ENTIRE", "ITEMS-LOCKED", "ITEMS-ENFORCED"
)
@pytest.mark.parametrize(
    ("handle", "page", "reason"),
    [
        ("archived", None, "ARCHIVED"),
        ("non-shareable", None, "NON_SHAREABLE"),
        ("entire-only", 2, "ONLY_ENTIRE_DOCUMENT_ALLOWED"),
        ("locked", 4, "LOCKED_RANGE_INCOMPLETE"),
        ("enforced", 5, "ENFORCED_PAGES_INCOMPLETE"),
        ("brochure", 11, "ASSET_NOT_FOUND"),
    ],
)
def test_an_asset_fails_for_its_reason(api: Api, handle: str, page: int | None, reason: str) -> None:
    space = api.create_space()
    item = asset(api, handle) if page is None else asset(api, handle, page=page)
    assert reasons(added(api, space, item)) == [reason]
    assert kept(api, space) == []


@pytest.mark.rule("ITEMS-NOT-FOUND", "ITEMS-FAILED-FIELDS", "ITEMS-FAILED-NAME")
def test_an_asset_that_does_not_exist_is_told_without_a_name(api: Api) -> None:
    told = added(api, api.create_space(), {"type": "asset", "assetId": "non-existent-789"})
    assert told["failedItems"] == [{"type": "asset", "assetId": "non-existent-789", "reason": "ASSET_NOT_FOUND"}]


@pytest.mark.rule("ITEMS-INACCESSIBLE")
@pytest.mark.parametrize("token", ["api", "oauth"])
def test_an_asset_of_a_division_not_the_users_fails(api: Api, token: str) -> None:
    space = api.create_space(owner="seller")
    told = added(api, space, asset(api, "inaccessible"), as_="seller", oauth=token == "oauth")
    assert reasons(told) == ["INACCESSIBLE"]


@pytest.mark.rule("ITEMS-INACCESSIBLE")
def test_an_administrator_may_use_an_asset_of_any_division(api: Api) -> None:
    assert reasons(added(api, api.create_space(), asset(api, "inaccessible"))) == []


@pytest.mark.rule("ITEMS-FAILED-FIELDS", "ITEMS-FAILED-NAME")
def test_a_failed_item_is_told_with_its_name(api: Api) -> None:
    told = added(api, api.create_space(), asset(api, "archived"))
    name = {"name": "Price List 2023"}
    assert told["failedItems"] == [asset(api, "archived", reason="ARCHIVED") | name]


@pytest.mark.rule("ITEMS-FAILED-PAGE")
@pytest.mark.parametrize(("handle", "page"), [("archived", 1), ("entire-only", 2), ("locked", 4), ("brochure", 99)])
def test_a_failed_item_is_told_with_the_page_it_had(api: Api, handle: str, page: int) -> None:
    told = added(api, api.create_space(), asset(api, handle, page=page))
    assert [failed["page"] for failed in told["failedItems"]] == [page]


@pytest.mark.rule("ITEMS-FAILED-PAGE")
def test_a_failed_item_without_a_page_is_told_without_one(api: Api) -> None:
    told = added(api, api.create_space(), asset(api, "archived"))
    assert "page" not in told["failedItems"][0]


@pytest.mark.rule("ITEMS-PARTIAL", "ITEMS-COUNT")
def test_assets_that_fail_do_not_stop_the_others(api: Api) -> None:
    space = api.create_space()
    told = added(api, space, asset(api, "archived"), asset(api, "brochure"), asset(api, "non-shareable"))
    assert told["summary"] == {"assetSuccessCount": 1, "assetFailureCount": 2}
    assert [item["assetId"] for item in kept(api, space)] == [api.tenant.asset_id("brochure")]


@pytest.mark.rule("ITEMS-PARTIAL", "ITEMS-OK")
def test_a_request_of_which_every_asset_fails_is_answered_201(api: Api) -> None:
    told = added(api, api.create_space(), asset(api, "archived"), asset(api, "non-shareable"))
    assert told["summary"] == {"assetSuccessCount": 0, "assetFailureCount": 2}


@pytest.mark.rule("ITEMS-NEST", "ITEMS-COUNT")
def test_assets_are_counted_at_every_depth_and_folders_are_not(api: Api) -> None:
    inner = folder("inner", asset(api, "picture"), asset(api, "archived"))
    told = added(api, api.create_space(), folder("outer", asset(api, "brochure"), inner), asset(api, "link"))
    assert told["summary"] == {"assetSuccessCount": 3, "assetFailureCount": 1}


@pytest.mark.rule("ITEMS-NEST")
def test_items_lie_in_the_folder_they_were_sent_in(api: Api) -> None:
    space = api.create_space()
    added(api, space, folder("outer", folder("inner", asset(api, "picture")), description="what is in it"))
    outer, inner, picture = kept(api, space)
    assert (outer["name"], inner["name"], outer["description"]) == ("outer", "inner", "what is in it")
    assert "folderItemId" not in outer
    assert (inner["folderItemId"], picture["folderItemId"]) == (outer["id"], inner["id"])


@pytest.mark.rule("ITEMS-NEST-DEEP")
def test_folders_nest_far_beyond_three_levels(api: Api) -> None:
    item, space = asset(api, "brochure"), api.create_space()
    for level in range(45):
        item = folder(f"level {level}", item)
    assert added(api, space, item)["summary"] == {"assetSuccessCount": 1, "assetFailureCount": 0}
    assert len(kept(api, space)) == 46


@pytest.mark.rule("ITEMS-EMPTY-FOLDER", "ITEMS-COUNT")
def test_empty_folders_are_created(api: Api) -> None:
    space = api.create_space()
    told = added(api, space, folder("with an empty list"), {"type": "folder", "name": "with none"})
    assert told["summary"] == {"assetSuccessCount": 0, "assetFailureCount": 0}
    assert [item["name"] for item in kept(api, space)] == ["with an empty list", "with none"]


@pytest.mark.rule("ITEMS-PARTIAL", "ITEMS-EMPTY-FOLDER")
def test_a_folder_of_which_every_asset_fails_is_created(api: Api) -> None:
    space = api.create_space()
    added(api, space, folder("old prices", asset(api, "archived")))
    assert [item["name"] for item in kept(api, space)] == ["old prices"]


@pytest.mark.rule("ITEMS-SAME-NAME")
def test_folders_may_have_the_same_name(api: Api) -> None:
    space = api.create_space()
    added(api, space, folder("offers"), folder("offers"))
    added(api, space, folder("offers"))
    assert len({item["id"] for item in kept(api, space)}) == 3


@pytest.mark.rule("ITEMS-TWICE")
def test_the_same_asset_twice_is_added_twice(api: Api) -> None:
    space = api.create_space()
    told = added(api, space, asset(api, "brochure"), asset(api, "brochure"))
    assert told["summary"]["assetSuccessCount"] == 2
    assert added(api, space, asset(api, "brochure"))["summary"]["assetSuccessCount"] == 1
    assert len({item["id"] for item in kept(api, space)}) == 3


@pytest.mark.rule("ITEMS-ORDER")
def test_failed_items_follow_the_request_depth_first(api: Api) -> None:
    inner = folder("inner", asset(api, "archived"), {"type": "asset", "assetId": "gone-2"})
    sent = (asset(api, "non-shareable"), folder("outer", {"type": "asset", "assetId": "gone-1"}, inner))
    told = added(api, api.create_space(), *sent, asset(api, "archived"))
    assert reasons(told) == ["NON_SHAREABLE", "ASSET_NOT_FOUND", "ARCHIVED", "ASSET_NOT_FOUND", "ARCHIVED"]
    assert [failed["assetId"] for failed in told["failedItems"]][1::2] == ["gone-1", "gone-2"]


@pytest.mark.rule("ITEMS-ARCHIVED")
def test_what_a_space_holds_stays_when_its_asset_is_archived(api: Api) -> None:
    space = api.create_space()
    added(api, space, asset(api, "brochure"))
    api.tenant.archive("brochure")
    assert reasons(added(api, space, asset(api, "brochure"))) == ["ARCHIVED"]
    assert len(kept(api, space)) == 1


GOOD = st.sampled_from([("brochure", None), ("datasheet", 2), ("picture", None), ("link", None), ("video", 7)])
BAD = st.sampled_from(
    [
        (("archived", None), "ARCHIVED"),
        (("non-shareable", 2), "NON_SHAREABLE"),
        (("inaccessible", None), "INACCESSIBLE"),
        (("entire-only", 1), "ONLY_ENTIRE_DOCUMENT_ALLOWED"),
        (("datasheet", 3), "ASSET_NOT_FOUND"),
    ]
)
LEAVES = GOOD.map(lambda good: (good, None)) | BAD
TREES = st.recursive(LEAVES, lambda inside: st.lists(inside, max_size=4), max_leaves=12)


def sent(api: Api, tree: Any) -> tuple[Item, list[str | None]]:
    """Give a tree as the item to send, and for each of its assets, depth first, the reason it fails for."""
    if isinstance(tree, list):
        inside = [sent(api, part) for part in tree]
        return folder("a folder", *(item for item, _ in inside)), [one for _, told in inside for one in told]
    (handle, page), reason = tree
    return asset(api, handle, **({} if page is None else {"page": page})), [reason]


@pytest.mark.rule("ITEMS-COUNT", "ITEMS-ORDER", "ITEMS-PARTIAL")
@settings(max_examples=50, deadline=None)
@given(forest=st.lists(TREES, min_size=1, max_size=4))
def test_counts_add_up_and_failures_are_told_in_order(showpad_server: MockShowpad, runner: Any, forest: Any) -> None:
    with showpad_server.tenant() as tenant:
        api = in_process(tenant, showpad_server.app, runner)
        space = api.create_space(owner="seller")
        pairs = [sent(api, tree) for tree in forest]
        expected = [reason for _, told in pairs for reason in told]
        told = added(api, space, *(item for item, _ in pairs), as_="seller")
        assert told["summary"]["assetSuccessCount"] == expected.count(None)
        assert sum(told["summary"].values()) == len(expected)
        assert reasons(told) == [reason for reason in expected if reason is not None]
        assert sum(item["type"] == "asset" for item in kept(api, space)) == expected.count(None)
