"""A documented problem by its rule id, as the API itself would refuse."""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict

from ...core.names import nearest
from ...core.refusals import Problem
from ...web.call import Call
from ...web.vendor import Vendor
from .effect import Effect, Given, When


class ProblemForm(TypedDict):
    """Refuse as the rule does; without a rule, with the first problem that the API has."""

    kind: Literal["problem"]
    rule: NotRequired[str]
    when: NotRequired[When]


def _problem(call: Call, settings: Mapping[str, Any]) -> Problem | None:
    problems = call.vendor.problems if call.vendor is not None else {}
    rule = settings.get("rule") or next(iter(problems), "")
    return problems.get(rule)


def _act(call: Call, given: Given) -> None:
    problem = _problem(call, given.settings)
    assert problem is not None  # it suits the call
    places = [name for _, name, _, _ in string.Formatter().parse(problem.detail) if name]
    # Nothing is really wrong, so that a detail has nothing to name.
    raise problem.error(**{place: f"(the {place})" for place in places})


def _wrong(settings: Mapping[str, Any], vendors: Sequence[Vendor]) -> str | None:
    rules = {rule for vendor in vendors for rule in vendor.problems}
    rule = settings.get("rule")
    if rule is None or rule in rules:
        return None
    return f"rule: there is no problem of a rule {rule[:100]}{nearest(rule, rules)}"


PROBLEM = Effect(
    kind="problem",
    form=ProblemForm,
    when="before",
    act=_act,
    suits=lambda call, settings: _problem(call, settings) is not None,
    wrong=_wrong,
)
