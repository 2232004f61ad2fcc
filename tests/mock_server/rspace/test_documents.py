"""Documents and folders: what one needs to find, make and delete what is shared."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest

from ...harness.rspace import (
    CAROLS,
    DOCUMENT,
    ENTRY,
    FOLDER,
    FOREIGN_FOLDER,
    NOTEBOOK,
    NOWHERE,
    SECOND,
    SHARED_FOLDER,
    RSpaceApi,
    assert_refused,
    rules_of,
)

NOW = "2026-03-10T15:43:25.000Z"


def ids(lab: RSpaceApi, query: str = "", as_: str = "alice") -> list[int]:
    return [one["id"] for one in lab.get(f"/documents{query}", as_=as_).json()["documents"]]


@pytest.mark.rule("RS-DOCS-OK")
def test_the_list_has_the_own_documents_and_those_shared_with_the_caller(lab: RSpaceApi) -> None:
    assert ids(lab) == [SECOND, DOCUMENT, ENTRY]  # last modified first
    before = ids(lab, as_="bob")
    assert lab.share(DOCUMENT).status_code == 201
    assert sorted(ids(lab, as_="bob")) == sorted([*before, DOCUMENT])
    assert DOCUMENT not in ids(lab, as_="carol")


@pytest.mark.rule("RS-DOCS-OK")
def test_what_lies_in_a_shared_notebook_is_shared(lab: RSpaceApi) -> None:
    lab.share(NOTEBOOK)
    assert ENTRY in ids(lab, as_="bob")
    assert NOTEBOOK not in ids(lab, as_="bob")


@pytest.mark.rule("RS-DOCS-OK")
@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("name asc", [SECOND, ENTRY, DOCUMENT]),
        ("name+desc", [DOCUMENT, ENTRY, SECOND]),
        ("created%20asc", [ENTRY, DOCUMENT, SECOND]),
        ("lastModified desc", [SECOND, DOCUMENT, ENTRY]),
    ],
)
def test_the_list_is_sorted_as_asked(lab: RSpaceApi, order: str, expected: list[int]) -> None:
    assert ids(lab, f"?orderBy={order}") == expected


@pytest.mark.rule("RS-DOCS-QUERY")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("GEL", [DOCUMENT]),
        ("pcr", [DOCUMENT]),
        ("overnight", [ENTRY]),
        ("zebra", []),
        ("%20", [SECOND, DOCUMENT, ENTRY]),
    ],
)
def test_a_query_looks_through_names_tags_and_contents(lab: RSpaceApi, query: str, expected: list[int]) -> None:
    assert ids(lab, f"?query={query}") == expected


@pytest.mark.rule("RS-DOCS-FILTER")
def test_the_received_ones_can_be_asked_for_alone(lab: RSpaceApi) -> None:
    lab.share(DOCUMENT)
    assert DOCUMENT in ids(lab, "?filter=sharedWithMe", as_="bob")
    assert ids(lab, "?filter=sharedWithMe") == []
    assert ids(lab, "?filter=favorites") == []
    assert_refused(lab.get("/documents?filter=mine"), 400, 40002, "RS-DOCS-FILTER")


@pytest.mark.rule("RS-DOCS-TWO-QUERIES")
def test_two_queries_are_one_too_many(lab: RSpaceApi) -> None:
    body = assert_refused(lab.get("/documents?query=a&advancedQuery={}"), 422, 42201, "RS-DOCS-TWO-QUERIES")
    assert (body["status"], body["errors"]) == ("UNPROCESSABLE_ENTITY", [body["message"]])


def advanced(*terms: tuple[str, str], operator: str = "and") -> str:
    """Give an advanced query as RSpace's own client makes it."""
    sent = {"operator": operator, "terms": [{"query": query, "queryType": kind} for kind, query in terms]}
    return f"?advancedQuery={quote(json.dumps(sent))}"


