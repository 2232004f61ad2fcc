"""How a list page, memory and the collector's pauses grow with a tenant's spaces (`make bench-scale`).

Requests go to the app within a process, without sockets; each size has a process of its own. A figure is the least CPU
time of many, the first request of a kind, which may build an index, not among them; it is told beside.
"""

from __future__ import annotations

import argparse
import gc
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from showpad_mock.app import App
from showpad_mock.core.clock import iso
from showpad_mock.serving.gc_tuning import short_pauses
from showpad_mock.showpad.domain.space import ORDERS

from . import inprocess
from .inprocess import user_ids
from .population import FEW, SHARE, START, STEP, populated
from .requests import SPACES, space_body

SIZES = (1_000, 10_000, 100_000, 1_000_000)
PLOT = Path(__file__).parent / "growth.png"
PAGE = 20


@dataclass(frozen=True, slots=True)
class Growth:
    """What one size costs: microseconds a page by query, milliseconds of its first use, bytes a space, milliseconds
    of the collector's longest pause while spaces were made and listed, and while indexes were built.
    """

    spaces: int
    pages: Mapping[str, float]
    counts: Mapping[str, int]
    first: Mapping[str, float]
    bytes_a_space: float
    bytes_an_index: float
    longest_pause: float
    longest_building: float
    post: float


def flat_queries(app: App, number: int) -> dict[str, str]:
    """Return the queries that an index answers by itself; their cost is to be the same at every size."""
    users = user_ids(app)
    few, share = "1,000 match", f"1 of {SHARE} matches"
    owner, part, anyhow = "ownerUserId={}", "userRole=PARTICIPANT&userId={}", "userId={}"
    return {
        **{f"sort={order}": f"sort={order}" for order in ORDERS},
        f"owner, {few}": owner.format(users["seller"]),
        f"owner, {share}": owner.format(users["partner"]),
        f"participant, {few}": part.format(users["manager"]),
        f"participant, {share}": part.format(users["outsider"]),
        f"user, {few}": anyhow.format(users["manager"]),
        f"user, {share}": anyhow.format(users["outsider"]),
        f"last activity, {few}": f"lastActivitySince={iso(START + (number - FEW) * STEP)}",
        f"last activity, {share}": f"lastActivitySince={iso(START + (number - number // SHARE) * STEP)}",
        "offset in the middle": f"offset={number // 2}",
        "sort=title, offset at the end": f"sort=title&offset={number - PAGE}",
    }


def growing_queries(app: App) -> dict[str, str]:
    """Return the queries that look at every space, or at every space that one of their conditions leaves."""
    users = user_ids(app)
    return {
        "title filter": "title=Space%209",
        f"owner (1 of {SHARE}) and sort=title": f"sort=title&ownerUserId={users['partner']}",
        f"owner (1 of {SHARE}) and title filter": f"title=Space%209&ownerUserId={users['partner']}",
        "two owners": f"ownerUserId={users['partner']},{users['seller']}",
    }


def measured(number: int) -> Growth:
    """Measure one size in this process."""
    before = _memory()
    with short_pauses(), pauses() as every:
        app = populated(number)
        kept, making = _memory(), len(every)
        pages, counts, first = {}, {}, {}
        flat = flat_queries(app, number)
        for name, query in (flat | growing_queries(app)).items():
            path = f"{SPACES}?limit={PAGE}&{query}"
            started = time.perf_counter()
            counts[name] = inprocess.get(app, path)["count"]
            first[name] = (time.perf_counter() - started) * 1000
        building = len(every)
        for name, query in (flat | growing_queries(app)).items():
            pages[name] = inprocess.microseconds(app, f"{SPACES}?limit={PAGE}&{query}")
        indexed = _memory()
        post = _post(app)
    indexes = len(ORDERS) + 3
    return Growth(
        number,
        pages,
        counts,
        first,
        bytes_a_space=(kept - before) / number,
        bytes_an_index=(indexed - kept) / number / indexes,
        longest_pause=max(every[:making] + every[building:]) * 1000,
        longest_building=max(every[making:building], default=0) * 1000,
        post=post,
    )


