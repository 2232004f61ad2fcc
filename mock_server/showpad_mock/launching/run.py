"""`showpad-mock run`: a mock, of its own or joined, behind a proxy, and a command whose environment leads there."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

from ..app import CONTROL, VENDORS
from ..interception.authority import AuthorityFolder
from ..interception.certificates import server_context
from ..interception.hosts import Intercepted, hosts_of
from ..interception.proxy import ProxyOptions, open_proxy
from ..interception.temporary import temporary_folder
from ..interception.tunnel import DIRECTLY, passing
from ..serving.client import Client
from ..serving.listeners import Addresses, Listeners, bind
from ..serving.serve import load
from ..serving.start import listen
from ..serving.state_setting import open_state
from ..serving.uvicorn_server import Door, UvicornServer, possible_limits
from ..settings import Settings
from .command import run_command
from .joined import open_joined
from .trusted import write_trusted
from .upstream import reaches_of
from .variables import Reached, variables


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """What to run, for how long at most, with a mock of its own or the one at `origin`, with other hosts or not."""

    command: Sequence[str]
    timeout: float | None = None
    origin: str | None = None
    refuses_others: bool = False


def run(settings: Settings, options: RunOptions, environ: Mapping[str, str]) -> int:
    """Run the command and return its exit code; raises CannotRun, CannotServe, CannotIntercept, ServerRefused."""
    authority = AuthorityFolder(Path(settings.ca_folder))
    authority.open()
    # Its own credential: nobody else on this machine is to call other hosts in the command's name.
    settings = replace(
        settings,
        host="127.0.0.1",
        port=0,
        tls_port=None,
        proxy_port=0,
        proxy_credential=f"run:{secrets.token_urlsafe(24)}",
    )
    with temporary_folder(authority.runs) as folder, _served(settings, options, environ) as addresses:
        about = Client(options.origin or addresses.http).about()
        reached = Reached(
            proxy=f"http://{settings.proxy_credential}@{urlsplit(str(addresses.proxy)).netloc}",
            hosts=hosts_of(VENDORS),
            trusted=write_trusted(authority, folder, environ),
            base_url=about.base_url,
            token=about.token,
        )
        return run_command(options.command, {**environ, **variables(reached, environ)}, options.timeout)


@contextmanager
def _served(settings: Settings, options: RunOptions, environ: Mapping[str, str]) -> Iterator[Addresses]:
    """Serve in a thread until the end of the block."""
    app = load(settings, None, open_state)
    listeners = Listeners(*listen(settings, bind))
    begun: Future[None] = Future()
    with closing(listeners):
        proxy = _proxy(listeners, settings, options, environ)
        limits = possible_limits(settings.limits)
        server = UvicornServer(app, lambda: begun.set_result(None), limits=limits, doors=[proxy])
        with _in_thread(server, listeners, begun):
            yield listeners.addresses()


def _proxy(listeners: Listeners, settings: Settings, options: RunOptions, environ: Mapping[str, str]) -> Door:
    assert listeners.proxy is not None
    intercepted = Intercepted(hosts_of(VENDORS), tuple(settings.tls_name))
    # Where nothing is passed on, it does not matter which proxy was set.
    passes_some = settings.proxy_pass or not options.refuses_others
    proxy = ProxyOptions(
        intercepted=intercepted,
        context=server_context(AuthorityFolder(Path(settings.ca_folder)), intercepted.certificate_names),
        control=CONTROL,
        credential=settings.proxy_credential,
        asks_for_others_only=True,  # Java sends none by itself
        may_pass=passing(settings.proxy_pass) if options.refuses_others else lambda _host, _port: True,
        reaches=reaches_of(environ) if passes_some else DIRECTLY,
    )
    if options.origin is None:
        return open_proxy(listeners.proxy, proxy)
    return open_joined(listeners.proxy, proxy, options.origin)


@contextmanager
def _in_thread(server: UvicornServer, listeners: Listeners, begun: Future[None]) -> Iterator[None]:
    """Let a server answer until the end of the block; raises what keeps it from that."""

    def serve() -> None:
        try:
            server.run_on(listeners.http)
        except BaseException as error:
            if begun.done():
                raise
            begun.set_exception(error)

    thread = Thread(target=serve, name="showpad-mock", daemon=True)
    thread.start()
    try:
        begun.result()
        yield
    finally:
        server.stop()
        thread.join()
