"""Milestones of a mutual action plan, their actions and assignees (AROUND-MAP).

No operation reads them back: what an update without a change answers is what was kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...core import expect
from ...core.check import check
from ...strategies.text import TO_KEEP, at_the_limit, beyond_the_limit
from ..assertions import refused_somehow
from ..client import Client
from ..forms import ACTION, ASSIGNEE, MILESTONE
from ..operations import NO_ID
from .plans import items_of, plan_of

MOST_MILESTONE, MOST_ACTION = 50, 500
DUE = "2031-05-06T07:08:09.010Z"


def milestone_of(client: Client, plan: str, title: str = "Kick-off") -> str:
    """Make a milestone and return its path."""
    made = expect.answered(client.owner.post(f"{plan}/milestones", {"title": title}), 201)
    MILESTONE(made, "the milestone")
    expect.equal(made["title"], title, "title of the milestone")
    return f"{plan}/milestones/{made['id']}"


def action_of(client: Client, milestone: str, **fields: Any) -> dict[str, Any]:
    """Make an action and return it with its path."""
    made = expect.answered(client.owner.post(f"{milestone}/actions", {"title": "Meet", **fields}), 201)
    ACTION(made, "the action")
    return {**made, "path": f"{milestone}/actions/{made['id']}"}


@check("AROUND-MAP", writes=True, always={"title": (*TO_KEEP, *at_the_limit(MOST_MILESTONE))})
def a_milestone_is_what_was_sent(client: Client, title: str) -> None:
    """AROUND-MAP: created, renamed, and kept."""
    plan = plan_of(client)
    milestone, other = milestone_of(client, plan, title), milestone_of(client, plan)
    for sent in ({}, {"title": "Renamed"}, {"title": title}, {}):
        expected = sent.get("title", title)
        changed = expect.answered(client.owner.patch(milestone, sent), 200)
        MILESTONE(changed, "the milestone as updated")
        expect.equal(changed["title"], expected, "title of the milestone as updated")
    kept = expect.answered(client.owner.patch(other, {}), 200)
    expect.equal(kept["title"], "Kick-off", "title of another milestone")


@check("AROUND-MAP", "AROUND-MAP-DUE", writes=True, always={"due": (..., None, DUE)})
def an_action_is_what_was_sent(client: Client, due: Any) -> None:
    """AROUND-MAP: with a time, without one, or with null; not completed at the beginning."""
    fields = {} if due is ... else {"dueAt": due}
    action = action_of(client, milestone_of(client, plan_of(client)), title=TO_KEEP[0], **fields)
    expect.equal(action["title"], TO_KEEP[0], "title of the action")
    expect.equal(action["dueAt"], fields.get("dueAt"), "dueAt of the action")
    expect.equal(action["status"], "NOT_COMPLETED", "status of the action")


CHANGES: tuple[dict[str, Any], ...] = (
    {"title": "Agree"},
    {"dueAt": DUE},
    {"status": "COMPLETED"},
    {"status": "NOT_COMPLETED"},
    {"dueAt": "2030-01-01T00:00:00.000Z", "title": "Sign", "status": "COMPLETED"},
)


@check("AROUND-MAP", writes=True)
def an_action_changes_by_what_is_sent_alone(client: Client) -> None:
    """AROUND-MAP: each member by itself and together, to stay; another action is as it was."""
    milestone = milestone_of(client, plan_of(client))
    action, other = action_of(client, milestone), action_of(client, milestone)
    expected = {name: action[name] for name in ("title", "dueAt", "status")}
    for sent in CHANGES:
        expected |= sent
        for again in (sent, {}):
            changed = expect.answered(client.owner.patch(action["path"], again), 200)
            ACTION(changed, "the action as updated")
            expect.equal({name: changed[name] for name in expected}, expected, "the action as updated")
    kept = expect.answered(client.owner.patch(other["path"], {}), 200)
    expect.equal(kept["title"], other["title"], "title of another action")


@check("AROUND-MAP-DUE", writes=True)
def null_takes_the_time_away(client: Client) -> None:
    """AROUND-MAP-DUE: in an update; a past time is taken."""
    action = action_of(client, milestone_of(client, plan_of(client)), dueAt="2001-01-01T00:00:00.000Z")
    changed = expect.answered(client.owner.patch(action["path"], {"dueAt": None}), 200)
    expect.equal(changed["dueAt"], None, "dueAt of the action")


def _faults() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for title in ("", *beyond_the_limit(MOST_MILESTONE)):
        yield "POST", "/milestones", {"title": title}
        yield "PATCH", "MILESTONE", {"title": title}
    for title in ("", *beyond_the_limit(MOST_ACTION)):
        yield "POST", "MILESTONE/actions", {"title": title}
        yield "PATCH", "ACTION", {"title": title}
    yield "POST", "/milestones", {}
    yield "POST", "MILESTONE/actions", {"dueAt": DUE}
    yield "PATCH", "ACTION", {"status": "DONE"}
    yield "PATCH", "ACTION", {"dueAt": "tomorrow"}
    yield "POST", "ACTION/assignees", {}


@check("AROUND-MAP", writes=True)
def what_is_beyond_the_limits_is_refused(client: Client) -> None:
    """AROUND-MAP: titles of no legal length or none, a third status, no time; nothing changes."""
    plan = plan_of(client)
    milestone = milestone_of(client, plan)
    action = action_of(client, milestone)
    for method, below, sent in _faults():
        path = below.replace("MILESTONE", milestone).replace("ACTION", action["path"])
        refused_somehow(client.owner.request(method, path if path.startswith(plan) else plan + path, sent))
    kept = expect.answered(client.owner.patch(action["path"], {}), 200)
    expect.equal([kept[name] for name in ("title", "status", "dueAt")], ["Meet", "NOT_COMPLETED", None], "the action")


@check("AROUND-MAP", "AROUND-MAP-404", writes=True)
def what_is_deleted_goes_with_what_it_holds(client: Client) -> None:
    """AROUND-MAP: an action, and a milestone with its actions; 204, no body."""
    plan = plan_of(client)
    milestone = milestone_of(client, plan)
    action, other = action_of(client, milestone), action_of(client, milestone)
    expect.nothing(client.owner.delete(action["path"]), 204)
    refused_somehow(client.owner.patch(action["path"], {"title": "Back"}))
    expect.answered(client.owner.patch(other["path"], {}), 200)
    expect.nothing(client.owner.delete(milestone), 204)
    refused_somehow(client.owner.patch(other["path"], {"title": "Back"}))
    refused_somehow(client.owner.patch(milestone, {"title": "Back"}))


@check("AROUND-MAP", "AROUND-MAP-ASSIGNEES", writes=True)
def an_action_is_assigned_to_participants(client: Client) -> None:
    """AROUND-MAP: and taken back, once."""
    plan = plan_of(client)
    path = f"{action_of(client, milestone_of(client, plan))['path']}/assignees"
    member = items_of(client.owner.get(f"{plan}/participants"))[0]["id"]
    assignee = expect.answered(client.owner.post(path, {"participantId": member}), 201)
    ASSIGNEE(assignee, "the assignee")
    expect.equal(assignee["participantId"], member, "participantId of the assignee")
    expect.nothing(client.owner.delete(f"{path}/{assignee['id']}"), 204)
    refused_somehow(client.owner.delete(f"{path}/{assignee['id']}"))
    expect.answered(client.owner.post(path, {"participantId": member}), 201)


@check("AROUND-MAP-ASSIGNEES", writes=True)
def nobody_else_is_assigned_and_nobody_twice(client: Client) -> None:
    """AROUND-MAP-ASSIGNEES: 400."""
    plan = plan_of(client)
    path = f"{action_of(client, milestone_of(client, plan))['path']}/assignees"
    member = items_of(client.owner.get(f"{plan}/participants"))[0]["id"]
    expect.refused(client.owner.post(path, {"participantId": NO_ID}), 400)
    expect.answered(client.owner.post(path, {"participantId": member}), 201)
    expect.refused(client.owner.post(path, {"participantId": member}), 400)


@check("AROUND-MAP-404", writes=True)
def what_is_not_there_is_404(client: Client) -> None:
    """AROUND-MAP-404: unknown, or of another plan or milestone."""
    plan, elsewhere = plan_of(client), plan_of(client)
    milestone, other = milestone_of(client, plan), milestone_of(client, plan)
    action = action_of(client, milestone)
    for path in (
        *(f"{plan}/milestones/{NO_ID}", f"{milestone}/actions/{NO_ID}", f"/mutual-action-plan/{NO_ID}/milestones/x"),
        *(milestone.replace(plan, elsewhere), action["path"].replace(milestone, other)),
    ):
        expect.refused(client.owner.patch(path, {}), 404)
        expect.refused(client.owner.delete(path), 404)
    expect.refused(client.owner.delete(f"{action['path']}/assignees/{NO_ID}"), 404)
