"""A proxy at which the vendors' hosts end: what unmodified clients are pointed at by HTTPS_PROXY and HTTP_PROXY.

It works on sockets, and takes no byte out of one that is not its own: who takes a connection over finds the rest there.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from base64 import b64encode
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from hmac import compare_digest
from typing import Any

from ..core.refusals import Refusal, shortened
from ..serving.connections import HEAD_TOO_LARGE, LINGER_SECONDS, TOLD, TOO_MANY, TOO_SLOW, Connection, raw_answer
from ..serving.limits import GOODBYE_SECONDS
from ..serving.uvicorn_server import Opened, UvicornServer
from ..web.call import Receive, Scope, Send
from ..web.render import problem_answer
from .heads import TLS_HELLO, Head, parse_head, peek, receive_head
from .hosts import Intercepted
from .problems import CONTROL_NOT_HERE, CREDENTIAL_NEEDED, NAMES_NO_TENANT, NOT_PASSED
from .tunnel import DIRECTLY, PIECE, MayPass, Reaches, Way, tunnel

ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
ACCEPT_PAUSE_SECONDS = 1
SHOWN = 255
Serve = Callable[[Scope, Receive, Send], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyOptions:
    """What a proxy does: which hosts end at the mock, with which certificate, and what becomes of others.

    `credential` is `user:password`, None for nobody's; it may be asked for where a connection is passed on alone.
    `control` is the path that is not reached through it.
    """

    intercepted: Intercepted
    context: ssl.SSLContext
    control: str
    credential: str | None = None
    asks_for_others_only: bool = False
    may_pass: MayPass = lambda _host, _port: False
    reaches: Reaches = DIRECTLY


class Proxied(Connection):
    """A connection that came through the proxy; `early` is what was read of it."""

    def __init__(self, *, serve: Serve, early: bytes, **uvicorn: Any) -> None:
        super().__init__(**uvicorn)
        self.app = serve
        self._early = early

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Begin with what was read already."""
        super().connection_made(transport)
        if self._early:
            # Where there are too many connections, another protocol has it by now.
            protocol: Any = transport.get_protocol()
            protocol.data_received(self._early)


