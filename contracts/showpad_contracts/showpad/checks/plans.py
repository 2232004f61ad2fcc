"""Mutual action plans: made, listed and deleted; their participants and settings (AROUND-MAP)."""

from __future__ import annotations

from typing import Any

from ...core import expect
from ...core.check import check
from ...core.exchange import Exchange
from ...transport.session import Caller
from ..assertions import refused_somehow, strangers
from ..client import Client
from ..forms import PLAN, PLAN_PARTICIPANT, PLAN_SETTINGS
from ..lists import only
from ..operations import NO_ID

PLANS = "/mutual-action-plan"
OF_SPACE = "SHARED-SPACE"
SETTINGS = ("assignedActionNotifications", "completedActionNotifications")


def made(client: Client, space_id: str, *, by: Caller | None = None) -> dict[str, Any]:
    """Make the plan of a space, which goes with it."""
    body = {"contextType": OF_SPACE, "contextId": space_id}
    return expect.answered((by or client.admin).post(PLANS, body), 201)


def listed(client: Client, space_id: str, *, by: Caller | None = None) -> Exchange:
    """Ask for the plans of a space."""
    return (by or client.admin).get(PLANS, params={"contextType": OF_SPACE, "contextId": space_id})


def items_of(exchange: Exchange) -> list[dict[str, Any]]:
    """Return the items of an answer that must be a list."""
    items = expect.member(expect.answered(exchange, 200), "items")
    expect.of_type(items, list, f"items of {exchange.name}")
    return list(items)


def plan_of(client: Client) -> str:
    """Return the path of the plan of a new space of the owner's."""
    return f"{PLANS}/{made(client, client.space()['id'])['id']}"


@check("AROUND-MAP", writes=True)
def a_plan_is_listed_with_its_space(client: Client) -> None:
    """AROUND-MAP: as it was made, with the title of the space, and for no other space."""
    space, other = client.space(), client.space()
    expect.equal(items_of(listed(client, space["id"])), [], "the plans of a new space")
    plan = made(client, space["id"])
    PLAN(plan, "the plan")
    expect.equal(plan["context"]["type"], OF_SPACE, "type of the plan's context")
    expect.equal(plan["context"]["id"], space["id"], "id of the plan's context")
    found = only(items_of(listed(client, space["id"])), plan["id"], "the plans of the space")
    expect.equal(expect.member(found, "context.title"), space["title"], "title of the plan's context")
    for name in ("createdAt", "updatedAt"):
        expect.equal(found[name], plan[name], f"{name} of the plan as listed")
    expect.equal(items_of(listed(client, other["id"])), [], "the plans of another space")


@check("AROUND-MAP", writes=True)
def a_deleted_plan_is_gone(client: Client) -> None:
    """AROUND-MAP: 204, no body, and the space may have another one."""
    space_id = client.space()["id"]
    plan = made(client, space_id)
    expect.nothing(client.admin.delete(f"{PLANS}/{plan['id']}"), 204)
    expect.equal(items_of(listed(client, space_id)), [], "the plans after the deletion")
    refused_somehow(client.admin.get(f"{PLANS}/{plan['id']}/participants"))
    made(client, space_id)


FAULTS: tuple[dict[str, Any], ...] = ({"contextType": "SPACE"}, {"contextType": None}, {"contextId": None})


@check("AROUND-MAP", writes=True, always={"fault": FAULTS})
def a_plan_needs_a_context_of_a_known_type(client: Client, fault: dict[str, Any]) -> None:
    """AROUND-MAP: contextType and contextId are required."""
    space_id = client.space()["id"]
    whole = {"contextType": OF_SPACE, "contextId": space_id, **fault}
    refused_somehow(client.admin.post(PLANS, {name: one for name, one in whole.items() if one is not None}))
    expect.equal(items_of(listed(client, space_id)), [], "the plans after a refused create")


