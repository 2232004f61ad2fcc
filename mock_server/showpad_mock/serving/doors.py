"""The other ways to a server: TLS, and a proxy. They load what most starts do not need."""

from __future__ import annotations

import asyncio
import socket
import ssl
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ..app import CONTROL
from ..settings import PROXY_CREDENTIAL, Settings
from .limits import GOODBYE_SECONDS
from .start import CannotServe

if TYPE_CHECKING:
    from ..app import App
    from .listeners import Listeners
    from .uvicorn_server import Door, Opened, UvicornServer

BACKLOG = 2048


def doors_of(settings: Settings, listeners: Listeners, app: App) -> list[Door]:
    """Return the doors that settings ask for; raises CannotServe."""
    if listeners.tls is None and listeners.proxy is None:
        return []
    from ..interception.authority import AuthorityFolder, CannotIntercept
    from ..interception.certificates import server_context
    from ..interception.hosts import Intercepted, hosts_of

    intercepted = Intercepted(hosts_of(app.vendors), tuple(settings.tls_name))
    try:
        context = server_context(AuthorityFolder(Path(settings.ca_folder)), intercepted.certificate_names)
    except CannotIntercept as error:
        raise CannotServe(str(error)) from None
    doors = [tls_door(listeners.tls, context)] if listeners.tls is not None else []
    if listeners.proxy is not None:
        if sys.platform == "win32":  # its loop cannot wait for a socket itself
            raise CannotServe("--proxy-port: is not there on Windows; leave it out")
        if "*" in settings.proxy_pass and settings.proxy_credential is None:
            raise CannotServe(
                "--proxy-pass *: every program and user of this machine could use the proxy for whatever it likes; "
                f"set {PROXY_CREDENTIAL.variable}"
            )
        from ..interception.proxy import ProxyOptions, open_proxy
        from ..interception.tunnel import passing

        options = ProxyOptions(
            intercepted=intercepted,
            context=context,
            control=CONTROL,
            credential=settings.proxy_credential,
            may_pass=passing(settings.proxy_pass),
        )
        doors.append(open_proxy(listeners.proxy, options))
    return doors


def tls_door(listener: socket.socket, context: ssl.SSLContext) -> Door:
    """Return what has a server answer by TLS, too."""

    async def enter(server: UvicornServer) -> Opened:
        return await asyncio.get_running_loop().create_server(
            server.new_connection,
            sock=listener,
            ssl=context,
            backlog=BACKLOG,
            ssl_handshake_timeout=server.limits.header_timeout,
            ssl_shutdown_timeout=GOODBYE_SECONDS,
        )

    return enter


def check_authority(settings: Settings) -> None:
    """Make the certificate authority before several processes ask for it; raises CannotServe."""
    if settings.tls_port is None and settings.proxy_port is None:
        return
    from ..interception.authority import AuthorityFolder, CannotIntercept

    try:
        AuthorityFolder(Path(settings.ca_folder)).open()
    except CannotIntercept as error:
        raise CannotServe(str(error)) from None
