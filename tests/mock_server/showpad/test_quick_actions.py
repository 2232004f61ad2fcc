"""Quick actions of a space, and the extensions that they open (AROUND-QUICK-ACTIONS, AROUND-EXTENSIONS)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ...harness.api import Api, assert_problem, rules_of

RULE = "AROUND-QUICK-ACTIONS"
SCHEDULER, CALCULATOR = "01HZX3M5Q8V4T6B2K9N7R1C0DE", "01J2B7W0F5X8Y3G6H9JKMNPQRS"
EXTENSIONS = "/apps/v1/shared-space-extensions"
BODY: dict[str, Any] = {"title": "Book", "url": "https://example.org/book", "sharedSpaceExtensionId": SCHEDULER}


@pytest.fixture
def path(api: Api) -> str:
    """The quick actions of a space of the seller's."""
    return f"/shared-spaces/{api.create_space()['id']}/quick-actions"


def made(api: Api, path: str, **fields: Any) -> dict[str, Any]:
    answer = api.post(path, {**BODY, **fields})
    assert answer.status_code == 201, answer.text
    action: dict[str, Any] = answer.json()
    return action


@pytest.mark.rule("AROUND-QUICK-ACTIONS", "AROUND-QUICK-ACTIONS-CODES")
def test_what_is_created_is_shown_with_its_extension(api: Api, path: str) -> None:
    action = made(api, path)
    extension = api.get_at(EXTENSIONS).json()["items"][0]
    shown = {"title": "Book", "url": BODY["url"], "isInternal": False, "sharedSpaceExtension": extension}
    assert action == {"id": action["id"], **shown}
    assert api.get(f"{path}/{action['id']}").json() == action


@pytest.mark.rule("AROUND-QUICK-ACTIONS")
def test_whatever_is_done_to_an_action_says_by_which_rule(api: Api, path: str) -> None:
    answers = [created := api.post(path, BODY), api.get(path)]
    action = f"{path}/{created.json()['id']}"
    answers += [api.get(action), api.patch(action, {"title": "Reserve"}), api.delete(action)]
    assert [rules_of(one) for one in answers] == [["AROUND-QUICK-ACTIONS"]] * 5


@pytest.mark.rule("AROUND-QUICK-ACTIONS-CODES", "CONV-PAGE")
def test_actions_are_listed_in_pages_oldest_first(api: Api, path: str) -> None:
    actions = []
    for second in range(3):
        api.tenant.freeze(f"2026-01-01T00:00:0{second}.000Z")
        actions.append(made(api, path))
    assert api.get(path).json() == {"count": 3, "items": actions}
    assert api.get(path, params={"limit": 1, "offset": 1}).json() == {"count": 3, "items": actions[1:2]}


@pytest.mark.rule("AROUND-QUICK-ACTIONS", "AROUND-QUICK-ACTIONS-FORM")
def test_an_update_changes_what_is_sent_alone(api: Api, path: str) -> None:
    action = made(api, path)
    changed = api.patch(f"{path}/{action['id']}", {"isInternal": True, "sharedSpaceExtensionId": CALCULATOR}).json()
    assert changed["sharedSpaceExtension"]["id"] == CALCULATOR
    assert changed == {**action, "isInternal": True, "sharedSpaceExtension": changed["sharedSpaceExtension"]}
    assert api.patch(f"{path}/{action['id']}", {}).json() == changed == api.get(f"{path}/{action['id']}").json()


