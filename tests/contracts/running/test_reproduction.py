"""The lines that a breach shows: run as a reader runs them, in a real shell against a server that listens."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from showpad_contracts.core.exchange import NOTHING, Exchange
from showpad_contracts.core.target import Target
from showpad_contracts.running.reproduction import READ_ID, SECRET, Setting, reproduction
from showpad_contracts.showpad.checks.links import opened
from showpad_contracts.showpad.checks.shares import share
from showpad_contracts.showpad.client import Client
from showpad_contracts.showpad.targets import MOCK
from showpad_contracts.transport.session import Session

from ...harness.in_process import fresh_mock
from ..broken.tampering import answering, refusing
from ..scripted import scripted, well
from ..tenants import TENANT, TOKENS, kit_here, served, spaces, target_file

BASE = "http://127.0.0.1/v4"
MARK = "contracts-20260310-0123abcd"


def setting(**more: Any) -> Setting:
    return Setting(**{"base_url": BASE, "mark": MARK, "collections": ("/shared-spaces",), **more})


def sh(lines: Sequence[str], env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MOCK_", "TOKEN_"))}
    return subprocess.run(
        ["sh"], input="\n".join(lines) + "\n", env={**kept, **env}, capture_output=True, text=True, check=False
    )


def exchanged(method: str, path: str, sent: Any = NOTHING, *, status: int = 200, received: Any = NOTHING) -> Exchange:
    return Exchange(method, path, "admin", sent, status, {}, received, "", 0.0)


CREATE = exchanged(
    "POST", "/shared-spaces", {"title": f"Check {MARK}-1", "publicUri": f"{MARK}-1"}, status=201, received={"id": "s7"}
)


# What they say


def test_ids_are_taken_from_answers_and_the_mark_is_another_each_time() -> None:
    lines = reproduction([CREATE, exchanged("GET", f"/shared-spaces/s7?title={MARK}-1")], setting())
    create, read, get = lines[-4:-1]
    assert create.startswith('must -X POST "$API"/shared-spaces ')
    assert MARK not in "".join(lines)
    assert read.startswith("ID_1=$(read_id) || ")
    assert get.startswith('send -X GET "$API"/shared-spaces/"$ID_1"\'?title=\'"$RUN"-1 ')


SHARED = {"id": "x", "link": "http://127.0.0.1/share/token-of-8", "a b": "http://127.0.0.1/share/other-of-8"}


def test_the_end_of_an_address_is_taken_from_the_answer() -> None:
    made = exchanged("POST", "/shares", {"title": "A"}, status=201, received=SHARED)
    page = exchanged("GET", "http://127.0.0.1/share/token-of-8")
    lines = reproduction([made, page], setting(base_url="http://127.0.0.2/v4", seen_at=BASE))
    assert lines[-3].startswith("END_1=$(read_end link) || ")
    assert 'http://127.0.0.2/share/"$END_1" ' in lines[-2]
    assert "token-of-8" not in "".join(lines)


def test_a_member_whose_name_a_shell_would_read_is_not_read() -> None:
    made = exchanged("POST", "/shares", {"title": "A"}, status=201, received=SHARED)
    lines = reproduction([made, exchanged("GET", "http://127.0.0.1/share/other-of-8")], setting())
    assert not [line for line in lines if line.startswith("END_")]


def test_where_a_secret_was_taken_out_it_says_so() -> None:
    lines = reproduction([exchanged("POST", "/token", b"password=[token]")], setting())
    assert [line for line in lines if line.startswith("#")] == [SECRET]
    assert not [line for line in reproduction([CREATE], setting()) if line.startswith("#")]


def test_ids_may_be_numbers_and_stand_for_no_part_of_others() -> None:
    create = exchanged("POST", "/notes", {"name": f"{MARK}-1"}, status=201, received={"id": 20})
    later = [
        exchanged("GET", "/notes/20"),
        exchanged("POST", "/read", {"ids": [20, 2026]}),
        exchanged("GET", "/notes/205"),
    ]
    lines = reproduction([create, *later], setting(collections=("/notes",)))
    told = "\n".join(lines[-6:])
    assert told.count('"$ID_1"') == 3  # as what is to be deleted, too
    assert "2026" in told
    assert "/notes/205 " in told


def test_what_lies_beside_the_base_url_is_asked_where_it_is_now() -> None:
    seen = exchanged("GET", "http://127.0.0.1:41234/apps/v1/things?a=1")
    lines = reproduction([seen], setting(base_url="http://127.0.0.1:7470/v4", seen_at="http://127.0.0.1:41234/v4"))
    assert lines[-2].startswith("send -X GET 'http://127.0.0.1:7470/apps/v1/things?a=1' ")


def test_what_was_created_beside_the_base_url_is_deleted_there() -> None:
    create = exchanged("POST", "http://127.0.0.1:41234/hooks/v1/things", {"name": MARK}, received={"id": "t7"})
    now = setting(
        base_url="http://127.0.0.1:1/v4", seen_at="http://127.0.0.1:41234/v4", collections=("/hooks/v1/things",)
    )
    lines = reproduction([create], now)
    assert lines[-2] == 'ID_1=$(read_id) && set -- "$@" http://127.0.0.1:1/hooks/v1/things/"$ID_1"'
    undone = sh([*lines[:-3], 'set -- "http://127.0.0.1:1/hooks/v1/things/t7" /beside', ")"], {"TOKEN_ADMIN": "t"})
    assert "deleted http://127.0.0.1:1/hooks/v1/things/t7: " in undone.stdout
    assert "deleted /beside: " in undone.stdout


def test_a_key_goes_in_the_header_that_the_api_has_for_it() -> None:
    lines = reproduction([CREATE], setting(key_header="apiKey", variables={"admin": "KEY", "admin/oauth": "TOKEN"}))
    assert '-H "apiKey: $KEY"' in lines[-3]
    in_person = replace(CREATE, actor="admin/oauth")
    lines = reproduction([in_person], setting(key_header="apiKey", variables={"admin/oauth": "TOKEN"}))
    assert '-H "Authorization: Bearer $TOKEN"' in lines[-3]


def test_the_mark_is_as_long_as_that_of_the_run() -> None:
    lines = [*reproduction([CREATE], setting())[:-1], 'printf %s "$RUN" >&2', ")"]
    assert len(sh(lines, {"TOKEN_ADMIN": "t"}).stderr.splitlines()[-1]) == len(MARK)


def test_tokens_come_from_the_variables_that_the_target_names() -> None:
    named = setting(variables={"admin": "ACME_ADMIN", "owner": "ACME_OWNER"}, undone_by="owner")
    lines = reproduction([CREATE], named)
    assert lines[1] == ': "${ACME_ADMIN:?}" "${ACME_OWNER:?}"'
    assert '-H "Authorization: Bearer $ACME_ADMIN"' in lines[-3]
    assert "ACME_ADMIN" in sh(lines, {}).stderr


def test_a_token_that_is_no_secret_need_not_be_set() -> None:
    lines = reproduction([CREATE], setting(variables={"admin": "MOCK"}, defaults={"MOCK": "mock.demo.admin"}))
    assert lines[1] == ': "${MOCK:=mock.demo.admin}"'


def test_they_bear_the_headers_that_the_request_had_of_its_own() -> None:
    with scripted(well) as client:
        client.admin.request("GET", "/a", headers={"Origin": "https://evil.example", "X-Empty": ""})
        client.admin.request("POST", "/a", b"{", headers={"Content-Type": "text/plain; it's"})
        origin, kind = reproduction(client.session.trail, setting())[-3:-1]
    assert "-H 'Origin: https://evil.example' -H 'X-Empty;'" in origin
    assert "application/json" not in kind
    assert shlex.split(kind)[-4:] == ["-H", "Content-Type: text/plain; it's", "--data-raw", "{"]


ANSWERS: tuple[dict[str, Any], ...] = (
    {"id": "s7"},
    {"theme": {"id": "t1"}, "id": "s7", "owner": {"userId": "u1", "id": "o1"}, "tags": [{"id": "x"}, []]},
    {
        "title": 'He said "id": "no", {[',
        "description": 'a}\n"id":"no"\\',
        "id": "s7",
        "at": ["}", {"id": "q", "r": {}}],
    },
    {"title": "id", "id": "s7", "description": "é\u202e id", "more": {"deep": {"deeper": {"id": "no"}}}},
)


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("indent", [None, 2])
def test_the_id_that_is_read_is_that_of_the_answer_itself(answer: dict[str, Any], indent: int | None) -> None:
    said = json.dumps(answer, indent=indent, ensure_ascii=False) + "\nHTTP 201"
    assert sh([READ_ID, "read_id"], {"ANSWER": said}).stdout == "s7\n"


def test_an_id_that_is_read_may_be_a_number() -> None:
    said = '{"name": "id", "owner": {"id": 3}, "id": 2001, "more": [{"id": 4}]}\nHTTP 201'
    assert sh([READ_ID, "read_id"], {"ANSWER": said}).stdout == "2001\n"


@pytest.mark.parametrize("said", ['{"theme":{"id":"t1"}}\nHTTP 201', '{"id": "s7"}\nHTTP 404', "<html>\nHTTP 200", ""])
def test_where_there_is_no_id_none_is_read(said: str) -> None:
    done = sh([READ_ID, "read_id"], {"ANSWER": said})
    assert (done.stdout, done.returncode) == ("", 1)


# What they do


@pytest.fixture(scope="module")
def mock() -> Iterator[Target]:
    with MOCK.launched("contracts") as target:
        yield target


def lines_at(target: Target, base_url: str) -> list[str]:
    """Create a space of a mock, add to it and read it; return the lines that do it again at an address."""
    session = Session(target, MARK)
    try:
        client = Client(session)
        session.begin()
        space = client.space()
        client.add_items(space["id"], [{"type": "folder", "name": "Read {first}"}])
        client.owner.get(f"/shared-spaces/{space['id']}")
        trail = list(session.trail)
        client.clean_up()
    finally:
        session.close()
    named = setting(base_url=base_url, variables=target.variables(), defaults=target.public_tokens)
    return reproduction(trail, named)


def test_they_run_twice_against_a_mock_and_leave_nothing(mock: Target) -> None:
    lines = lines_at(mock, mock.base_url)
    done = [sh(lines, {}) for _ in range(2)]
    for one in done:
        assert one.stderr == ""
        assert one.returncode == 0
        told = [line for line in one.stdout.splitlines() if line.startswith(("HTTP", "deleted"))]
        assert told[:3] == ["HTTP 201", "HTTP 201", "HTTP 200"]
        assert [line.rpartition(" ")[2] for line in told[3:]] == ["204"]
    first, second = (one.stdout.partition('"publicUri":"')[2].partition('"')[0] for one in done)
    assert first != second


def test_they_open_the_page_of_a_share_of_their_own(mock: Target) -> None:
    with closing(Session(mock, MARK)) as session:
        client = Client(session)
        made = share(client)
        opened(client, made, "untrackedUrl")
        opened(client, made, "dynamicUrl", recipient="x")
        trail = list(session.trail)
    named = setting(base_url=mock.base_url, variables=mock.variables(), defaults=mock.public_tokens)
    done = sh(reproduction(trail, named), {})
    assert (done.stderr, done.returncode) == ("", 0)
    assert [line for line in done.stdout.splitlines() if line.startswith("HTTP")] == ["HTTP 201", *["HTTP 200"] * 2]
    assert made["untrackedUrl"].rpartition("/")[2] not in done.stdout


def test_they_can_be_pasted_twice_into_one_shell(mock: Target) -> None:
    lines = lines_at(mock, mock.base_url)
    done = sh([*lines, *lines, "echo still here"], {})
    assert done.stdout.count("HTTP 201") == 4
    assert done.stdout.endswith("still here\n")


def test_a_step_that_is_refused_says_so_ends_them_and_what_was_created_is_deleted(mock: Target) -> None:
    refuses = refusing("POST", "/shared-spaces/[^/]+/items", lambda _: True, code=403)(fresh_mock())
    with served(refuses) as base_url:
        before = spaces(base_url)
        lines = lines_at(mock, base_url)
        tokens = {name: value.replace("contracts", TENANT) for name, value in mock.public_tokens.items()}
        done = sh(lines, tokens)
        assert spaces(base_url) == before
    assert done.returncode == 1
    assert "/items failed: the steps after it are left out" in done.stderr
    assert "This is refused." in done.stdout
    assert "GET " not in done.stdout
    assert "deleted /shared-spaces/" in done.stdout


def test_an_answer_without_an_id_is_not_taken_for_one(mock: Target) -> None:
    nameless = answering("POST", "/shared-spaces", lambda seen: seen.answer.pop("id"))(fresh_mock())
    with served(nameless) as base_url:
        done = sh(lines_at(mock, base_url), {})
    assert done.returncode == 1
    assert "no id in the answer" in done.stderr
    assert "/items" not in done.stdout


def test_the_lines_of_a_broken_rule_show_it_once_more_without_the_kit(tmp_path: Path) -> None:
    def forget(seen: Any) -> None:
        seen.answer["title"] = "something else"

    with served(answering("PATCH", "/shared-spaces/[^/]+", forget)(fresh_mock())) as base_url:
        before = spaces(base_url)
        target_file(tmp_path, base_url)
        flags = ("--target", "target.toml", "--allow-writes", "--rule", "PATCH-OK", "--report", "json:r.json")
        assert kit_here("check", *flags, cwd=tmp_path).code == 1
        document = json.loads((tmp_path / "r.json").read_text())
        broken = next(one["breach"] for one in document["outcomes"] if one["verdict"] == "broken")
        for _ in range(2):
            done = sh(broken["curl"], TOKENS)
            assert done.returncode == 0, done.stderr
            assert '"title":"something else"' in done.stdout.replace(": ", ":")
        assert spaces(base_url) == before
