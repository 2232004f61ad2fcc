"""The mock as Python code uses it: the server, and what a test may arrange in a tenant and assert on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ..app import App, AppOptions
from ..core.names import nearest
from ..testing.server import MockServer
from ..testing.tenant import ServedTenant
from . import admin, admin_around
from .domain.history import EVENTS, OUTBOX
from .hosts import local_path
from .problems import NO_SUCH
from .tokens import format_token
from .vendor import SHOWPAD


class MockTenant(ServedTenant):
    """One tenant of a running mock; safe to use from any thread.

    Users and assets are named by their handles (`seller`, `brochure`) or ids. What names nothing raises LookupError,
    which tells the nearest name that there is.
    """

    no_such = NO_SUCH
    hosts = SHOWPAD.hosts

    def __init__(self, origin: Callable[[], str], app: App, name: str) -> None:
        super().__init__(origin, app, SHOWPAD.base_path, name)

    def token(self, user: str, *, oauth: bool = False) -> str:
        """Return the API token of a user, or the OAuth token, under which the user acts in person."""
        # Asked so that a mistyped name fails here, and not as a 401 in the code under test.
        self.user_id(user)
        return format_token(self.name, user, oauth=oauth)

    def headers(self, user: str = "admin", *, oauth: bool = False) -> dict[str, str]:
        """Return the headers to call with as a user."""
        return {"Authorization": f"Bearer {self.token(user, oauth=oauth)}"}

    def user_id(self, user: str) -> str:
        """Return the id of the user with that handle."""
        with self._unit() as unit:
            return admin.user_named(unit, user).id

    def asset_id(self, asset: str) -> str:
        """Return the id of the asset with that handle."""
        with self._unit() as unit:
            return admin.asset_named(unit, asset).id

    def deactivate(self, user: str) -> None:
        """Deactivate a user: its tokens get 401, it can own no space."""
        self._change(admin.change_user, {"user": user}, {"isActive": False})

    def unlicense(self, user: str) -> None:
        """Take a user's content licence away: it can own no space."""
        self._change(admin.change_user, {"user": user}, {"hasContentLicense": False})

    def archive(self, asset: str) -> None:
        """Archive an asset: it cannot be added or shared any more."""
        self._change(admin.change_asset, {"asset": asset}, {"isArchived": True})

    def switch(self, feature: str, *, on: bool) -> None:
        """Switch a feature: sharedSpaces, templates, collaboratePlus or apiAccess."""
        if feature not in admin.FEATURES:
            raise LookupError(f"There is no feature {feature}{nearest(feature, admin.FEATURES)}.")
        self._change(admin.change_features, {}, {feature: on})

    def participants(self, space_id: str) -> list[dict[str, Any]]:
        """Return who takes part in a space, the owner among them."""
        return list(self._see(admin.list_participants, {"space": space_id}))

    def add_participant(self, space_id: str, **person: str) -> dict[str, Any]:
        """Let somebody take part: `user="partner"`, or `email=` with firstName, lastName, company, jobTitle."""
        return dict(self._change(admin.add_participant, {"space": space_id}, person))

    def participants_history(self, space_id: str) -> list[dict[str, Any]]:
        """Return who takes part in a space and who left it, with their roles over time."""
        return list(self._see(admin_around.show_history, {"space": space_id}))

    def add_crm_record(self, *, space: str | None = None, share: str | None = None, **record: str) -> dict[str, Any]:
        """Let a record of a CRM (type, name, and id, url, accountId) belong to a space or a Share, by its id."""
        linked = {"space": space} if space is not None else {"share": share or ""}
        return dict(self._change(admin_around.add_record, linked, record))

    def add_user_group(self, name: str, *users: str) -> str:
        """Add a group of users, and return its id."""
        return str(self._change(admin_around.add_group, {}, {"name": name, "users": list(users)})["id"])

    def remove_participant(self, space_id: str, participant_id: str) -> None:
        """End somebody's part in a space."""
        self._see(admin.remove_participant, {"space": space_id, "participant": participant_id})

    def open_link(self, space_id: str, participant_id: str) -> str:
        """Return the address on this server by which a participant opens a space."""
        params = {"space": space_id, "participant": participant_id}
        return self.origin + str(self._see(admin.invite, params)["localPath"])

    def local_link(self, address: str) -> str:
        """Return the address on this server of a link of Showpad's: a Share's `dynamicUrl`, a space's `publicUrl`."""
        return self.origin + local_path(address)

    def items(self, space_id: str) -> list[dict[str, Any]]:
        """Return what a space holds, in the order it was added."""
        return list(self._see(admin.list_items, {"space": space_id}))

    def plan(self, space_id: str) -> dict[str, Any]:
        """Return a space's mutual action plan with its milestones, their actions and assignees."""
        return dict(self._see(admin.show_plan, {"space": space_id}))

    def timeline(self, space_id: str) -> list[str]:
        """Return the texts of a space's timeline, oldest first."""
        return [entry["text"] for entry in self._see(admin.show_timeline, {"space": space_id})["entries"]]

    @property
    def outbox(self) -> list[dict[str, Any]]:
        """The notifications sent, oldest first: to, subject, body, link."""
        return self._log(OUTBOX)

    @property
    def events(self) -> list[dict[str, Any]]:
        """The events recorded for webhooks, oldest first: type, specversion, id, time, data."""
        return self._log(EVENTS)

    def _see(self, admin_operation: Any, params: Mapping[str, str]) -> Any:
        with self._unit() as unit:
            return admin_operation(unit, params)

    def _change(self, admin_operation: Any, params: Mapping[str, str], body: Mapping[str, Any]) -> Any:
        with self._unit() as unit:
            return admin_operation(unit, params, body)


class MockShowpad(MockServer[MockTenant]):
    """A mock server within this process; it listens in a thread from the first use of `origin` on.

        with MockShowpad() as server, server.tenant() as tenant:
            requests.get(f"{tenant.base_url}/shared-spaces", headers=tenant.headers("seller"))

    `data` is seed data: a file, a dictionary of the same form, or `demo` or `guides`, which are built in. `seed`
    decides all ids. `strict` answers 400 to what means nothing; with `local_links` answers tell addresses of
    pages on this server instead of Showpad's. `ca_folder` keeps the certificate authority for TLS; without it there is
    one for the server's own life. Raises SeedError, a ValueError, for wrong seed data.
    """

    def __init__(
        self,
        *,
        data: str | Path | Mapping[str, Any] = "demo",
        seed: int = 0,
        strict: bool = False,
        local_links: bool = False,
        ca_folder: Path | None = None,
    ) -> None:
        options = AppOptions(data=data, seed=seed, strict=strict, local_links=local_links)
        super().__init__(App(options), MockTenant, ca_folder=ca_folder)
