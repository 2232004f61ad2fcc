"""A tenant as a test uses it: addresses and tokens to call with, state to arrange and to assert on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ..app import App
from ..core.clock import Clock
from ..core.journal import Entry
from ..core.names import nearest
from ..core.refusals import Refusal
from ..serving.log_format import exchange_text
from ..showpad import admin
from ..showpad.domain.history import EVENTS, OUTBOX
from ..showpad.problems import NO_SUCH
from ..showpad.tokens import format_token
from ..showpad.vendor import SHOWPAD
from ..state.snapshot import restore, take
from ..state.unit import Unit
from .verification import RequestPattern, missed

if TYPE_CHECKING:
    from .server import MockShowpad


class MockTenant:
    """One tenant of a running mock; safe to use from any thread.

    Users and assets are named by their handles (`seller`, `brochure`) or ids. What names nothing raises LookupError,
    which tells the nearest name that there is.
    """

    def __init__(self, server: MockShowpad, app: App, name: str) -> None:
        self._server = server
        self._app = app
        self.name = name
        self._begun = app.journal.last

    @property
    def origin(self) -> str:
        """Scheme, host and port of the server."""
        return self._server.origin

    @property
    def base_url(self) -> str:
        """The address under which the API's paths lie; ends in `/v4`."""
        return self.origin + SHOWPAD.base_path

    def token(self, user: str, *, oauth: bool = False) -> str:
        """Return the API token of a user, or the OAuth token, under which the user acts in person."""
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

    def freeze(self, time: str) -> None:
        """Stop the tenant's clock at an RFC 3339 time; raises ValueError for anything else."""
        self._set_clock(Clock.read(frozen=time))

    def shift(self, seconds: int) -> None:
        """Let the tenant's clock run, that many seconds ahead of real time; raises ValueError beyond 1,000 years."""
        self._set_clock(Clock.read(offset_seconds=seconds))

    def _set_clock(self, clock: Clock) -> None:
        with self._app.tenants.transaction(self.name) as unit:
            unit.set_clock(clock)

    def participants(self, space_id: str) -> list[dict[str, Any]]:
        """Return who takes part in a space, the owner among them."""
        return list(self._see(admin.list_participants, {"space": space_id}))

    def add_participant(self, space_id: str, **person: str) -> dict[str, Any]:
        """Let somebody take part: `user="partner"`, or `email=` with firstName, lastName, company, jobTitle."""
        return dict(self._change(admin.add_participant, {"space": space_id}, person))

    def remove_participant(self, space_id: str, participant_id: str) -> None:
        """End somebody's part in a space."""
        self._see(admin.remove_participant, {"space": space_id, "participant": participant_id})

    def items(self, space_id: str) -> list[dict[str, Any]]:
        """Return what a space holds, in the order it was added."""
        return list(self._see(admin.list_items, {"space": space_id}))

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

    def _log(self, name: str) -> list[dict[str, Any]]:
        with self._app.tenants.transaction(self.name) as unit:
            return unit.tenant.log(name).read()

    @property
    def exchanges(self) -> list[Entry]:
        """The last exchanges of this tenant, oldest first."""
        return self._app.journal.last_of(self.name)

    def requests(
        self, *, method: str | None = None, path: str | None = None, status: int | str | None = None
    ) -> list[Entry]:
        """Return the requests that came in and their answers, oldest first: all, or those that fit.

        `path` lies under the API's base path, `*` stands for one segment: `/shared-spaces/*/items`; `status` is a
        number, or a class such as `4xx`. The journal keeps as many as README's "Limits" says.
        """
        pattern = self._pattern(method, path, status)
        return [entry for entry in self._journal() if pattern.fits(entry)]

    def assert_requested(
        self,
        *,
        method: str | None = None,
        path: str | None = None,
        status: int | str | None = None,
        times: int | None = None,
    ) -> list[Entry]:
        """Return the requests that fit, as `requests` does; raises AssertionError if there is none, or not `times`.

        The message shows the exchanges that come nearest.
        """
        pattern, exchanges = self._pattern(method, path, status), self._journal()
        found = [entry for entry in exchanges if pattern.fits(entry)]
        if len(found) != times if times is not None else not found:
            raise AssertionError(missed(pattern, found, exchanges, times))
        return found

    def _pattern(self, method: str | None, path: str | None, status: int | str | None) -> RequestPattern:
        return RequestPattern(base_path=SHOWPAD.base_path, method=method, path=path, status=status)

    def _journal(self) -> list[Entry]:
        kept = {entry.number: entry for entry in self._app.journal.read() if entry.tenant == self.name}
        kept |= {entry.number: entry for entry in self.exchanges}  # which outlive the common ones
        return [kept[number] for number in sorted(kept) if number > self._begun]

    def told(self) -> str:
        """Return the last exchanges as text, for a report."""
        return "\n".join(exchange_text(entry) for entry in self.exchanges)

    def reset(self) -> None:
        """Go back to the seed data; ids start again from the first."""
        self._app.tenants.delete(self.name)
        self._app.journal.forget_tenant(self.name)
        self._begun = self._app.journal.last

    def take(self) -> bytes:
        """Return a snapshot of the tenant's state, as JSON."""
        with self._app.tenants.transaction(self.name) as unit:
            return take(unit.tenant, SHOWPAD.record_types)

    def put(self, snapshot: bytes) -> None:
        """Take up the state of a snapshot; raises SnapshotError and changes nothing for anything else."""
        restored = restore(self._app.tenants, self.name, snapshot, SHOWPAD.record_types)
        self._app.tenants.replace(restored)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Roll back, at the end of the block, whatever happens to the tenant in it."""
        before = self.take()
        try:
            yield
        finally:
            self.put(before)

    @contextmanager
    def _unit(self) -> Iterator[Unit]:
        try:
            with self._app.tenants.transaction(self.name) as unit:
                yield unit
        except Refusal as refusal:
            if refusal.problem is NO_SUCH:
                raise LookupError(f"{self.name}: {refusal.detail}") from None
            raise

    def _see(self, admin_operation: Any, params: Mapping[str, str]) -> Any:
        with self._unit() as unit:
            return admin_operation(unit, params)

    def _change(self, admin_operation: Any, params: Mapping[str, str], body: Mapping[str, Any]) -> Any:
        with self._unit() as unit:
            return admin_operation(unit, params, body)
