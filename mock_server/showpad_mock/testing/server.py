"""A server as Python code uses it: in process, or listening in a thread; a vendor says what its tenants can do."""

from __future__ import annotations

import itertools
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Generic, Self, TypeVar

from ..app import App
from ..core.names import TENANT_NAME_RULE, is_tenant_name
from ..interception.authority import AuthorityFolder
from ..serving.doors import tls_door
from ..serving.listeners import bind, origin_of
from ..serving.uvicorn_server import UvicornServer
from .tenant import ServedTenant

T = TypeVar("T", bound=ServedTenant)
U = TypeVar("U", bound=ServedTenant)
ServeTenant = Callable[[Callable[[], str], App, str], U]
"""Makes of a server's origin, its app and a name what a test uses."""


class MockServer(Generic[T]):
    """A server within this process; it listens in a thread from the first use of `origin` on.

    `serve_tenant` makes of the server, its app and a name what `tenant` hands out. For TLS it has a certificate
    authority in `ca_folder`, without one a new one for its own life.
    """

    def __init__(self, app: App, serve_tenant: ServeTenant[T], *, ca_folder: Path | None = None) -> None:
        self.app = app
        self._serve_tenant = serve_tenant
        self._names = itertools.count(1)
        self._starting = Lock()
        self._listener: socket.socket | None = None
        self._server: UvicornServer | None = None
        self._thread: Thread | None = None
        self._ca_folder = ca_folder
        self._tls: socket.socket | None = None
        self._temporary: tempfile.TemporaryDirectory[str] | None = None

    @property
    def origin(self) -> str:
        """Scheme, host and port; asked for the first time, the server starts to listen."""
        with self._starting:  # two threads may ask first
            return origin_of(self._listener or self._listen())

    @property
    def tls_origin(self) -> str:
        """Scheme, host and port for TLS; asked for the first time, the server begins to answer there. Extra `tls`.

        It answers for the vendors' hosts, too: a client that trusts `ca_file` may be led here for these. Raises
        interception.authority.CannotIntercept.
        """
        with self._starting:
            if self._listener is None:
                self._listen()
            return origin_of(self._tls or self._listen_for_tls(), "https")

    @property
    def ca_file(self) -> Path:
        """The certificate of the authority, for clients to trust; there until the server is closed."""
        with self._starting:
            authority = self._authority()
            authority.open()
            return authority.certificate

    def _authority(self) -> AuthorityFolder:
        if self._ca_folder is not None:
            return AuthorityFolder(self._ca_folder)
        if self._temporary is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="showpad-mock-")
        return AuthorityFolder(Path(self._temporary.name))

    def _listen_for_tls(self) -> socket.socket:
        from ..interception.certificates import server_context
        from ..interception.hosts import hosts_of

        assert self._server is not None
        context = server_context(self._authority(), hosts_of(self.app.vendors).wildcards)
        listener = self._tls = bind("127.0.0.1", 0)
        self._server.open(tls_door(listener, context))
        return listener

    def _listen(self) -> socket.socket:
        # Bound here, not in the thread: the port is known at once, and a failure reaches who asked.
        listener = self._listener = bind("127.0.0.1", 0)
        answers = Event()
        self._server = UvicornServer(self.app, answers.set)
        self._thread = Thread(target=self._run, name="showpad-mock", daemon=True)
        self._thread.start()
        answers.wait()
        return listener

    def _run(self) -> None:
        assert self._server is not None
        assert self._listener is not None
        self._server.run_on(self._listener)

    @contextmanager
    def tenant(self, name: str | None = None) -> Iterator[T]:
        """Open a fresh tenant and delete it at the end; an exception takes its last exchanges along as a note.

        The name is a DNS label; the same name always gets the same ids. Raises ValueError for a bad or open one.
        """
        with self.tenant_as(self._serve_tenant, name) as tenant:
            yield tenant

    @contextmanager
    def tenant_as(self, serve_tenant: ServeTenant[U], name: str | None = None) -> Iterator[U]:
        """Open a tenant as `tenant` does, as another vendor has it."""
        tenants = self.app.tenants
        if name is None:
            name = next(one for number in self._names if tenants.open_new(one := f"t{number}"))
        elif not is_tenant_name(name):
            raise ValueError(f"{TENANT_NAME_RULE}, got {name!r}")
        elif not tenants.open_new(name):
            raise ValueError(f"the tenant {name!r} is open already")
        tenant = serve_tenant(lambda: self.origin, self.app, name)
        try:
            yield tenant
        except BaseException as error:
            if tenant.exchanges:
                # A note, so that pytest and plain Python show it with the error itself.
                error.add_note(f"The last exchanges of the tenant {name}:\n{tenant.told()}")
            raise
        finally:
            tenant.reset()

    def close(self) -> None:
        """Stop listening; a server that never listened has nothing to stop."""
        if self._server is not None and self._thread is not None:
            self._server.stop()
            self._thread.join()
            self._server = self._thread = self._listener = self._tls = None
        if self._temporary is not None:
            self._temporary.cleanup()
            self._temporary = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
