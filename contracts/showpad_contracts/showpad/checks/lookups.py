"""Users and divisions, as far as spaces and Shares need them, and what all look-ups share (AROUND-)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ...core import expect
from ...core.check import check
from ...core.violation import Inconclusive, TargetLacks, WrongList
from ...transport.session import Caller
from ..assertions import holds as tells
from ..client import Client
from ..forms import DIVISION, USER, Form
from ..lists import ids, in_order, list_of, same_members
from ..strategies.items import unknown_ids

USERS, DIVISIONS = "/users", "/divisions"
UNKNOWN = {"unknown": unknown_ids}
ASKING = ("admin", "manager", "owner")
PAGE, PAGES, ALONE = 2, 4, 3
"""How large a small page is, how many of them are looked at, and how many objects alone."""
PARTS: tuple[dict[str, int], ...] = (
    *({}, {"limit": 50}, {"limit": 1}, {"limit": 2}, {"offset": 0}, {"offset": 1}),
    *({"limit": 1, "offset": 1}, {"limit": 2, "offset": 1}, {"limit": 1, "offset": 2}),
)
"""Pages of a list."""
MOVING = ("usageCount", "updatedAt")
"""Members that others may change between two requests."""


def asking(client: Client) -> Iterator[Caller]:
    """Return who asks: an administrator, a manager and a plain user, as far as there are such."""
    for name in ASKING:
        if name == "admin" or (name in client.target.actors and client.target.actors[name].api_token is not None):
            yield client.as_(name)


def complete(client: Client, path: str, listed: Form, alone: Form, **params: Any) -> None:
    """Every answer has the form, whoever asks: on a page of 50, on small ones, and alone, where it tells the same."""
    for caller in asking(client):
        first = caller.get(path, params=params)
        if first.status == 403 and caller.name != "admin":
            continue  # who may look things up is not published
        items = expect.member(expect.answered(first, 200), "items")
        small = range(0, min(len(items), PAGE * PAGES), PAGE)
        pages = [items, *(list_of(caller, path, limit=PAGE, offset=start, **params) for start in small)]
        for item in (item for page in pages for item in page):
            listed(item, f"{item.get('id')} in {path} seen by {caller.name}")
        for item in items[:ALONE]:
            found = one(caller, path, item["id"])
            alone(found, f"{path}/{item['id']} seen by {caller.name}")
            tells(found, {name: item[name] for name in item if name not in MOVING}, f"{path}/{item['id']}")
        _moves_alike(caller, path, items[:ALONE], **params)


def _moves_alike(caller: Caller, path: str, items: Sequence[dict[str, Any]], **params: Any) -> None:
    """What others may change is the same alone and listed, where it was the same before and after."""
    alone = {item["id"]: one(caller, path, item["id"]) for item in items}
    before = {item["id"]: item for item in items}
    for item in list_of(caller, path, **params):
        for name in MOVING if item["id"] in alone else ():
            if name in item and before[item["id"]][name] == item[name]:
                what = f"{name} of {path}/{item['id']}"
                expect.equal(expect.member(alone[item["id"]], name), item[name], what)


def one(caller: Caller, path: str, thing_id: str) -> dict[str, Any]:
    """Return an object by its id, which it tells."""
    thing = expect.answered(caller.get(f"{path}/{thing_id}"), 200)
    expect.equal(expect.member(thing, "id"), thing_id, "id of what was asked for")
    return thing


def parts_of_a_list(client: Client, path: str, *, is_counted: bool = False, **params: Any) -> None:
    """Pages of a list are parts of the whole, without a limit it has 50 at most; `is_counted`: each tells how many."""
    whole = ids(list_of(client.admin, path, limit=1000, **params))
    beyond = {"limit": 50, "offset": len(whole)}
    pages = [
        (page, expect.answered(client.admin.get(path, params={**page, **params}), 200)) for page in (*PARTS, beyond)
    ]
    # Asked before and after: only a list that stood still can be held against its pages.
    if ids(list_of(client.admin, path, limit=1000, **params)) != whole:
        raise Inconclusive("the list changed meanwhile")
    for page, answer in pages:
        items = expect.member(answer, "items")
        expect.of_type(items, list, f"items of {path} with {page}")
        start, found = page.get("offset", 0), ids(items)
        expected = whole[start : start + page.get("limit", 50)]
        if found != expected:
            raise WrongList(f"{path} with {page}", expected=expected, received=found)
        # A list of 1000 may have been cut off there.
        if is_counted and len(whole) < 1000:
            expect.equal(expect.member(answer, "count"), len(whole), f"count of {path} with {page}")


def initial(text: str) -> str | None:
    """Return what any order of texts goes by: the first letter, where that is one of A to Z."""
    # How small letters, digits and others compare with them no source says.
    return text[0] if "A" <= text[:1] <= "Z" else None


def sorted_list(client: Client, path: str, keys: Sequence[str], **params: Any) -> None:
    """A list comes in the order asked for, by each key in either direction, and the newest first without one."""
    for sort in ("", *keys, *(f"-{key}" for key in keys)):
        found = list_of(client.admin, path, limit=1000, **params, **({"sort": sort} if sort else {}))
        key = sort.removeprefix("-") or "createdAt"
        values = [initial(item[key]) if key in ("name", "title") else item[key] for item in found]
        in_order(values, f"{key} of {path} with sort={sort!r}", descending=sort != key)


@check("AROUND-USERS")
def every_answer_about_users_is_complete(client: Client) -> None:
    """AROUND-USERS: in lists and alone, for administrators and others."""
    complete(client, USERS, USER, USER)


def _known(client: Client) -> list[str]:
    """Return the actors whose users are known, the owner and the participant at least."""
    actors = client.target.actors
    others = [name for name in ("admin", "manager", "outsider") if name in actors and actors[name].user_id is not None]
    return ["owner", "participant", *others]


@check("AROUND-USERS")
def users_are_found_by_ids_and_by_addresses(client: Client) -> None:
    """AROUND-USERS: one, and several with commas between them."""
    users = [one(client.admin, USERS, client.target.user_id(actor)) for actor in _known(client)]
    for some in (users[:1], users[1:2], users):
        for name, key in (("ids", "id"), ("emails", "email")):
            value = ",".join(user[key] for user in some)
            parts_of_a_list(client, USERS, is_counted=True, **{name: value})
            found = list_of(client.admin, USERS, **{name: value})
            same_members(ids(found), ids(some), f"the users by {name}")


@check("AROUND-USERS")
def a_list_of_users_comes_in_pages(client: Client) -> None:
    """AROUND-USERS: of 50 when nothing is said; a page of none is one too."""
    users = [client.target.user_id(actor) for actor in _known(client)]
    parts_of_a_list(client, USERS, is_counted=True, ids=",".join(users))
    expect.equal(list_of(client.admin, USERS, limit=0), [], "the users with limit=0")
    if len(list_of(client.admin, USERS)) > 50:
        raise WrongList("the users without a limit", expected="50 at most", received="more")


@check("AROUND-USERS", given=UNKNOWN, examples=2)
def a_user_that_is_not_there_is_answered_404(client: Client, unknown: str) -> None:
    """AROUND-USERS: and listed nowhere."""
    expect.refused(client.admin.get(f"{USERS}/{unknown}"), 404)
    expect.equal(list_of(client.admin, USERS, ids=unknown), [], "the users by an unknown id")


@check("AROUND-DIVISIONS")
def every_answer_about_divisions_is_complete(client: Client) -> None:
    """AROUND-DIVISIONS: in lists and alone, for administrators and others."""
    complete(client, DIVISIONS, DIVISION, DIVISION)
    DIVISION(one(client.admin, DIVISIONS, client.target.offer("division")), "the division")


@check("AROUND-DIVISIONS")
def divisions_are_listed_and_counted(client: Client) -> None:
    """AROUND-DIVISIONS: the count is the number of all."""
    answer = expect.answered(client.admin.get(DIVISIONS), 200)
    found = ids(expect.member(answer, "items"))
    if len(found) >= 50:
        raise TargetLacks("a list of divisions that is short")  # how such a list is paged is not published
    expect.equal(expect.member(answer, "count"), len(found), "count of the divisions")
    if client.target.offer("division") not in found:
        raise WrongList("the divisions", expected=f"{client.target.offer('division')} among them", received=found)


@check("AROUND-DIVISIONS", given=UNKNOWN, examples=2)
def a_division_that_is_not_there_is_answered_404(client: Client, unknown: str) -> None:
    """AROUND-DIVISIONS: an id that no division has."""
    expect.refused(client.admin.get(f"{DIVISIONS}/{unknown}"), 404)
