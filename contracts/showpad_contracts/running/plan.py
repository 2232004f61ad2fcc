"""What a run would do, told without sending anything: checks, requests, and whom the vendor would notify."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from ..core.check import AnyCheck
from ..core.estimate import forecast
from ..core.target import Target
from .runner import AnyPlan

READING_REQUESTS = 2
WRITING_REQUESTS = 5


def estimate(plan: AnyPlan, check: AnyCheck, measured: Callable[[str], int | None]) -> int:
    """Return about how many requests a check takes: what it took last, else by its examples."""
    # What a check draws is the same again, so that what it took last is the best estimate.
    known = measured(check.name)
    if known is not None:
        return known
    if check.sweeping:
        return plan.profile.sequences * plan.profile.steps * READING_REQUESTS
    drawn = min(plan.profile.examples, check.examples or plan.profile.examples) if check.given else 0
    examples = (len(check.always) + drawn) or 1
    return examples * (check.requests or (WRITING_REQUESTS if check.writes else READING_REQUESTS))


def all_requests(plan: AnyPlan, measured: Callable[[str], int | None]) -> int:
    """Return about how many requests a run takes."""
    return sum(estimate(plan, check, measured) for check in plan.checks if plan.why_not(check) is None)


def outline(
    plan: AnyPlan,
    target: Target,
    measured: Callable[[str], int | None] = lambda _: None,
    *,
    answer: float | None = None,
    notified: Mapping[str, str],
) -> Iterator[str]:
    """Yield a plan in lines; `answer` is how many seconds one takes, None where nobody knows."""
    checks = [check for check in plan.checks if plan.why_not(check) is None]
    rules = {rule for check in checks for rule in check.rules}
    yield f"Target {target.name}: {target.base_url}. Profile {plan.profile.name}, seed {plan.seed}."
    yield f"{len(checks)} checks of {len(rules)} rules would run:"
    for check in checks:
        requests = estimate(plan, check, measured)
        does = "writes for good" if check.shares else "writes" if check.writes else "reads"
        yield f"  {check.rules[0]:<28} {does:<15} about {requests:>4} requests  {check.sentence}"
    yield f"In all {_takes(plan, all_requests(plan, measured), answer)}."
    yield "(An estimate; a violation takes more, to find its shortest form.)"
    not_permitted = Counter(reason for check in plan.checks if (reason := plan.why_not(check)) is not None)
    yield from (f"Skipped: {count} checks: {reason}." for reason, count in not_permitted.items())
    if any(check.writes for check in checks):
        yield from _notified(target, notified)
    yield "Nothing was sent."


def _takes(plan: AnyPlan, requests: int, answer: float | None) -> str:
    if answer is None and plan.rate is None:
        return f"about {requests} requests; how long they take is told when a slow target has answered once"
    return forecast(requests, answer or 0.0, plan.rate)


def _notified(target: Target, notified: Mapping[str, str]) -> Iterator[str]:
    yield "What the run creates bears its id, and is deleted at its end. Who is notified:"
    for name, reason in notified.items():
        actor = target.actors.get(name)
        known = actor is not None and (actor.email or actor.user_id)
        has_token = actor is not None and (actor.api_token or actor.oauth_token)
        who = known or ("whoever its token is of" if has_token else "nobody: not named")
        yield f"  {name} ({who}), {reason}"
