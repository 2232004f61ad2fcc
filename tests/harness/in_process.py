"""Targets in this process: any ASGI app behind the kit's own session."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache

from showpad_contracts.core.target import Target
from showpad_contracts.showpad.client import Client
from showpad_contracts.showpad.targets import DEMO, MOCK, TARGETS
from showpad_contracts.transport.receiver import Reach
from showpad_contracts.transport.session import Session
from showpad_mock.app import App, AppOptions
from showpad_mock.showpad.vendor import SHOWPAD

from . import asgi

BASE_URL = "http://127.0.0.1/v4"
TENANT = "contracts"
READ_ONCE = replace(SHOWPAD, read_seed=cache(SHOWPAD.read_seed))
"""The vendor, which reads its seed data once for all the mocks of a process: nobody writes to it."""


@cache
def mock_target(tenant: str = TENANT) -> Target:
    """Return the target of a mock's tenant by its tokens' known form; the mock's own file tells the rest."""
    handles = ("admin", "manager", "seller", "partner", "outsider", "deactivated")
    environ = {f"MOCK_{handle.upper()}_API": f"mock.{tenant}.{handle}" for handle in handles}
    environ |= {f"MOCK_{handle.upper()}_OAUTH": f"mock.{tenant}.{handle}.oauth" for handle in handles}
    target = TARGETS.read(MOCK.file, environ | DEMO, base_url=BASE_URL)
    return replace(target, tenant=tenant, is_own=True)


def fresh_mock(seed: int = 0) -> App:
    return App(AppOptions(seed=seed), (READ_ONCE,))


@contextmanager
def driving(app: asgi.App, tenant: str = TENANT) -> Iterator[Client]:
    """Return the kit's API over an app in this process, with a receiver of what it delivers."""
    session = Session(mock_target(tenant), "check", transport=asgi.AppTransport(app))
    session.reach = Reach()
    try:
        yield Client(session)
    finally:
        session.close()
