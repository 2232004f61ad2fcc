"""In which order milestones and actions stand (AROUND-MAP-POSITION). No operation shows it: a control API does."""

from __future__ import annotations

from typing import Any

from ...core import expect
from ...core.check import check
from ..client import Client
from ..control import Control
from ..operations import NO_ID
from .milestones import action_of, milestone_of
from .plans import PLANS, made

PLACES = ((0, "CAB"), (1, "ACB"), (2, "ABC"), (99, "ABC"))
"""A position that C is moved to, and how A, B and C stand then."""


def of_a_space(client: Client) -> tuple[str, str]:
    """Return a new space's id, and the path of its plan."""
    space_id = str(client.space()["id"])
    return space_id, f"{PLANS}/{made(client, space_id)['id']}"


def order(client: Client, space_id: str) -> list[tuple[str, str]]:
    """Return the titles of the milestones of a space's plan in their order, each with those of its actions."""
    milestones: list[dict[str, Any]] = Control(client).plan(space_id)["milestones"]
    return [(one["title"], "".join(action["title"] for action in one["actions"])) for one in milestones]


@check("AROUND-MAP-POSITION", writes=True, always={"place": PLACES})
def a_milestone_stands_where_it_is_put(client: Client, place: tuple[int, str]) -> None:
    """AROUND-MAP-POSITION: counted from 0; beyond the end is the end; what is new stands last."""
    position, expected = place
    space_id, plan = of_a_space(client)
    milestones = {title: milestone_of(client, plan, title) for title in "ABC"}
    expect.equal([title for title, _ in order(client, space_id)], list("ABC"), "the milestones as they were made")
    expect.answered(client.owner.patch(milestones["C"], {"position": position}), 200)
    expect.equal([title for title, _ in order(client, space_id)], list(expected), "the milestones afterwards")


@check("AROUND-MAP-POSITION", writes=True, always={"place": PLACES})
def an_action_stands_where_it_is_put(client: Client, place: tuple[int, str]) -> None:
    """AROUND-MAP-POSITION: within its milestone."""
    position, expected = place
    space_id, plan = of_a_space(client)
    milestone = milestone_of(client, plan)
    actions = {title: action_of(client, milestone, title=title)["path"] for title in "ABC"}
    expect.equal(order(client, space_id), [("Kick-off", "ABC")], "the actions as they were made")
    expect.answered(client.owner.patch(actions["C"], {"position": position}), 200)
    expect.equal(order(client, space_id), [("Kick-off", expected)], "the actions afterwards")


@check("AROUND-MAP-POSITION", writes=True, always={"place": ((None, "ABX"), (0, "XAB"), (1, "AXB"), (99, "ABX"))})
def an_action_that_is_moved_stands_last_unless_it_is_put_elsewhere(client: Client, place: tuple[Any, str]) -> None:
    """AROUND-MAP-POSITION: in another milestone of the plan; an unknown one is refused, and moves nothing."""
    position, expected = place
    space_id, plan = of_a_space(client)
    first, second = (milestone_of(client, plan, title) for title in ("First", "Second"))
    moved = action_of(client, first, title="X")
    for title in "AB":
        action_of(client, second, title=title)
    expect.refused(client.owner.patch(moved["path"], {"milestoneId": NO_ID}), 400)
    expect.equal(order(client, space_id), [("First", "X"), ("Second", "AB")], "the actions after a refused move")
    sent = {"milestoneId": second.rpartition("/")[2]} | ({} if position is None else {"position": position})
    expect.answered(client.owner.patch(moved["path"], sent), 200)
    expect.equal(order(client, space_id), [("First", ""), ("Second", expected)], "the actions afterwards")
