"""A proxy before a mock that runs elsewhere: what ends here is passed on to that as plain HTTP, byte by byte."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from ..interception.proxy import Proxy, ProxyOptions, handed
from ..interception.tunnel import PIECE, Way, tunnel
from ..serving.uvicorn_server import Opened, UvicornServer
from .upstream import reach_directly


class JoinedProxy(Proxy):
    """Hands what ends at the mock over to another server, instead of that of this process."""

    def __init__(self, listener: socket.socket, server: UvicornServer, options: ProxyOptions, origin: str) -> None:
        at = urlsplit(origin)
        self._at = str(at.hostname), at.port or 80
        super().__init__(listener, server, options)

    async def _hand_over(self, connection: socket.socket, *, early: bytes = b"", is_tls: bool = False) -> None:
        mock = await reach_directly(*self._at)
        try:
            mock.writer.write(early)
            client = await self._client(connection, is_tls=is_tls)
        except BaseException:
            mock.writer.transport.abort()
            raise
        await tunnel(client, mock, idle_seconds=self._limits.body_timeout)

    async def _client(self, connection: socket.socket, *, is_tls: bool) -> Way:
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader(limit=PIECE)
        # Not the one that is returned, which of TLS is the loop's own.
        protocol = asyncio.StreamReaderProtocol(reader)
        secured: dict[str, Any] = {}
        if is_tls:
            # A client that takes its time may still be at the answer when TLS is ended.
            timeouts = {
                "ssl_handshake_timeout": self._limits.header_timeout,
                "ssl_shutdown_timeout": self._limits.body_timeout,
            }
            secured = {"ssl": self._options.context, **timeouts}
        transport, _ = await loop.connect_accepted_socket(lambda: protocol, handed(connection), **secured)
        return Way(reader, asyncio.StreamWriter(transport, protocol, reader, loop))


def open_joined(
    listener: socket.socket, options: ProxyOptions, origin: str
) -> Callable[[UvicornServer], Awaitable[Opened]]:
    """Return what opens a proxy before the mock at an origin."""

    async def enter(server: UvicornServer) -> Opened:
        return JoinedProxy(listener, server, options, origin)

    return enter
