"""What a bare address tells of itself, and the target file that is written of it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest

from showpad_contracts.cli import main
from showpad_contracts.core.target import Target
from showpad_contracts.core.violation import TargetLacks
from showpad_contracts.showpad.discovery import discovered
from showpad_contracts.showpad.targets import MOCK, OFFERS, ROLES, TARGETS
from showpad_contracts.targets.file import lines
from showpad_contracts.transport.session import Session

from ...harness.asgi import AppTransport
from ...harness.in_process import fresh_mock, mock_target
from ..tenants import TENANT, Counting, environment, kit_here, served

URL = "http://127.0.0.1/v4"
HANDLES = {"owner": "seller", "participant": "partner"}
VARIABLES = {
    f"SHOWPAD_{kind}_{actor.upper()}": f"mock.{TENANT}.{HANDLES.get(actor, actor)}{suffix}"
    for actor in ROLES
    for kind, suffix in (("TOKEN", ""), ("OAUTH", ".oauth"))
}
EMAILS = {
    f"SHOWPAD_EMAIL_{name.upper()}": str(one.email)
    for name, one in TARGETS.read(MOCK.file, {}, base_url=URL).actors.items()
}
SHOWN_BY_NO_LOOK_UP = {
    "unlicensed_user",
    "user_group",
    "outside_participant",
    "space_of_deactivated",
    "collaborate_plus",
    "crm_space",
    "folder_levels",
    "pages",
    "recipient",
    "control",
}


def look(environ: dict[str, str], app: Any = None) -> Target:
    transport = AppTransport(app or fresh_mock())
    session = Session(TARGETS.at(URL, environ), "check", transport=transport)
    session.may_write = False
    try:
        return discovered(session)
    finally:
        session.close()


@pytest.fixture(scope="module")
def found() -> Target:
    return look(VARIABLES | EMAILS)


@pytest.fixture(scope="module")
def known() -> Target:
    return mock_target(TENANT)


def test_who_has_an_address_gets_the_id_of_that_user(found: Target, known: Target) -> None:
    assert {name: found.user_id(name) for name in ROLES} == {name: known.user_id(name) for name in ROLES}


@pytest.mark.parametrize(
    "name",
    [
        *("archived_asset", "non_shareable_asset", "inaccessible_asset", "entire_only_asset", "locked_asset"),
        *("enforced_asset", "global_theme", "published_template", "unpublished_template", "templates"),
        *("deactivated_user", "document", "picture"),
    ],
)
def test_what_there_is_one_of_is_found_by_what_it_shows(found: Target, known: Target, name: str) -> None:
    assert found.offer(name) == known.offer(name)


def test_of_what_there_are_several_one_is_found(found: Target, known: Target) -> None:
    assert set(found.offer("good_assets")) <= {*known.offer("good_assets"), "ecebd941de02a613c4f41abdd88fdf16"}
    assert len(found.offer("good_assets")) == 4
    assert found.offer("document")["id"] in found.offer("good_assets")
    assert found.offer("joined_space") == known.offer("joined_space")
    assert found.offer("other_theme") != found.offer("global_theme")
    assert isinstance(found.offer("some_space"), str)
    assert isinstance(found.offer("division"), str)


def test_what_no_look_up_shows_is_lacking(found: Target) -> None:
    assert set(OFFERS) - set(found.offers) == SHOWN_BY_NO_LOOK_UP


def test_without_a_token_nothing_is_found_and_the_variable_is_named() -> None:
    target = look({})
    assert target.offers == {}
    with pytest.raises(TargetLacks, match="the user id of owner: SHOWPAD_EMAIL_OWNER is not set"):
        target.user_id("owner")


def test_what_is_named_already_stays() -> None:
    session = Session(
        replace(TARGETS.at(URL, VARIABLES), offers={"division": "mine"}), "check", transport=AppTransport(fresh_mock())
    )
    assert discovered(session).offer("division") == "mine"
    session.close()


@pytest.mark.parametrize(
    "answer",
    [
        lambda: httpx2.Response(403, json={"title": "No", "type": "/no"}),
        lambda: httpx2.Response(200, text="<html>"),
        lambda: httpx2.Response(200, json={"count": 1, "items": 7}),
        lambda: httpx2.Response(200, json={"count": 2, "items": [None, {"id": 7}, {"id": "a"}]}),
        lambda: httpx2.Response(
            200,
            json={
                "count": 1,
                "items": [
                    {
                        "id": "a",
                        "status": "active",
                        "isArchived": False,
                        "permissions": {"isShareable": True},
                        "pageCount": 10**12,
                        "lockedPages": [7],
                        "enforcedPages": {"prepend": [{"start": 1, "end": 10**12}]},
                    }
                ],
            },
        ),
    ],
)
def test_a_look_up_that_shows_something_else_finds_nothing_there(answer: Callable[[], httpx2.Response]) -> None:
    transport = httpx2.MockTransport(lambda _: answer())
    session = Session(TARGETS.at(URL, VARIABLES | EMAILS), "check", transport=transport)
    assert {"good_assets", "locked_asset", "enforced_asset", "document"}.isdisjoint(discovered(session).offers)
    session.close()


# The file


def test_the_file_reads_back_as_what_was_found_and_holds_no_secret(found: Target, tmp_path: Path) -> None:
    file = tmp_path / "target.toml"
    file.write_text("\n".join(lines(found, TARGETS)))
    assert not any(token in file.read_text() for token in VARIABLES.values())
    read = TARGETS.read(file, VARIABLES)
    assert read.offers == found.offers
    assert {name: read.token(name, oauth=True) for name in ROLES} == {
        name: found.token(name, oauth=True) for name in ROLES
    }
    assert {name: read.user_id(name) for name in ROLES} == {name: found.user_id(name) for name in ROLES}


def test_what_was_not_found_is_there_as_a_comment_that_can_be_filled_in(tmp_path: Path) -> None:
    told = list(lines(look({}), TARGETS))
    file = tmp_path / "target.toml"
    file.write_text("\n".join(told))
    assert TARGETS.read(file, {}).offers == {}
    examples = [line.removeprefix("# ") for line in told if line.startswith("# ") and " = " in line]
    offers = tomllib.loads("\n".join(line for line in examples if line.partition(" ")[0] in OFFERS))
    assert set(offers) == set(OFFERS)


def test_an_oauth_client_is_there_as_a_comment_that_can_be_filled_in(tmp_path: Path) -> None:
    told = list(lines(look({}), TARGETS))
    start, end = told.index("# [oauth]"), told.index("[offers]")
    file = tmp_path / "target.toml"
    file.write_text("\n".join([f'base_url = "{URL}"', *(line.removeprefix("# ") for line in told[start:end])]))
    client = TARGETS.read(file, {"VARIABLE": "a-secret-of-ours"}).oauth_client()
    assert (client.client_secret, client.password) == ("a-secret-of-ours",) * 2
    assert client.url == "https://{subdomain}.showpad.biz/api/v3/oauth2"


def test_every_member_of_the_mocks_own_file_is_described() -> None:
    mock = tomllib.loads(MOCK.file.read_text(encoding="utf-8"))
    assert set(mock["offers"]) == set(OFFERS)


def test_hostile_names_stay_texts(tmp_path: Path, found: Target) -> None:
    name = 'x"]\n[actors.admin]\napi_token = "EVIL"\x7f\x00\U0001f600\\'
    target = replace(found, offers={**found.offers, "published_template": {"id": "7", "name": name}})
    file = tmp_path / "target.toml"
    file.write_text("\n".join(lines(target, TARGETS)), encoding="utf-8")
    assert TARGETS.read(file, VARIABLES).offer("published_template")["name"] == name


# The commands


def test_a_bare_address_is_checked_with_what_its_look_ups_show(tmp_path: Path) -> None:
    rules = [word for rule in ("AROUND-ASSETS", "LIST-EMAIL", "ITEMS-ARCHIVED") for word in ("--rule", rule)]
    with served(fresh_mock()) as base_url:
        flags = ("--target", base_url, "--allow-writes", "--profile", "quick", "--fail-on", "skipped", *rules)
        ended = kit_here("check", *flags, cwd=tmp_path, env=VARIABLES | EMAILS)
    assert ended.code == 0, ended
    assert ended.out.endswith("No rule was broken.\n")


def test_the_target_of_an_address_is_written_by_reading_alone(tmp_path: Path) -> None:
    app = Counting(fresh_mock())
    with served(app) as base_url:
        ended = kit_here("target", base_url, cwd=tmp_path, env=VARIABLES | EMAILS)
    assert ended.code == 0, ended
    assert app.writes() == []
    assert tomllib.loads(ended.out)["base_url"] == base_url
    assert not any(token in ended.out + ended.err for token in VARIABLES.values())


def test_without_any_token_there_is_no_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in set(VARIABLES) - set(environment()):
        monkeypatch.delenv(name, raising=False)
    assert main(["target", "https://acme.api.showpad.com/v4"]) == 2
    assert "set SHOWPAD_TOKEN_ADMIN" in capsys.readouterr().err
