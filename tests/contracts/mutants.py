"""`make mutants`: the whole kit against every wrong server: caught, by which rule, after how many requests."""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import product

from showpad_contracts.running.runner import PROFILES

from .broken import every_wrong_server
from .broken.wrapping import Broken
from .hunting import Catch, concerned, hunt, nearest_first
from .source_mutants import DOMAINS, survivors

NEEDED = {"quick": 0.9}
"""Which part of the wrong servers a profile has to catch, under every seed; all of them where nothing is said."""


def chosen(only: str) -> list[int]:
    """Give the numbers of the wrong servers whose class, rule or story has this text."""
    return [
        number
        for number, wrong in enumerate(every_wrong_server())
        if only in f"{wrong.kind}: {wrong.rule}: {wrong.story}"
    ]


def _hunt(number: int, seed: int, profile: str, near: bool) -> tuple[int, Catch]:  # noqa: FBT001  # for map
    wrong = every_wrong_server()[number]
    checks = concerned(wrong) if near else nearest_first(wrong)
    return number, hunt(wrong, checks, profile, seed)


def line(wrong: Broken, catches: Sequence[Catch]) -> str:
    """Give a row of the table: how a wrong server fared under every seed."""
    missed = [one for one in catches if not one.caught]
    seeds = ",".join(str(one.seed) for one in missed)
    word = f"MISSED {seeds}" if missed else "caught" if all(one.by_its_own for one in catches) else "by others"
    if missed and not any(one.acted for one in catches):
        word = "IDLE"
    first = " ".join(dict.fromkeys(rule for one in (missed or catches) for rule in one.caught_by)) or "-"
    requests = sum(one.requests for one in catches) // len(catches)
    return f"{word:<14}{wrong.kind:<9}{wrong.rule:<28}{first:<28}{requests:>6}  {wrong.story}"


def sums(found: Mapping[int, Sequence[Catch]]) -> Iterator[str]:
    """Give the sums by class: how many were caught, and by which rule."""
    by_class: dict[str, list[Sequence[Catch]]] = defaultdict(list)
    for number, catches in found.items():
        by_class[every_wrong_server()[number].kind].append(catches)
    by_class["all"] = list(found.values())
    yield f"{'CLASS':<10}{'SERVERS':>8}{'CAUGHT':>8}{'BY OWN RULE':>13}{'BY ANY RULE':>13}"
    for kind, hunted in by_class.items():
        counts = [
            sum(all(test(catch) for catch in seeds) for seeds in hunted)
            for test in (lambda one: one.caught, lambda one: one.by_its_own, lambda one: bool(one.caught_by))
        ]
        yield f"{kind:<10}{len(hunted):>8}{counts[0]:>8}{counts[1]:>13}{counts[2]:>13}"


def main() -> int:
    """Hunt them all; 1 when fewer were caught than the profile has to catch."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profile", choices=sorted(PROFILES), default="default")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0], metavar="SEED", help="hunt under each of these")
    parser.add_argument("--only", default="", metavar="TEXT", help="only those whose class, rule or story has this")
    parser.add_argument("--near", action="store_true", help="only the checks about what is wrong, as `make test` does")
    parser.add_argument("--missed", action="store_true", help="print only those that were missed")
    parser.add_argument("--source", choices=sorted(DOMAINS), help="instead: the mock's domain of this API, changed")
    parser.add_argument("--most", type=int, default=60, metavar="N", help="with --source: so many changes of all")
    options = parser.parse_args()
    if options.source is not None:
        return min(1, survivors(options.source, most=options.most, seed=options.seeds[0]))
    started = time.perf_counter()
    found: dict[int, list[Catch]] = defaultdict(list)
    jobs = list(product(chosen(options.only), options.seeds))
    if not jobs:
        parser.error(f"no wrong server has {options.only!r}")
    numbers, seeds = zip(*jobs, strict=True)
    with ProcessPoolExecutor() as pool:
        profiles, near = [options.profile] * len(jobs), [options.near] * len(jobs)
        for number, catch in pool.map(_hunt, numbers, seeds, profiles, near, chunksize=4):
            found[number].append(catch)
            if len(found[number]) == len(options.seeds) and not (
                options.missed and all(one.caught for one in found[number])
            ):
                print(line(every_wrong_server()[number], found[number]), flush=True)
    print("\n".join(sums(found)))
    took, told = time.perf_counter() - started, ", ".join(map(str, options.seeds))
    print(f"{took:.0f} seconds, profile {options.profile}, seeds {told}.")
    caught = sum(all(one.caught for one in catches) for catches in found.values())
    return 0 if caught >= NEEDED.get(options.profile, 1.0) * len(found) else 1


if __name__ == "__main__":
    raise SystemExit(main())
