"""Servers that break rules of the conventions."""

from __future__ import annotations

from typing import Any

from .acting import (
    LISTS,
    SPACE,
    SPACES,
    TARGET,
    TRANSFER,
    act_as,
    as_admin_asks,
    authorization,
    authorize,
    recoded,
    told,
)
from .tampering import answer_problem, asking, query, refusing, requery
from .wrapping import Ask, Broken, Seen, Wrong


def header(seen: Seen, name: bytes) -> bytes | None:
    return next((value for key, value in seen.headers if key == name), None)


def without_header(seen: Seen, name: bytes) -> None:
    seen.answer_headers = [(key, value) for key, value in seen.answer_headers if key != name]


def elsewhere(seen: Seen) -> None:
    answer_problem(seen, 404)


def public(seen: Seen) -> None:
    if not authorization(seen):
        act_as(seen, "admin")


class DeletedBeforeTheTokenIsLookedAt(Wrong):
    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("DELETE", SPACE) and not authorization(seen):
            await as_admin_asks(seen, ask, "DELETE", seen.path)


class CreatedBeforeTheTokenIsLookedAt(Wrong):
    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", SPACES) and not authorization(seen):
            await as_admin_asks(seen, ask, "POST", seen.path, seen.body)


def scheme_is_left_out(seen: Seen) -> None:
    if " " not in authorization(seen).strip():
        authorize(seen, f"Bearer {authorization(seen).strip()}")


def any_scheme(seen: Seen) -> None:
    authorize(seen, f"Bearer {authorization(seen).rpartition(' ')[2]}")


class UnknownIsSomebody(Wrong):
    async def before(self, seen: Seen, ask: Ask) -> None:
        if authorization(seen).startswith("Bearer ") and "mock." not in authorization(seen):
            act_as(seen, "outsider")


class Errors(Wrong):
    """Changes the problem of every error."""

    def change(self, seen: Seen) -> None:
        raise NotImplementedError

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.status >= 400 and isinstance(seen.answer, dict):
            self.change(seen)


class ErrorsArePlainJson(Errors):
    def change(self, seen: Seen) -> None:
        without_header(seen, b"content-type")
        seen.answer_headers.append((b"content-type", b"application/json"))


class ErrorTypesAreUrls(Errors):
    def change(self, seen: Seen) -> None:
        seen.answer["type"] = f"https://developer.showpad.com{seen.answer['type']}"


class ErrorsSayTheirStatusAsText(Errors):
    def change(self, seen: Seen) -> None:
        seen.answer["status"] = str(seen.status)


class ErrorsAreWrapped(Errors):
    def change(self, seen: Seen) -> None:
        seen.answer = {"errors": [seen.answer]}


class ForbiddenWithoutDetail(Errors):
    def change(self, seen: Seen) -> None:
        if seen.status == 403:
            del seen.answer["detail"]


class NotFoundIsAPage(Errors):
    def change(self, seen: Seen) -> None:
        if seen.status == 404:
            seen.raw_answer = b"<html><h1>Not Found</h1></html>"


class MetaByName(Errors):
    def change(self, seen: Seen) -> None:
        if "meta" in seen.answer:
            seen.answer["meta"] = {entry["name"]: entry["reason"] for entry in seen.answer["meta"]}


class MetaWithoutCategory(Errors):
    def change(self, seen: Seen) -> None:
        for entry in seen.answer.get("meta", ()):
            del entry["category"]


class MetaNamesTheBody(Errors):
    def change(self, seen: Seen) -> None:
        for entry in seen.answer.get("meta", ()):
            entry["name"] = "body"


def not_acceptable(seen: Seen) -> None:
    if header(seen, b"accept") == b"application/problem+json":
        answer_problem(seen, 406)


class ProblemsOnlyWhereAccepted(Errors):
    def change(self, seen: Seen) -> None:
        if header(seen, b"accept") == b"application/json":
            seen.answer = {"error": seen.answer["detail"]}


def numbered(answer: dict[str, Any]) -> None:
    for number, user in enumerate(answer["items"]):
        user["id"] = number


def in_whole_seconds(space: dict[str, Any]) -> None:
    if space["archivedAt"] is not None:
        space["archivedAt"] = space["archivedAt"][:19] + "Z"


