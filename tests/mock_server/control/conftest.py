"""Fixtures of the control API's tests."""

from __future__ import annotations

import asyncio

import pytest

from .caller import Caller


@pytest.fixture
def caller(runner: asyncio.Runner) -> Caller:
    return Caller(runner)
