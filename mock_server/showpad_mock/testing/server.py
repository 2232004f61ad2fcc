"""A server as Python code uses it: in process, or listening in a thread; a vendor says what its tenants can do."""

from __future__ import annotations

import itertools
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Generic, Self, TypeVar

from ..app import App
from ..core.names import TENANT_NAME_RULE, is_tenant_name
from ..serving.listeners import bind, origin_of
from ..serving.uvicorn_server import UvicornServer
from .tenant import ServedTenant

T = TypeVar("T", bound=ServedTenant)
U = TypeVar("U", bound=ServedTenant)
ServeTenant = Callable[[Callable[[], str], App, str], U]
"""Makes of a server's origin, its app and a name what a test uses."""


class MockServer(Generic[T]):
    """A server within this process; it listens in a thread from the first use of `origin` on.

    `serve_tenant` makes of the server, its app and a name what `tenant` hands out.
    """

    def __init__(self, app: App, serve_tenant: ServeTenant[T]) -> None:
        self.app = app
        self._serve_tenant = serve_tenant
        self._names = itertools.count(1)
        self._starting = Lock()
        self._listener: socket.socket | None = None
        self._server: UvicornServer | None = None
        self._thread: Thread | None = None

    @property
    def origin(self) -> str:
        """Scheme, host and port; asked for the first time, the server starts to listen."""
        with self._starting:  # two threads may ask first
            return origin_of(self._listener or self._listen())

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
            self._server = self._thread = self._listener = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
