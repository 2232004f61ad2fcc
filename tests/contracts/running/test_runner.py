from __future__ import annotations

import json
from contextlib import closing
from typing import Any

import httpx2
import pytest
from hypothesis import strategies as st

from showpad_contracts.core import expect
from showpad_contracts.core.check import Check, check
from showpad_contracts.core.events import AssumptionRefuted, RuleBroken, RuleSkipped, RuleUnverified, verdicts
from showpad_contracts.core.violation import Inconclusive, NotTheApi, TargetLacks, WrongValue
from showpad_contracts.running.attempt import SHRINKS_ELSEWHERE
from showpad_contracts.running.runner import PROFILES, read_replay_id, replay_id, run

from ..scripted import Scripted, end_of, events_of, outcomes_of, plan_of, scripted, well


def answering(**answer: Any) -> Any:
    return lambda _: httpx2.Response(200, json=answer)


@check("DOC-ONE")
def it_is_fine(client: Scripted) -> None:
    expect.equal(expect.member(expect.answered(client.admin.get("/a"), 200), "count"), 0, "count")


@check("ASSUMED-ONE")
def it_is_assumed(client: Scripted) -> None:
    expect.equal(expect.member(expect.answered(client.admin.get("/a"), 200), "count"), 0, "count")


@check("DOC-ONE", "DOC-TWO")
def it_bears_two(client: Scripted) -> None:
    client.admin.get("/a")
    raise WrongValue("count", expected=0, received=1, rule="DOC-TWO")


@check("DOC-ONE")
def it_needs_a_moon(client: Scripted) -> None:
    raise TargetLacks("a moon")


@check("DOC-ONE")
def it_depends(client: Scripted) -> None:
    raise Inconclusive("another was faster")


@check("DOC-ONE", writes=True)
def it_writes(client: Scripted) -> None:
    space = client.admin.post("/shared-spaces", {}).received
    client.session.keep(space["id"], "check-1")


@check("DOC-ONE", writes=True, shares=True)
def it_shares(client: Scripted) -> None:
    client.admin.post("/shares", {})


def words(*checks: Check[Scripted], **more: Any) -> list[str]:
    return [one.verdict for one in outcomes_of(events_of(*checks, **more))]


@pytest.mark.parametrize(
    ("one", "handler", "word"),
    [
        (it_is_fine, well, "held"),
        (it_is_fine, answering(count=1), "broken"),
        (it_is_assumed, well, "held"),
        (it_is_assumed, answering(count=1), "refuted assumption"),
        (it_needs_a_moon, well, "skipped"),
        (it_depends, well, "unverified"),
    ],
)
def test_a_check_ends_with_one_of_five_words(one: Check[Scripted], handler: Any, word: str) -> None:
    assert words(one, handler=handler) == [word]


def test_a_skip_names_what_the_target_lacks() -> None:
    [skipped] = outcomes_of(events_of(it_needs_a_moon))
    assert isinstance(skipped, RuleSkipped)
    assert skipped.reason == "the target does not offer a moon"


def test_a_breach_is_of_the_rule_that_the_failure_names_the_other_is_undecided() -> None:
    ended = outcomes_of(events_of(it_bears_two))
    assert {one.rule.id: one.verdict for one in ended} == {"DOC-ONE": "unverified", "DOC-TWO": "broken"}


@pytest.mark.parametrize(("one", "writes"), [(it_writes, False), (it_shares, False), (it_shares, True)])
def test_what_the_run_may_not_do_is_skipped_and_nothing_sent(one: Check[Scripted], writes: bool) -> None:  # noqa: FBT001 - a table
    events = events_of(one, allow_writes=writes)
    assert [one.verdict for one in outcomes_of(events)] == ["skipped"]
    assert end_of(events).requests == 0


def test_a_check_that_writes_without_saying_so_is_stopped_at_the_session() -> None:
    @check("DOC-ONE")
    def it_says_it_reads(client: Scripted) -> None:
        client.admin.post("/shared-spaces", {})

    events = events_of(it_says_it_reads, allow_writes=False)
    assert [one.verdict for one in outcomes_of(events)] == ["skipped"]
    assert end_of(events).requests == 0


