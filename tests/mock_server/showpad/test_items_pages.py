"""POST /shared-spaces/{shareId}/items: pages, and which of several reasons an asset fails for."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Container, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from showpad_mock import MockShowpad
from showpad_mock.showpad.domain.assets import PageRange

from ...harness.api import Api, in_process
from .test_items import Item, added, asset, folder, kept, reasons


def pages(api: Api, handle: str, *numbers: int) -> list[Item]:
    return [asset(api, handle, page=number) for number in numbers]


@pytest.mark.rule("ITEMS-PAGE", "ITEMS-PAGE-BEYOND")
@pytest.mark.parametrize("page", [1, 5, 10])
def test_a_page_of_the_document_is_added(api: Api, page: int) -> None:
    space = api.create_space()
    assert reasons(added(api, space, asset(api, "brochure", page=page))) == []
    assert [item["page"] for item in kept(api, space)] == [page]


@pytest.mark.rule("ITEMS-PAGE-BEYOND", "ITEMS-FAILED-PAGE")
@pytest.mark.parametrize("page", [11, 2**31, 2**63, 10**30])
def test_a_page_beyond_the_end_is_not_found(api: Api, page: int) -> None:
    [failed] = added(api, api.create_space(), asset(api, "brochure", page=page))["failedItems"]
    assert (failed["reason"], failed["page"]) == ("ASSET_NOT_FOUND", page)


@pytest.mark.rule("ITEMS-PAGE-IGNORED")
@pytest.mark.parametrize("handle", ["picture", "video", "link"])
@pytest.mark.parametrize("page", [1, 99])
def test_a_page_of_an_asset_without_pages_is_ignored(api: Api, handle: str, page: int) -> None:
    assert reasons(added(api, api.create_space(), asset(api, handle, page=page))) == []


@pytest.mark.rule("ITEMS-ENTIRE")
def test_a_document_that_must_be_shared_as_a_whole_is_added_as_a_whole(api: Api) -> None:
    assert reasons(added(api, api.create_space(), asset(api, "entire-only"))) == []


@pytest.mark.rule("ITEMS-ENTIRE")
def test_all_pages_one_by_one_are_no_entire_document(api: Api) -> None:
    told = added(api, api.create_space(), *pages(api, "entire-only", *range(1, 11)))
    assert reasons(told) == ["ONLY_ENTIRE_DOCUMENT_ALLOWED"] * 10


@pytest.mark.rule("ITEMS-LOCKED")
@pytest.mark.parametrize("numbers", [(3,), (4,), (5,), (3, 4), (3, 5), (4, 5), (2, 4, 6), (4, 4, 4)])
def test_a_locked_page_without_its_range_is_refused(api: Api, numbers: tuple[int, ...]) -> None:
    told = added(api, api.create_space(), *pages(api, "locked", *numbers))
    locked = [failed["page"] for failed in told["failedItems"] if failed["reason"] == "LOCKED_RANGE_INCOMPLETE"]
    assert set(locked) >= set(numbers) & {3, 4, 5}


@pytest.mark.rule("ITEMS-LOCKED")
@pytest.mark.parametrize("numbers", [(3, 4, 5), (5, 4, 3), (1, 3, 4, 5, 10), (3, 3, 4, 5)])
def test_a_whole_locked_range_is_added(api: Api, numbers: tuple[int, ...]) -> None:
    assert reasons(added(api, api.create_space(), *pages(api, "locked", *numbers))) == []


@pytest.mark.rule("ITEMS-LOCKED", "ITEMS-ENFORCED")
@pytest.mark.parametrize("handle", ["locked", "enforced"])
def test_a_whole_document_has_every_page_it_needs(api: Api, handle: str) -> None:
    assert reasons(added(api, api.create_space(), asset(api, handle))) == []


@pytest.mark.rule("ITEMS-LOCKED-SCOPE")
def test_a_locked_range_may_lie_in_several_folders_of_a_request(api: Api) -> None:
    third, fourth, fifth = pages(api, "locked", 3, 4, 5)
    told = added(api, api.create_space(), third, folder("a", fourth, folder("b", fifth)))
    assert told["summary"] == {"assetSuccessCount": 3, "assetFailureCount": 0}


@pytest.mark.rule("ITEMS-LOCKED-SCOPE")
def test_pages_added_before_do_not_complete_a_locked_range(api: Api) -> None:
    space = api.create_space()
    added(api, space, *pages(api, "locked", 3, 4, 5))
    assert reasons(added(api, space, *pages(api, "locked", 5))) == ["LOCKED_RANGE_INCOMPLETE"]


@pytest.mark.rule("ITEMS-LOCKED-SCOPE")
def test_pages_of_another_document_do_not_complete_a_locked_range(api: Api) -> None:
    told = added(api, api.create_space(), *pages(api, "locked", 3), *pages(api, "brochure", 4, 5))
    assert reasons(told) == ["LOCKED_RANGE_INCOMPLETE"]


@pytest.mark.rule("ITEMS-ENFORCED")
@pytest.mark.parametrize("numbers", [(1,), (10,), (5,), (1, 5), (5, 10), (2, 3, 4)])
def test_pages_without_the_enforced_ones_are_refused(api: Api, numbers: tuple[int, ...]) -> None:
    told = added(api, api.create_space(), *pages(api, "enforced", *numbers))
    assert set(reasons(told)) == {"ENFORCED_PAGES_INCOMPLETE"}


@pytest.mark.rule("ITEMS-ENFORCED")
@pytest.mark.parametrize("numbers", [(1, 10), (10, 1), (1, 5, 10), (5, 10, 6, 1)])
def test_pages_with_the_enforced_ones_are_added(api: Api, numbers: tuple[int, ...]) -> None:
    assert reasons(added(api, api.create_space(), *pages(api, "enforced", *numbers))) == []


@pytest.mark.rule("ITEMS-COUNT", "ITEMS-LOCKED", "ITEMS-ENFORCED")
@settings(max_examples=40, deadline=None)
@given(picked=st.lists(st.tuples(st.sampled_from(["locked", "enforced"]), st.integers(1, 12)), min_size=1, max_size=9))
def test_counts_add_up_for_any_pick_of_pages(
    showpad_server: MockShowpad, runner: asyncio.Runner, picked: list[tuple[str, int]]
) -> None:
    with showpad_server.tenant() as tenant:
        api = in_process(tenant, showpad_server.app, runner)
        space = api.create_space()
        told = added(api, space, *(asset(api, handle, page=page) for handle, page in picked))
        assert sum(told["summary"].values()) == len(picked)
        assert len(kept(api, space)) == told["summary"]["assetSuccessCount"]
        beyond = [failed["page"] for failed in told["failedItems"] if failed["reason"] == "ASSET_NOT_FOUND"]
        assert beyond == [page for _, page in picked if page > 10]


# Every pair of reasons. An asset's id says what is wrong with it; what is wrong with a page is in the page sent.

FLAWS: dict[str, tuple[str, dict[str, Any]]] = {
    "inaccessible": ("INACCESSIBLE", {"division": "away"}),
    "archived": ("ARCHIVED", {"isArchived": True}),
    "nonshareable": ("NON_SHAREABLE", {"permissions": {"isShareable": False}}),
    "entire": ("ONLY_ENTIRE_DOCUMENT_ALLOWED", {"isOnlyEntireDocumentShareable": True}),
    "beyond": ("ASSET_NOT_FOUND", {}),
    "locked": ("LOCKED_RANGE_INCOMPLETE", {"lockedPages": [{"start": 3, "end": 5}]}),
    "enforced": ("ENFORCED_PAGES_INCOMPLETE", {"enforcedPages": {"prepend": [{"start": 1, "end": 1}]}}),
}
TOGETHER = [*itertools.combinations(FLAWS, 2), *(tuple(FLAWS)[start:] for start in range(len(FLAWS)))]


def flawed(flaws: tuple[str, ...]) -> dict[str, Any]:
    plain = {"id": "-".join(flaws), "division": "home", "pageCount": 10}
    return plain | {name: value for flaw in flaws for name, value in FLAWS[flaw][1].items()}


@pytest.fixture(scope="module")
def flawed_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MockShowpad]:
    seed = {
        "divisions": [{"id": "home", "name": "Home"}, {"id": "away", "name": "Away"}],
        "themes": [{"id": "global", "title": "Global Theme", "isGlobal": True}],
        "users": [{"id": "ann", "email": "ann@example.com", "divisions": ["home"]}],
        "assets": [flawed(flaws) for flaws in dict.fromkeys(TOGETHER)],
        "spaces": [{"id": "space", "title": "A space", "publicUri": "a-space", "owner": "ann"}],
    }
    file = tmp_path_factory.mktemp("flaws") / "seed.json"
    file.write_text(json.dumps(seed))
    with MockShowpad(data=str(file)) as server:
        yield server


@pytest.mark.rule("ITEMS-PRECEDENCE", "ITEMS-INACCESSIBLE", "ITEMS-ENTIRE", "ITEMS-PAGE-BEYOND", "ITEMS-LOCKED")
@pytest.mark.parametrize("flaws", TOGETHER, ids="-".join)
def test_of_several_reasons_the_first_is_told(
    flawed_server: MockShowpad, runner: asyncio.Runner, flaws: tuple[str, ...]
) -> None:
    item = {"type": "asset", "assetId": "-".join(flaws), "page": 99 if "beyond" in flaws else 3}
    with flawed_server.tenant() as tenant:
        api = in_process(tenant, flawed_server.app, runner)
        told = added(api, {"id": "space"}, item, as_="ann")
        assert reasons(told) == [FLAWS[flaws[0]][0]]


@pytest.mark.rule("ITEMS-LOCKED", "ITEMS-ENFORCED")
@pytest.mark.parametrize(("handle", "picked", "ranges"), [("locked", (3, 4, 5), 1), ("enforced", (1, 2, 10), 2)])
def test_whether_a_range_is_whole_is_found_out_once_a_request(
    api: Api, monkeypatch: pytest.MonkeyPatch, handle: str, picked: tuple[int, ...], ranges: int
) -> None:
    asked: list[PageRange] = []
    is_within = PageRange.is_within

    def counted(range_: PageRange, pages: Container[int]) -> bool:
        asked.append(range_)
        return is_within(range_, pages)

    monkeypatch.setattr(PageRange, "is_within", counted)
    told = added(api, api.create_space(), *pages(api, handle, *picked * 100))
    assert (reasons(told), told["summary"]["assetSuccessCount"]) == ([], 300)
    assert len(asked) <= ranges
