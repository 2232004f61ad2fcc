"""Quick actions of a space, and the extensions that they open (AROUND-QUICK-ACTIONS, AROUND-EXTENSIONS)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis import strategies as st

from ...core import expect
from ...core.check import check
from ...core.exchange import Exchange
from ...core.violation import WrongStatus
from ...strategies.text import TO_KEEP, beyond_the_limit, texts
from ...transport.session import Caller
from ..assertions import refused_somehow, strangers
from ..client import Client
from ..forms import EXTENSION, QUICK_ACTION
from ..lists import ids, in_order, instant, lacks, list_of, only
from ..operations import NO_ID
from ..paths import EXTENSIONS

MOST_TITLE, MOST_URL = 255, 2048
URL = "https://example.com/open?for=check"
NO_URLS = ("", "example.com", "javascript:alert(1)", "ftp://example.com", "https://", "https://" + "a" * MOST_URL)
REQUIRED = ("title", "url", "sharedSpaceExtensionId")


def actions_of(client: Client, **fields: Any) -> str:
    """Return the path of the quick actions of a new space."""
    return f"/shared-spaces/{client.space(**fields)['id']}/quick-actions"


def body(client: Client, **fields: Any) -> dict[str, Any]:
    """Return the body of a create; a field given as None is left out."""
    whole = {"title": "Open", "url": URL, "sharedSpaceExtensionId": client.target.offer("extension"), **fields}
    return {name: value for name, value in whole.items() if value is not None}


def made(client: Client, path: str, *, by: Caller | None = None, **fields: Any) -> dict[str, Any]:
    """Create a quick action, by whatever code that is told."""
    return succeeded((by or client.admin).post(path, body(client, **fields)))


def succeeded(exchange: Exchange) -> dict[str, Any]:
    """Return the body of a success, whose code is not published."""
    if not 200 <= exchange.status < 300:
        raise WrongStatus(f"status of {exchange.name}", expected="2xx", received=exchange.status)
    return expect.json_object(exchange)


def _shows(client: Client, path: str, action: Mapping[str, Any]) -> None:
    """A quick action is the same alone and listed."""
    shown = succeeded(client.admin.get(f"{path}/{action['id']}"))
    expect.equal(shown, dict(action), "the quick action as read")
    listed = [one for one in list_of(client.admin, path) if one.get("id") == action["id"]]
    expect.equal(only(listed, action["id"], "the quick action in the list"), shown, "the quick action as listed")


FIELDS: Mapping[str, Any] = {"title": texts(), "internal": st.sampled_from([None, False, True])}


@check(
    "AROUND-QUICK-ACTIONS",
    writes=True,
    given=FIELDS,
    always={"title": ("Open", *TO_KEEP), "internal": (None, False, True)},
    examples=5,
)
def a_quick_action_is_what_was_sent(client: Client, title: str, *, internal: bool | None) -> None:
    """AROUND-QUICK-ACTIONS: as answered, as read, as listed; not internal unless said otherwise."""
    path = actions_of(client)
    action = made(client, path, title=title, isInternal=internal)
    QUICK_ACTION(action, "the quick action")
    for name, value in (("title", title), ("url", URL), ("isInternal", bool(internal))):
        expect.equal(action[name], value, f"{name} of the quick action")
    extension = client.target.offer("extension")
    expect.equal(action["sharedSpaceExtension"]["id"], extension, "the extension of the quick action")
    _shows(client, path, action)


CHANGES: Mapping[str, Any] = {"title": "Changed", "url": "http://example.org/", "isInternal": True}


@check("AROUND-QUICK-ACTIONS", "AROUND-QUICK-ACTIONS-FORM", writes=True, always={"name": tuple(CHANGES)})
def an_update_changes_the_quick_action(client: Client, name: str) -> None:
    """AROUND-QUICK-ACTIONS: what is sent, and nothing else, of this one and no other."""
    path = actions_of(client)
    action, other = made(client, path), made(client, path)
    changed = succeeded(client.admin.patch(f"{path}/{action['id']}", {name: CHANGES[name]}))
    expect.equal(changed, {**action, name: CHANGES[name]}, "the quick action as updated")
    _shows(client, path, changed)
    _shows(client, path, other)


@check("AROUND-QUICK-ACTIONS", writes=True, always={"name": REQUIRED})
def what_a_quick_action_needs_is_required(client: Client, name: str) -> None:
    """AROUND-QUICK-ACTIONS: title, url and sharedSpaceExtensionId."""
    path = actions_of(client)
    refused_somehow(client.admin.post(path, body(client, **{name: None})))
    expect.equal(list_of(client.admin, path), [], "the quick actions after a refused create")


@check("AROUND-QUICK-ACTIONS", writes=True)
def a_deleted_quick_action_is_gone(client: Client) -> None:
    """AROUND-QUICK-ACTIONS: alone and listed; another one stays."""
    path = actions_of(client)
    action, other = made(client, path), made(client, path)
    exchange = client.admin.delete(f"{path}/{action['id']}")
    if not 200 <= exchange.status < 300:
        raise WrongStatus(f"status of {exchange.name}", expected="2xx", received=exchange.status)
    refused_somehow(client.admin.get(f"{path}/{action['id']}"))
    lacks(ids(list_of(client.admin, path)), action["id"], "the quick actions after a deletion")
    _shows(client, path, other)


@check("AROUND-QUICK-ACTIONS", writes=True)
def quick_actions_belong_to_their_space(client: Client) -> None:
    """AROUND-QUICK-ACTIONS: another space has none of them."""
    action = made(client, actions_of(client))
    elsewhere = actions_of(client)
    expect.equal(list_of(client.admin, elsewhere), [], "the quick actions of a new space")
    refused_somehow(client.admin.get(f"{elsewhere}/{action['id']}"))


@check("AROUND-QUICK-ACTIONS-CODES", writes=True)
def each_operation_on_quick_actions_has_its_code(client: Client) -> None:
    """AROUND-QUICK-ACTIONS-CODES: 201, 200, 200, 204 without a body."""
    path = actions_of(client)
    action = expect.answered(client.admin.post(path, body(client)), 201)
    alone = f"{path}/{action['id']}"
    expect.answered(client.admin.get(alone), 200)
    expect.answered(client.admin.patch(alone, {"title": "Changed"}), 200)
    expect.nothing(client.admin.delete(alone), 204)


@check("AROUND-QUICK-ACTIONS-CODES", writes=True)
def quick_actions_are_listed_in_pages(client: Client) -> None:
    """AROUND-QUICK-ACTIONS-CODES: oldest first, counted, with limit and offset."""
    path = actions_of(client)
    created = []
    for _ in range(3):
        created.append(made(client, path)["id"])
        instant()
    whole = expect.answered(client.admin.get(path), 200)
    expect.equal(expect.member(whole, "count"), 3, "count of the quick actions")
    in_order([created.index(one) for one in ids(whole["items"])], "the quick actions by age")
    expect.equal(ids(list_of(client.admin, path, limit=1, offset=1)), created[1:2], "the second quick action")
    expect.refused(client.admin.get(path, params={"limit": 1001}), 400)


def _faulty() -> Iterator[dict[str, Any]]:
    yield from ({"url": url} for url in NO_URLS)
    yield from ({"title": title} for title in ("", *beyond_the_limit(MOST_TITLE)))
    yield {"sharedSpaceExtensionId": NO_ID}


@check("AROUND-QUICK-ACTIONS-FORM", writes=True, always={"fault": tuple(_faulty())})
def a_quick_action_beyond_the_limits_is_400(client: Client, fault: dict[str, Any]) -> None:
    """AROUND-QUICK-ACTIONS-FORM: created or updated."""
    path = actions_of(client)
    action = made(client, path)
    expect.refused(client.admin.post(path, {**body(client), **fault}), 400)
    expect.refused(client.admin.patch(f"{path}/{action['id']}", fault), 400)
    expect.equal(list_of(client.admin, path), [action], "the quick actions after the refusals")


@check("AROUND-QUICK-ACTIONS-403", writes=True)
def strangers_change_no_quick_action(client: Client) -> None:
    """AROUND-QUICK-ACTIONS-403: a create, an update, a deletion; the owner may."""
    path = actions_of(client)
    action = made(client, path, by=client.owner)
    for stranger in strangers(client, "outsider", "participant"):
        expect.refused(stranger.post(path, body(client)), 403)
        expect.refused(stranger.patch(f"{path}/{action['id']}", {"title": "Mine"}), 403)
        expect.refused(stranger.delete(f"{path}/{action['id']}"), 403)
    expect.equal(list_of(client.admin, path), [action], "the quick actions after the refusals")


@check("AROUND-QUICK-ACTIONS-404", writes=True)
def what_has_no_quick_action_is_404(client: Client) -> None:
    """AROUND-QUICK-ACTIONS-404: an unknown space, an unknown action, and a space out of sight."""
    path = actions_of(client)
    for method, where, sent in (
        ("GET", f"/shared-spaces/{NO_ID}/quick-actions", None),
        ("POST", f"/shared-spaces/{NO_ID}/quick-actions", body(client)),
        *((method, f"{path}/{NO_ID}", {"title": "Changed"}) for method in ("PATCH", "DELETE")),
        ("GET", f"{path}/{NO_ID}", None),
    ):
        exchange = client.admin.request(method, where, *([sent] if sent is not None else []))
        expect.refused(exchange, 404)
    for stranger in strangers(client, "outsider"):
        expect.refused(stranger.get(path), 404)


@check("AROUND-EXTENSIONS")
def extensions_are_listed(client: Client) -> None:
    """AROUND-EXTENSIONS: complete and counted, the one that the target offers among them."""
    address, wanted = client.target.beside(EXTENSIONS), client.target.offer("extension")
    whole = expect.answered(client.admin.get(address), 200)
    items = expect.member(whole, "items")
    for item in items:
        EXTENSION(item, f"the extension {item.get('id')}")
    if len(items) < 50:
        expect.equal(expect.member(whole, "count"), len(items), "count of the extensions")
        only([one for one in items if one["id"] == wanted], wanted, "the extension in the list")
    expect.equal(list_of(client.owner, address, limit=1), items[:1], "the first extension")
