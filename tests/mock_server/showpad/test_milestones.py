"""Milestones of a plan, their actions and assignees, as the control API reads them back (AROUND-MAP)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from showpad_mock.showpad.domain import plan as kept
from showpad_mock.showpad.domain.space import SPACES
from showpad_mock.state.unit import Unit

from ...harness.api import Api, assert_problem, rules_of

PLANS = "/mutual-action-plan"
DUE = "2027-01-02T03:04:05.006Z"


class Plan:
    """The plan of a space, written to by its owner."""

    def __init__(self, api: Api, **more: Any) -> None:
        self.api = api
        self.space_id = api.create_space()["id"]
        answer = api.post(PLANS, {"contextType": "SHARED-SPACE", "contextId": self.space_id, **more})
        assert answer.status_code == 201, answer.text
        self.path = f"{PLANS}/{answer.json()['id']}"

    def milestone(self, title: str) -> str:
        """Make a milestone; return its path."""
        return f"{self.path}/milestones/{self._made(f'{self.path}/milestones', {'title': title})['id']}"

    def action(self, milestone: str, title: str, **more: Any) -> str:
        return f"{milestone}/actions/{self._made(f'{milestone}/actions', {'title': title, **more})['id']}"

    def _made(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = self.api.post(path, body, as_="seller")
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def shown(self) -> list[dict[str, Any]]:
        milestones: list[dict[str, Any]] = self.api.tenant.plan(self.space_id)["milestones"]
        return milestones

    def titles(self) -> list[tuple[str, list[str]]]:
        return [(one["title"], [action["title"] for action in one["actions"]]) for one in self.shown()]


@pytest.fixture
def plan(api: Api) -> Plan:
    return Plan(api)


@pytest.mark.rule("AROUND-MAP", "AROUND-MAP-POSITION")
def test_milestones_and_actions_stand_in_the_order_of_their_making(plan: Plan) -> None:
    first, _ = plan.milestone("Kick-off"), plan.milestone("Contract")
    plan.action(first, "Meet")
    plan.action(first, "Agree")
    assert plan.titles() == [("Kick-off", ["Meet", "Agree"]), ("Contract", [])]


@pytest.mark.rule("AROUND-MAP")
def test_what_is_made_is_answered_as_it_is_kept(api: Api, plan: Plan) -> None:
    answer = api.post(f"{plan.path}/milestones", {"title": "Kick-off"})
    milestone = {name: answer.json()[name] for name in ("id", "title", "createdAt", "updatedAt")}
    assert answer.json() == milestone
    action = api.post(f"{plan.path}/milestones/{milestone['id']}/actions", {"title": "Meet", "dueAt": DUE}).json()
    assert (action["dueAt"], action["status"]) == (DUE, "NOT_COMPLETED")
    assert plan.shown() == [{**milestone, "actions": [{**action, "assignees": []}]}]


@pytest.mark.rule("AROUND-MAP")
def test_a_milestone_is_renamed(api: Api, plan: Plan) -> None:
    path = plan.milestone("Kick-of")
    plan.action(path, "Meet")
    answer = api.patch(path, {"title": "Kick-off"})
    assert (answer.status_code, answer.json()["title"]) == (200, "Kick-off")
    assert plan.titles() == [("Kick-off", ["Meet"])]


@pytest.mark.rule("AROUND-MAP")
def test_whatever_is_done_to_a_step_says_by_which_rule(api: Api, plan: Plan) -> None:
    buyer = api.tenant.add_participant(plan.space_id, email="ann@example.org")["id"]
    answers = [made := api.post(f"{plan.path}/milestones", {"title": "Kick-off"})]
    milestone = f"{plan.path}/milestones/{made.json()['id']}"
    answers.append(made := api.post(f"{milestone}/actions", {"title": "Meet"}))
    action = f"{milestone}/actions/{made.json()['id']}"
    answers.append(made := api.post(f"{action}/assignees", {"participantId": buyer}))
    answers += [api.patch(milestone, {"title": "Start"}), api.patch(action, {"title": "Agree"})]
    answers += [api.delete(path) for path in (f"{action}/assignees/{made.json()['id']}", action, milestone)]
    assert [one.status_code for one in answers] == [201, 201, 201, 200, 200, 204, 204, 204]
    assert [rules_of(one) for one in answers] == [["AROUND-MAP"]] * 8


@pytest.mark.rule("AROUND-MAP-POSITION")
@pytest.mark.parametrize(("position", "order"), [(0, "BAC"), (1, "ABC"), (2, "ACB"), (9, "ACB")])
def test_a_milestone_moves_to_its_position(api: Api, plan: Plan, position: int, order: str) -> None:
    paths = [plan.milestone(title) for title in "ABC"]
    assert api.patch(paths[1], {"position": position}).status_code == 200
    assert "".join(title for title, _ in plan.titles()) == order


@pytest.mark.rule("AROUND-MAP-POSITION")
@pytest.mark.parametrize(
    ("body", "titles"),
    [
        ({"position": 0}, ("BA", "CD")),
        ({"milestoneId": "other"}, ("A", "CDB")),
        ({"milestoneId": "other", "position": 1}, ("A", "CBD")),
        ({"milestoneId": "own"}, ("AB", "CD")),
    ],
)
def test_an_action_moves_within_and_between_milestones(
    api: Api, plan: Plan, body: dict[str, Any], titles: tuple[str, str]
) -> None:
    own, other = plan.milestone("own"), plan.milestone("other")
    paths = [plan.action(own, title) for title in "AB"]
    for title in "CD":
        plan.action(other, title)
    ids = {"own": own.rpartition("/")[2], "other": other.rpartition("/")[2]}
    sent = {name: ids[value] if name == "milestoneId" else value for name, value in body.items()}
    assert api.patch(paths[1], sent).status_code == 200
    assert tuple("".join(actions) for _, actions in plan.titles()) == titles


@pytest.mark.rule("AROUND-MAP", "AROUND-MAP-DUE")
def test_an_action_changes_by_what_is_sent_alone(api: Api, plan: Plan) -> None:
    api.tenant.freeze("2026-01-01T00:00:00.000Z")
    path = plan.action(plan.milestone("Kick-off"), "Meet", dueAt=DUE)
    api.tenant.freeze("2026-01-02T00:00:00.000Z")
    before = plan.shown()[0]["actions"][0]
    for sent in ({"status": "COMPLETED"}, {"title": "Agree"}, {"dueAt": None}):
        before = {**before, **sent, "updatedAt": "2026-01-02T00:00:00.000Z"}
        assert {**api.patch(path, sent).json(), "assignees": []} == before
    assert [plan.shown()[0]["actions"][0], plan.shown()[0]["updatedAt"]] == [before, "2026-01-01T00:00:00.000Z"]
    api.tenant.freeze("2026-01-03T00:00:00.000Z")
    assert api.patch(path, {"title": "Agree"}).json()["updatedAt"] == "2026-01-02T00:00:00.000Z"


@pytest.mark.rule("AROUND-MAP", "AROUND-MAP-404")
def test_what_is_deleted_goes_with_what_it_holds(api: Api, plan: Plan) -> None:
    one, other = plan.milestone("One"), plan.milestone("Other")
    gone, left = plan.action(one, "Gone"), plan.action(other, "Left")
    assert api.delete(one).status_code == 204
    assert plan.titles() == [("Other", ["Left"])]
    assert_problem(api.patch(gone, {}), 404, "AROUND-MAP-404")
    assert api.delete(left).status_code == 204
    assert plan.titles() == [("Other", [])]
    assert_problem(api.delete(left), 404, "AROUND-MAP-404")


@pytest.mark.rule("AROUND-MAP", "AROUND-MAP-GONE")
@pytest.mark.parametrize("gone", ["milestone", "plan", "space"])
def test_nothing_is_kept_of_what_a_plan_held(api: Api, plan: Plan, gone: str) -> None:
    milestone = plan.milestone("Kick-off")
    owner = api.tenant.participants(plan.space_id)[0]["id"]
    api.post(f"{plan.action(milestone, 'Meet')}/assignees", {"participantId": owner})
    kept = ("milestones", "actions", "assignees")
    assert [len(records(api)[name]) for name in kept] == [1, 1, 1]
    paths = {"milestone": milestone, "plan": plan.path, "space": f"/shared-spaces/{plan.space_id}"}
    assert api.delete(paths[gone]).status_code == 204
    assert [records(api)[name] for name in kept] == [[], [], []]


def records(api: Api) -> dict[str, list[Any]]:
    kept: dict[str, list[Any]] = json.loads(api.tenant.take())["tenant"]["records"]
    return kept


@pytest.mark.rule("AROUND-MAP", "AROUND-MAP-ASSIGNEES")
def test_an_action_is_given_to_participants_once_each(api: Api, plan: Plan) -> None:
    path = plan.action(plan.milestone("Kick-off"), "Meet")
    buyer = api.tenant.add_participant(plan.space_id, email="ann@example.org")["id"]
    answer = api.post(f"{path}/assignees", {"participantId": buyer})
    assert (answer.status_code, answer.json()["participantId"]) == (201, buyer)
    assert plan.shown()[0]["actions"][0]["assignees"] == [answer.json()]
    for wrong in (buyer, "nobody"):
        answer_again = api.post(f"{path}/assignees", {"participantId": wrong})
        assert_problem(answer_again, 400, "AROUND-MAP-ASSIGNEES", at="participantId")
    gone = f"{path}/assignees/{answer.json()['id']}"
    assert api.delete(gone).status_code == 204
    assert plan.shown()[0]["actions"][0]["assignees"] == []
    assert_problem(api.delete(gone), 404, "AROUND-MAP-404")


@pytest.mark.rule("AROUND-MAP-ASSIGNEES")
def test_who_leaves_the_space_is_to_do_nothing_any_more(api: Api, plan: Plan) -> None:
    path = plan.action(plan.milestone("Kick-off"), "Meet")
    buyer = api.tenant.add_participant(plan.space_id, email="ann@example.org")["id"]
    api.post(f"{path}/assignees", {"participantId": buyer})
    api.tenant.remove_participant(plan.space_id, buyer)
    assert plan.shown()[0]["actions"][0]["assignees"] == []


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> set[Any]:
    """The types of the records that are written from now on."""
    put, written = Unit.put, set()

    def note(unit: Unit, record_type: Any, one: Any) -> None:
        written.add(record_type)
        put(unit, record_type, one)

    monkeypatch.setattr(Unit, "put", note)
    return written


def test_a_plan_in_which_nothing_names_who_leaves_is_not_written_again(api: Api, plan: Plan, written: set[Any]) -> None:
    plan.action(plan.milestone("Kick-off"), "Meet")
    buyer = api.tenant.add_participant(plan.space_id, email="ann@example.org")["id"]
    written.clear()
    api.tenant.remove_participant(plan.space_id, buyer)
    assert SPACES in written
    assert written.isdisjoint(kept.RECORD_TYPES)


def test_a_change_of_an_action_writes_no_more_than_that_action(api: Api, plan: Plan, written: set[Any]) -> None:
    path = plan.action(plan.milestone("Kick-off"), "Meet")
    buyer = api.tenant.add_participant(plan.space_id, email="ann@example.org")["id"]
    written.clear()
    assert api.patch(path, {"title": "Agree"}).status_code == 200
    assert written == {kept.ACTIONS}
    assert api.post(f"{path}/assignees", {"participantId": buyer}).status_code == 201
    assert written == {kept.ACTIONS, kept.ASSIGNEES}


@pytest.mark.rule("AROUND-MAP-COPY")
def test_a_copy_has_the_steps_and_nothing_of_who_when_and_whether(api: Api, plan: Plan) -> None:
    path = plan.action(plan.milestone("Kick-off"), "Meet", dueAt=DUE)
    api.patch(path, {"status": "COMPLETED"})
    copy = Plan(api, sourceMapId=plan.path.rpartition("/")[2])
    assert copy.titles() == plan.titles()
    (milestone,), (before,) = copy.shown(), plan.shown()
    (action,) = milestone["actions"]
    assert (action["dueAt"], action["status"], action["assignees"]) == (None, "NOT_COMPLETED", [])
    assert {milestone["id"], action["id"]}.isdisjoint({before["id"], before["actions"][0]["id"]})


@pytest.mark.rule("AROUND-MAP-COPY")
def test_a_plan_out_of_sight_is_not_copied(api: Api, plan: Plan) -> None:
    body = {"contextType": "SHARED-SPACE", "contextId": api.create_space(owner="partner")["id"]}
    for source in (plan.path.rpartition("/")[2], "none"):
        answer = api.post(PLANS, {**body, "sourceMapId": source}, as_="partner")
        assert_problem(answer, 400, "AROUND-MAP-COPY", at="sourceMapId")


def faults() -> Iterator[tuple[str, str, dict[str, Any], str]]:
    for title in ({}, {"title": ""}, {"title": 7}):
        yield "POST", "/milestones", title, "title"
        yield "POST", "MILESTONE/actions", title, "title"
    yield "POST", "/milestones", {"title": "x" * 51}, "title"
    yield "PATCH", "MILESTONE", {"title": "x" * 51}, "title"
    yield "PATCH", "MILESTONE", {"position": -1}, "position"
    yield "POST", "MILESTONE/actions", {"title": "x" * 501}, "title"
    yield "POST", "MILESTONE/actions", {"title": "x", "dueAt": "tomorrow"}, "dueAt"
    yield "PATCH", "ACTION", {"title": "x" * 501}, "title"
    yield "PATCH", "ACTION", {"status": "DONE"}, "status"
    yield "PATCH", "ACTION", {"position": 0.5}, "position"
    yield "PATCH", "ACTION", {"milestoneId": "none"}, "milestoneId"
    yield "POST", "ACTION/assignees", {}, "participantId"


@pytest.mark.rule("AROUND-MAP", "AROUND-MAP-POSITION")
@pytest.mark.parametrize(("method", "below", "body", "at"), list(faults()))
def test_what_is_beyond_the_limits_is_refused(  # one place, many faults
    api: Api, plan: Plan, method: str, below: str, body: dict[str, Any], at: str
) -> None:
    milestone = plan.milestone("Kick-off")
    action = plan.action(milestone, "Meet")
    before = plan.shown()
    path = below.replace("MILESTONE", milestone).replace("ACTION", action)
    answer = api.request(method, path if path.startswith(PLANS) else plan.path + path, body)
    assert_problem(answer, 400, at=at)
    assert plan.shown() == before


@pytest.mark.rule("AROUND-MAP")
@pytest.mark.parametrize("length", [1, 50])
def test_a_title_of_the_longest_is_taken(plan: Plan, length: int) -> None:
    plan.action(plan.milestone("x" * length), "x" * length * 10)
    assert plan.titles() == [("x" * length, ["x" * length * 10])]


def test_a_plan_is_kept_within_limits(api: Api, plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("showpad_mock.showpad.domain.milestones.MOST_MILESTONES", 1)
    monkeypatch.setattr("showpad_mock.showpad.domain.milestones.MOST_ACTIONS", 1)
    monkeypatch.setattr("showpad_mock.showpad.domain.milestones.MOST_ASSIGNEES", 1)
    milestone = plan.milestone("Kick-off")
    action = plan.action(milestone, "Meet")
    one, other = [api.tenant.add_participant(plan.space_id, email=f"{name}@example.org")["id"] for name in "ab"]
    assert api.post(f"{action}/assignees", {"participantId": one}).status_code == 201
    assert_problem(api.post(f"{action}/assignees", {"participantId": other}), 503, detail="1 assignees")
    assert_problem(api.post(f"{plan.path}/milestones", {"title": "x"}), 503, detail="1 milestones")
    assert_problem(api.post(f"{milestone}/actions", {"title": "x"}), 503, detail="1 actions")
    assert kept.MOST_MILESTONES == 50
