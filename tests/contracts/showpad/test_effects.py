"""What succeeds must have changed what it says: at once, to stay, for everybody, in every list, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from showpad_contracts.core.events import AssumptionRefuted, RuleBroken, RuleHeld
from showpad_contracts.running.runner import PROFILES, Plan, run
from showpad_contracts.showpad.catalogue import CATALOGUE
from showpad_contracts.showpad.checks import effects, lasting
from showpad_contracts.showpad.stateful.story import Story
from showpad_contracts.showpad.stateful.views import all_views

from ...harness.in_process import driving, fresh_mock
from ..broken.acting import BUSY, SPACE, SPACES, TARGET, TRANSFER, actor, as_admin_asks
from ..broken.tampering import answer_problem, query
from ..broken.wrapping import App, Ask, Seen, Wrong


def outcomes(app: Any, *names: str, profile: str = "quick") -> dict[str, str]:
    """Run the stories, or some of them, and return rule -> verdict."""
    checks = [
        check
        for check in (*effects.EFFECTS, *lasting.LASTING)
        if not names or check.name.partition("_shows")[0] in names
    ]
    plan = Plan(checks=checks, catalogue=CATALOGUE, profile=PROFILES[profile], allow_writes=True, allow_shares=True)
    with driving(app) as client:
        ended = list(run(plan, client))
    return {one.rule.id: one.verdict for one in ended if isinstance(one, RuleHeld | RuleBroken | AssumptionRefuted)}


def test_the_right_mock_shows_every_change() -> None:
    assert set(outcomes(fresh_mock()).values()) == {"held"}


def test_every_view_of_the_right_mock_is_looked_at() -> None:
    with driving(fresh_mock()) as client:
        story = Story(client, "PATCH-OK")
        story.begin(1)
        assert story.views == list(all_views(story))


class OneBehind(Wrong):
    """Shows each space as it was when it was last read, if it was changed since."""

    def __init__(self, right: App) -> None:
        super().__init__(right)
        self.seen: dict[str, Any] = {}

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("GET", SPACE) and seen.status == 200:
            seen.answer, self.seen[seen.path] = self.seen.get(seen.path, seen.answer), seen.answer


def listed_late(narrowed: str) -> type[Wrong]:
    """A list that is asked in this way shows what it showed first."""

    class Late(Wrong):
        def __init__(self, right: App) -> None:
            super().__init__(right)
            self.shown: dict[str, Any] = {}

        async def after(self, seen: Seen, ask: Ask) -> None:
            for space in seen.answer["items"] if seen.is_("GET", SPACES) and narrowed in seen.query else ():
                space.update(self.shown.setdefault(space["id"], dict(space)))

    return Late


class BackAtTheNextWrite(Wrong):
    """Forgets a deletion when something else is written."""

    def __init__(self, right: App) -> None:
        super().__init__(right)
        self.deleted: dict[str, Any] = {}
        self.back: dict[str, Any] = {}

    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("DELETE", SPACE):
            _, self.deleted[seen.path] = await as_admin_asks(seen, ask, "GET", seen.path)
        elif seen.method in BUSY:
            self.back |= self.deleted

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("GET", SPACE) and seen.path in self.back:
            seen.status, seen.answer = 200, self.back[seen.path]


class TheOtherToo(Wrong):
    """Hands over with a space the one that was created after it."""

    def __init__(self, right: App) -> None:
        super().__init__(right)
        self.created: list[str] = []

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", SPACES) and seen.status == 201:
            self.created.append(seen.answer["id"])
        if seen.is_("POST", TRANSFER) and seen.status == 204:
            place = self.created.index(seen.path.split("/")[2]) + 1
            await as_admin_asks(seen, ask, "POST", f"{SPACES}/{self.created[place]}/transfer-ownership", seen.body)


def lost_after(method: str, path: str) -> type[Wrong]:
    """Takes an update back as soon as this is done to another space."""

    class Lost(Wrong):
        def __init__(self, right: App) -> None:
            super().__init__(right)
            self.before_it: dict[str, Any] = {}

        async def before(self, seen: Seen, ask: Ask) -> None:
            if seen.is_("PATCH", SPACE):
                _, space = await as_admin_asks(seen, ask, "GET", seen.path)
                self.before_it[seen.path] = {"title": space["title"]}

        async def after(self, seen: Seen, ask: Ask) -> None:
            if seen.is_(method, path) and seen.status < 300:
                for updated in [one for one in self.before_it if one not in seen.path]:
                    await as_admin_asks(seen, ask, "PATCH", updated, self.before_it.pop(updated))

    return Lost


@pytest.mark.parametrize(
    ("method", "path"), [("POST", SPACES), ("DELETE", SPACE), ("POST", TRANSFER), ("PATCH", SPACE)]
)
def test_a_change_that_is_lost_when_something_else_is_written_breaks_its_rule(method: str, path: str) -> None:
    assert outcomes(lost_after(method, path)(fresh_mock()), "what_update_did_outlasts_whatever_is_written_next") == {
        "PATCH-OK": "broken"
    }


@pytest.mark.parametrize(
    ("wrong", "story", "rule"),
    [
        (OneBehind, "updating", "PATCH-FIELDS"),
        (OneBehind, "archiving", "PATCH-ARCHIVE"),
        (listed_late("ownerEmail"), "updating", "PATCH-OK"),
        (listed_late("sort=-createdAt"), "transferring", "TRANSFER-OK"),
        (listed_late("teamRole=OWNER"), "archiving", "PATCH-ARCHIVE"),
        (listed_late("offset=1"), "updating_one_by_one", "PATCH-FIELDS"),
        (BackAtTheNextWrite, "deleting", "DELETE-GONE"),
        (TheOtherToo, "transferring", "TRANSFER-OK"),
    ],
)
def test_a_change_that_is_not_shown_as_it_is_breaks_its_rule(wrong: type[Wrong], story: str, rule: str) -> None:
    assert outcomes(wrong(fresh_mock()), story)[rule] == "broken"


@pytest.mark.parametrize("seed", range(6))
def test_a_page_that_does_not_show_a_change_breaks_its_rule_whatever_the_ids(seed: int) -> None:
    """Ids decide which of two spaces comes first where they are alike otherwise, and so which a page holds."""
    wrong = listed_late("offset=1")(fresh_mock(seed))
    assert outcomes(wrong, "updating_one_by_one")["PATCH-FIELDS"] == "broken"


class FormerOwnersLeave(Wrong):
    """Knows nobody in a space who gave it away: an assumption is refuted, and no more."""

    def __init__(self, right: App) -> None:
        super().__init__(right)
        self.former: dict[str, str] = {}  # space -> user

    async def before(self, seen: Seen, ask: Ask) -> None:
        space_id = "".join(seen.path.split("/")[2:3])
        if seen.is_("POST", TRANSFER):
            _, space = await as_admin_asks(seen, ask, "GET", f"{SPACES}/{space_id}")
            self.former[space_id] = space["owner"]["userId"]
        if seen.is_("GET", SPACE) and self.left(seen, space_id):
            answer_problem(seen, 404)

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("GET", SPACES) and seen.status == 200:
            kept = [space for space in seen.answer["items"] if not self.hidden(seen, space)]
            seen.answer = {"items": kept, "count": seen.answer["count"] - len(seen.answer["items"]) + len(kept)}

    def left(self, seen: Seen, space_id: str) -> bool:
        return space_id in self.former and TARGET.actors[str(actor(seen))].user_id == self.former[space_id]

    def hidden(self, seen: Seen, space: Any) -> bool:
        former = self.former.get(space["id"])
        if former in (None, space["owner"]["userId"]):
            return False
        asked = query(seen)
        is_role = "PARTICIPANT" in (asked.get("userRole"), asked.get("usergroupRole"), asked.get("teamRole"))
        is_team = former == TARGET.user_id("owner") and ("managerId" in asked or actor(seen) == "manager")
        is_asked = is_role or is_team or asked.get("userId") == former or "participantEmail" in asked
        return self.left(seen, space["id"]) or is_asked


def test_a_former_owner_who_leaves_refutes_an_assumption_and_breaks_no_rule() -> None:
    assert outcomes(FormerOwnersLeave(fresh_mock()), "transferring") == {"TRANSFER-OK": "held"}


class OnlyAddresses(Wrong):
    """Takes no word for an address, `mine` neither: what lists by it breaks a rule, and no change does."""

    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("GET", SPACES) and query(seen).get("participantEmail") == "mine":
            answer_problem(seen, 400)


def test_a_filter_that_fails_for_itself_is_not_blamed_on_a_change() -> None:
    found = outcomes(OnlyAddresses(fresh_mock()), "transferring", "deleting", profile="default")
    assert "broken" not in (found.get("TRANSFER-OK"), found.get("DELETE-GONE"))
    assert found["LIST-EMAIL-MINE"] == "broken"
