"""Seed data: what is built in, and that wrong seed data is refused by file, path and what was expected."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from showpad_mock.core.clock import parse_time
from showpad_mock.showpad.domain.assets import ASSETS
from showpad_mock.showpad.domain.people import USERS
from showpad_mock.showpad.domain.space import SPACES
from showpad_mock.showpad.seed.reading import SEEDS, read_seed
from showpad_mock.showpad.wire import seed as wire
from showpad_mock.state.store import RecordType
from showpad_mock.state.tenant import Seed
from showpad_mock.web.seed_data import BUILT_IN, SeedError

Document = dict[str, Any]
Change = Callable[[Document], object]

SMALL: Document = {
    "divisions": [{"id": "home", "name": "Home"}],
    "themes": [
        {"id": "global", "title": "Global Theme", "isGlobal": True},
        {"id": "red", "title": "Red", "division": "home"},
    ],
    "users": [
        {"id": "u1", "handle": "ann", "email": "ann@example.com", "divisions": ["home"]},
        {"id": "u2", "handle": "bob", "email": "bob@example.com", "manager": "ann"},
    ],
    "userGroups": [{"id": "g1", "name": "Group", "users": ["ann"]}],
    "assets": [
        {"id": "a1", "handle": "one", "division": "home", "pageCount": 3},
        {"id": "a2", "handle": "two", "division": "home"},
    ],
    "templates": [{"id": "t1", "name": "Template", "creator": "ann", "division": "home"}],
    "spaces": [
        {
            "id": "s1",
            "title": "Space",
            "publicUri": "space",
            "owner": "ann",
            "theme": "red",
            "template": "t1",
            "participants": [{"user": "bob"}, {"email": "cleo@example.org"}],
            "items": [{"folder": "Folder", "items": [{"asset": "a1", "page": 2}]}],
        },
        {"id": "s2", "title": "Other", "publicUri": "other", "owner": "u2"},
    ],
}


def written(tmp_path: Path, content: Document | bytes) -> Path:
    file = tmp_path / "seed.json"
    file.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return file


def seed_of(tmp_path: Path, *changes: Change) -> Seed:
    document = copy.deepcopy(SMALL)
    for change in changes:
        change(document)
    return read_seed(str(written(tmp_path, document)))


def put(place: str, value: object) -> Change:
    """Give the change that puts a value at a place such as `spaces.0.owner`."""
    *way, last = [int(part) if part.isdecimal() else part for part in place.split(".")]

    def change(document: Any) -> None:
        for part in way:
            document = document[part]
        document[last] = value

    return change


def drop(place: str) -> Change:
    *way, last = [int(part) if part.isdecimal() else part for part in place.split(".")]

    def change(document: Any) -> None:
        for part in way:
            document = document[part]
        del document[last]

    return change


def more(place: str, value: object) -> Change:
    return lambda document: document[place].append(value)


def refused(tmp_path: Path, *changes: Change) -> str:
    """Give what a refusal says after the file's name, which it must begin with: an error a line."""
    with pytest.raises(SeedError) as caught:
        seed_of(tmp_path, *changes)
    file = f"{tmp_path / 'seed.json'}: "
    assert str(caught.value).startswith(file)
    told = str(caught.value).removeprefix(file)
    count, _, errors = told.partition(" errors:\n")
    if not errors:
        return told
    assert int(count) == len(errors.splitlines())
    return errors.replace("\n  ", "\n").strip()


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_built_in_seed_is_read_by_its_name(name: str) -> None:
    seed, document = read_seed(name), json.loads((SEEDS / f"{name}.json").read_text())
    for kind, member in ((USERS, "users"), (ASSETS, "assets"), (SPACES, "spaces")):
        assert list(records(seed, kind)) == [one["id"] for one in document[member]]
    assert seed.subdomain == document["subdomain"]


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_built_in_seed_which_a_start_does_not_check_is_right(name: str) -> None:
    document = (SEEDS / f"{name}.json").read_bytes()
    assert wire.checked(document) == wire.unchecked(document)