def with_an_offset(answer: dict[str, Any]) -> None:
    for one in answer["items"]:
        one["createdAt"] = one["createdAt"].replace("Z", "+0000")


class NullsAreLeftOut(Wrong):
    """Reads null as not given."""

    async def before(self, seen: Seen, ask: Ask) -> None:
        if isinstance(seen.body, dict):
            seen.body = {name: value for name, value in seen.body.items() if value is not None}


class NullClears(Wrong):
    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("PATCH", SPACE) and isinstance(seen.body, dict) and seen.body.get("description", "") is None:
            seen.body = {**seen.body, "description": ""}


class NullRefusedTooLate(Wrong):
    """Saves what is sent member by member, and stops at the null."""

    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", SPACES) and isinstance(seen.body, dict) and None in seen.body.values():
            rest = {name: value for name, value in seen.body.items() if value is not None}
            await as_admin_asks(seen, ask, "POST", SPACES, rest)


class NullItemsAreNone(Wrong):
    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", "/shared-spaces/[^/]+/items") and seen.body == {"items": None}:
            seen.status, seen.answer = (
                201,
                {"summary": {"assetSuccessCount": 0, "assetFailureCount": 0}, "failedItems": []},
            )


class ListIsAnArray(Wrong):
    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("GET", LISTS) and seen.status == 200:
            seen.answer = seen.answer["items"]


def pages_by_number(seen: Seen) -> None:
    """Take the offset for a page's number."""
    if "offset" in query(seen):
        limit = int(query(seen).get("limit", "1000"))
        requery(seen, offset=str(max(0, int(query(seen)["offset"]) - 1) * limit))


class CountAsText(Wrong):
    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("GET", "/users") and seen.status == 200:
            seen.answer["count"] = str(seen.answer["count"])


class Cors(Wrong):
    """Grants origins by a rule of its own."""

    def grants(self, origin: str, seen: Seen) -> bytes | None:
        raise NotImplementedError

    async def after(self, seen: Seen, ask: Ask) -> None:
        origin = header(seen, b"origin")
        if origin is not None:
            without_header(seen, b"access-control-allow-origin")
            granted = self.grants(origin.decode(), seen)
            if granted is not None:
                seen.answer_headers.append((b"access-control-allow-origin", granted))


class EveryOriginMayCall(Cors):
    def grants(self, origin: str, seen: Seen) -> bytes | None:
        return b"*"


OWN = tuple(f"https://{TARGET.subdomain}.showpad.{top}" for top in ("com", "biz"))


class PreflightsAreGrantedToAll(Cors):
    def grants(self, origin: str, seen: Seen) -> bytes | None:
        return origin.encode() if origin in OWN or seen.method == "OPTIONS" else None


class OriginsThatBeginRight(Cors):
    def grants(self, origin: str, seen: Seen) -> bytes | None:
        return origin.encode() if origin.startswith(OWN) else None


class AnyTenantsDomainMayCall(Cors):
    def grants(self, origin: str, seen: Seen) -> bytes | None:
        return origin.encode() if origin.endswith((".showpad.com", ".showpad.biz")) else None


class OneDomainMayCall(Cors):
    def grants(self, origin: str, seen: Seen) -> bytes | None:
        return origin.encode() if origin == OWN[0] else None


class NoOriginMayCall(Cors):
    def grants(self, origin: str, seen: Seen) -> bytes | None:
        return None


class HiddenIsForbidden(Wrong):
    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("GET", SPACE) and seen.status == 404:
            code, _ = await as_admin_asks(seen, ask, "GET", seen.path)
            if code == 200:
                seen.status, seen.answer["status"] = 403, 403