def _post(app: App, times: int = 2000) -> float:
    body = json.dumps(space_body(user_ids(app)["admin"])).encode()
    started = time.thread_time()
    for _ in range(times):
        inprocess.send(app, "POST", SPACES, body)
    return (time.thread_time() - started) / times * 1e6


@contextmanager
def pauses() -> Iterator[list[float]]:
    """Return a list that fills with the seconds of every collection in the block."""
    every = [0.0]
    started = 0.0

    def watch(phase: str, _: dict[str, Any]) -> None:
        nonlocal started
        if phase == "start":
            started = time.perf_counter()
        else:
            every.append(time.perf_counter() - started)

    gc.callbacks.append(watch)
    try:
        yield every
    finally:
        gc.callbacks.remove(watch)


def _memory() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096


def show(growths: list[Growth]) -> None:
    """Print a line a query and a column a size, and what the largest costs of the smallest."""
    sizes = "".join(f"{growth.spaces:>12,}" for growth in growths)
    print(f"{'CPU of a page of 20, in microseconds':<40}{sizes}{'largest / smallest':>20}{'first use':>14}")
    for name in growths[0].pages:
        figures = [growth.pages[name] for growth in growths]
        told = "".join(f"{figure:>12,.0f}" for figure in figures)
        print(f"  {name:<38}{told}{figures[-1] / figures[0]:>20.2f}{growths[-1].first[name]:>11,.0f} ms")
    for title, attribute, unit in (
        ("POST a space", "post", "us"),
        ("memory a space", "bytes_a_space", "B"),
        ("memory a space and index asked for", "bytes_an_index", "B"),
        ("longest pause of the collector", "longest_pause", "ms"),
        ("the same while indexes are built", "longest_building", "ms"),
    ):
        figures = [getattr(growth, attribute) for growth in growths]
        print(f"{f'{title}, {unit}':<40}" + "".join(f"{figure:>12,.1f}" for figure in figures))


def plot(growths: list[Growth], file: Path) -> None:
    """Draw the curves."""
    from matplotlib import pyplot

    sizes = [growth.spaces for growth in growths]
    flat = [name for name in growths[0].pages if name not in _growing(growths)]
    figure, axes = pyplot.subplots(figsize=(8, 4.5), layout="constrained")
    highest = [max(growth.pages[name] for name in flat) for growth in growths]
    lowest = [min(growth.pages[name] for name in flat) for growth in growths]
    axes.fill_between(sizes, lowest, highest, alpha=0.3)
    axes.plot(sizes, highest, marker="o", label="sorts; one of owner, participant, user, last activity; any offset")
    for name in _growing(growths):
        axes.plot(sizes, [growth.pages[name] for growth in growths], marker="o", label=name)
    axes.set(xscale="log", yscale="log", xlabel="spaces in the tenant", ylabel="CPU of a page of 20 (microseconds)")
    axes.grid(visible=True, which="major", alpha=0.3)
    axes.legend(frameon=False, fontsize="small")
    figure.savefig(file, dpi=120)


def _growing(growths: list[Growth]) -> list[str]:
    return list(growths[0].pages)[-4:]


def main() -> None:
    """Measure every size in a process of its own; print and draw."""
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description=__doc__)
    parser.add_argument("--one", type=int, metavar="SPACES", help="measure one size and print it as JSON")
    parser.add_argument("--most", type=int, default=SIZES[-1], metavar="SPACES", help="leave out larger sizes")
    options = parser.parse_args()
    if options.one is not None:
        print(json.dumps(asdict(measured(options.one))))
        return
    growths = []
    for size in (size for size in SIZES if size <= options.most):
        command = [sys.executable, "-m", "bench.scale", "--one", str(size)]
        told = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
        growths.append(Growth(**json.loads(told)))
    show(growths)
    plot(growths, PLOT)
    print(f"drawn in {PLOT.relative_to(Path.cwd())}")


if __name__ == "__main__":
    main()