@pytest.mark.rule("RS-DOCS-ADVANCED")
@pytest.mark.parametrize(
    ("terms", "operator", "expected"),
    [
        ([("name", "GEL")], "and", [DOCUMENT]),
        ([("tag", "pcr")], "and", [DOCUMENT]),
        ([("fullText", "overnight")], "and", [ENTRY]),
        ([("name", "overnight")], "and", []),
        ([("global", "overnight"), ("global", "gel")], "and", []),
        ([("global", "overnight"), ("global", "gel")], "or", [DOCUMENT, ENTRY]),
    ],
)
def test_an_advanced_query_looks_for_all_or_any_of_its_terms(
    lab: RSpaceApi, terms: list[tuple[str, str]], operator: str, expected: list[int]
) -> None:
    assert ids(lab, advanced(*terms, operator=operator)) == expected


@pytest.mark.rule("RS-DOCS-ADVANCED", "RS-LINKS")
def test_the_links_of_a_page_keep_an_advanced_query(lab: RSpaceApi) -> None:
    page = lab.get(f"/documents{advanced(('global', 'e'))}&pageSize=1").json()
    [following] = [link["link"] for link in page["_links"] if link["rel"] == "next"]
    second = lab.get(following.partition("/api/v1")[2]).json()
    assert (second["totalHits"], second["pageNumber"]) == (page["totalHits"], 1)


@pytest.mark.rule("RS-DOCS-ADVANCED-400")
@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"terms": []}',
        '{"terms": [{"query": "a", "queryType": "colour"}]}',
        "[" * 1500,
        "9" * 2001,
    ],
)
def test_what_is_no_advanced_query_is_refused(lab: RSpaceApi, text: str) -> None:
    body = assert_refused(lab.get(f"/documents?advancedQuery={quote(text)}"), 400, 40002, "RS-DOCS-ADVANCED-400")
    assert body["errors"][0].startswith("advancedQuery: ")


def test_an_advanced_query_by_a_time_is_not_emulated_and_says_so(lab: RSpaceApi) -> None:
    answer = lab.get(f"/documents{advanced(('created', '2026-01-01'))}")
    assert (answer.status_code, answer.json()["internalCode"]) == (501, 50100)
    assert "by created" in answer.json()["message"]


@pytest.mark.rule("RS-DOC-OK", "RS-DOC-PARENT")
def test_a_document_is_told_where_it_lies_to_its_owner_alone(lab: RSpaceApi) -> None:
    lab.share(ENTRY)
    own, received = lab.get(f"/documents/{ENTRY}").json(), lab.get(f"/documents/{ENTRY}", as_="bob").json()
    assert (own["parentFolderId"], own["grandParentId"]) == (NOTEBOOK, 1001)
    assert (received["parentFolderId"], received["grandParentId"]) == (None, None)
    assert received["owner"]["username"] == "alice"
    assert received["fields"][0]["content"] == "<p>16 degrees, overnight.</p>"


@pytest.mark.rule("RS-DOC-404")
@pytest.mark.parametrize("item", [CAROLS, NOTEBOOK, NOWHERE])
def test_what_is_no_document_or_not_readable_does_not_exist(lab: RSpaceApi, item: int) -> None:
    assert_refused(lab.get(f"/documents/{item}"), 404, 50301, "RS-DOC-404")


@pytest.mark.rule("RS-ID-400")
@pytest.mark.parametrize("path", ["/documents/SD1", "/groups/x", "/share/document/1.5"])
def test_an_id_is_an_integer(lab: RSpaceApi, path: str) -> None:
    assert_refused(lab.get(path), 400, 40006, "RS-ID-400")