def records(seed: Seed, kind: RecordType[Any]) -> dict[str, Any]:
    return seed.base.of(kind)


def test_the_demo_has_the_people_it_promises() -> None:
    handles = {user.handle for user in records(read_seed("demo"), USERS).values()}
    assert handles == {"admin", "manager", "seller", "partner", "outsider", "deactivated", "unlicensed"}


def test_the_guides_tenant_has_its_clock_frozen_and_its_token() -> None:
    seed = read_seed("guides")
    assert seed.clock.frozen == parse_time("2026-03-10T15:43:25.000Z")
    assert seed.tokens == {"MyApiToken": "admin"}


def test_a_seed_that_is_right_is_read(tmp_path: Path) -> None:
    assert set(records(seed_of(tmp_path), SPACES)) == {"s1", "s2"}


def test_what_is_left_out_has_its_default(tmp_path: Path) -> None:
    space = records(seed_of(tmp_path), SPACES)["s2"]
    assert (space.theme_id, space.description, space.is_external_upload_allowed) == ("global", "", False)
    assert [one.user_id for one in space.participants] == ["u2"]


def test_a_user_may_be_named_by_handle_or_id(tmp_path: Path) -> None:
    spaces = records(seed_of(tmp_path, put("spaces.0.owner", "bob")), SPACES)
    assert spaces["s1"].owner_id == spaces["s2"].owner_id == "u2"


WRONG_FORM: list[tuple[str, Change, str, str]] = [
    ("unknown member", put("colour", "red"), "colour", "not permitted"),
    ("unknown member inside", put("spaces.1.titel", "x"), "spaces[1].titel", "not permitted"),
    ("unknown member deep", put("spaces.0.items.0.items.0.pages", 1), "spaces[0].items[0].items[0].pages", "not"),
    ("number for string", put("users.0.email", 1), "users[0].email", "string"),
    ("string for boolean", put("users.1.isActive", "true"), "users[1].isActive", "boolean"),
    ("number for boolean", put("themes.0.isGlobal", 1), "themes[0].isGlobal", "boolean"),
    ("string for number", put("assets.0.pageCount", "3"), "assets[0].pageCount", "integer"),
    ("fraction for number", put("assets.0.pageCount", 3.5), "assets[0].pageCount", "integer"),
    ("object for list", put("users", {}), "users", "array"),
    ("list for object", put("assets.0.permissions", []), "assets[0].permissions", "object"),
    ("null for string", put("users.0.email", None), "users[0].email", "string"),
    ("no id", drop("assets.1.id"), "assets[1].id", "required"),
    ("no title", drop("spaces.0.title"), "spaces[0].title", "required"),
    ("no users", drop("users"), "users", "required"),
    ("a list of no users", put("users", []), "users", "at least 1 item"),
    ("no themes", drop("themes"), "themes", "required"),
    ("unknown role", put("users.0.role", "BOSS"), "users[0].role", "'ADMIN', 'MANAGER' or 'USER'"),
    ("unknown status", put("spaces.0.status", "GONE"), "spaces[0].status", "'ACTIVE' or 'ARCHIVED'"),
    ("page zero", put("spaces.0.items.0.items.0.page", 0), "spaces[0].items[0].items[0].page", "1"),
    ("unknown type of asset", put("assets.0.type", "slides"), "assets[0].type", "'document'"),
    ("unknown status of asset", put("assets.0.status", "READY"), "assets[0].status", "'prepared'"),
    ("null for slug", put("assets.0.slug", None), "assets[0].slug", "string"),
    ("unknown rendition", put("assets.0.downloadableExternal", ["zip"]), "assets[0].downloadableExternal[0]", "'pdf'"),
    ("about too long", put("themes.0.displayData", {"aboutDescription": "n" * 801}), "themes[0].displayData", "800"),
    ("about null", put("themes.0.displayData", {"aboutDescription": None}), "themes[0].displayData", "string"),
    ("template of no division", drop("templates.0.division"), "templates[0].division", "required"),
    ("no pages", put("assets.0.pageCount", 0), "assets[0].pageCount", "1"),
    ("publicUri in capitals", put("spaces.0.publicUri", "Space"), "spaces[0].publicUri", "pattern"),
    ("title too long", put("spaces.0.title", "n" * 256), "spaces[0].title", "255"),
    ("subdomain no DNS label", put("subdomain", "a.b"), "subdomain", "pattern"),
    ("colour no colour", put("themes.0.colorSettings", {"headerColor": "red"}), "themes[0].colorSettings", "pattern"),
    ("bare date", put("spaces.0.createdAt", "2025-01-01"), "spaces[0].createdAt", "RFC 3339"),
    ("time without offset", put("users.0.createdAt", "2025-01-01T00:00:00"), "users[0].createdAt", "RFC 3339"),
    ("time a number", put("assets.0.updatedAt", 1735689600000), "assets[0].updatedAt", "time as text"),
    ("clock no time", put("clock", {"frozen": "now"}), "clock.frozen", "RFC 3339"),
    ("no such day", put("themes.0.createdAt", "2025-02-30T00:00:00Z"), "themes[0].createdAt", ""),
]


