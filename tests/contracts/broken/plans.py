"""Servers that break rules of mutual action plans, their milestones, actions and assignees."""

from __future__ import annotations

from typing import Any

from showpad_contracts.showpad.operations import NO_ID

from .acting import as_somebody, recoded, taken, told
from .tampering import Make, answering, asking, refusing, with_status
from .wrapping import App, Ask, Broken, Seen, Wrong

PLANS = "/mutual-action-plan"
PLAN = f"{PLANS}/[^/]+"
SELF = f"{PLAN}/participants/self"
SETTINGS = f"{SELF}/settings"
MILESTONES = f"{PLAN}/milestones"
MILESTONE = f"{MILESTONES}/[^/]+"
ACTION = f"{MILESTONE}/actions/[^/]+"
RULE = "AROUND-MAP"


def undone(method: str, path: str) -> Make:
    """A deletion is answered, and nothing is deleted."""

    def make(right: App) -> App:
        class Undone(Wrong):
            async def before(self, seen: Seen, ask: Ask) -> None:
                if seen.is_(method, path):
                    seen.status = 204

        return Undone(right)

    return make


def cut(method: str, path: str, most: int) -> Make:
    """A title that is too long is cut, not refused."""
    return taken(method, path, lambda sent: sent.update(title=str(sent.get("title"))[:most]))


def filled(method: str, path: str, name: str, *, value: Any) -> Make:
    """What is not sent has a value all the same."""

    def fill(seen: Seen) -> None:
        if isinstance(seen.body, dict):
            seen.body = {name: value, **seen.body}

    return asking(method, path, fill)


def untitled(seen: Seen) -> None:
    for one in seen.answer["items"]:
        del one["context"]["title"]


def not_status(seen: Seen) -> None:
    if isinstance(seen.body, dict) and seen.body.get("status") == "NOT_COMPLETED":
        seen.body = {name: value for name, value in seen.body.items() if name != "status"}


def from_1(sent: dict[str, Any]) -> None:
    if sent.get("position"):
        sent["position"] -= 1


def first_of_another(sent: dict[str, Any]) -> None:
    if "milestoneId" in sent:
        sent.setdefault("position", 0)


def not_to_nowhere(sent: dict[str, Any]) -> None:
    if sent.get("milestoneId") == NO_ID:
        del sent["milestoneId"]


BROKEN = (
    Broken(RULE, "a plan is listed without the title of its space", answering("GET", PLANS, untitled)),
    Broken(RULE, "a plan is made with 200", answering("POST", PLANS, with_status(200))),
    Broken(RULE, "a deleted plan stays", undone("DELETE", PLAN)),
    Broken(
        RULE, "a plan of no context type is one of a space", filled("POST", PLANS, "contextType", value="SHARED-SPACE")
    ),
    Broken(RULE, "a participant has no status", told("GET", SELF, lambda one: one.pop("status"))),
    Broken(
        RULE,
        "settings stay as they are",
        asking("PATCH", SETTINGS, lambda seen: setattr(seen, "method", "GET") if seen.body else None),
    ),
    Broken(
        RULE, "an update of no setting is taken", filled("PATCH", SETTINGS, "assignedActionNotifications", value=True)
    ),
    Broken(RULE, "a milestone's title is cut to 50 characters", cut("POST", MILESTONES, 50)),
    Broken(
        RULE,
        "a milestone's title has 49 characters at most",
        refusing(
            "POST", MILESTONES, lambda seen: isinstance(seen.body, dict) and len(str(seen.body.get("title"))) > 49
        ),
    ),
    Broken(RULE, "a milestone cannot be renamed", taken("PATCH", MILESTONE, lambda sent: sent.pop("title", None))),
    Broken(RULE, "a deleted milestone stays", undone("DELETE", MILESTONE)),
    Broken(RULE, "an action's title is cut to 500 characters", cut("POST", f"{MILESTONE}/actions", 500)),
    Broken(
        RULE, "an action loses its time", taken("POST", f"{MILESTONE}/actions", lambda sent: sent.pop("dueAt", None))
    ),
    Broken(RULE, "a completed action stays so", asking("PATCH", ACTION, not_status)),
    Broken(RULE, "an action has no status", told("PATCH", ACTION, lambda action: action.pop("status"))),
    Broken(RULE, "a deleted action stays", undone("DELETE", ACTION)),
    Broken(
        RULE,
        "an assignee is told by another member",
        told("POST", f"{ACTION}/assignees", lambda one: one.update(assignee=one.pop("participantId"))),
    ),
    Broken(RULE, "an assignee stays", undone("DELETE", f"{ACTION}/assignees/[^/]+")),
    Broken(f"{RULE}-WHO", "a stranger is told 403 of a plan", recoded("DELETE", PLAN, 404, 403)),
    Broken(f"{RULE}-WHO", "whoever asks may add a milestone", as_somebody("admin", "POST", MILESTONES)),
    Broken(f"{RULE}-ONE", "a second plan is 404", recoded("POST", PLANS, 400, 404)),
    Broken(f"{RULE}-404", "an unknown milestone is 400", recoded("PATCH", MILESTONE, 404, 400)),
    Broken(f"{RULE}-ASSIGNEES", "an action for nobody is 404", recoded("POST", f"{ACTION}/assignees", 400, 404)),
    Broken(
        f"{RULE}-DUE",
        "null leaves an action its time",
        taken("PATCH", ACTION, lambda sent: sent.pop("dueAt") if sent.get("dueAt", "") is None else None),
    ),
    Broken(f"{RULE}-POSITION", "milestones are counted from 1", taken("PATCH", MILESTONE, from_1)),
    Broken(f"{RULE}-POSITION", "actions are counted from 1", taken("PATCH", ACTION, from_1)),
    Broken(f"{RULE}-POSITION", "an action that is moved stands first", taken("PATCH", ACTION, first_of_another)),
    Broken(f"{RULE}-POSITION", "an action that is moved to nowhere stays", taken("PATCH", ACTION, not_to_nowhere)),
)