def created(lab: RSpaceApi, path: str, **body: Any) -> dict[str, Any]:
    answer = lab.post(path, body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


@pytest.mark.rule("RS-DOC-CREATED")
def test_a_document_has_what_was_sent_and_can_be_read_again(lab: RSpaceApi) -> None:
    lab.tenant.freeze(NOW)
    made = created(lab, "/documents", name="Assay", tags="a,b", fields=[{"content": "one"}, {"content": "two"}])
    assert (made["globalId"], made["name"], made["tags"]) == (f"SD{made['id']}", "Assay", "a,b")
    assert [field["content"] for field in made["fields"]] == ["one", "two"]
    assert (made["created"], made["lastModified"], made["parentFolderId"]) == (NOW, NOW, 1001)
    assert lab.get(f"/documents/{made['id']}").json() == made


@pytest.mark.rule("RS-DOC-CREATED")
def test_a_document_needs_nothing(lab: RSpaceApi) -> None:
    first, second = created(lab, "/documents"), created(lab, "/documents")
    assert second["id"] == first["id"] + 1
    assert (first["tags"], [field["content"] for field in first["fields"]]) == (None, [""])


@pytest.mark.rule("RS-FOLDER-CREATED")
@pytest.mark.parametrize(("notebook", "prefix"), [(False, "FL"), (True, "NB")])
def test_a_folder_tells_the_way_to_the_root(lab: RSpaceApi, notebook: bool, prefix: str) -> None:  # noqa: FBT001 - a table
    made = created(lab, "/folders", name="New", notebook=notebook, parentFolderId=FOLDER)
    assert (made["globalId"], made["notebook"], made["parentFolderId"]) == (f"{prefix}{made['id']}", notebook, FOLDER)
    assert [one["id"] for one in made["pathToRootFolder"]] == [FOLDER, 1001]
    assert made["sharedFolder"] is False


@pytest.mark.rule("RS-FOLDER-NAME-400")
def test_a_folder_needs_a_name(lab: RSpaceApi) -> None:
    assert_refused(lab.post("/folders", {"name": " "}), 400, 40002, "RS-FOLDER-NAME-400")


@pytest.mark.rule("RS-NAME-400")
@pytest.mark.parametrize("path", ["/documents", "/folders"])
def test_a_name_has_at_most_255_characters(lab: RSpaceApi, path: str) -> None:
    assert lab.post(path, {"name": "x" * 255}).status_code == 201
    assert_refused(lab.post(path, {"name": "x" * 256}), 400, 40002, "RS-NAME-400")


@pytest.mark.rule("RS-PARENT")
def test_new_things_may_lie_in_the_shared_folder_of_an_own_group(lab: RSpaceApi) -> None:
    made = lab.post("/folders", {"name": "Sub", "parentFolderId": str(SHARED_FOLDER)}, as_="bob")
    assert (made.status_code, made.json()["sharedFolder"]) == (201, True)
    assert "RS-PARENT" in rules_of(made)


@pytest.mark.rule("RS-PARENT-404")
@pytest.mark.parametrize("parent", [NOWHERE, DOCUMENT, 1002, FOREIGN_FOLDER])
def test_new_things_lie_nowhere_else(lab: RSpaceApi, parent: int) -> None:
    assert_refused(lab.post("/documents", {"parentFolderId": parent}), 404, 50301, "RS-PARENT-404")


@pytest.mark.rule("RS-DOC-DELETED", "RS-BASE-SLASHES")
@pytest.mark.parametrize("path", ["/documents", "//documents"])
def test_a_document_goes_with_its_shares(lab: RSpaceApi, path: str) -> None:
    before = lab.tenant.shares
    lab.share(DOCUMENT)
    deleted = lab.delete(f"{path}/{DOCUMENT}")
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert lab.tenant.shares == before
    assert_refused(lab.get(f"/documents/{DOCUMENT}"), 404, 50301, "RS-DOC-404")


@pytest.mark.rule("RS-DOC-DELETE-404")
@pytest.mark.parametrize("item", [CAROLS, FOLDER, NOWHERE])
def test_only_own_documents_are_deleted(lab: RSpaceApi, item: int) -> None:
    assert_refused(lab.delete(f"/documents/{item}"), 404, 50301, "RS-DOC-DELETE-404")
