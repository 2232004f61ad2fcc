"""The model by itself: what it predicts, without any server."""

from __future__ import annotations

from typing import Any

import pytest

from showpad_contracts.showpad.stateful.model import Known, Model, Person, Requester, Space, asset_ids, sees
from showpad_contracts.showpad.stateful.model_listing import (
    Query,
    broken_rule,
    by_owner,
    by_title,
    orders,
    since,
    whole,
)
from showpad_contracts.stateful.prediction import Prediction

ADMIN = Person("admin", "a", is_admin=True)
OWNER = Person("owner", "o", email="owner@example.com")
OTHER = Person("participant", "p")
STRANGER = Person("outsider", "x")
MANAGER = Person("manager", "m", reports=frozenset(["o"]))
AS_ADMIN, AS_OWNER, AS_OTHER, AS_STRANGER, AS_MANAGER = map(Requester, (ADMIN, OWNER, OTHER, STRANGER, MANAGER))
IN_PERSON = Requester(OWNER, in_person=True)
KNOWN = Known({"gone": "DEACTIVATED", "none": "UNKNOWN"}, "global", frozenset(["global", "other"]))
TIME = "2026-01-01T00:00:00.000Z"
FOLDER = {"type": "folder", "name": "Folder"}


def body(**fields: Any) -> dict[str, Any]:
    return {"title": "Title", "publicUri": "uri", "owner": {"userId": "o"}, **fields}


def with_space(model: Model, number: int = 1, **fields: Any) -> Space:
    space = model.created(AS_ADMIN, body(publicUri=f"uri-{number}", **fields), f"id-{number}", "acme")
    for name in ("createdAt", "updatedAt", "lastActivityAt"):
        space.times[name] = TIME
    return space


def test_a_create_takes_what_was_sent_and_the_defaults() -> None:
    space = with_space(Model(KNOWN), isCommentAllowed=False)
    shown = space.shown()
    assert space.public_urls == ("https://acme.showpad.com/s/uri-1", "https://acme.showpad.biz/s/uri-1")
    assert shown["theme"] == {"id": "global"}
    assert (shown["isCommentAllowed"], shown["isExternalUploadAllowed"], shown["isExternalInviteAllowed"]) == (
        False,
        False,
        True,
    )
    assert (shown["description"], shown["status"], shown["owner"]) == ("", "ACTIVE", {"userId": "o"})


@pytest.mark.parametrize(
    ("who", "sent", "told"),
    [
        (AS_ADMIN, body(), Prediction(201, "CREATE-OK")),
        (AS_OWNER, body(), Prediction(201, "CREATE-OK")),
        (IN_PERSON, {"title": "Title"}, Prediction(201, "CREATE-OWNER-DEFAULT")),
        (AS_OWNER, {"title": "Title"}, Prediction(400, "CREATE-OWNER-REQUIRED")),
        (AS_OTHER, body(), Prediction(403, "CREATE-OWNER-ADMIN", by_code="CREATE-OWNER-ADMIN-403")),
        (AS_OTHER, body(title=""), Prediction(403, "CREATE-OWNER-ADMIN", by_code="CONV-ORDER")),
        (AS_ADMIN, body(title=""), Prediction(400, "CREATE-TITLE-LENGTH")),
        (AS_ADMIN, body(title="x" * 255), Prediction(201, "CREATE-OK")),
        (AS_ADMIN, body(title="x" * 256), Prediction(400, "CREATE-TITLE-LENGTH")),
        (AS_ADMIN, body(title=3), Prediction(400, "CONV-TYPES")),
        (AS_ADMIN, body(description=None), Prediction(400, "CONV-NULL")),
        (AS_ADMIN, body(publicUri="A b"), Prediction(400, "CREATE-URI-FORM")),
        (AS_ADMIN, body(publicUri="ab\n"), Prediction(400, "CREATE-URI-FORM")),
        (AS_ADMIN, body(theme={"id": "none"}), Prediction(400, "CREATE-THEME-UNKNOWN")),
        (AS_ADMIN, body(owner={"userId": "gone"}), Prediction(400, "CREATE-OWNER-DEACTIVATED")),
        (AS_ADMIN, body(owner={"userId": "none"}), Prediction(400, "CREATE-OWNER-UNKNOWN")),
    ],
)
def test_creates_are_predicted(who: Requester, sent: dict[str, Any], told: Prediction) -> None:
    assert Model(KNOWN).create(who, sent) == told


