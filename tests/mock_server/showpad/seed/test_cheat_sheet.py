from __future__ import annotations

import pytest

from showpad_mock.showpad.seed.cheat_sheet import Table, as_text, tables
from showpad_mock.showpad.seed.reading import read_seed

USERS = [{"id": "u", "handle": "ann", "email": "ann@example.com", "role": "ADMIN"}]
THEMES = [{"id": "t", "title": "House style", "isGlobal": True}]


@pytest.fixture(scope="module")
def sheet() -> dict[str, Table]:
    return {title: (title, columns, rows) for title, columns, rows in tables(read_seed("demo"), "demo")}


def row(sheet: dict[str, Table], title: str, name: str) -> list[str]:
    _, _, rows = sheet[title]
    [found] = [list(row) for row in rows if row[0] == name]
    return found


def test_a_template_tells_what_it_fills_in(sheet: dict[str, Table]) -> None:
    onboarding = row(sheet, "Templates", "Onboarding")
    assert onboarding[1:] == ["a4d25ccf-0834-4667-8ea2-d027eb3dce14", "fills in theme, title, description"]


def test_an_unpublished_template_tells_that_it_is_refused(sheet: dict[str, Table]) -> None:
    assert row(sheet, "Templates", "Tender (draft)")[2].startswith("400")


def test_themes_tell_whose_they_are(sheet: dict[str, Table]) -> None:
    assert "Global Theme" in row(sheet, "Themes", "Global Theme")[2]
    assert row(sheet, "Themes", "Northern Lights")[2] == "Sales EMEA"


def test_divisions_tell_how_many_assets_they_have(sheet: dict[str, Table]) -> None:
    assert row(sheet, "Divisions", "Sales Americas")[1:] == ["6f3295024c103b2d6a22795143c51bb7", "1"]


def test_features_tell_whether_they_are_on() -> None:
    seed = read_seed({"themes": THEMES, "users": USERS, "features": {"collaboratePlus": False}})
    features = {row[0]: row[1] for title, _, rows in tables(seed, "demo") if "Features" in title for row in rows}
    assert features == {"sharedSpaces": "on", "templates": "on", "collaboratePlus": "off", "apiAccess": "on"}


def test_what_there_is_none_of_has_no_table() -> None:
    told = [title for title, _, _ in tables(read_seed({"themes": THEMES, "users": USERS}), "demo")]
    assert told == ["Users", "Themes", "Features of the plan"]


def test_nothing_in_seed_data_steers_the_terminal() -> None:
    themes = [{**THEMES[0], "title": "House\x1b[2J\u202estyle"}]
    text = as_text(tables(read_seed({"themes": themes, "users": USERS}), "demo"))
    assert text.replace("\n", "").isprintable()
    assert "House\\x1b[2J\\u202estyle" in text
