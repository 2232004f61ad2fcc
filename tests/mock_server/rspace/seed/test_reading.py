"""Seed data: RSpace's part of a document, and what is wrong in it."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from showpad_mock.app import VENDORS, read_seed
from showpad_mock.rspace.domain.features import features
from showpad_mock.rspace.domain.people import all_users
from showpad_mock.rspace.seed import cheat_sheet, reading
from showpad_mock.rspace.wire import seed as wire
from showpad_mock.state.tenant import Seed, Tenant
from showpad_mock.web.seed_data import SeedError

SMALL: dict[str, Any] = {
    "behaviour": "observed",
    "users": [
        {
            "id": 1,
            "username": "ann",
            "firstName": "Ann",
            "lastName": "Lee",
            "email": "a@example.com",
            "homeFolderId": 10,
        }
    ],
    "groups": [
        {
            "id": 2,
            "name": "Lab",
            "uniqueName": "lab1",
            "type": "LAB_GROUP",
            "sharedFolderId": 11,
            "sharedSnippetFolderId": 12,
            "members": [{"user": 1, "role": "PI"}],
        }
    ],
    "items": [{"id": 13, "kind": "document", "name": "Notes", "owner": 1}],
    "shares": [{"id": 5, "item": 13, "group": 2}],
}
SHOWPADS: dict[str, Any] = {
    "themes": [{"id": "t", "title": "House style", "isGlobal": True}],
    "users": [{"id": "u", "handle": "ann", "email": "ann@example.com", "role": "ADMIN"}],
}


def usernames(seed: Seed) -> list[str]:
    return [user.username for user in all_users(Tenant("acme", seed, stream="").store)]


def test_what_is_built_in_is_right() -> None:
    checked = wire.checked(reading.FILE.read_bytes())
    assert checked == wire.unchecked(reading.FILE.read_bytes())
    assert usernames(reading.read_seed(checked))[:3] == ["alice", "bob", "carol"]
    assert usernames(reading.read_seed("guides")) == usernames(reading.read_seed("demo"))


def test_a_document_has_a_part_for_rspace() -> None:
    seed = read_seed({**SHOWPADS, "rspace": SMALL})
    assert usernames(seed) == ["ann"]
    assert features(Tenant("acme", seed, stream="").store).behaviour == "observed"


def test_a_document_without_one_leaves_what_is_built_in() -> None:
    assert usernames(read_seed(SHOWPADS)) == usernames(read_seed("demo"))


def test_a_file_is_shared_out_like_a_dictionary(tmp_path: Path) -> None:
    file = tmp_path / "seed.json"
    file.write_text(json.dumps({**SHOWPADS, "rspace": SMALL}), encoding="utf-8")
    assert usernames(read_seed(str(file))) == ["ann"]
    file.write_text(json.dumps({**SHOWPADS, "rspace": {"users": []}}), encoding="utf-8")
    with pytest.raises(SeedError, match=r"seed\.json: rspace: users: "):
        read_seed(file)
    file.write_text(json.dumps({**SHOWPADS, "users": [], "rspace": SMALL}), encoding="utf-8")
    with pytest.raises(SeedError, match=r"seed\.json: users: "):
        read_seed(file)


@pytest.mark.parametrize("text", ["", "{", "[]", "3"])
def test_what_is_no_document_is_told_as_ever(tmp_path: Path, text: str) -> None:
    file = tmp_path / "seed.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SeedError, match=r"seed\.json: the document: "):
        read_seed(file)


def test_a_part_is_an_object() -> None:
    with pytest.raises(SeedError, match="data: rspace: must be an object"):
        read_seed({**SHOWPADS, "rspace": []})


def test_a_server_of_one_api_takes_its_document_whole() -> None:
    assert usernames(read_seed(SMALL, [vendor for vendor in VENDORS if vendor.name == "rspace"])) == ["ann"]


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (("users", 0, "username"), "with space", "users[0].username: "),
        (("users", 0, "homeFolderId"), 11, 'items and folders: the id "11" is used twice'),
        (("groups", 0, "id"), 1, 'users and groups: the id "1" is used twice'),
        (("groups", 0, "members"), [{"user": 9, "role": "PI"}], "groups[0]: there is no user 9"),
        (("items", 0, "owner"), 9, "items[0]: there is no user 9"),
        (("items", 0, "parent"), 99, "items[0]: there is no item 99"),
        (("items", 0, "colour"), "red", "items[0].colour: "),
        (("shares", 0, "item"), 99, "shares[0]: there is no item 99"),
        (("shares", 0, "group"), 99, "shares[0]: there is no group 99"),
        (("shares", 0, "user"), 1, "shares[0]: names either a group or a user"),
    ],
)
def test_an_error_names_its_place(path: tuple[Any, ...], value: Any, told: str) -> None:
    document = deepcopy(SMALL)
    place: Any = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(SeedError) as caught:
        reading.read_seed(document)
    assert str(caught.value).startswith("data: ")
    assert told in str(caught.value)


def test_all_errors_are_told_at_once() -> None:
    document = {**SMALL, "items": [{**SMALL["items"][0], "owner": 9}], "shares": [{"id": 5, "item": 99, "group": 2}]}
    with pytest.raises(SeedError, match="2 errors"):
        reading.read_seed(document)


def test_the_cheat_sheet_has_keys_groups_and_items() -> None:
    rows = {title: rows for title, _, rows in cheat_sheet.tables(reading.read_seed("demo"), "t-1")}
    assert ("alice", "101", "Gene Lab", "active", "mock_t_1_alice") in rows["RSpace users"]
    assert rows["RSpace groups"][0] == ("Gene Lab", "12345", "1101", "alice (PI), bob (USER), lena (LAB_ADMIN)")
    fates = {name: fate for name, _, _, fate in rows["RSpace items"]}
    assert (fates["Gel run 4"], fates["gel-run-4.png"]) == ("works", "in the failed list; observed: 401")