def test_a_public_uri_is_taken_while_its_space_lives_and_free_afterwards() -> None:
    model = Model(KNOWN)
    space, again = with_space(model), body(publicUri="uri-1")
    assert model.create(AS_ADMIN, again) == Prediction(400, "CREATE-URI-TAKEN")
    model.updated(space, {"status": "ARCHIVED"})
    assert model.create(AS_ADMIN, again) == Prediction(400, "CREATE-URI-SCOPE")
    model.deleted(space)
    assert model.create(AS_ADMIN, again) == Prediction(201, "CREATE-URI-SCOPE")


def test_a_refused_create_takes_no_public_uri() -> None:
    model = Model(KNOWN)
    model.create_refused(body(title=""))
    assert model.create(AS_ADMIN, body()) == Prediction(201, "CREATE-URI-TAKEN")


def test_who_sees_a_space() -> None:
    space = with_space(Model(KNOWN))
    assert [sees(person, space) for person in (ADMIN, OWNER, OTHER, MANAGER)] == [
        "ROLE-ADMIN",
        "ROLE-USER",
        None,
        "ROLE-MANAGER",
    ]


def test_the_former_owner_stays_and_commands_no_longer() -> None:
    model = Model(KNOWN)
    space = with_space(model)
    assert model.transfer(AS_OWNER, space, {"userId": "o"}) == Prediction(204, "TRANSFER-SAME")
    assert model.transfer(AS_OWNER, space, {"userId": "p"}) == Prediction(204, "TRANSFER-OK")
    model.transferred(space, "p")
    assert space.shown()["owner"] == {"userId": "p"}
    assert model.get(AS_OWNER, space) == Prediction(200, "TRANSFER-MEMBERS")
    assert model.get(AS_OTHER, space) == Prediction(200, "TRANSFER-OK")
    assert model.get(AS_MANAGER, space) == Prediction(200, "ROLE-MANAGER-PARTICIPANT")
    assert model.update(AS_OWNER, space, {}) == Prediction(403, "PATCH-403")
    assert model.update(AS_OTHER, space, {}) == Prediction(200, "PATCH-EMPTY")
    assert model.add_items(AS_OWNER, space, {"items": [FOLDER]}) == Prediction(201, "ITEMS-OK")


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"publicUri": "uri-1", "owner": {"userId": "o"}}, Prediction(200, "PATCH-OK")),
        ({"publicUri": "other"}, Prediction(400, "PATCH-URI-400")),
        ({"owner": {"userId": "p"}}, Prediction(400, "PATCH-OWNER")),
        ({"status": "OPEN"}, Prediction(400, "PATCH-FIELDS")),
        ({"isCommentAllowed": 1}, Prediction(400, "CONV-TYPES")),
        ({"theme": {"id": None}}, Prediction(400, "CONV-NULL")),
    ],
)
def test_updates_are_predicted(sent: dict[str, Any], told: Prediction) -> None:
    model = Model(KNOWN)
    assert model.update(AS_ADMIN, with_space(model), sent) == told


def test_who_may_not_is_told_so_before_what_is_wrong() -> None:
    model = Model(KNOWN)
    told = model.update(AS_STRANGER, with_space(model), {"title": ""})
    assert (told.status, told.broken_by(200), told.broken_by(400)) == (403, "PATCH-403", "CONV-ORDER")


def test_archiving_leaves_its_time_to_be_seen_once() -> None:
    model = Model(KNOWN)
    space = with_space(model)
    model.updated(space, {"status": "ARCHIVED"})
    assert "archivedAt" not in space.times
    space.times["archivedAt"] = TIME
    model.updated(space, {"status": "ARCHIVED"})
    assert space.times["archivedAt"] == TIME
    assert model.add_items(AS_ADMIN, space, {"items": [FOLDER]}) == Prediction(400, "ITEMS-ARCHIVED-SPACE")
    model.updated(space, {"status": "ACTIVE"})
    assert space.times["archivedAt"] is None


@pytest.mark.parametrize(
    ("sent", "rule"),
    [
        ({}, "ITEMS-REQUIRED"),
        ({"items": []}, "ITEMS-EMPTY"),
        ({"items": [{"type": "asset"}]}, "ITEMS-400"),
        ({"items": [{**FOLDER, "folderItems": [{"type": "asset", "assetId": "1", "page": 0}]}]}, "ITEMS-400"),
        ({"items": [{"type": "folder", "name": "x" * 256}]}, "ITEMS-400"),
    ],
)
def test_malformed_items_are_refused(sent: dict[str, Any], rule: str) -> None:
    model = Model(KNOWN)
    assert model.add_items(AS_ADMIN, with_space(model), sent) == Prediction(400, rule)