@pytest.mark.rule("AROUND-QUICK-ACTIONS-CODES", "AROUND-QUICK-ACTIONS-404")
def test_a_deleted_action_is_gone(api: Api, path: str) -> None:
    one, other = made(api, path), made(api, path)
    answer = api.delete(f"{path}/{one['id']}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert api.get(path).json()["items"] == [other]
    for method in ("GET", "PATCH", "DELETE"):
        assert_problem(api.request(method, f"{path}/{one['id']}"), 404, f"{RULE}-404")


@pytest.mark.rule("AROUND-QUICK-ACTIONS")
@pytest.mark.parametrize("name", BODY)
def test_a_create_needs_title_url_and_extension(api: Api, path: str, name: str) -> None:
    body = {key: value for key, value in BODY.items() if key != name}
    assert_problem(api.post(path, body), 400, RULE, at=name)


FAULTS = [
    ("title", ""),
    ("title", "x" * 256),
    ("url", "javascript:alert(1)"),
    ("url", "https://"),
    ("url", "https://a b"),
    ("url", "https://a/" + "x" * 2048),
    ("sharedSpaceExtensionId", "none"),
]


@pytest.mark.rule("AROUND-QUICK-ACTIONS-FORM")
@pytest.mark.parametrize(("name", "value"), FAULTS)
def test_what_is_no_title_url_or_extension_is_refused(api: Api, path: str, name: str, value: str) -> None:
    action = made(api, path)
    assert_problem(api.post(path, {**BODY, name: value}), 400, f"{RULE}-FORM", at=name)
    changed = {name: value, "of no meaning": "x"}
    assert_problem(api.patch(f"{path}/{action['id']}", changed), 400, f"{RULE}-FORM", at=name)
    assert api.get(path).json() == {"count": 1, "items": [action]}


@pytest.mark.rule("AROUND-QUICK-ACTIONS-403", "CONV-ORDER")
def test_who_takes_part_may_change_and_nobody_else(api: Api, path: str) -> None:
    action = made(api, path)
    one = f"{path}/{action['id']}"
    for method, where in (("POST", path), ("PATCH", one), ("DELETE", one)):
        # The manager sees the space, through the seller.
        for stranger in ("manager", "outsider"):
            assert_problem(api.request(method, where, {"title": 7}, as_=stranger), 403, f"{RULE}-403")
    assert api.get(path, as_="manager").json()["items"] == [action]
    assert api.patch(one, {"title": "Mine"}, as_="seller", oauth=True).json()["title"] == "Mine"


@pytest.mark.rule("AROUND-QUICK-ACTIONS-404", "CONV-HIDE")
def test_a_space_out_of_sight_is_not_found(api: Api, path: str) -> None:
    action = made(api, path)
    assert_problem(api.get(path, as_="outsider"), 404, "CONV-HIDE")
    assert_problem(api.get(f"{path}/{action['id']}", as_="outsider"), 404, "CONV-HIDE")
    assert_problem(api.get("/shared-spaces/none/quick-actions"), 404, f"{RULE}-404")


@pytest.mark.rule("AROUND-QUICK-ACTIONS-404", "CONV-ORDER")
def test_an_action_of_another_space_is_not_found(api: Api, path: str) -> None:
    action = made(api, path)
    elsewhere = f"/shared-spaces/{api.create_space()['id']}/quick-actions/{action['id']}"
    for method in ("GET", "PATCH", "DELETE"):
        assert_problem(api.request(method, elsewhere, {"title": 7}, as_="seller"), 404, f"{RULE}-404")


@pytest.mark.rule("CONV-PLAN-403")
def test_without_shared_spaces_there_are_no_quick_actions(api: Api, path: str) -> None:
    api.tenant.switch("sharedSpaces", on=False)
    assert_problem(api.get(path), 403, "CONV-PLAN-403")


@pytest.mark.rule("DELETE-GONE")
def test_nothing_of_a_deleted_space_is_kept(api: Api, path: str) -> None:
    made(api, path)
    assert api.delete(path.removesuffix("/quick-actions")).status_code == 204
    kept = json.loads(api.tenant.take())["tenant"]["records"]["quickactions"]
    assert len(kept) == 2  # the demo's


@pytest.mark.rule("AROUND-EXTENSIONS", "CONV-PAGE")
def test_every_user_lists_the_extensions(api: Api) -> None:
    answer = api.get_at(EXTENSIONS, as_="outsider")
    assert rules_of(answer) == ["AROUND-EXTENSIONS"]
    assert [one["id"] for one in answer.json()["items"]] == [SCHEDULER, CALCULATOR]
    assert api.get_at(f"{EXTENSIONS}?limit=1&offset=1").json() == {"count": 2, "items": answer.json()["items"][1:]}
    assert_problem(api.get_at(f"{EXTENSIONS}?limit=0"), 400, "AROUND-EXTENSIONS", at="limit")


def test_the_seeds_actions_stand_in_their_order(api: Api) -> None:
    items = api.get("/shared-spaces/84754b7a2a9626746528b7dd5ad2de7e/quick-actions").json()["items"]
    assert [(one["title"], one["isInternal"]) for one in items] == [("Book a review", False), ("Forecast", True)]
