"""Engines that are killed while servers write."""

from __future__ import annotations

import asyncio
from pathlib import Path
from signal import SIGCONT, SIGSTOP

import pytest

from .....harness.engines import ClusterProcesses, alone, cluster
from .load import under_load
from .opened import in_a_loop


@in_a_loop
async def test_an_engine_that_syncs_each_write_loses_nothing_when_it_is_killed(tmp_path: Path) -> None:
    with alone(tmp_path, "--appendonly", "yes", "--appendfsync", "always") as engine:
        async with under_load(engine.url) as load:
            for _ in range(5):
                await load.wait_for_more(20)
                await asyncio.to_thread(engine.kill)
                await asyncio.to_thread(engine.start)
            await load.wait_for_more(20)
        assert await load.outcome() == (0, 0)


def kill_and_replace(processes: ClusterProcesses, shard: int) -> None:
    """Kill a shard's primary, and start it again once its replica has taken over."""
    primary, replica = processes.shard(shard)
    primary.kill()
    replica.wait_until_told("Failover election won")
    primary.start()
    primary.wait_until_told("REPLICA sync: Finished with success")


@in_a_loop
async def test_no_copy_differs_after_a_failover_that_lost_what_was_answered(tmp_path: Path) -> None:
    with cluster(tmp_path) as processes:
        primary, replica = processes.shard(1)
        async with under_load(processes.url, padding=b"x" * 50_000) as load:
            await load.wait_for_more(5)
            replica.signal(SIGSTOP)
            await load.wait_for_more(200)  # more than lies on the way to the replica
            await asyncio.to_thread(primary.kill)
            replica.signal(SIGCONT)
            await load.wait_for_more(5)
        lost, twice = await load.outcome()
        assert (lost > 0, twice) == (True, 0)


@pytest.mark.parametrize("replicas", [0, 1])
@in_a_loop
async def test_writes_go_on_by_themselves_when_primaries_are_killed_and_none_is_made_twice(
    tmp_path: Path, replicas: int
) -> None:
    with cluster(tmp_path) as processes:
        async with under_load(f"{processes.url}?wait_replicas={replicas}") as load:
            for shard in range(3):
                await load.wait_for_more(20)
                await asyncio.to_thread(kill_and_replace, processes, shard)
            await load.wait_for_more(20)
        lost, twice = await load.outcome()
        assert twice == 0
        # Without WAIT an engine promises nothing of what its replica did not have yet.
        assert replicas == 0 or lost == 0
