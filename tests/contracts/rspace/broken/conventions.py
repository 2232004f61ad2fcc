"""Who is let in, what every answer has, pages and links that are wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from showpad_contracts.rspace.targets import OBSERVED

from ...broken.tampering import query, requery
from ...broken.wrapping import Seen
from .making import (
    ANY,
    SHARE,
    Change,
    answered,
    as_alice,
    asked,
    coded,
    header,
    recoded,
    refuse,
    refusing,
    telling,
    with_header,
    without,
    without_key,
    wrong,
)


def lacks_a_body(seen: Seen) -> bool:
    return seen.method in ("POST", "PUT") and not seen.raw_body


def authorization_first(seen: Seen) -> None:
    if header(seen, b"authorization"):
        without_key(seen)


def cleaned_key(seen: Seen) -> None:
    with_header(seen, b"apikey", re.sub(rb"\W", b"", header(seen, b"apikey") or b"") or None)


def lenient_bearer(seen: Seen) -> None:
    parts = (header(seen, b"authorization") or b"").split()
    if len(parts) > 1:
        with_header(seen, b"authorization", b"Bearer " + parts[1])


def strangers_are_alice(seen: Seen) -> None:
    if header(seen, b"apikey") in (None, b"abcdefghijklmnopqrstuvwxyz012345"):
        as_alice(seen)


def disabled_is_alice(seen: Seen) -> None:
    if (header(seen, b"apikey") or b"").endswith(b"erin"):
        as_alice(seen)


def body_first(seen: Seen) -> None:
    if header(seen, b"apikey") is None and (query(seen).get("pageSize") == "0" or seen.method in ("POST", "PUT")):
        refuse(seen, 400, 40002)


def with_answer_header(seen: Seen, name: bytes, value: bytes | None) -> None:
    kept = [one for one in seen.answer_headers if one[0].lower() != name]
    seen.answer_headers = kept if value is None else [*kept, (name, value)]


def relinked(change: Callable[[list[dict[str, Any]]], Any]) -> Change:
    """Change the links of a page."""
    return lambda seen: change(seen.answer["_links"])


def dropping(rel: str) -> Change:
    return lambda seen: seen.answer.update(_links=[one for one in seen.answer["_links"] if one["rel"] != rel])


def relink(seen: Seen, old: str, new: str) -> None:
    for one in seen.answer["_links"]:
        one["link"] = re.sub(old, new, one["link"])


def page_size(change: Callable[[int], int]) -> Change:
    """Another size is asked for."""

    def ask(seen: Seen) -> None:
        size = query(seen).get("pageSize", "20")
        if size.lstrip("-").isdigit():
            requery(seen, pageSize=str(change(int(size))))

    return ask


def reordered(change: Callable[[str], str | None]) -> Change:
    return lambda seen: requery(seen, orderBy=change(query(seen).get("orderBy", "name desc")))


def pages_from_one(seen: Seen) -> None:
    seen.answer["pageNumber"] += 1


BROKEN = (
    wrong("RS-BASE", "documents lie elsewhere", recoded("GET", "/documents", 200, 404)),
    wrong("RS-BASE-SLASHES", "two slashes lead nowhere", refusing("DELETE", "//.*", bool, status=404)),
    wrong("RS-AUTH-KEY", "keys are not read", asked(ANY, ANY, without_key)),
    wrong("RS-AUTH-KEY-FIRST", "Authorization goes first", asked(ANY, ANY, authorization_first)),
    wrong("RS-AUTH-KEY-FORM", "other characters are passed over", asked(ANY, ANY, cleaned_key)),
    wrong("RS-AUTH-BEARER", "any scheme will do", asked(ANY, ANY, lenient_bearer)),
    wrong("RS-AUTH-BEARER", "tokens are not read", asked(ANY, ANY, lambda s: with_header(s, b"authorization", None))),
    wrong("RS-AUTH-UNKNOWN", "strangers are somebody", asked(ANY, ANY, strangers_are_alice)),
    wrong("RS-AUTH-UNKNOWN", "strangers are 403", recoded(ANY, ANY, 401, 403)),
    wrong("RS-AUTH-DISABLED", "disabled accounts go on", asked(ANY, ANY, disabled_is_alice)),
    wrong("RS-AUTH-401", "another internalCode", coded(ANY, ANY, 401, 40301)),
    wrong("RS-AUTH-401", "another status", telling(ANY, ANY, "401", status="FORBIDDEN")),
    wrong("RS-AUTH-401", "no error is told", telling(ANY, ANY, "401", errors=[])),
    wrong(
        "RS-AUTH-401",
        "a password is asked for",
        answered(ANY, ANY, lambda s: with_answer_header(s, b"www-authenticate", b"Basic"), "401"),
    ),
    wrong("RS-AUTH-ORDER", "faults come before credentials", asked(ANY, ANY, body_first)),
    wrong(
        "RS-JSON",
        "answers are texts",
        answered(ANY, ANY, lambda s: with_answer_header(s, b"content-type", b"text/plain")),
    ),
    wrong("RS-JSON", "nulls are left out", answered("GET", "/documents/.*", lambda s: s.answer.pop("tags"))),
    wrong(
        "RS-JSON", "unknown properties are refused", refusing("POST", ANY, lambda s: "noSuchProperty" in (s.body or {}))
    ),
    wrong("RS-BODY", "an unreadable body is another fault", coded(ANY, SHARE, 400, 40002)),
    wrong("RS-BODY", "an unreadable body is 422", recoded(ANY, SHARE, 400, 422)),
    wrong("RS-BODY", "a missing body is one of another type", refusing(ANY, SHARE, lacks_a_body, status=415)),
    wrong("RS-BODY-TYPE", "another type is 400", recoded(ANY, ANY, 415, 400)),
    wrong("RS-ERROR", "no messageCode", without(ANY, ANY, "messageCode", "4..")),
    wrong("RS-ERROR", "errors is null", telling(ANY, ANY, "404", errors=None)),
    wrong("RS-ERROR", "another httpCode", telling(ANY, ANY, "404", httpCode=400)),
    wrong("RS-ERROR", "a time without a zone", telling(ANY, ANY, "4..", iso8601Timestamp="2026-01-01T00:00:00")),
    wrong("RS-ERROR", "another status", telling(ANY, ANY, "404", status="Not Found")),
    wrong("RS-ERROR-VALIDATION", "no data", telling(ANY, ANY, "400", data=None)),
    wrong("RS-ERROR-VALIDATION", "data of what is not found", telling(ANY, ANY, "404", data={})),
    wrong("RS-ID-400", "no number is not found", recoded(ANY, ".*/[^/]+", 400, 404)),
    wrong("RS-ID-400", "no number is another fault", coded(ANY, ".*/[^/]+", 400, 40009)),
    wrong(
        "RS-RATE",
        "refusals have no limits",
        answered(ANY, ANY, lambda s: with_answer_header(s, b"x-rate-limit-limit-day", None), "401"),
    ),
    wrong(
        "RS-RATE",
        "what remains is whole",
        answered(ANY, ANY, lambda s: with_answer_header(s, b"x-rate-limit-remaining", b"10")),
    ),
    wrong("RS-RATE", "Retry-After", answered(ANY, ANY, lambda s: with_answer_header(s, b"retry-after", b"1"), "4..")),
    wrong("RS-PAGE-NUMBER", "pages count from one", answered("GET", "/(share|documents)", pages_from_one)),
    wrong(
        "RS-PAGE-NUMBER",
        "a negative page is the first",
        asked("GET", SHARE, lambda s: requery(s, pageNumber=query(s).get("pageNumber", "0").lstrip("-"))),
    ),
    wrong("RS-PAGE-SIZE", "a page has fifty at most", asked("GET", ANY, page_size(lambda n: 101 if n > 50 else n))),
    wrong("RS-PAGE-SIZE", "a page has any number", asked("GET", ANY, page_size(lambda n: max(1, min(n, 100))))),
    wrong(
        "RS-PAGE-SIZE",
        "ten by default",
        asked("GET", "/documents", lambda s: requery(s, pageSize=query(s).get("pageSize", "10"))),
    ),
    wrong(
        "RS-PAGE-SIZE",
        "one too few",
        answered("GET", SHARE, lambda s: s.answer["shares"][1:] and s.answer["shares"].pop()),
    ),
    wrong(
        "RS-PAGE-ORDER",
        "any case will do",
        asked("GET", ANY, reordered(lambda o: o.replace("ASC", "asc").replace("N", "n"))),
    ),
    wrong("RS-PAGE-ORDER", "orders are passed over", asked("GET", "/documents", reordered(lambda _: None))),
    wrong("RS-PAGE-ORDER", "by sharee", asked("GET", SHARE, reordered(lambda o: o.replace("sharee", "name")))),
    wrong("RS-PAGE-ORDER-SPACING", "blanks do not count", asked("GET", ANY, reordered(lambda o: re.sub(" +", " ", o)))),
    wrong("RS-PAGE-ORDER-SPACING", "blanks are 400", recoded("GET", ANY, 422, 400)),
    wrong(
        "RS-PAGE-QUERY",
        "a query is cut",
        asked("GET", ANY, lambda s: requery(s, query=query(s).get("query", "")[:2000])),
    ),
    wrong(
        "RS-PAGE-QUERY", "a long one is refused", refusing("GET", ANY, lambda s: len(query(s).get("query", "")) > 999)
    ),
    wrong(
        "RS-PAGE-QUERY",
        "a blank one finds nothing",
        answered("GET", SHARE, lambda s: "query" in query(s) and s.answer.update(shares=[])),
    ),
    wrong("RS-PAGE-END", "past the end is not found", refusing("GET", ANY, lambda s: "000000" in s.query, status=404)),
    wrong(
        "RS-PAGE-END",
        "past the end nothing counts",
        answered("GET", ANY, lambda s: "000000" in s.query and s.answer.update(totalHits=0)),
    ),
    wrong("RS-LINKS", "no next page", answered("GET", "/documents", dropping("next"))),
    wrong("RS-LINKS", "no first page", answered("GET", SHARE, dropping("first"))),
    wrong("RS-LINKS", "another order", answered("GET", SHARE, relinked(list.reverse))),
    wrong("RS-LINKS", "the order is lost", answered("GET", "/documents", lambda s: relink(s, "&orderBy=[^&]*", ""))),
    wrong("RS-LINKS", "shares lead to forms", answered("GET", SHARE, lambda s: relink(s, r"/share\?", "/forms?"))),
    wrong(
        "RS-LINKS-FORMS",
        "shares lead to shares",
        answered("GET", SHARE, lambda s: relink(s, "/forms", "/share")),
        OBSERVED,
    ),
    wrong("RS-STATUS", "another message", telling("GET", "/status", message="ok")),
    wrong("RS-STATUS", "no version", without("GET", "/status", "rspaceVersion")),
)