@check("AROUND-MAP", writes=True)
def participants_of_a_plan_are_complete(client: Client) -> None:
    """AROUND-MAP: in the list, and the requester alone."""
    plan = plan_of(client)
    for one in items_of(client.admin.get(f"{plan}/participants")):
        PLAN_PARTICIPANT(one, "a participant of the plan")
    myself = expect.answered(client.owner.get(f"{plan}/participants/self"), 200)
    PLAN_PARTICIPANT(myself, "the requester as a participant")
    expect.equal(myself["userId"], client.target.user_id("owner"), "userId of the requester as a participant")


@check("AROUND-MAP", writes=True)
def settings_are_changed_one_by_one(client: Client) -> None:
    """AROUND-MAP: what is sent alone, to stay; an update without any is refused."""
    path = f"{plan_of(client)}/participants/self/settings"
    settings = expect.answered(client.owner.get(path), 200)
    PLAN_SETTINGS(settings, "the settings")
    for name in SETTINGS:
        settings = {**settings, name: not settings[name]}
        changed = expect.answered(client.owner.patch(path, {name: settings[name]}), 200)
        expect.equal({one: changed[one] for one in SETTINGS}, settings, "the settings as updated")
        expect.equal(expect.answered(client.owner.get(path), 200), changed, "the settings as read")
    refused_somehow(client.owner.patch(path, {}))


@check("AROUND-MAP-WHO", writes=True)
def a_plan_is_for_members_and_administrators(client: Client) -> None:
    """AROUND-MAP-WHO: the owner has it, a stranger is told 404."""
    space_id = client.space()["id"]
    plan = f"{PLANS}/{made(client, space_id, by=client.owner)['id']}"
    for stranger in strangers(client, "outsider", "participant"):
        expect.refused(listed(client, space_id, by=stranger), 404)
        expect.refused(stranger.get(f"{plan}/participants"), 404)
        expect.refused(stranger.post(f"{plan}/milestones", {"title": "Mine"}), 404)
        expect.refused(stranger.delete(plan), 404)
    expect.equal(len(items_of(listed(client, space_id, by=client.owner))), 1, "how many plans the owner sees")
    expect.refused(client.admin.post(PLANS, {"contextType": OF_SPACE, "contextId": NO_ID}), 404)


@check("AROUND-MAP-ONE", "AROUND-MAP-COPY", writes=True)
def a_space_has_one_plan(client: Client) -> None:
    """AROUND-MAP-ONE: a second is 400, as is one after a plan that there is not."""
    space_id, other = client.space()["id"], client.space()["id"]
    plan = made(client, space_id)
    expect.refused(client.admin.post(PLANS, {"contextType": OF_SPACE, "contextId": space_id}), 400)
    copy = {"contextType": OF_SPACE, "contextId": other}
    expect.refused(client.admin.post(PLANS, {**copy, "sourceMapId": NO_ID}), 400)
    expect.answered(client.admin.post(PLANS, {**copy, "sourceMapId": plan["id"]}), 201)


@check("AROUND-MAP-PARTICIPANTS", writes=True)
def members_of_the_space_take_part_in_the_plan(client: Client) -> None:
    """AROUND-MAP-PARTICIPANTS: the owner, not the administrator; both settings are true until changed."""
    plan = plan_of(client)
    people = [one["userId"] for one in items_of(client.admin.get(f"{plan}/participants"))]
    expect.equal(people, [client.target.user_id("owner")], "the users of the plan's participants")
    settings = expect.answered(client.owner.get(f"{plan}/participants/self/settings"), 200)
    expect.equal([settings[name] for name in SETTINGS], [True, True], "the settings of a new plan")
    for below in ("self", "self/settings"):
        expect.refused(client.admin.get(f"{plan}/participants/{below}"), 404)


@check("AROUND-MAP-GONE", writes=True)
def a_plan_goes_with_its_space(client: Client) -> None:
    """AROUND-MAP-GONE: afterwards it is 404."""
    space_id = client.space()["id"]
    plan = f"{PLANS}/{made(client, space_id)['id']}"
    with expect.needed("a deleted space", "DELETE-OK"):
        expect.status(client.delete(space_id), 204)
    expect.refused(client.admin.get(f"{plan}/participants"), 404)
    expect.refused(client.admin.delete(plan), 404)
