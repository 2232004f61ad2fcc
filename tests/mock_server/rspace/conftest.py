"""Fixtures of the tests of RSpace's API."""

from __future__ import annotations

import asyncio

import pytest

from showpad_mock import MockShowpad, RSpaceTenant

from ...harness.rspace import RSpaceApi


@pytest.fixture
def lab(showpad_server: MockShowpad, rspace: RSpaceTenant, runner: asyncio.Runner) -> RSpaceApi:
    """A tenant's RSpace in process, beside Showpad on one server; it does what the guide promises."""
    return RSpaceApi(rspace, showpad_server.app, runner)


@pytest.fixture
def observed(lab: RSpaceApi) -> RSpaceApi:
    """The same, and it does what RSpace's server does."""
    lab.tenant.behave("observed")
    return lab
