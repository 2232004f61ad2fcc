"""POST /shared-spaces/{shareId}/items: who may, where to, and what is no request at all."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ...harness.api import Api, assert_problem
from .test_items import add, added, asset, folder, kept, reasons

LONGEST = "n" * 255

MALFORMED: list[tuple[str, Any, str]] = [
    ("no type", {"assetId": "a"}, "type"),
    ("unknown type", {"type": "link", "assetId": "a"}, "type"),
    ("type of another case", {"type": "ASSET", "assetId": "a"}, "type"),
    ("type a number", {"type": 1, "assetId": "a"}, "type"),
    ("type null", {"type": None, "assetId": "a"}, "type"),
    ("asset without assetId", {"type": "asset"}, "assetId"),
    ("assetId a number", {"type": "asset", "assetId": 1}, "assetId"),
    ("assetId null", {"type": "asset", "assetId": None}, "assetId"),
    ("page zero", {"type": "asset", "assetId": "a", "page": 0}, "page"),
    ("page negative", {"type": "asset", "assetId": "a", "page": -1}, "page"),
    ("page a string", {"type": "asset", "assetId": "a", "page": "3"}, "page"),
    ("page a fraction", {"type": "asset", "assetId": "a", "page": 3.5}, "page"),
    ("page a boolean", {"type": "asset", "assetId": "a", "page": True}, "page"),
    ("page null", {"type": "asset", "assetId": "a", "page": None}, "page"),
    ("folder without name", {"type": "folder"}, "name"),
    ("name a number", {"type": "folder", "name": 1}, "name"),
    ("name null", {"type": "folder", "name": None}, "name"),
    ("name too long", {"type": "folder", "name": LONGEST + "n"}, "name"),
    ("description a number", {"type": "folder", "name": "n", "description": 1}, "description"),
    ("description null", {"type": "folder", "name": "n", "description": None}, "description"),
    ("folderItems an object", {"type": "folder", "name": "n", "folderItems": {}}, "folderItems"),
    ("folderItems null", {"type": "folder", "name": "n", "folderItems": None}, "folderItems"),
]
MALFORMED_ITEM = pytest.mark.parametrize(
    ("item", "at"), [pytest.param(item, at, id=name) for name, item, at in MALFORMED]
)


@pytest.mark.rule("ITEMS-400", "ITEMS-REQUIRED", "ITEMS-NAME", "ITEMS-PAGE", "CONV-TYPES", "CONV-NULL")
@MALFORMED_ITEM
def test_a_malformed_item_is_refused_and_nothing_added(api: Api, item: Any, at: str) -> None:
    space = api.create_space()
    assert_problem(add(api, space, asset(api, "brochure"), item), 400, at=f"items[1].{at}")
    assert kept(api, space) == []


@pytest.mark.rule("ITEMS-400", "CONV-META-ALL")
@MALFORMED_ITEM
def test_a_malformed_item_deep_in_a_folder_is_refused_and_nothing_added(api: Api, item: Any, at: str) -> None:
    space = api.create_space()
    nested = folder("outer", asset(api, "brochure"), folder("inner", item))
    answer = add(api, space, asset(api, "picture"), nested)
    assert_problem(answer, 400, at=f"items[1].folderItems[1].folderItems[0].{at}")
    assert kept(api, space) == []


@pytest.mark.rule("ITEMS-400")
@pytest.mark.parametrize("item", ["asset", 1, None, [], True])
def test_an_item_that_is_no_object_is_refused(api: Api, item: Any) -> None:
    space = api.create_space()
    assert_problem(add(api, space, asset(api, "brochure"), item), 400)
    assert kept(api, space) == []


@pytest.mark.rule("CONV-META-ALL", "ITEMS-400")
def test_every_fault_of_form_is_told_at_once(api: Api) -> None:
    inside = folder("n", {"type": "asset"}, {"type": "asset", "assetId": "a", "page": 0})
    answer = add(api, api.create_space(), {"type": "folder"}, asset(api, "brochure"), inside)
    problem = assert_problem(answer, 400)
    told = ["items[0].name", "items[2].folderItems[0].assetId", "items[2].folderItems[1].page"]
    assert [fault["name"] for fault in problem["meta"]] == told


@pytest.mark.rule("ITEMS-400", "ITEMS-EVENT")
def test_a_refused_request_leaves_no_event_and_moves_no_time(api: Api) -> None:
    space = api.create_space()
    events = len(api.tenant.events)
    add(api, space, asset(api, "brochure"), {"type": "asset"})
    assert len(api.tenant.events) == events
    assert api.get(f"/shared-spaces/{space['id']}").json() == space


@pytest.mark.rule("ITEMS-REQUIRED")
@pytest.mark.parametrize("body", [{}, {"item": []}, {"items": None}, {"items": {}}, {"items": "asset"}])
def test_items_are_required_and_a_list(api: Api, body: Any) -> None:
    space = api.create_space()
    assert_problem(api.post(f"/shared-spaces/{space['id']}/items", body), 400, at="items")


@pytest.mark.rule("ITEMS-EMPTY")
def test_no_items_at_all_are_refused(api: Api) -> None:
    assert_problem(add(api, api.create_space()), 400, "ITEMS-EMPTY", at="items")


@pytest.mark.rule("CONV-JSON")
@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'"items"', b'{"items": [\xff]}'])
def test_a_body_that_is_no_object_of_json_is_refused(api: Api, content: bytes) -> None:
    path = f"/shared-spaces/{api.create_space()['id']}/items"
    headers = {"Content-Type": "application/json"}
    assert_problem(api.post(path, content=content, headers=headers), 400, "CONV-JSON")


@pytest.mark.rule("ITEMS-NAME", "CONV-TYPES")
@pytest.mark.parametrize("name", [LONGEST, "\U0001f600" * 255])
def test_a_name_of_255_characters_is_accepted(api: Api, name: str) -> None:
    space = api.create_space()
    added(api, space, folder(name))
    assert [item["name"] for item in kept(api, space)] == [name]


@pytest.mark.rule("CONV-TYPES", "ITEMS-400")
def test_a_name_with_a_lone_surrogate_is_refused(api: Api) -> None:
    content = json.dumps({"items": [{"type": "folder", "name": "\ud800"}]}).encode()
    path = f"/shared-spaces/{api.create_space()['id']}/items"
    assert_problem(api.post(path, content=content, headers={"Content-Type": "application/json"}), 400)


@pytest.mark.rule("ITEMS-404")
def test_items_for_an_unknown_space_are_refused(api: Api) -> None:
    assert_problem(add(api, {"id": "0" * 32}, asset(api, "brochure")), 404, "ITEMS-404")


@pytest.mark.rule("ITEMS-404", "DELETE-GONE")
def test_items_for_a_deleted_space_are_refused(api: Api) -> None:
    space = api.create_space()
    api.delete(f"/shared-spaces/{space['id']}")
    assert_problem(add(api, space, asset(api, "brochure")), 404)


@pytest.mark.rule("ITEMS-403")
@pytest.mark.parametrize("user", ["manager", "partner", "outsider"])
def test_who_is_neither_administrator_nor_participant_may_not_add(api: Api, user: str) -> None:
    space = api.create_space(owner="seller")
    assert_problem(add(api, space, asset(api, "brochure"), as_=user), 403, "ITEMS-403")
    assert kept(api, space) == []


@pytest.mark.rule("ITEMS-403", "ITEMS-OK")
@pytest.mark.parametrize("user", ["admin", "seller", "partner"])
def test_administrators_owners_and_participants_may_add(api: Api, user: str) -> None:
    space = api.create_space(owner="seller")
    api.tenant.add_participant(space["id"], user="partner")
    assert reasons(added(api, space, asset(api, "brochure"), as_=user)) == []


@pytest.mark.rule("CONV-ORDER", "ITEMS-403", "ITEMS-404")
def test_a_stranger_is_told_nothing_of_the_bodys_faults(api: Api) -> None:
    space = api.create_space(owner="seller")
    assert_problem(add(api, space, {}, as_=None), 401)
    assert_problem(add(api, {"id": "0" * 32}, {}, as_="outsider"), 404)
    assert_problem(add(api, space, {}, as_="outsider"), 403)


@pytest.mark.rule("ITEMS-ARCHIVED-SPACE")
def test_nothing_is_added_to_an_archived_space(api: Api) -> None:
    space = api.create_space()
    api.patch(f"/shared-spaces/{space['id']}", {"status": "ARCHIVED"})
    assert_problem(add(api, space, asset(api, "brochure")), 400, "ITEMS-ARCHIVED-SPACE")
    assert kept(api, space) == []


@pytest.mark.rule("ITEMS-ARCHIVED-SPACE", "PATCH-ARCHIVE-AGAIN")
def test_a_space_that_is_active_again_takes_items(api: Api) -> None:
    space = api.create_space()
    for status in ("ARCHIVED", "ACTIVE"):
        api.patch(f"/shared-spaces/{space['id']}", {"status": status})
    assert reasons(added(api, space, asset(api, "brochure"))) == []


@pytest.mark.rule("ITEMS-UNDER")
def test_items_are_added_under_an_existing_folder(api: Api) -> None:
    space = api.create_space()
    added(api, space, folder("outer", folder("inner")))
    inner = kept(api, space)[1]["id"]
    body = {"folderItemId": inner, "items": [asset(api, "brochure"), folder("deepest")]}
    assert api.post(f"/shared-spaces/{space['id']}/items", body).status_code == 201
    assert [item["folderItemId"] for item in kept(api, space)[2:]] == [inner, inner]


@pytest.mark.rule("ITEMS-UNDER")
@pytest.mark.parametrize("under", ["unknown", "of another space", "an asset"])
def test_what_is_no_folder_of_the_space_takes_no_items(api: Api, under: str) -> None:
    space, other = api.create_space(), api.create_space()
    added(api, space, asset(api, "picture"))
    added(api, other, folder("elsewhere"))
    folder_id = {"unknown": "0" * 32, "of another space": kept(api, other)[0]["id"]}.get(
        under, kept(api, space)[0]["id"]
    )
    body = {"folderItemId": folder_id, "items": [asset(api, "brochure")]}
    assert_problem(api.post(f"/shared-spaces/{space['id']}/items", body), 400, "ITEMS-UNDER", at="folderItemId")
    assert len(kept(api, space)) == 1


@pytest.mark.rule("CONV-META-ALL")
def test_an_unknown_folder_is_told_before_that_the_space_is_archived(api: Api) -> None:
    path = f"/shared-spaces/{api.create_space()['id']}"
    api.patch(path, {"status": "ARCHIVED"})
    body = {"folderItemId": "0" * 32, "items": [asset(api, "brochure")]}
    assert_problem(api.post(f"{path}/items", body), 400, "ITEMS-UNDER", at="folderItemId")


@pytest.mark.rule("CONV-JSON")
def test_a_member_that_there_is_not_is_ignored_and_named(api: Api) -> None:
    body = {"items": [asset(api, "brochure")], "folderId": "x"}
    answer = api.post(f"/shared-spaces/{api.create_space()['id']}/items", body)
    assert answer.status_code == 201
    assert answer.headers["x-mock-ignored"] == "body.folderId"
