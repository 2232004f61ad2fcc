"""What processes of one server tell each other: on a pair of sockets, here both in one loop."""

from __future__ import annotations

import asyncio
import socket

from showpad_mock.serving.channel import MOST_UNSENT, Channel, Kind

from ...harness.engines import PATIENCE


async def connected(channel: Channel, end: socket.socket) -> Channel:
    await asyncio.get_running_loop().create_unix_connection(lambda: channel, sock=end)
    return channel


def test_a_channel_is_full_while_the_other_end_does_not_read(runner: asyncio.Runner) -> None:
    async def fill() -> None:
        ours, theirs = socket.socketpair()
        near = await connected(Channel(lambda *_: None, lambda: None), ours)
        while not near.is_full():
            near.send(Kind.BOARD, b"x" * (MOST_UNSENT // 4))
        last = asyncio.Event()
        far = await connected(Channel(lambda kind, _: last.set() if kind is Kind.END else None, lambda: None), theirs)
        near.send(Kind.END)
        await asyncio.wait_for(last.wait(), PATIENCE)
        assert not near.is_full()
        for channel in (near, far):
            channel.close()

    runner.run(fill())
