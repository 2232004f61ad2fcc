"""`make mutants`: the whole kit against every wrong server: caught, by which rule, after how many requests."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from contracts.events import AssumptionRefuted, RuleBroken
from contracts.runner import PROFILES, Plan, run
from contracts.showpad.catalogue import CATALOGUE
from contracts.showpad.checks import CHECKS

from .broken import every_wrong_server
from .in_process import driving, fresh_mock


@dataclass(frozen=True, slots=True)
class Catch:
    """How the kit fared against one wrong server: the rules that caught it in turn, until its own did."""

    rule: str
    story: str
    caught_by: tuple[str, ...]
    requests: int

    @property
    def by_its_own(self) -> bool:
        """Whether the rule that the server breaks was among them."""
        return self.rule in self.caught_by


def hunt(number: int, profile: str) -> Catch:
    """Run the kit against one wrong server until the rule it breaks has caught it."""
    wrong = every_wrong_server()[number]
    plan = Plan(checks=CHECKS, catalogue=CATALOGUE, profile=PROFILES[profile], allow_writes=True, allow_shares=True)
    caught: dict[str, None] = {}
    with driving(wrong.make(fresh_mock())) as api:
        for event in run(plan, api):
            if isinstance(event, RuleBroken | AssumptionRefuted):
                caught[event.rule.id] = None
                if event.rule.id == wrong.rule:
                    break
        return Catch(wrong.rule, wrong.story, tuple(caught), api.session.requests)


def lines(catches: list[Catch]) -> Iterator[str]:
    """Give the table and its sums."""
    for catch in catches:
        word = "caught" if catch.by_its_own else "by others" if catch.caught_by else "MISSED"
        first = next(iter(catch.caught_by), "-")
        yield f"{word:<10}{catch.rule:<28}{first:<28}{catch.requests:>7}  {catch.story}"
    own, any_ = (sum(map(bool, found)) for found in zip(*((one.by_its_own, one.caught_by) for one in catches)))  # noqa: B905  # both come from one list
    yield f"{own} of {len(catches)} wrong servers caught by the rule they break, {any_} by any rule."


def main() -> int:
    """Hunt them all; 1 when one was missed by its own rule."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profile", choices=sorted(PROFILES), default="default")
    options = parser.parse_args()
    started = time.perf_counter()
    numbers = range(len(every_wrong_server()))
    print(f"{'':<10}{'BREAKS':<28}{'FIRST CAUGHT BY':<28}{'REQUESTS':>8}  STORY")
    with ProcessPoolExecutor() as pool:
        catches = list(pool.map(hunt, numbers, [options.profile] * len(numbers), chunksize=4))
    print("\n".join(lines(catches)))
    print(f"{time.perf_counter() - started:.0f} seconds, profile {options.profile}.")
    return 0 if all(catch.by_its_own for catch in catches) else 1


if __name__ == "__main__":
    raise SystemExit(main())
