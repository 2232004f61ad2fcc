"""A proxy before a server, that loses or holds answers when a test says so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress


class Proxy:
    """Hands bytes on; an answer that is to be lost ends the connection in its place.

    `before_answer` is called with what comes back, before that is handed on.
    """

    def __init__(self, port: int) -> None:
        self.upstream = port
        self.answers_to_lose = 0
        self.lost = 0
        self.before_answer: Callable[[bytes], None] = lambda _: None
        self._next: asyncio.Future[bytes] | None = None
        self._sending: set[asyncio.Task[None]] = set()
        self._holds = False
        self._held = asyncio.Event()
        self._go_on = asyncio.Event()

    @asynccontextmanager
    async def holding_answers(self) -> AsyncIterator[asyncio.Event]:
        """Hold what is answered while the block runs; give the event that there is an answer."""
        self._holds = True
        yield self._held
        self._holds = False
        self._go_on.set()

    def hold_no_more_answers(self) -> None:
        """Hand on answers again, but not those that are held already."""
        self._holds = False

    async def next_request(self) -> bytes:
        """Wait for the next bytes of a client."""
        self._next = asyncio.get_running_loop().create_future()
        return await self._next

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Stand between a connection and the server until one of them ends."""
        answers, requests = await asyncio.open_connection("127.0.0.1", self.upstream)
        sending = asyncio.create_task(self._send(reader, requests))
        self._sending.add(sending)
        with suppress(ConnectionError):
            await self._answer(answers, writer)
        for one in (requests, writer):
            one.close()

    async def end(self) -> None:
        """Wait until whoever asked has gone."""
        await asyncio.gather(*self._sending)

    async def _send(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(1 << 16):
                if self._next is not None and not self._next.done():
                    self._next.set_result(data)
                writer.write(data)
        writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(1 << 16):
            self.before_answer(data)
            if self.answers_to_lose:
                self.answers_to_lose -= 1
                self.lost += 1
                return
            if self._holds:
                self._held.set()
                await self._go_on.wait()
            writer.write(data)


@asynccontextmanager
async def proxy_before(port: int) -> AsyncIterator[tuple[Proxy, int]]:
    """Listen on a free port; give the proxy and that port."""
    proxy = Proxy(port)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    async with server:
        yield proxy, server.sockets[0].getsockname()[1]
        await proxy.end()