NESTED = '{"count": ' + "[" * 900 + "]" * 900 + "}"
GARBAGE = ["<html>", "[]", '"x"', "null", "", "{", '{"count": {}}', "[" * 5000, NESTED]


@pytest.mark.parametrize("text", GARBAGE)
def test_garbage_breaks_the_rule_that_it_answers(text: str) -> None:
    assert words(it_is_fine, handler=lambda _: httpx2.Response(200, text=text)) == ["broken"]


def test_an_answer_that_the_check_stumbles_over_breaks_its_rule() -> None:
    @check("DOC-ONE")
    def it_trusts(client: Scripted) -> None:
        assert client.admin.get("/a").received["items"][0]["id"]

    assert words(it_trusts) == ["broken"]


def test_a_check_that_fails_by_itself_is_an_error_of_the_kit() -> None:
    @check("DOC-ONE")
    def it_is_wrong(client: Scripted) -> None:
        raise KeyError("x")

    with pytest.raises(KeyError):
        events_of(it_is_wrong)


# Properties


@check("DOC-ONE", given={"numbers": st.lists(st.integers(0, 1000), max_size=20)})
def no_number_is_large(client: Scripted, numbers: list[int]) -> None:
    exchange = client.admin.post("/a", {"numbers": numbers})
    expect.status(exchange, 200)


