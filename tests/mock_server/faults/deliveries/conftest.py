"""Fixtures of the tests of faults on deliveries."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from ....harness.receiver import Receiver
from .hooks import Hooks


@pytest.fixture
def hooks(runner: asyncio.Runner) -> Iterator[Hooks]:
    """A tenant whose deliveries are taken with 200."""
    with Receiver() as receiver:
        hooks = Hooks(runner, receiver)
        yield hooks
        runner.run(hooks.caller.app.end())
