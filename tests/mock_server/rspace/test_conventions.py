"""What holds for every answer: pages, links, error bodies, the headers of the rate limiter."""

from __future__ import annotations

import asyncio

import pytest

from showpad_mock import MockRSpace

from ...harness.rspace import CAROLS, DOCUMENT, GROUP, NOTEBOOK, NOWHERE, SECOND, RSpaceApi, assert_refused

LISTS = ["/share", "/documents"]
BASE = "http://in-process/api/v1"


@pytest.mark.rule("RS-PAGE-NUMBER", "RS-PAGE-SIZE", "RS-PAGE-ORDER", "RS-PAGE-QUERY", "RS-ERROR-VALIDATION")
@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    ("query", "field", "rule"),
    [
        ("pageNumber=-1", "pageNumber", "RS-PAGE-NUMBER"),
        ("pageNumber=one", "pageNumber", "RS-PAGE-NUMBER"),
        ("pageSize=0", "pageSize", "RS-PAGE-SIZE"),
        ("pageSize=101", "pageSize", "RS-PAGE-SIZE"),
        ("orderBy=sharee asc", "orderBy", "RS-PAGE-ORDER"),
        ("orderBy=name ASC", "orderBy", "RS-PAGE-ORDER"),
        ("orderBy=name", "orderBy", "RS-PAGE-ORDER"),
        ("orderBy=", "orderBy", "RS-PAGE-ORDER"),
        (f"query={'x' * 2001}", "query", "RS-PAGE-QUERY"),
    ],
)
def test_a_page_that_there_cannot_be_is_refused(lab: RSpaceApi, path: str, query: str, field: str, rule: str) -> None:
    refused = assert_refused(lab.get(f"{path}?{query}"), 400, 40002, rule)
    assert refused["errors"][0].startswith(f"{field}: ")
    assert refused["data"]["validationErrors"][0]["field"] == field
    assert "1" in refused["message"]


@pytest.mark.rule("RS-PAGE-SIZE", "RS-PAGE-QUERY")
@pytest.mark.parametrize("path", LISTS)
def test_the_largest_that_is_allowed_is_allowed(lab: RSpaceApi, path: str) -> None:
    assert lab.get(f"{path}?pageSize=100&query={'x' * 2000}&orderBy=name+asc").status_code == 200


@pytest.mark.rule("RS-PAGE-ORDER-SPACING")
@pytest.mark.parametrize("path", LISTS)
def test_odd_blanks_in_an_order_are_another_error(lab: RSpaceApi, path: str) -> None:
    refused = assert_refused(lab.get(f"{path}?orderBy=name  asc"), 422, 42201, "RS-PAGE-ORDER-SPACING")
    assert refused["errors"] == [refused["message"]]


@pytest.mark.rule("RS-PAGE-END")
def test_a_page_past_the_end_is_empty_and_counts_all(lab: RSpaceApi) -> None:
    page = lab.get("/documents?pageNumber=9").json()
    assert (page["pageNumber"], page["documents"], page["totalHits"]) == (9, [], 3)


def links(lab: RSpaceApi, path: str) -> dict[str, str]:
    return {one["rel"]: one["link"] for one in lab.get(path).json()["_links"]}


@pytest.mark.rule("RS-LINKS", "RS-LINKS-BASE")
@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, {"next": 1, "last": 2, "self": 0}),
        (1, {"prev": 0, "next": 2, "self": 1}),
        (2, {"prev": 1, "first": 0, "self": 2}),
    ],
)
def test_a_page_links_to_those_around_it(lab: RSpaceApi, number: int, expected: dict[str, int]) -> None:
    told = links(lab, f"/documents?pageSize=1&pageNumber={number}")
    pages = {rel: f"{BASE}/documents?pageSize=1&pageNumber={page}" for rel, page in expected.items()}
    assert (told, list(told)) == (pages, list(expected))


@pytest.mark.rule("RS-LINKS")
def test_links_repeat_what_was_asked_and_leave_out_what_is_usual(lab: RSpaceApi) -> None:
    assert links(lab, "/share?pageSize=20&orderBy=lastModified+desc") == {"self": f"{BASE}/share?pageNumber=0"}
    told = links(lab, f"/share?orderBy=name+asc&query=a+b&sharedItemIds={DOCUMENT},{SECOND}")
    query = f"pageNumber=0&orderBy=name%20asc&query=a%20b&sharedItemIds={DOCUMENT},{SECOND}"
    assert told == {"self": f"{BASE}/share?{query}"}
    assert links(lab, "/documents?filter=sharedWithMe")["self"].endswith("?pageNumber=0&filter=sharedWithMe")


@pytest.mark.rule("RS-LINKS-FORMS", "RS-LINKS")
def test_links_of_shares_lead_to_forms_where_the_server_has_it_so(lab: RSpaceApi) -> None:
    lab.share(DOCUMENT, NOTEBOOK, groups=[{"id": GROUP}])
    assert links(lab, "/share?pageSize=1")["next"] == f"{BASE}/share?pageSize=1&pageNumber=1"
    assert len(lab.get("/share?pageSize=1&pageNumber=1").json()["shares"]) == 1
    lab.tenant.behave("observed")
    assert links(lab, "/share?pageSize=1")["next"] == f"{BASE}/forms?pageSize=1&pageNumber=1"
    assert links(lab, "/documents")["self"].startswith(f"{BASE}/documents?")


@pytest.mark.rule("RS-RATE")
@pytest.mark.parametrize(("path", "as_"), [("/status", "alice"), ("/status", None), (f"/groups/{NOWHERE}", "alice")])
def test_every_answer_tells_of_the_rate_limiter(lab: RSpaceApi, path: str, as_: str | None) -> None:
    told = {name: value for name, value in lab.get(path, as_=as_).headers.items() if name.startswith("x-rate-limit")}
    waits = "x-rate-limit-waittimetillnextrequestmillis"
    for suffix in ("", "-hour", "-day"):
        assert (told[f"x-rate-limit-limit{suffix}"], told[f"x-rate-limit-remaining{suffix}"]) == ("10", "10.0")
    assert {told[f"{waits}{suffix}"] for suffix in ("-quarter_min", "-hour", "-day")} == {"100"}
    assert told["x-rate-limit-waittimemillis"] == "100"
    assert len(told) == 11


@pytest.mark.rule("RS-ERROR")
def test_a_refusal_has_the_tenants_time(lab: RSpaceApi) -> None:
    lab.tenant.freeze("2026-03-01T10:00:00.123Z")
    refused = assert_refused(lab.get(f"/documents/{CAROLS}"), 404, 50301, "RS-DOC-404")
    assert refused["iso8601Timestamp"] == "2026-03-01T10:00:00.123Z"


@pytest.mark.rule("RS-JSON")
def test_answers_are_json_in_lines(lab: RSpaceApi) -> None:
    answer = lab.get("/status")
    assert answer.headers["content-type"] == "application/json"
    assert answer.text.startswith("{\n")


def test_the_same_requests_get_the_same_bytes(runner: asyncio.Runner) -> None:
    told = []
    for other_tenants in range(2):
        with MockRSpace() as server, server.tenant("acme") as tenant:
            for number in range(other_tenants):
                with server.tenant(f"other{number}") as other:
                    RSpaceApi(other, server.app, runner).share(SECOND)
            tenant.freeze("2026-03-01T10:00:00.000Z")
            lab = RSpaceApi(tenant, server.app, runner)
            told.append(
                [lab.post("/documents", {}).content, lab.share(DOCUMENT).content, lab.delete("/share/x").content]
            )
    assert told[0] == told[1]