def refuses_large(request: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(400 if any(one > 100 for one in json.loads(request.content)["numbers"]) else 200, json={})


def breach_of(events: Any) -> Any:
    [broken] = [one for one in outcomes_of(events) if isinstance(one, RuleBroken | AssumptionRefuted)]
    return broken.violation


def test_what_is_told_is_the_shortest_that_breaks_the_rule() -> None:
    breach = breach_of(events_of(no_number_is_large, handler=refuses_large))
    assert [one.sent for one in breach.exchanges] == [{"numbers": [101]}]
    assert breach.expected == "200"
    assert breach.received == "400"


def drawn(seed: int, profile: str = "default") -> list[bytes]:
    got: list[bytes] = []

    def note(request: httpx2.Request) -> httpx2.Response:
        got.append(request.content)
        return httpx2.Response(200, json={})

    events_of(it_is_fine, no_number_is_large, handler=note, seed=seed, profile=PROFILES[profile])
    return got


def test_the_same_seed_draws_the_same_another_something_else() -> None:
    assert drawn(7) == drawn(7)
    assert drawn(7) != drawn(8)


def test_a_check_draws_the_same_alone() -> None:
    alone: list[bytes] = []

    def note(request: httpx2.Request) -> httpx2.Response:
        alone.append(request.content)
        return httpx2.Response(200, json={})

    events_of(no_number_is_large, handler=note, seed=7)
    assert alone == drawn(7)[1:]


def test_a_profile_says_how_many_examples_there_are() -> None:
    assert len(drawn(1, "quick")) - 1 == PROFILES["quick"].examples
    assert len(drawn(1, "deep")) - 1 == PROFILES["deep"].examples


@pytest.mark.parametrize(("seed", "profile"), [(0, "default"), (-3, "deep"), (9, "quick")])
def test_a_replay_id_says_check_seed_and_profile(seed: int, profile: str) -> None:
    told = replay_id(it_is_fine, seed, profile)
    assert read_replay_id(told) == ("it_is_fine", seed, PROFILES[profile])


@pytest.mark.parametrize("text", ["", "x", "x@", "x@y", "x@0:slow"])
def test_what_is_no_replay_id_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no replay id"):
        read_replay_id(text)


def test_a_target_that_breaks_a_rule_only_once_has_broken_it() -> None:
    statuses = iter([200, 200, 500])
    events = events_of(no_number_is_large, handler=lambda _: httpx2.Response(next(statuses, 200), json={}))
    assert [one.verdict for one in outcomes_of(events)] == ["broken"]
    assert breach_of(events).exchanges[-1].status == 500


def refuses_large_sums(request: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(400 if sum(json.loads(request.content)["numbers"]) > 2345 else 200, json={})


def test_on_somebody_elses_tenant_the_search_for_a_shorter_breach_is_bounded() -> None:
    own, others = (
        end_of(events_of(no_number_is_large, handler=refuses_large_sums, is_own=is_own, profile=PROFILES["deep"]))
        for is_own in (True, False)
    )
    assert own.requests > others.requests
    assert others.requests <= PROFILES["deep"].examples + SHRINKS_ELSEWHERE


# What is always tried


def tried(one: Check[Scripted], **more: Any) -> list[Any]:
    got: list[Any] = []

    def note(request: httpx2.Request) -> httpx2.Response:
        got.append(json.loads(request.content))
        return httpx2.Response(200, json={})

    events_of(one, handler=note, **more)
    return got


@check("DOC-ONE", given={"number": st.integers(1000, 9000)}, always={"number": (1, 2, 3)})
def some_numbers_are_always_tried(client: Scripted, number: int) -> None:
    expect.status(client.admin.post("/a", number), 200)


@check("DOC-ONE", always={"one": (1, 2, 3), "other": ("a", "b")})
def each_value_is_tried(client: Scripted, one: int, other: str) -> None:
    expect.status(client.admin.post("/a", [one, other]), 200)


@pytest.mark.parametrize("seed", [0, 1])
def test_what_is_always_tried_comes_first_and_what_is_drawn_on_top(seed: int) -> None:
    got = tried(some_numbers_are_always_tried, seed=seed, profile=PROFILES["quick"])
    assert got[:3] == [1, 2, 3]
    assert len(got) == 3 + PROFILES["quick"].examples
    assert all(one >= 1000 for one in got[3:])


def test_of_several_parameters_each_value_is_tried_once() -> None:
    assert tried(each_value_is_tried) == [[1, "a"], [2, "b"], [3, "a"]]


def test_what_is_always_tried_has_the_parameters_that_are_drawn() -> None:
    with pytest.raises(ValueError, match=r"always gives \['other'\], what is drawn is \['one'\]"):

        @check("DOC-ONE", given={"one": st.integers()}, always={"other": [1]})
        def it_is_muddled(client: Scripted, one: int) -> None:
            client.admin.get("/a")


def lacking(*numbers: int) -> Check[Scripted]:
    @check("DOC-ONE", always={"number": (1, 2)})
    def it_needs_some(client: Scripted, number: int) -> None:
        if number in numbers:
            raise TargetLacks("a moon")
        expect.status(client.admin.get("/a"), 404)

    return it_needs_some


@pytest.mark.parametrize(("one", "word"), [(lacking(1), "broken"), (lacking(1, 2), "skipped")])
def test_what_a_target_lacks_for_one_example_keeps_no_other_from_being_tried(one: Check[Scripted], word: str) -> None:
    assert words(one) == [word]


# How a run ends


def created(request: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(201, json={"id": "7"})


def test_what_a_check_created_is_deleted_when_it_is_over() -> None:
    with scripted(created) as client:
        for event in run(plan_of(it_writes, it_depends), client):
            if getattr(event, "check", None) == "it_depends":
                assert client.deleted == ["7"]


@pytest.mark.parametrize("ending", [NotTheApi("the target is gone"), KeyboardInterrupt()])
def test_a_run_that_cannot_go_on_deletes_tells_why_and_names_what_it_did_not_reach(ending: BaseException) -> None:
    @check("DOC-TWO", writes=True)
    def it_ends(client: Scripted) -> None:
        it_writes.run(client)
        raise ending

    with scripted(created) as client:
        events = list(run(plan_of(it_is_assumed, it_ends, it_is_fine), client))
    assert client.deleted == ["7"]
    assert end_of(events).stopped == (str(ending) or "interrupted")
    unreached = [one for one in outcomes_of(events) if isinstance(one, RuleSkipped) and one.unreached]
    assert [one.rule.id for one in unreached] == ["DOC-TWO", "DOC-ONE"]


def test_who_stops_listening_leaves_nothing_either() -> None:
    with scripted(created) as client:
        with closing(run(plan_of(it_writes, it_is_fine), client)) as events:
            for _ in range(3):
                next(events)
        assert client.deleted == ["7"]


def requests_until_refused() -> int:
    statuses: list[int] = []

    def note(request: httpx2.Request) -> httpx2.Response:
        response = refuses_large(request)
        statuses.append(response.status_code)
        return response

    events_of(no_number_is_large, handler=note)
    return statuses.index(400) + 1


def test_the_budget_ends_the_run_and_what_was_found_stays_found() -> None:
    budget = requests_until_refused() + 4
    with scripted(refuses_large, requests=budget) as client:
        events = list(run(plan_of(no_number_is_large, it_writes), client))
    assert [one.verdict for one in outcomes_of(events)] == ["broken", "skipped"]
    assert f"{budget} requests" in (end_of(events).stopped or "")
    assert end_of(events).requests <= budget


def test_of_several_checks_of_a_rule_the_worst_word_is_the_rules() -> None:
    assert verdicts(outcomes_of(events_of(it_is_fine, it_needs_a_moon))) == {"DOC-ONE": "held"}
    assert verdicts(outcomes_of(events_of(it_is_fine, it_depends))) == {"DOC-ONE": "unverified"}
    assert verdicts(outcomes_of(events_of(it_depends, it_bears_two)))["DOC-TWO"] == "broken"


# What a check needs before it can come to its point


@check("DOC-TWO")
def it_needs_a_space(client: Scripted) -> None:
    with expect.needed("a space", "DOC-ONE"):
        expect.answered(client.admin.post("/shared-spaces", {}), 201)
    expect.answered(client.admin.get("/a"), 200)


@check("ASSUMED-ONE", given={"number": st.integers()})
def it_needs_a_space_as_well(client: Scripted, number: int) -> None:
    it_needs_a_space.run(client)


@check("DOC-TWO", "DOC-ONE")
def it_is_about_what_it_needs(client: Scripted) -> None:
    it_needs_a_space.run(client)


def test_a_check_that_cannot_come_to_its_point_is_unverified_and_the_rule_that_failed_it_is_broken() -> None:
    ended = outcomes_of(events_of(it_needs_a_space))
    assert [(one.rule.id, one.verdict) for one in ended] == [("DOC-ONE", "broken"), ("DOC-TWO", "unverified")]
    assert isinstance(ended[1], RuleUnverified)
    said = "needs a space, but DOC-ONE does not hold: status of POST /shared-spaces: expected 201, received 200"
    assert ended[1].reason == said


def test_what_several_checks_need_and_cannot_have_is_told_once() -> None:
    events = events_of(it_needs_a_space, it_needs_a_space_as_well)
    assert verdicts(outcomes_of(events)) == {"DOC-ONE": "broken", "DOC-TWO": "unverified", "ASSUMED-ONE": "unverified"}
    assert [one.verdict for one in outcomes_of(events)].count("broken") == 1
    assert end_of(events).requests == 2


def test_what_is_needed_and_broken_in_another_way_is_told_too() -> None:
    statuses = iter([200, 500])
    events = events_of(
        it_needs_a_space, it_needs_a_space_as_well, handler=lambda _: httpx2.Response(next(statuses), json={})
    )
    assert [one.violation.received for one in outcomes_of(events) if isinstance(one, RuleBroken)] == ["200", "500"]


def test_a_check_that_is_about_what_it_needs_has_found_it_broken() -> None:
    ended = outcomes_of(events_of(it_is_about_what_it_needs))
    assert {one.rule.id: one.verdict for one in ended} == {"DOC-ONE": "broken", "DOC-TWO": "unverified"}


def refusing_check(rule: str) -> Check[Scripted]:
    @check(rule)
    def it_is_refused(client: Scripted) -> None:
        expect.status(client.admin.post(f"/spaces/7{len(rule)}/items?limit={len(rule)}", {}), 400)

    return it_is_refused


@pytest.mark.parametrize(("status", "ways"), [(422, 1), (201, 2)])
def test_what_was_refused_wrongly_is_one_way_what_was_not_refused_is_one_way_for_each_rule(
    status: int, ways: int
) -> None:
    checks = (refusing_check("DOC-ONE"), refusing_check("STATED-ONE"))
    events = events_of(*checks, handler=lambda _: httpx2.Response(status, json={}))
    assert len({one.violation.shape for one in outcomes_of(events) if isinstance(one, RuleBroken)}) == ways
