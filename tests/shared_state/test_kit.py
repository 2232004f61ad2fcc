"""The kit cannot tell three servers behind a balancer, over a cluster of six, from one that keeps all in memory."""

from __future__ import annotations

from pathlib import Path

from ..contracts.tenants import kit, target_file
from ..harness.balancer import balanced
from ..harness.engines import Engines
from ..harness.program import Program, serving

CHECK = ("check", "--target", "target.toml", "--profile", "quick", "--allow-writes", "--allow-shares", "--quiet")
STRICT = ("--fail-on", "refuted assumption", "--fail-on", "unverified")


def test_all_rules_hold_sequences_included(engines: Engines, tmp_path: Path) -> None:
    state = ("--state", engines.cluster.url)
    with serving(*state) as one, serving(*state) as two, serving(*state) as three:
        servers = [one, two, three]
        with balanced(tmp_path, [server.origin for server in servers]) as origin:
            target_file(tmp_path, f"{origin}/v4")
            ended = kit(*CHECK, *STRICT, cwd=tmp_path, timeout=600)
        assert ended.code == 0, ended
        assert ended.out.endswith("No rule was broken.\n")
        assert all(answered(server) for server in servers)


def answered(server: Program) -> bool:
    """Say whether a server tells of a request that it answered."""
    assert server.process.stdout is not None
    return " /v4/" in server.process.stdout.readline()
