"""Every snippet of the guides, run by the client it is written for, as printed but for host, token and placeholders."""

from __future__ import annotations

import json
from itertools import zip_longest
from pathlib import Path

import httpx2
import pytest

from fixtures.guides.differences import differences
from fixtures.guides.exchanges import Guides, arrange, read_guides
from fixtures.guides.languages import FOLDER, HOST, file_of, snippet
from fixtures.guides.table import TableError, Values
from showpad_mock import MockTenant

from ..harness.api import over_http
from .running import RUN
from .sending import sender

GUIDES = read_guides()
SNIPPETS = [(name, language) for name in GUIDES.names for language in GUIDES.languages(name)]
ORIGIN = "http://127.0.0.1:7470"
VALUES = Values("acme-2", "mock.acme-2.admin")


@pytest.mark.parametrize(("name", "language"), SNIPPETS)
def test_a_snippet_gets_the_answer_that_the_guide_shows(
    name: str, language: str, tenant: MockTenant, values: Values, http_client: httpx2.Client, tmp_path: Path
) -> None:
    exchange = GUIDES.exchange(name, values)
    arrange(exchange, sender(over_http(tenant, http_client)), tenant.freeze)
    text = snippet(GUIDES, name, language, values=values, origin=tenant.origin)
    assert differences(exchange, RUN[language](text, tmp_path)) == []
    sent, request = tenant.exchanges[-1], exchange.request
    assert (sent.method, sent.path, sent.query.decode()) == (request.method, f"/v4{request.path}", request.query)
    assert json.loads(sent.request_body or b"null") == request.body


def test_each_snippet_belongs_to_an_exchange_and_each_exchange_has_its_snippets() -> None:
    assert {file_of(*one) for one in SNIPPETS} == set(FOLDER.iterdir())
    assert len(SNIPPETS) == 29


@pytest.mark.parametrize(("name", "language"), SNIPPETS)
def test_a_line_is_as_printed_but_for_host_token_and_placeholders(name: str, language: str) -> None:
    printed = file_of(name, language).read_text(encoding="utf-8").splitlines()
    lines = snippet(GUIDES, name, language, values=VALUES, origin=ORIGIN).splitlines()
    open_texts = [HOST, *GUIDES.filled(name, VALUES)]
    for before, after in zip_longest(printed, lines):
        if before is None:
            assert after == "-H 'Authorization: Bearer mock.acme-2.admin'"
        elif not any(text in before for text in open_texts):
            # A backslash more, where a header that the guide leaves out comes after the last line.
            assert after in (before, before + " \\")


def test_the_path_of_another_record_is_replaced_as_the_table_says() -> None:
    text = snippet(GUIDES, "000-get-a-space", "curl", values=VALUES, origin=ORIGIN)
    assert f"curl -X GET '{ORIGIN}/v4/shared-spaces/95e63d4a4d049cb63fea74de4bcb2c90'" in text
    assert "b5f5e881324f61479002be5cda41b1ca" not in text


def test_a_header_left_out_comes_after_the_printed_options() -> None:
    text = snippet(GUIDES, "002-list-by-participant-email", "curl", values=VALUES, origin=ORIGIN)
    assert text.endswith(" \\\n-H 'Authorization: Bearer mock.acme-2.admin'\n")


@pytest.mark.parametrize(
    "text", [f"curl {HOST}/v4/shares/{{shareId}}", "curl https://{{subdomain}}.showpad.com/s/marketing-space"]
)
def test_a_snippet_with_a_placeholder_or_host_of_its_own_is_refused(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fixtures.guides.languages.FOLDER", tmp_path)
    file_of("003-create-a-share", "curl").write_text(text, encoding="utf-8")
    with pytest.raises(TableError):
        snippet(GUIDES, "003-create-a-share", "curl", values=VALUES, origin=ORIGIN)


def test_a_contradiction_that_a_snippet_does_not_print_is_refused(
    guides: Guides, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fixtures.guides.languages.FOLDER", tmp_path)
    file_of("000-get-a-space", "python").write_text(f"import requests\nrequests.get('{HOST}/v4')", encoding="utf-8")
    with pytest.raises(TableError, match="cannot be replaced"):
        snippet(guides, "000-get-a-space", "python", values=VALUES, origin=ORIGIN)
