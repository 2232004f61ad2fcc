"""CPU per request, by process, of one, two and four servers on one engine (`make bench-scale`).

Each server has a load of its own; they ask for tenants of their own, or all for one and the same.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from . import load, process, requests
from .load import Request, Work
from .process import Server
from .state import Place, in_engine

COUNTS = (1, 2, 4)
READ, WRITE = "GET one space", "POST a space"


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU of all servers, and of the engine, in microseconds a request; and how many requests were refused."""

    server: float
    engine: float
    refused: int


def measured(count: int, seconds: float) -> dict[str, Cost]:
    """Measure so many servers on an engine that has nothing yet."""
    with ExitStack() as stack:
        place = stack.enter_context(in_engine(Path(stack.enter_context(tempfile.TemporaryDirectory()))))
        servers = [stack.enter_context(process.mock(*place.flags)) for _ in range(count)]
        own = [f"mock.bench-{number}.admin" for number in range(count)]
        costs = {}
        # Writes first, so that there is something to read.
        for name, requested in ((WRITE, requests.post_work(servers[0]).requests), (READ, seeded_spaces(servers[0]))):
            for whose, tokens in (("tenants of their own", own), ("one tenant for all", [requests.TOKEN] * count)):
                works = [Work(one.origin, token, requested) for one, token in zip(servers, tokens, strict=True)]
                costs[f"{name}, {whose}"] = cost(works, servers, place, seconds)
        return costs


def seeded_spaces(server: Server) -> Sequence[Request]:
    """Return requests for the spaces of the seed data, which every tenant has."""
    spaces = requests.ask(server, "GET", f"{requests.SPACES}?sort=createdAt&limit=5")["items"]
    return [Request("GET", f"{requests.SPACES}/{space['id']}") for space in spaces]


def cost(works: Sequence[Work], servers: Sequence[Server], place: Place, seconds: float) -> Cost:
    """Send each server its work, all at the same time."""

    def used() -> tuple[float, float]:
        return sum(server.cpu_seconds() for server in servers), place.engine_seconds()

    before = used()
    with ThreadPoolExecutor(len(works)) as pool:
        results = list(pool.map(lambda work: load.run(work, seconds, process.LOAD_CORE), works))
    total = sum(result.requests for result in results)
    server, engine = ((now - then) / total * 1e6 for now, then in zip(used(), before, strict=True))
    return Cost(server, engine, sum(result.failures for result in results))


def show(costs: dict[int, dict[str, Cost]]) -> None:
    """Print a line an operation and process, and a column a number of servers."""
    print(f"{'CPU a request by process, us; servers:':<50}" + "".join(f"{count:>10}" for count in costs))
    for name in next(iter(costs.values())):
        for part in ("server", "engine"):
            figures = "".join(f"{getattr(of_all[name], part):>10,.0f}" for of_all in costs.values())
            print(f"  {f'{name}: {part}':<48}{figures}")
        if any(of_all[name].refused for of_all in costs.values()):
            print(f"  {'  refused':<48}" + "".join(f"{of_all[name].refused:>10,}" for of_all in costs.values()))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.servers", description=__doc__)
    parser.add_argument("--seconds", type=float, default=5, help="how long each load lasts (default 5)")
    options = parser.parse_args()
    show({count: measured(count, options.seconds) for count in COUNTS})


if __name__ == "__main__":
    main()
