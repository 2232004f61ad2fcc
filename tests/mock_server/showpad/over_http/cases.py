"""What is asked over HTTP, an operation after the other: a success, and every kind of refusal that it has."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
from starlette.routing import Route

from showpad_mock.showpad.hosts import V4
from showpad_mock.showpad.routes import ROUTES

from ....harness.api import Api

TEN_MIB = 10 * 1024 * 1024
GZIPPED = gzip.compress(b"{}", mtime=0)
NEW = "\u00e9\u4f60\U0001f600"
Ask = Callable[[Api], httpx2.Response]


@dataclass(frozen=True)
class Case:
    """A request for one operation, and what comes of it; `rule` is one of those that the answer names.

    `at` is an attribute that a field error is about; a status that depends on nothing but the twin is None.
    """

    operation: str
    what: str
    status: int | None
    ask: Ask
    rule: str | None = None
    at: str | None = None


# Lists and creates of spaces


def new_space(api: Api, **fields: Any) -> dict[str, Any]:
    return {"title": NEW, "owner": {"userId": api.tenant.user_id("seller")}, **fields}


def create(api: Api, **fields: Any) -> httpx2.Response:
    return api.post("/shared-spaces", new_space(api, **fields))


def list_by(**params: Any) -> Ask:
    return lambda api: api.get("/shared-spaces", params=params)


def listed_after(api: Api) -> httpx2.Response:
    api.create_space(title=NEW)
    return api.get("/shared-spaces", params={"title": NEW})


def without_spaces(api: Api) -> httpx2.Response:
    api.tenant.switch("sharedSpaces", on=False)
    return api.get("/shared-spaces")


LIST = [
    Case("shared-spaces-list", "all", 200, list_by(), "LIST-OK"),
    Case("shared-spaces-list", "a page", 200, list_by(limit=2, offset=3), "LIST-OK"),
    Case("shared-spaces-list", "text beyond ASCII", 200, listed_after, "LIST-TITLE-CONTAINS"),
    Case("shared-spaces-list", "a field error", 400, list_by(limit="none", offset=-1), at="limit"),
    Case("shared-spaces-list", "no spaces", 403, without_spaces, "CONV-PLAN-403"),
    Case("shared-spaces-list", "an ignored parameter", 200, lambda api: api.get("/shared-spaces?a=%ff&limt=%20&a=%00")),
]
CREATE = [
    Case("shared-space-create", "a space", 201, create, "CREATE-OK"),
    Case("shared-space-create", "no owner", 400, lambda api: api.post("/shared-spaces", {"title": "A"})),
    Case("shared-space-create", "field errors", 400, lambda api: create(api, title=1, publicUri="NO"), at="publicUri"),
    Case(
        "shared-space-create",
        "somebody else's",
        403,
        lambda api: api.post("/shared-spaces", new_space(api), as_="partner"),
        "CREATE-OWNER-ADMIN-403",
    ),
]


# One space


def on_space(method: str, below: str = "", body: Callable[[Api], Any] = lambda _: None, **options: Any) -> Ask:
    """Ask something of a space that is made for it."""
    return lambda api: api.request(method, f"/shared-spaces/{api.create_space()['id']}{below}", body(api), **options)


def encoded(api: Api) -> httpx2.Response:
    """Ask for a space by an id of which every character is percent-encoded."""
    space = api.create_space()
    answer = api.get("/shared-spaces/" + "".join(f"%{ord(character):02x}" for character in space["id"]))
    assert answer.json() == space
    return answer


def of_nobody(method: str, below: str = "", body: Any = None) -> Ask:
    return lambda api: api.request(method, f"/shared-spaces/nowhere{below}", body)


def odd_id(text: str) -> Case:
    return Case("shared-space-get", text, 404, lambda api: api.get(f"/shared-spaces/{text}"), "GET-404")


ODD = ("a%2Fb", "a%2fitems", "%00", "%ff", "%F0%9F%98%80", "a%20b", "a%3Fb", "%2e%2e", "100%25", "a+b", "%E4%BD")
ONE = [
    Case("shared-space-get", "a space", 200, on_space("GET"), "GET-OK"),
    Case("shared-space-get", "an encoded id", 200, encoded, "GET-OK"),
    Case("shared-space-get", "nobody's", 404, of_nobody("GET"), "GET-404"),
    Case("shared-space-get", "a hidden one", 404, on_space("GET", as_="outsider"), "CONV-HIDE"),
    *map(odd_id, ODD),
    Case("shared-space-update", "a title", 200, on_space("PATCH", body=lambda _: {"title": NEW}), "PATCH-OK"),
    Case("shared-space-update", "nothing", 200, on_space("PATCH", body=lambda _: {}), "PATCH-OK"),
    Case("shared-space-update", "an error", 400, on_space("PATCH", body=lambda _: {"title": ""}), at="title"),
    Case("shared-space-update", "not theirs", 403, on_space("PATCH", body=lambda _: {}, as_="outsider"), "PATCH-403"),
    Case("shared-space-update", "nobody's", 404, of_nobody("PATCH", body={}), "PATCH-404"),
    Case("shared-space-delete", "a space", 204, on_space("DELETE"), "DELETE-OK"),
    Case("shared-space-delete", "a body that means nothing", 204, on_space("DELETE", body=lambda _: [1]), "DELETE-OK"),
    Case("shared-space-delete", "not theirs", 403, on_space("DELETE", as_="partner"), "DELETE-403"),
    Case("shared-space-delete", "nobody's", 404, of_nobody("DELETE"), "DELETE-404"),
]


# Transfers, items, Shares


def to_partner(api: Api) -> dict[str, Any]:
    return {"userId": api.tenant.user_id("partner")}


def some_items(api: Api) -> dict[str, Any]:
    link, folder = {"type": "asset", "assetId": api.tenant.asset_id("link")}, {"type": "folder", "name": NEW}
    return {"items": [link, {**folder, "items": [link, {"type": "asset", "assetId": "none"}]}]}


def many_items(api: Api) -> dict[str, Any]:
    return {"items": some_items(api)["items"] * 2000}


def share(**fields: Any) -> Ask:
    return lambda api: api.post("/shares", share_body(api, **fields))


def share_body(api: Api, **fields: Any) -> dict[str, Any]:
    return {"title": NEW, "origin": "Integration", "assets": [{"id": api.tenant.asset_id("brochure")}], **fields}


def barred_share(api: Api) -> httpx2.Response:
    api.tenant.switch("apiAccess", on=False)
    return share()(api)


TRANSFER_TO, ITEMS_TO = "/transfer-ownership", "/items"
TRANSFER = [
    Case("shared-space-transfer-ownership", "to a user", 204, on_space("POST", TRANSFER_TO, to_partner), "TRANSFER-OK"),
    Case(
        "shared-space-transfer-ownership",
        "to nobody",
        400,
        on_space("POST", TRANSFER_TO, lambda _: {"userId": "none"}),
        "TRANSFER-NOT-FOUND",
    ),
    Case("shared-space-transfer-ownership", "an error", 400, on_space("POST", TRANSFER_TO, lambda _: {}), at="userId"),
    Case(
        "shared-space-transfer-ownership",
        "not theirs",
        403,
        on_space("POST", TRANSFER_TO, to_partner, as_="partner"),
        "TRANSFER-403",
    ),
    Case("shared-space-transfer-ownership", "nobody's", 404, of_nobody("POST", TRANSFER_TO, {}), "TRANSFER-404"),
]
ITEMS = [
    Case("shared-spaces-items-add", "some", 201, on_space("POST", ITEMS_TO, some_items), "ITEMS-OK"),
    Case("shared-spaces-items-add", "very many", 201, on_space("POST", ITEMS_TO, many_items), "ITEMS-OK"),
    Case("shared-spaces-items-add", "an error", 400, on_space("POST", ITEMS_TO, lambda _: {"items": {}}), at="items"),
    Case(
        "shared-spaces-items-add",
        "not theirs",
        403,
        on_space("POST", ITEMS_TO, some_items, as_="outsider"),
        "ITEMS-403",
    ),
    Case("shared-spaces-items-add", "nobody's", 404, of_nobody("POST", ITEMS_TO, {}), "ITEMS-404"),
]
SHARES = [
    Case("create-share", "of an asset", 201, share(), "SHARE-OK"),
    Case("create-share", "an error", 400, share(title=None), at="title"),
    Case("create-share", "of nothing there is", 400, share(assets=[{"id": "none"}]), "SHARE-ASSET-UNKNOWN"),
    Case("create-share", "no API access", 403, barred_share, "SHARE-403"),
]


# Look-ups


def look_up(listing: str, getting: str, path: str, rule: str) -> list[Case]:
    """Return the cases of a list and of what can be got of it."""

    def first(api: Api) -> httpx2.Response:
        return api.get(f"{path}/{api.get(path).json()['items'][0]['id']}")

    return [
        Case(listing, "all", 200, lambda api: api.get(path), rule),
        Case(listing, "a page", 200, lambda api: api.get(path, params={"limit": 1, "offset": 1}), rule),
        Case(listing, "a field error", 400, lambda api: api.get(path, params={"limit": "x"}), at="limit"),
        Case(getting, "the first", 200, first, rule),
        Case(getting, "none", 404, lambda api: api.get(f"{path}/%4e%c3%a9"), rule),
    ]


LOOK_UPS = [
    *look_up("getUsers", "getUserById", "/users", "AROUND-USERS"),
    *look_up("getAssets", "getAsset", "/assets", "AROUND-ASSETS"),
    *look_up("theme-list", "theme-get", "/themes", "AROUND-THEMES"),
    *look_up(
        "shared-space-templates-list", "shared-space-templates-get", "/shared-space-templates", "AROUND-TEMPLATES"
    ),
    *look_up("getDivisions", "getDivisionById", "/divisions", "AROUND-DIVISIONS"),
]


# Quick actions


def new_action(api: Api, **fields: Any) -> dict[str, Any]:
    extension = api.get_at("/apps/v1/shared-space-extensions").json()["items"][0]["id"]
    return {"title": NEW, "url": "https://example.org/?a=1", "sharedSpaceExtensionId": extension, **fields}


def on_action(method: str, body: Any = None, **options: Any) -> Ask:
    """Ask something of a quick action that is made for it."""

    def ask(api: Api) -> httpx2.Response:
        actions = f"/shared-spaces/{api.create_space()['id']}/quick-actions"
        made = api.post(actions, new_action(api)).json()
        return api.request(method, f"{actions}/{made['id']}", body, **options)

    return ask


ACTION, ACTIONS_TO, NO_PART = "AROUND-QUICK-ACTIONS", "/quick-actions", "AROUND-QUICK-ACTIONS-403"
NO_ACTION = "/quick-actions/nowhere"
GOT, CHANGED, GONE = (f"{verb}-shared-spaces-quick-action" for verb in ("get", "update", "delete"))
CREATED = "create-shared-space-quick-action"
ACTIONS = [
    Case("shared-spaces-quick-actions-list", "all", 200, on_space("GET", ACTIONS_TO), ACTION),
    Case("shared-spaces-quick-actions-list", "an error", 400, on_space("GET", f"{ACTIONS_TO}?limit=0"), at="limit"),
    Case("shared-spaces-quick-actions-list", "nobody's", 404, of_nobody("GET", ACTIONS_TO)),
    Case(CREATED, "one", 201, on_space("POST", ACTIONS_TO, new_action), ACTION),
    Case(CREATED, "an error", 400, on_space("POST", ACTIONS_TO, lambda _: {}), ACTION, at="url"),
    Case(CREATED, "not theirs", 403, on_space("POST", ACTIONS_TO, new_action, as_="outsider"), NO_PART),
    Case(CREATED, "nobody's", 404, of_nobody("POST", ACTIONS_TO, {})),
    Case(GOT, "one", 200, on_action("GET"), ACTION),
    Case(GOT, "none", 404, on_space("GET", NO_ACTION)),
    Case(CHANGED, "a title", 200, on_action("PATCH", {"title": "Other"}), ACTION),
    Case(CHANGED, "an error", 400, on_action("PATCH", {"title": ""}), at="title"),
    Case(CHANGED, "not theirs", 403, on_action("PATCH", {}, as_="outsider"), NO_PART),
    Case(CHANGED, "none", 404, on_space("PATCH", NO_ACTION, lambda _: {})),
    Case(GONE, "one", 204, on_action("DELETE"), ACTION),
    Case(GONE, "not theirs", 403, on_action("DELETE", as_="outsider"), NO_PART),
    Case(GONE, "none", 404, on_space("DELETE", NO_ACTION)),
    Case(
        "shared-space-extensions-list",
        "all",
        200,
        lambda api: api.get_at("/apps/v1/shared-space-extensions"),
        "AROUND-EXTENSIONS",
    ),
    Case(
        "shared-space-extensions-list",
        "an error",
        400,
        lambda api: api.get_at("/apps/v1/shared-space-extensions?offset=x"),
        at="offset",
    ),
]


# Mutual action plans


def new_plan(api: Api) -> str:
    """Return the path of the plan of a space that is made for it."""
    body = {"contextType": "SHARED-SPACE", "contextId": api.create_space()["id"]}
    return f"/mutual-action-plan/{api.post('/mutual-action-plan', body).json()['id']}"


def new_step(api: Api) -> str:
    milestone = f"/milestones/{api.post(f'{(plan := new_plan(api))}/milestones', {'title': NEW}).json()['id']}"
    return f"{plan}{milestone}/actions/{api.post(f'{plan}{milestone}/actions', {'title': NEW}).json()['id']}"


def on_plan(method: str, below: str = "", body: Any = None, **options: Any) -> Ask:
    """Ask something of a plan."""
    return lambda api: api.request(method, new_plan(api) + below, body, **{"as_": "seller", **options})


def on_step(method: str, below: str = "", body: Any = None) -> Ask:
    """Ask something of an action of a plan, or of its milestone (`..`)."""

    def ask(api: Api) -> httpx2.Response:
        step = new_step(api)
        return api.request(method, step.partition("/actions")[0] if below == ".." else step + below, body)

    return ask


def listed_plans(api: Api) -> httpx2.Response:
    params = {"contextType": "SHARED-SPACE", "contextId": api.create_space()["id"]}
    return api.get("/mutual-action-plan", params=params)


def created_plan(api: Api) -> httpx2.Response:
    body = {"contextType": "SHARED-SPACE", "contextId": api.create_space()["id"]}
    return api.post("/mutual-action-plan", body)


def to_give(api: Api) -> tuple[str, dict[str, str]]:
    """Return what gives an action to its first participant."""
    step = new_step(api)
    member = api.get(f"{step.partition('/milestones')[0]}/participants").json()["items"][0]["id"]
    return f"{step}/assignees", {"participantId": member}


def taken_back(api: Api) -> httpx2.Response:
    path, body = to_give(api)
    return api.delete(f"{path}/{api.post(path, body).json()['id']}")


MAP, SELF = "AROUND-MAP", "/participants/self"
PLANS = [
    Case("postMap", "a plan", 201, created_plan, MAP),
    Case("gesMaps", "all", 200, listed_plans, MAP),
    Case("gesMaps", "of nothing", 400, lambda api: api.get("/mutual-action-plan"), MAP, at="contextId"),
    Case("deleteMap", "a plan", 204, on_plan("DELETE"), MAP),
    Case("getParticipants", "all", 200, on_plan("GET", "/participants"), MAP),
    Case("getParticipantSelf", "the owner", 200, on_plan("GET", SELF), MAP),
    Case("getParticipantSelf", "nobody", 404, on_plan("GET", SELF, as_="admin"), "AROUND-MAP-PARTICIPANTS"),
    Case("getParticipantSettings", "the owner's", 200, on_plan("GET", f"{SELF}/settings"), MAP),
    Case(
        "updateParticipantSettings",
        "the owner's",
        200,
        on_plan("PATCH", f"{SELF}/settings", {"assignedActionNotifications": False}),
        MAP,
    ),
    Case("updateParticipantSettings", "an error", 400, on_plan("PATCH", f"{SELF}/settings", {}), MAP),
    Case("postMilestone", "one", 201, on_plan("POST", "/milestones", {"title": NEW}), MAP),
    Case("postMilestone", "an error", 400, on_plan("POST", "/milestones", {}), MAP, at="title"),
    Case("postMilestone", "not theirs", 404, on_plan("POST", "/milestones", {}, as_="outsider"), "AROUND-MAP-WHO"),
    Case("updateMilestone", "one", 200, on_step("PATCH", "..", {"position": 1}), MAP),
    Case("updateMilestone", "an error", 400, on_step("PATCH", "..", {"position": -1}), at="position"),
    Case("deleteMilestone", "one", 204, on_step("DELETE", ".."), MAP),
    Case("postAction", "an error", 400, lambda api: api.post(new_step(api).rpartition("/")[0], {}), at="title"),
    Case(
        "postAction",
        "one",
        201,
        lambda api: api.post(f"{new_step(api).rpartition('/')[0]}", {"title": NEW, "dueAt": None}),
        MAP,
    ),
    Case("updateAction", "one", 200, on_step("PATCH", "", {"status": "COMPLETED"}), MAP),
    Case("updateAction", "an error", 400, on_step("PATCH", "", {"status": 7}), at="status"),
    Case("deleteAction", "one", 204, on_step("DELETE"), MAP),
    Case("postAssignee", "an error", 400, on_step("POST", "/assignees", {}), MAP, at="participantId"),
    Case("postAssignee", "nobody", 400, on_step("POST", "/assignees", {"participantId": "x"}), at="participantId"),
    Case("postAssignee", "one", 201, lambda api: api.post(*to_give(api)), MAP),
    Case("deleteAssignee", "one", 204, taken_back, MAP),
]


# Records of a CRM


def share_records(api: Api, **options: Any) -> httpx2.Response:
    return api.get(f"/crm/share-records/{api.post('/shares', share_body(api)).json()['id']}", **options)


def space_records(api: Api, query: str = "", **options: Any) -> httpx2.Response:
    return api.get(f"/crm/shared-space-records/{api.create_space()['id']}{query}", **options)


OF_SPACE, OF_SHARE = "shared-space-records-list", "share-records-list"
CRM = [
    Case(OF_SPACE, "all", 200, space_records, "AROUND-CRM"),
    Case(OF_SPACE, "an error", 400, lambda api: space_records(api, "?limit=0"), at="limit"),
    Case(OF_SPACE, "nobody's", 400, lambda api: api.get("/crm/shared-space-records/nowhere"), at="sharedSpaceId"),
    Case(OF_SPACE, "not theirs", 403, lambda api: space_records(api, as_="outsider"), "AROUND-CRM-WHO"),
    Case(OF_SHARE, "all", 200, share_records, "AROUND-CRM"),
    Case(OF_SHARE, "nobody's", 400, lambda api: api.get("/crm/share-records/nowhere"), at="shareId"),
    Case(OF_SHARE, "not theirs", 403, lambda api: share_records(api, as_="seller"), "AROUND-CRM-WHO"),
]


# What every route refuses, whatever it does


def asking(method: str, path: str, **options: Any) -> Ask:
    return lambda api: api.request_at(method, path, **options)


def nowhere(route: Route) -> str:
    """Return the path of a route, with ids that nothing has."""
    return route.path.format_map(dict.fromkeys(route.param_convertors, "nowhere"))


def method_of(route: Route) -> str:
    (method,) = (route.methods or set()) - {"HEAD"}
    return method


def everywhere() -> Iterator[Case]:
    basic, foreign = {"Authorization": "Basic YTpi"}, {"Origin": "https://example.org"}
    for route in ROUTES:
        name, method, path = route.name, method_of(route), nowhere(route)
        yield Case(name, "no token", 401, asking(method, path, as_=None), "CONV-AUTH-401")
        yield Case(name, "no bearer", 401, asking(method, path, as_=None, headers=basic), "CONV-AUTH-401")
        yield Case(name, "another method", 405, asking("PUT", path))
        yield Case(name, "from a page elsewhere", None, asking(method, path, headers=foreign))
        if takes_body(route):
            yield from bodies(route)
        elif "/mutual-action-plan/" in path:
            yield Case(name, "nowhere", 404, asking(method, path), "AROUND-MAP-404")


def takes_body(route: Route) -> bool:
    return method_of(route) in ("POST", "PATCH")


BAD_BODIES = {"an empty body": b"", "no JSON": b"{", "no UTF-8": b'"\xff"', "no object": b"[]"}


def bodies(route: Route) -> Iterator[Case]:
    name, method, path = route.name, method_of(route), nowhere(route)
    yield Case(name, "a body too big", 413, asking(method, path, content=b" " * (TEN_MIB + 1)))
    yield Case(
        name, "a compressed body", 415, asking(method, path, content=GZIPPED, headers={"Content-Encoding": "gzip"})
    )
    yield Case(name, "a deep body", 400, asking(method, path, content=b"[" * 200_000))
    for what, content in BAD_BODIES.items():
        yield Case(name, what, 404 if route.param_convertors else 400, asking(method, path, content=content))


# What is no operation of the mock's


def preflight(api: Api) -> httpx2.Response:
    wanted = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    origin = f"https://{api.tenant.name}.showpad.com"
    return api.request("OPTIONS", "/shared-spaces", as_=None, headers={"Origin": origin, **wanted})


NO_ROUTES = ("/shared-space", "/shared-spaces/", "//shared-spaces", "/shared-spaces//", "/%73hared%2dspacesX", "/")
ELSEWHERE = [
    *(Case("none", path, 404, asking("GET", V4 + path)) for path in NO_ROUTES),
    Case("none", "HEAD", 405, asking("HEAD", V4 + "/shared-spaces")),
    Case("none", "the preflight of the own domain", None, preflight),
]
CASES = [*LIST, *CREATE, *ONE, *TRANSFER, *ITEMS, *SHARES, *LOOK_UPS, *ACTIONS, *PLANS, *CRM, *everywhere(), *ELSEWHERE]
