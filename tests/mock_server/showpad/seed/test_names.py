"""Seed data: names that nothing has, names that are there twice, and what must go together."""

from __future__ import annotations

from pathlib import Path

import pytest

from showpad_mock.showpad.domain.assets import ASSETS

from .test_reading import SMALL, Change, Document, drop, more, put, records, refused, seed_of

NO = "nobody-or-nothing"
UNKNOWN: list[tuple[str, Change, str]] = [
    ("owner", put("spaces.1.owner", NO), "spaces[1].owner"),
    ("space theme", put("spaces.0.theme", NO), "spaces[0].theme"),
    ("space template", put("spaces.0.template", NO), "spaces[0].template"),
    ("participant", put("spaces.0.participants.0", {"user": NO}), "spaces[0].participants[0].user"),
    ("asset in a folder", put("spaces.0.items.0.items.0.asset", NO), "spaces[0].items[0].items[0].asset"),
    ("user's division", put("users.0.divisions", [NO]), "users[0].divisions"),
    ("user's manager", put("users.1.manager", NO), "users[1].manager"),
    ("group's user", put("userGroups.0.users", ["ann", NO]), "userGroups[0].users"),
    ("asset's division", put("assets.1.division", NO), "assets[1].division"),
    ("theme's division", put("themes.1.division", NO), "themes[1].division"),
    ("template's creator", put("templates.0.creator", NO), "templates[0].creator"),
    ("template's division", put("templates.0.division", NO), "templates[0].division"),
    ("template's theme", put("templates.0.sharedSpaceData", {"theme": NO}), "templates[0].sharedSpaceData.theme"),
    ("asset's author", put("assets.1.authors", ["ann", NO]), "assets[1].authors"),
    ("template's user", put("templates.0.users", ["ann", NO]), "templates[0].users"),
    ("template's group", put("templates.0.userGroups", ["g1", NO]), "templates[0].userGroups"),
    (
        "quick action's extension",
        put("spaces.0.quickActions", [{"title": "x", "url": "https://x", "extension": NO}]),
        "spaces[0].quickActions[0].extension",
    ),
    ("token's user", put("tokens", {"MyToken": NO}), "tokens"),
]


@pytest.mark.parametrize(("change", "where"), [pytest.param(*one, id=name) for name, *one in UNKNOWN])
def test_a_name_that_nothing_has_is_refused_at_its_path(tmp_path: Path, change: Change, where: str) -> None:
    told = refused(tmp_path, change)
    assert told.startswith(where)
    assert NO in told


TWICE: list[tuple[str, Change, str, str]] = [
    ("division id", more("divisions", {"id": "home", "name": "x"}), "divisions", "home"),
    ("theme id", more("themes", {"id": "red", "title": "x", "division": "home"}), "themes", "red"),
    ("user id", more("users", {"id": "u1", "email": "x@example.com"}), "users", "u1"),
    ("user handle", put("users.1.handle", "ann"), "users", "ann"),
    ("user e-mail", put("users.1.email", "ann@example.com"), "users", "ann@example.com"),
    ("e-mail in capitals", put("users.1.email", "ANN@example.com"), "users", "ann@example.com"),
    ("group id", more("userGroups", {"id": "g1", "name": "x"}), "userGroups", "g1"),
    ("asset id", more("assets", {"id": "a1", "division": "home"}), "assets", "a1"),
    ("asset handle", put("assets.1.handle", "one"), "assets", "one"),
    (
        "template id",
        more("templates", {"id": "t1", "name": "x", "creator": "ann", "division": "home"}),
        "templates",
        "t1",
    ),
    ("extension id", put("extensions", [{"id": "e1", "name": "x"}] * 2), "extensions", "e1"),
    (
        "quick action id",
        put("spaces.0.quickActions", [{"id": "q1", "title": "x", "url": "https://x", "extension": NO}] * 2),
        "spaces.quickActions",
        "q1",
    ),
    ("space id", put("spaces.1.id", "s1"), "spaces", "s1"),
    ("publicUri", put("spaces.1.publicUri", "space"), "spaces", "space"),
]


@pytest.mark.parametrize(("change", "where", "value"), [pytest.param(*one, id=name) for name, *one in TWICE])
def test_what_is_there_twice_is_refused(tmp_path: Path, change: Change, where: str, value: str) -> None:
    told = refused(tmp_path, change)
    assert told.startswith(where)
    assert f'"{value}"' in told
    assert "unique" in told


GLOBALS = [[], SMALL["themes"][1:], [SMALL["themes"][0], {"id": "two", "title": "Two", "isGlobal": True}]]


@pytest.mark.parametrize("themes", GLOBALS, ids=["no theme", "none", "two"])
def test_there_must_be_exactly_one_global_theme(tmp_path: Path, themes: list[Document]) -> None:
    told = refused(tmp_path, drop("spaces"), put("themes", themes))
    assert told.startswith("themes")
    assert "exactly one" in told


@pytest.mark.rule("AROUND-THEMES")
@pytest.mark.parametrize(
    ("change", "where"), [(drop("themes.1.division"), "themes[1]"), (put("themes.0.division", "home"), "themes[0]")]
)
def test_every_theme_but_the_global_one_has_a_division(tmp_path: Path, change: Change, where: str) -> None:
    told = refused(tmp_path, change)
    assert told.startswith(f"{where}.division: ")
    assert "Global Theme" in told


@pytest.mark.rule("AROUND-ASSETS")
@pytest.mark.parametrize(
    ("change", "slug"),
    [
        (put("assets.0.slug", "given"), "given"),
        (put("assets.0.name", "Prices & Terms, 2nd edition"), "prices-terms-2nd-edition"),
        (put("assets.0.name", "  "), "a1"),
        (put("assets.0.name", "料金"), "a1"),
        (put("assets.0.name", None), "a1"),
    ],
)
def test_a_slug_that_is_left_out_comes_from_the_name_or_else_the_id(tmp_path: Path, change: Change, slug: str) -> None:
    assert records(seed_of(tmp_path, change), ASSETS)["a1"].slug == slug


@pytest.mark.parametrize(
    "changes",
    [
        [put("spaces.1.archivedAt", "2025-01-01T00:00:00.000Z")],
        [put("spaces.1.status", "ARCHIVED")],
        [put("spaces.1.status", "ACTIVE"), put("spaces.1.archivedAt", "2025-01-01T00:00:00.000Z")],
    ],
    ids=["no status", "no time", "active"],
)
def test_the_time_of_archiving_goes_with_archived_and_only_with_it(tmp_path: Path, changes: list[Change]) -> None:
    told = refused(tmp_path, *changes)
    assert told.startswith("spaces[1].archivedAt")
    assert "ARCHIVED" in told


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("spaces.0.participants.0", {}),
        ("spaces.0.participants.0", {"user": "bob", "email": "bob@example.com"}),
        ("spaces.0.items.0", {}),
        ("spaces.0.items.0", {"asset": "a1", "folder": "Folder"}),
    ],
)
def test_a_participant_and_an_item_must_be_one_thing(tmp_path: Path, place: str, value: Document) -> None:
    member = place.split(".")[2]
    told = refused(tmp_path, put(place, value))
    assert told.startswith(f"spaces[0].{member}[0]")
    assert "either" in told
