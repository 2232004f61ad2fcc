"""Conventions of what is sent: JSON, its types, nulls, times, and how its faults are told (CONV-)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from hypothesis import strategies as st

from ...core import expect
from ...core.check import check
from ...core.violation import WrongList
from ..assertions import holds, nothing_created, unchanged
from ..client import Client
from ..strategies.conventions import BODIES_THAT_ARE_NO_OBJECT, MOMENTS, NO_MOMENTS
from ..strategies.shares import WRITINGS, in_minutes, shown
from ..strategies.spaces import (
    ASTRAL_EDGES,
    CHANGE_MEMBERS,
    CHANGE_WRONG_TYPES,
    CREATE_MEMBERS,
    CREATE_WRONG_TYPES,
    FORM_FAULTS,
    LONGEST_TITLE,
    Spoilt,
    with_member,
)

FAULTS = st.sampled_from(tuple(FORM_FAULTS))


def _meta(client: Client, *names: str) -> list[dict[str, Any]] | None:
    """Send a create with these faults of form and give the meta of its refusal."""
    faults = {name: FORM_FAULTS[name] for name in names}
    if "publicUri" in faults:
        faults["publicUri"] = faults["publicUri"].format(client.session.fresh_mark())
    problem = expect.refused(client.create({**client.new_space(), **faults}), 400)
    if "meta" not in problem:
        return None
    expect.of_type(problem["meta"], list, "meta of the problem")
    return list(problem["meta"])


@check("CONV-PROBLEM-META", writes=True, always={"name": tuple(FORM_FAULTS)})
def meta_tells_what_is_wrong_with_what(client: Client, name: str) -> None:
    """CONV-PROBLEM-META: where a problem has it; the member that is wrong is named."""
    meta = _meta(client, name)
    # Optional as a whole (CONV-PROBLEM-META): only where it is there its form is held to.
    if meta is None:
        return
    for entry in meta:
        for member in ("name", "reason", "category"):
            expect.of_type(expect.member(entry, member, of="an entry of meta"), str, f"{member} of an entry of meta")
    if not any(name in entry["name"] for entry in meta):
        raise WrongList("meta of the problem", expected=f"an entry named {name}", received=meta)


@check("CONV-META-ALL", writes=True, given={"names": st.lists(FAULTS, min_size=2, max_size=4, unique=True)})
def one_refusal_tells_all_faults_of_form(client: Client, names: list[str]) -> None:
    """CONV-META-ALL: of a create, each by its name."""
    told = _meta(client, *names) or []
    expect.equal({entry["name"] for entry in told}, set(names), "the names in meta")


@check("CONV-META-ALL", writes=True)
def faults_of_items_are_told_by_their_paths(client: Client) -> None:
    """CONV-META-ALL: at every depth."""
    folder = {"type": "folder", "name": "Folder", "folderItems": [{"type": "asset"}]}
    items = [folder, {"type": "asset"}, {"type": "folder"}]
    problem = expect.refused(client.add_items(client.space()["id"], items), 400)
    names = {entry["name"] for entry in expect.member(problem, "meta", of="the problem")}
    expect.equal(names, {"items[0].folderItems[0].assetId", "items[1].assetId", "items[2].name"}, "the names in meta")


@check("CONV-TYPES", writes=True, given={"spoilt": CREATE_WRONG_TYPES})
def a_create_converts_no_type(client: Client, spoilt: Spoilt) -> None:
    """CONV-TYPES: 400, nothing created."""
    body = client.new_space()
    expect.status(client.create(with_member(body, *spoilt)), 400)
    nothing_created(client, "title", body["title"])


@check("CONV-TYPES", writes=True, given={"spoilt": CHANGE_WRONG_TYPES})
def an_update_converts_no_type(client: Client, spoilt: Spoilt) -> None:
    """CONV-TYPES: 400, nothing changed."""
    space = client.space()
    expect.status(client.owner.patch(f"/shared-spaces/{space['id']}", with_member({}, *spoilt)), 400)
    unchanged(client, space)


@check("CONV-TYPES", writes=True, always={"value": (1, True, ["a"], {"id": "a"}, 1.5)})
def ids_and_pages_are_not_converted(client: Client, value: Any) -> None:
    """CONV-TYPES: neither a new owner's id nor an asset's page."""
    space = client.space()
    expect.status(client.transfer(space["id"], value), 400)
    asset = {"type": "asset", "assetId": client.target.offer("document")["id"]}
    for page in ("1", 1.5, True):
        expect.status(client.add_items(space["id"], [{**asset, "page": page}]), 400)
    unchanged(client, space)


@check("CONV-TYPES", writes=True, given={"page": st.sampled_from([1, 2, 10])}, examples=3)
def a_number_without_a_fraction_is_an_integer(client: Client, page: int) -> None:
    """CONV-TYPES: 3.0 is the page 3, as JSON Schema has it."""
    document = client.target.offer("document")
    item = {"type": "asset", "assetId": document["id"], "page": float(min(page, document["pages"]))}
    answer = expect.answered(client.add_items(client.space()["id"], [item]), 201)
    expect.equal(expect.member(answer, "summary.assetSuccessCount"), 1, "the pages added")


@check("CONV-TYPES", writes=True, always={"title": ASTRAL_EDGES})
def lengths_are_counted_in_code_points(client: Client, title: str) -> None:
    """CONV-TYPES: a character beyond the first plane counts once."""
    expect.equal(expect.member(client.created(title=title), "title"), title, "title")
    # Too long by code points as well: a server that counts nothing is found, too.
    longer = title[:1] * (LONGEST_TITLE + 1)
    expect.status(client.create(client.new_space(title=longer)), 400)


@check("CONV-TYPES", writes=True, always={"half": ("\ud83d", "a\udea2", "\udea2\ud83d b")})
def half_a_character_is_refused(client: Client, half: str) -> None:
    """CONV-TYPES: a lone surrogate, sent as an escape."""
    expect.status(client.create(client.new_space(title=half)), 400)


@check("CONV-NULL", writes=True)
def a_create_takes_no_null(client: Client) -> None:
    """CONV-NULL: for no field, nested ones included; nothing created."""
    title = f"Null {client.session.fresh_mark()}"
    for name in CREATE_MEMBERS:
        expect.status(client.create(with_member(client.new_space(title=title), name, None)), 400)
    nothing_created(client, "title", title)


@check("CONV-NULL", writes=True)
def an_update_takes_no_null(client: Client) -> None:
    """CONV-NULL: for no field; nothing changed."""
    space = client.space(description="To be kept")
    for name in CHANGE_MEMBERS:
        expect.status(client.owner.patch(f"/shared-spaces/{space['id']}", with_member({}, name, None)), 400)
    unchanged(client, space)


@check("CONV-NULL", writes=True)
def transfers_and_items_take_no_null(client: Client) -> None:
    """CONV-NULL: neither do the requests below a space."""
    space = client.space()
    expect.status(client.transfer(space["id"], None), 400)
    expect.status(client.add_items(space["id"], None), 400)
    expect.status(client.add_items(space["id"], [{"type": "asset", "assetId": None}]), 400)
    expect.status(client.add_items(space["id"], [{"type": "folder", "name": "Folder", "folderItems": None}]), 400)
    unchanged(client, space)


@check("CONV-JSON", writes=True, given={"body": st.sampled_from(BODIES_THAT_ARE_NO_OBJECT)})
def what_is_no_json_object_is_refused(client: Client, body: bytes) -> None:
    """CONV-JSON: on create and on update."""
    expect.status(client.create(body), 400)
    space = client.space()
    expect.status(client.owner.patch(f"/shared-spaces/{space['id']}", body), 400)
    unchanged(client, space)


@check(
    "CONV-JSON",
    writes=True,
    always={"name": ("ownerId", "Title", "x-note"), "value": (True, None, False)},
)
def unknown_fields_and_parameters_have_no_effect(client: Client, name: str, value: Any) -> None:
    """CONV-JSON: of a create, an update and a list."""
    body = client.new_space()
    space = expect.answered(client.create({**body, name: value}), 201)
    holds(space, body, "the space")
    expect.status(client.owner.patch(f"/shared-spaces/{space['id']}", {name: value}), 200)
    expect.status(client.owner.get("/shared-spaces", params={name: value, "limit": 1}), 200)
    unchanged(client, space)


@check("CONV-TIME-IN", given={"moment": MOMENTS, "nothing": NO_MOMENTS})
def a_time_needs_an_offset(client: Client, moment: datetime, nothing: str) -> None:
    """CONV-TIME-IN: with one it is understood, without it 400."""
    for text, code in ((moment.isoformat(timespec="milliseconds"), 200), (nothing, 400)):
        expect.status(client.admin.get("/shared-spaces", params={"lastActivitySince": text, "limit": 1}), code)


@check("CONV-TIME-IN", shares=True)
def a_time_comes_back_in_utc(client: Client) -> None:
    """CONV-TIME-IN: with milliseconds, whatever offset it was sent with."""
    moment = in_minutes(30)
    body = {
        "title": f"{client.session.run_id} Times",
        "origin": "contract-kit",
        "assets": [{"id": client.target.offer("good_assets")[0]}],
        "expiresAt": WRITINGS["with an offset"](moment),
    }
    share = expect.answered(client.share(body), 201)
    expect.equal(expect.member(share, "expiresAt"), shown(moment), "expiresAt")