@pytest.mark.parametrize(("change", "where", "expected"), [pytest.param(*one, id=name) for name, *one in WRONG_FORM])
def test_a_wrong_form_is_refused_at_its_path(tmp_path: Path, change: Change, where: str, expected: str) -> None:
    told = refused(tmp_path, change)
    path, _, reason = told.partition(": ")
    assert path.startswith(where)
    assert reason
    assert expected in reason


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"themes: []", b"{} {}"])
def test_what_is_no_object_of_json_is_refused(tmp_path: Path, content: bytes) -> None:
    file = written(tmp_path, content)
    with pytest.raises(SeedError) as caught:
        read_seed(str(file))
    assert str(caught.value).startswith(f"{file}: the document: ")


@pytest.mark.parametrize("name", ["missing.json", ""])
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    with pytest.raises(SeedError) as caught:
        read_seed(str(file))
    assert str(caught.value).startswith(f"{file}: cannot be read: ")


def test_all_errors_of_form_are_told(tmp_path: Path) -> None:
    told = refused(tmp_path, put("users.0.email", 1), put("users.1.email", 1), put("colour", "red"))
    assert [line.partition(":")[0] for line in told.splitlines()] == ["users[0].email", "users[1].email", "colour"]


def test_all_names_that_nothing_has_are_told(tmp_path: Path) -> None:
    changes = [
        put("tokens", {"T": "nobody"}),
        put("users.1.email", "ann@example.com"),
        put("users.1.manager", "nobody"),
        put("assets.0.division", "nowhere"),
        put("spaces.0.owner", "nobody"),
        put("spaces.0.template", "none"),
        put("spaces.0.participants.0", {}),
        put("spaces.0.items.0.items.0.asset", "none"),
        put("spaces.1.archivedAt", "2026-01-01T00:00:00.000Z"),
    ]
    told = [line.partition(": ")[0] for line in refused(tmp_path, *changes).splitlines()]
    assert sorted(told) == [
        "assets[0].division",
        "spaces[0].items[0].items[0].asset",
        "spaces[0].owner",
        "spaces[0].participants[0]",
        "spaces[0].template",
        "spaces[1].archivedAt",
        "tokens",
        "users",
        "users[1].manager",
    ]


def test_of_very_many_errors_twenty_are_told(tmp_path: Path) -> None:
    with pytest.raises(SeedError) as caught:
        seed_of(tmp_path, put("tokens", {f"T{number}": f"nobody-{number}" for number in range(100)}))
    first, *errors, last = str(caught.value).splitlines()
    assert first.endswith("100 errors:")
    assert (len(errors), last.strip()) == (20, "and 80 more")