BROKEN = (
    Broken("CONV-BASE", "users are under another base", asking("GET", "/users", elsewhere)),
    Broken("CONV-AUTH", "a space can be read without a token", asking("GET", SPACE, public)),
    Broken("CONV-AUTH", "themes can be listed without a token", asking("GET", "/themes", public)),
    Broken("CONV-AUTH", "a deletion without a token is refused, but done", DeletedBeforeTheTokenIsLookedAt),
    Broken("CONV-AUTH", "a create without a token is refused, but done", CreatedBeforeTheTokenIsLookedAt),
    Broken("CONV-AUTH-401", "without a known token it is 403", recoded("GET", ".*", 401, 403)),
    Broken("CONV-AUTH-401", "an unknown token is somebody without rights", UnknownIsSomebody),
    Broken("CONV-AUTH-401", "a bare token is taken", asking("GET", LISTS, scheme_is_left_out)),
    Broken("CONV-AUTH-401", "any scheme is taken", asking("GET", LISTS, any_scheme)),
    Broken(
        "CONV-AUTH-401", "a transfer of an unknown space is 404 without a token", recoded("POST", TRANSFER, 401, 404)
    ),
    Broken("CONV-PROBLEM", "errors are application/json", ErrorsArePlainJson),
    Broken("CONV-PROBLEM", "types are whole URLs", ErrorTypesAreUrls),
    Broken("CONV-PROBLEM", "the status is a text", ErrorsSayTheirStatusAsText),
    Broken("CONV-PROBLEM", "errors come in an array", ErrorsAreWrapped),
    Broken("CONV-PROBLEM", "403 has no detail", ForbiddenWithoutDetail),
    Broken("CONV-PROBLEM", "404 is a page", NotFoundIsAPage),
    Broken("CONV-PROBLEM-META", "meta is an object by name", MetaByName),
    Broken("CONV-PROBLEM-META", "entries of meta have no category", MetaWithoutCategory),
    Broken("CONV-PROBLEM-META", "entries of meta name the body", MetaNamesTheBody),
    Broken("CONV-ACCEPT", "a transfer that accepts problems alone is 406", asking("POST", TRANSFER, not_acceptable)),
    Broken("CONV-ACCEPT", "a reading that accepts problems alone is 406", asking("GET", ".*", not_acceptable)),
    Broken("CONV-ACCEPT", "errors are problems only where that is accepted", ProblemsOnlyWhereAccepted),
    Broken("CONV-ID", "users have numbers", told("GET", "/users", numbered)),
    Broken("CONV-ID", "an id is empty", told("POST", SPACES, lambda space: space["theme"].update(id=""))),
    Broken("CONV-TIME", "archivedAt has whole seconds", told("PATCH", SPACE, in_whole_seconds)),
    Broken("CONV-TIME", "times of themes have an offset", told("GET", "/themes", with_an_offset)),
    Broken("CONV-NULL", "null is read as not given", NullsAreLeftOut),
    Broken("CONV-NULL", "a null description clears it", NullClears),
    Broken("CONV-NULL", "a null is refused, but the space created without it", NullRefusedTooLate),
    Broken("CONV-NULL", "items that are null are none", NullItemsAreNone),
    Broken("CONV-PAGE", "a list is an array", ListIsAnArray),
    Broken("CONV-PAGE", "offset is a page's number", asking("GET", LISTS, pages_by_number)),
    Broken("CONV-PAGE", "offset means nothing", asking("GET", LISTS, lambda seen: requery(seen, offset=None))),
    Broken("CONV-PAGE", "limit means nothing", asking("GET", LISTS, lambda seen: requery(seen, limit=None))),
    Broken("CONV-PAGE", "the count of users is a text", CountAsText),
    Broken("CONV-CORS", "every origin may call", EveryOriginMayCall),
    Broken("CONV-CORS", "every preflight is granted", PreflightsAreGrantedToAll),
    Broken("CONV-CORS", "an origin that begins with the own domain may call", OriginsThatBeginRight),
    Broken("CONV-CORS", "another tenant's domain may call", AnyTenantsDomainMayCall),
    Broken("CONV-CORS", "the tenant's own domain may not call", NoOriginMayCall),
    Broken("CONV-CORS", "the tenant's other domain may not call", OneDomainMayCall),
    Broken("CONV-STATUS", "faults of form are 422", recoded("POST", ".*", 400, 422)),
    Broken("CONV-STATUS", "a malformed parameter is 422", recoded("GET", SPACES, 400, 422)),
    Broken("CONV-STATUS", "an unknown space is 410", recoded("DELETE", SPACE, 404, 410)),
    Broken("CONV-HIDE", "a hidden space is 403", HiddenIsForbidden),
    Broken(
        "CONV-HIDE",
        "a hidden space is 401",
        refusing("GET", SPACE, lambda seen: "outsider" in authorization(seen), code=401),
    ),
)
