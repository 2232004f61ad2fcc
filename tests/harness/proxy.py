"""A proxy before a server, that loses answers when a test says so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Proxy:
    """Hands bytes on; an answer that is to be lost ends the connection in its place."""

    def __init__(self, port: int) -> None:
        self.answers_to_lose = 0
        self.lost = 0
        self._upstream = port
        self._connections: set[asyncio.Task[None]] = set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answers, requests = await asyncio.open_connection("127.0.0.1", self._upstream)
        sending = asyncio.create_task(self._hand_on(reader, requests))
        await self._hand_on(answers, writer, are_answers=True)
        sending.cancel()
        for one in (requests, writer):
            one.close()

    async def _hand_on(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, are_answers: bool = False
    ) -> None:
        while data := await reader.read(1 << 16):
            if are_answers and self.answers_to_lose:
                self.answers_to_lose -= 1
                self.lost += 1
                return
            writer.write(data)
        writer.close()


@asynccontextmanager
async def proxy_before(port: int) -> AsyncIterator[tuple[Proxy, int]]:
    """Listen on a free port; give the proxy and that port."""
    proxy = Proxy(port)
    server = await asyncio.start_server(proxy._serve, "127.0.0.1", 0)
    async with server:
        yield proxy, server.sockets[0].getsockname()[1]
