"""POST /shared-spaces: titles, public URIs and descriptions."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import httpx2
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from showpad_mock import MockShowpad

from ...harness.api import Api, assert_problem, in_process

URI_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789-_"
URI = re.compile(r"[a-z0-9_-]{1,255}")
LONG = st.sampled_from("aé漢\N{GRINNING FACE}\x00 \n")


def create(api: Api, **fields: Any) -> httpx2.Response:
    owner = {"userId": api.tenant.user_id("seller")}
    return api.post("/shared-spaces", {"owner": owner, "title": "A space", **fields})


@pytest.mark.rule("CREATE-TITLE-LENGTH", "CONV-TYPES")
@pytest.mark.parametrize("character", ["a", "é", "漢", "\N{GRINNING FACE}", "\u0301"])
def test_a_title_has_at_most_255_code_points(api: Api, character: str) -> None:
    assert create(api, title=character * 255).json()["title"] == character * 255
    assert_problem(create(api, title=character * 256), 400, "CREATE-TITLE-LENGTH", at="title")


@pytest.mark.rule("CREATE-TITLE-LENGTH")
def test_a_title_has_at_least_one_character(api: Api) -> None:
    assert create(api, title="a").status_code == 201
    assert_problem(create(api, title=""), 400, "CREATE-TITLE-LENGTH", at="title")


@pytest.mark.rule("CREATE-TITLE-LENGTH")
@given(title=st.text(min_size=1, max_size=255) | st.text(LONG, min_size=250, max_size=255))
@settings(max_examples=30, deadline=None)
def test_any_title_of_1_to_255_characters_is_shown_as_it_came(
    showpad_server: MockShowpad, runner: asyncio.Runner, title: str
) -> None:
    with showpad_server.tenant() as tenant:
        api = in_process(tenant, showpad_server.app, runner)
        space = create(api, title=title).json()
        assert space["title"] == title
        assert api.get(f"/shared-spaces/{space['id']}").json()["title"] == title


@pytest.mark.rule("CREATE-TITLE-LENGTH")
@given(title=st.text(LONG, min_size=256, max_size=300))
@settings(max_examples=20, deadline=None)
def test_any_longer_title_is_refused(showpad_server: MockShowpad, runner: asyncio.Runner, title: str) -> None:
    with showpad_server.tenant() as tenant:
        api = in_process(tenant, showpad_server.app, runner)
        assert_problem(create(api, title=title), 400, "CREATE-TITLE-LENGTH", at="title")


@pytest.mark.rule("CREATE-DESCRIPTION")
@pytest.mark.parametrize("character", ["a", "\N{GRINNING FACE}"])
def test_a_description_has_at_most_65535_characters(api: Api, character: str) -> None:
    assert create(api, description=character * 65_535).json()["description"] == character * 65_535
    assert_problem(create(api, description=character * 65_536), 400, "CREATE-DESCRIPTION", at="description")


@pytest.mark.rule("CREATE-URI-FORM")
@given(uri=st.text(URI_CHARACTERS, min_size=1, max_size=255))
@settings(max_examples=30, deadline=None)
def test_any_public_uri_of_the_form_is_taken(showpad_server: MockShowpad, runner: asyncio.Runner, uri: str) -> None:
    with showpad_server.tenant() as tenant:
        space = create(in_process(tenant, showpad_server.app, runner), publicUri=uri).json()
        assert (space["publicUri"], space["publicUrl"]) == (uri, f"https://{tenant.name}.showpad.com/s/{uri}")


@pytest.mark.rule("CREATE-URI-FORM")
@given(uri=st.text(max_size=20) | st.text(URI_CHARACTERS + "A \n./ß٣", max_size=20))
@settings(max_examples=50, deadline=None)
def test_any_other_public_uri_is_refused(showpad_server: MockShowpad, runner: asyncio.Runner, uri: str) -> None:
    assume(not URI.fullmatch(uri))
    with showpad_server.tenant() as tenant:
        api = in_process(tenant, showpad_server.app, runner)
        assert_problem(create(api, publicUri=uri), 400, "CREATE-URI-FORM", at="publicUri")


@pytest.mark.rule("CREATE-URI-FORM")
@pytest.mark.parametrize(
    "uri", ["", "Marketing", "a b", "a\n", "\na", "a/b", "a.b", "ä", "٣", "a" * 256, "ſ", "\u212a"]
)
def test_a_public_uri_of_another_form_is_refused(api: Api, uri: str) -> None:
    assert_problem(create(api, publicUri=uri), 400, "CREATE-URI-FORM", at="publicUri")


@pytest.mark.rule("CREATE-URI-FORM")
@pytest.mark.parametrize("uri", ["a", "0", "-", "_", "a" * 255])
def test_the_shortest_and_the_longest_public_uris_are_taken(api: Api, uri: str) -> None:
    assert create(api, publicUri=uri).json()["publicUri"] == uri


@pytest.mark.rule("CREATE-URI-TAKEN")
def test_a_public_uri_in_use_is_refused(api: Api) -> None:
    create(api, publicUri="marketing")
    assert_problem(create(api, publicUri="marketing"), 400, "CREATE-URI-TAKEN", at="publicUri")


@pytest.mark.rule("CREATE-URI-TAKEN")
def test_a_public_uri_in_use_by_a_seeded_space_is_refused(api: Api) -> None:
    assert_problem(create(api, publicUri="borealis-bergen"), 400, "CREATE-URI-TAKEN", at="publicUri")


@pytest.mark.rule("CREATE-URI-SCOPE", "CREATE-URI-TAKEN")
def test_an_archived_space_keeps_its_public_uri(api: Api) -> None:
    space = create(api, publicUri="marketing").json()
    api.patch(f"/shared-spaces/{space['id']}", {"status": "ARCHIVED"})
    assert_problem(create(api, publicUri="marketing"), 400, "CREATE-URI-TAKEN")


@pytest.mark.rule("CREATE-URI-SCOPE")
def test_deleting_a_space_frees_its_public_uri(api: Api) -> None:
    space = create(api, publicUri="marketing").json()
    api.delete(f"/shared-spaces/{space['id']}")
    assert create(api, publicUri="marketing").status_code == 201


@pytest.mark.rule("CREATE-URI-SCOPE")
def test_two_tenants_may_use_one_public_uri(api: Api, showpad_server: MockShowpad, runner: asyncio.Runner) -> None:
    create(api, publicUri="marketing")
    with showpad_server.tenant() as other:
        assert create(in_process(other, showpad_server.app, runner), publicUri="marketing").status_code == 201


@pytest.mark.rule("CREATE-URI-AUTO")
def test_a_public_uri_left_out_is_generated_and_unique(api: Api) -> None:
    uris = [create(api).json()["publicUri"] for _ in range(20)]
    assert len(set(uris)) == 20
    assert all(URI.fullmatch(uri) for uri in uris)