def test_a_deleted_space_is_gone_for_every_call() -> None:
    model = Model(KNOWN)
    space = with_space(model)
    model.deleted(space)
    gone = Prediction(404, "DELETE-GONE")
    assert model.get(AS_ADMIN, space) == gone
    assert model.update(AS_STRANGER, space, {"title": ""}) == gone
    assert model.delete(AS_ADMIN, space) == gone
    assert model.transfer(AS_ADMIN, space, {}) == gone
    assert model.add_items(AS_ADMIN, space, {}) == gone


def test_asset_ids_come_depth_first() -> None:
    nested = {**FOLDER, "folderItems": [{"type": "asset", "assetId": "2"}]}
    assert list(asset_ids([{"type": "asset", "assetId": "1"}, nested, {"type": "asset", "assetId": "3"}])) == list(
        "123"
    )


def three(model: Model) -> list[Space]:
    """Give three spaces: a and B, active, of the owner; b, archived, of the participant."""
    spaces = [with_space(model, 1, title="x a"), with_space(model, 2, title="x B"), with_space(model, 3, title="x b")]
    model.transferred(spaces[2], "p")
    spaces[2].fields["status"], spaces[2].times["archivedAt"] = "ARCHIVED", TIME
    return spaces


def test_titles_are_ordered_by_casefold_then_code_points() -> None:
    model = Model(KNOWN)
    assert orders(three(model), "title") == [["id-1", "id-2", "id-3"]]
    assert orders(three(model), "-title")[0] == ["id-3", "id-2", "id-1"]


def test_nulls_come_last_both_ways_and_ties_by_id_in_either_direction() -> None:
    model = Model(KNOWN)
    spaces = three(model)
    assert orders(spaces, "archivedAt") == [["id-3", "id-1", "id-2"]]
    assert orders(spaces, "-archivedAt") == [["id-3", "id-1", "id-2"], ["id-3", "id-2", "id-1"]]


def test_filters_keep_what_they_say() -> None:
    model = Model(KNOWN)
    three(model)
    assert [one.id for one in whole(model, ADMIN, Query([by_title("X B")]))] == ["id-2", "id-3"]
    assert [one.id for one in whole(model, ADMIN, Query([by_owner(OWNER, email=True)]))] == ["id-1", "id-2"]
    assert [one.id for one in whole(model, ADMIN, Query([since("2026-01-01T00:00:00.001Z")]))] == []
    assert [one.id for one in whole(model, OTHER, Query())] == ["id-3"]


@pytest.mark.parametrize(
    ("person", "query", "ids", "rule"),
    [
        (ADMIN, Query(sort="title"), ["id-1", "id-2", "id-3"], None),
        (ADMIN, Query(sort="title", limit=1, offset=1), ["id-2"], None),
        (ADMIN, Query(sort="title", limit=1, offset=1), ["id-3"], "LIST-SORT-TIES"),
        (ADMIN, Query(sort="title"), ["id-3", "id-1", "id-2"], "LIST-SORT"),
        (ADMIN, Query(sort="title"), ["id-2", "id-1", "id-3"], "LIST-SORT-TIES"),
        (ADMIN, Query(sort="title"), ["id-1", "id-3", "id-2"], "LIST-SORT-TIES"),
        (ADMIN, Query(), ["id-1", "id-2"], "ROLE-ADMIN"),
        (OTHER, Query(), ["id-3", "id-1"], "ROLE-USER"),
        (MANAGER, Query(), ["id-1", "id-2"], "ROLE-MANAGER-PARTICIPANT"),
        (OWNER, Query(), ["id-1", "id-2"], "TRANSFER-MEMBERS"),
        (ADMIN, Query([by_title("a")]), ["id-1", "id-2"], "LIST-TITLE-CONTAINS"),
        (ADMIN, Query([by_owner(OWNER, email=False)]), ["id-1"], "LIST-OWNER"),
    ],
)
def test_a_wrong_list_is_told_by_the_rule_it_breaks(
    person: Person, query: Query, ids: list[str], rule: str | None
) -> None:
    model = Model(KNOWN)
    three(model)
    assert broken_rule(model, person, query, ids) == rule


def test_a_deleted_space_in_a_list_is_told() -> None:
    model = Model(KNOWN)
    spaces = three(model)
    model.deleted(spaces[0])
    assert broken_rule(model, ADMIN, Query(), ["id-1", "id-2", "id-3"]) == "DELETE-GONE"