def without(control: str, serve: Serve) -> Serve:
    """Serve all but the control API: nobody who is led here by a proxy's settings is to reach it."""

    async def serve_rest(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if path == control or path.startswith(control + "/"):
            await problem_answer(CONTROL_NOT_HERE.error())(scope, receive, send)
        else:
            await serve(scope, receive, send)

    return serve_rest


class Proxy:
    """Accepts connections, and hands those that end at the mock over to its server."""

    def __init__(self, listener: socket.socket, server: UvicornServer, options: ProxyOptions) -> None:
        self._listener = listener
        self._server = server
        self._options = options
        self._limits = server.limits
        self._serve = without(options.control, server.config.loaded_app)
        self._tasks: set[asyncio.Task[None]] = set()
        self._start(self._accept())

    def close(self) -> None:
        """Take no more connections; cut those that have not reached the mock, as a tunnel has no answer to wait for."""
        for task in self._tasks:
            task.cancel()

    async def wait_closed(self) -> None:
        """Wait until all are gone."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        self._listener.settimeout(0)
        with self._listener:
            while True:
                try:
                    connection, _ = await loop.sock_accept(self._listener)
                except OSError:  # no file is free for it; others end meanwhile
                    await asyncio.sleep(ACCEPT_PAUSE_SECONDS)
                    continue
                self._start(self._take(connection))

    async def _take(self, connection: socket.socket) -> None:
        """Answer a connection, whatever becomes of it; closes it unless it was handed over."""
        with connection, suppress(OSError, EOFError):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                await self._answer(connection)
            except Refusal as refusal:
                await self._refuse(connection, refusal)

    async def _answer(self, connection: socket.socket) -> None:
        self._refuse_too_many()
        seconds = self._limits.header_timeout
        head = await self._in_time(self._head(connection), seconds)
        if head is None:
            await self._hand_over(connection, is_tls=True)
            return
        ends_here = self._options.intercepted.end_here(head.host)
        if not (ends_here and self._options.asks_for_others_only):
            self._check(head)
        if not ends_here:
            await self._pass_on(connection, head)
        elif head.path is not None:
            await self._hand_over(connection, early=head.rewritten())
        else:
            await asyncio.get_running_loop().sock_sendall(connection, ESTABLISHED)
            first = await self._in_time(peek(connection, 1), seconds)
            await self._hand_over(connection, is_tls=first == TLS_HELLO)

    def _refuse_too_many(self) -> None:
        most = self._limits.max_connections
        under_way = len(self._server.server_state.connections) + len(self._tasks) - 1  # one of them accepts
        if under_way > most + TOLD:
            raise ConnectionAbortedError
        if under_way > most:
            raise TOO_MANY.error(most=most)

    async def _in_time(self, work: Awaitable[Any], seconds: float) -> Any:
        try:
            return await asyncio.wait_for(work, seconds)
        except TimeoutError:
            raise TOO_SLOW.error(part="head", seconds=f"{seconds:g}") from None

    async def _head(self, connection: socket.socket) -> Head | None:
        """Return a request's head; None where TLS begins at once, as with a client that takes this for its host."""
        if await peek(connection, 1) == TLS_HELLO:
            return None
        data = await receive_head(connection, self._limits.max_header_size)
        if data is None:
            raise HEAD_TOO_LARGE.error(most=self._limits.max_header_size)
        return parse_head(data)

    def _check(self, head: Head) -> None:
        """Refuse who has not the credential, before anything of hosts is told."""
        credential = self._options.credential
        if credential is None:
            return
        scheme, _, sent = head.value(b"proxy-authorization").partition(b" ")
        # In constant time: how far a guess is right must not show in how long the answer takes.
        if scheme.lower() != b"basic" or not compare_digest(sent.strip(), b64encode(credential.encode())):
            raise CREDENTIAL_NEEDED.error().with_headers(**{"Proxy-Authenticate": 'Basic realm="showpad-mock"'})

    async def _pass_on(self, connection: socket.socket, head: Head) -> None:
        host = shortened(head.host, SHOWN)
        if self._options.intercepted.are_vendors(head.host):
            raise NAMES_NO_TENANT.error(host=host)
        if not self._options.may_pass(head.host, head.port):
            raise NOT_PASSED.error(host=host)
        reach = self._options.reaches.https if head.path is None else self._options.reaches.http
        other = await reach(head.host, head.port)
        try:
            if head.path is None:
                await asyncio.get_running_loop().sock_sendall(connection, ESTABLISHED)
            else:
                other.writer.write(head.rewritten())
            client = Way(*await asyncio.open_connection(sock=handed(connection), limit=PIECE))
        except BaseException:
            other.writer.transport.abort()
            raise
        await tunnel(client, other, idle_seconds=self._limits.body_timeout)

    async def _hand_over(self, connection: socket.socket, *, early: bytes = b"", is_tls: bool = False) -> None:
        secured: dict[str, Any] = {}
        if is_tls:
            timeouts = {"ssl_handshake_timeout": self._limits.header_timeout, "ssl_shutdown_timeout": GOODBYE_SECONDS}
            secured = {"ssl": self._options.context, **timeouts}
        make = partial(self._server.new_connection, Proxied, serve=self._serve, early=early)
        await asyncio.get_running_loop().connect_accepted_socket(make, handed(connection), **secured)

    async def _refuse(self, connection: socket.socket, refusal: Refusal) -> None:
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(connection, raw_answer(refusal, self._server.server_state.default_headers))
        connection.shutdown(socket.SHUT_WR)
        # As for connections to the server: closed on at once, many a client would report a reset.
        with suppress(TimeoutError):
            async with asyncio.timeout(LINGER_SECONDS):
                while await loop.sock_recv(connection, PIECE):
                    pass


def handed(connection: socket.socket) -> socket.socket:
    """Return the socket for whoever closes it from now on."""
    return socket.socket(fileno=connection.detach())


def open_proxy(listener: socket.socket, options: ProxyOptions) -> Callable[[UvicornServer], Awaitable[Opened]]:
    """Return what opens a proxy to a server."""

    async def enter(server: UvicornServer) -> Opened:
        return Proxy(listener, server, options)

    return enter
