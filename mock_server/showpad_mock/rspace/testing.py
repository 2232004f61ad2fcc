"""RSpace as Python code uses it: the server, and what a test may arrange in a tenant and assert on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

from ..app import App, AppOptions
from ..testing.server import MockServer
from ..testing.tenant import ServedTenant
from . import admin
from .problems import NO_SUCH
from .tokens import format_key
from .vendor import RSPACE


class RSpaceTenant(ServedTenant):
    """One tenant's RSpace; safe to use from any thread.

    Users go by username or id, items by name. What names nothing raises LookupError, which tells the nearest name.
    """

    no_such = NO_SUCH
    hosts = RSPACE.hosts

    def __init__(self, origin: Callable[[], str], app: App, name: str) -> None:
        super().__init__(origin, app, RSPACE.base_path, name)

    def key(self, user: str) -> str:
        """Return a user's API key; as a Bearer token it works, too."""
        with self._unit() as unit:
            # Asked so that a mistyped name fails here, and not as a 401 in the code under test.
            return format_key(self.name, admin.user_named(unit, user).username)

    def headers(self, user: str = "alice") -> dict[str, str]:
        """Return the headers to call with as a user."""
        return {"apiKey": self.key(user)}

    def user_id(self, user: str) -> int:
        """Return the id of a user."""
        with self._unit() as unit:
            return admin.user_named(unit, user).id

    def item_id(self, name: str) -> int:
        """Return the id of a document, notebook, snippet, folder or file."""
        with self._unit() as unit:
            return admin.item_named(unit, name).id

    def behave(self, behaviour: Literal["documented", "observed"]) -> None:
        """Do what the guide promises, or what the server does."""
        with self._unit() as unit:
            admin.change_features(unit, {}, {"behaviour": behaviour})

    def disable(self, user: str) -> None:
        """Disable an account: its keys get 401."""
        with self._unit() as unit:
            admin.change_user(unit, {"user": user}, {"isEnabled": False})

    @property
    def shares(self) -> list[dict[str, Any]]:
        """All shares of the tenant, oldest first, whosoever they are."""
        with self._unit() as unit:
            return admin.list_shares(unit, {})


class MockRSpace(MockServer[RSpaceTenant]):
    """A mock server of RSpace alone; it listens in a thread from the first use of `origin` on.

        with MockRSpace() as server, server.tenant() as tenant:
            ELNClient(tenant.origin, tenant.key("alice")).get_groups()

    `data` is seed data: a file, a dictionary, or `demo`, which is built in. Raises SeedError for wrong seed data.
    """

    def __init__(self, *, data: str | Path | Mapping[str, Any] = "demo", seed: int = 0, strict: bool = False) -> None:
        super().__init__(App(AppOptions(data=data, seed=seed, strict=strict), (RSPACE,)), RSpaceTenant)
