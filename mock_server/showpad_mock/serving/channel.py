"""What the parent of workers and a worker tell each other: messages on a pair of sockets that nobody else can reach."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable
from enum import IntEnum
from typing import Any

HEAD = struct.Struct("!IB")
MOST_UNSENT = 4 * 1024 * 1024
"""Bytes that may wait for the other end: beyond these it is asked nothing until it reads."""


class Kind(IntEnum):
    """What a message is for."""

    ORDER = 1
    """To a worker, first of all: what to serve."""
    READY = 2
    """From a worker: it answers; the lines that a server begins with."""
    FAILED = 3
    """From a worker, last of all: why it cannot serve."""
    END = 4
    """To a worker: end. From a worker: let all end."""
    BOARD = 5
    """What is told of answers: a message of `state.boards.calls`."""


class Channel(asyncio.Protocol):
    """One end in a loop: calls `receive` with each message, and `lost` when the other end is closed."""

    def __init__(self, receive: Callable[[Kind, bytes], None], lost: Callable[[], None]) -> None:
        self._receive = receive
        self._lost = lost
        self._pending = bytearray()
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: Any) -> None:
        """Begin."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Take whole messages out of what came."""
        self._pending += data
        while len(self._pending) >= HEAD.size:
            size, kind = HEAD.unpack_from(self._pending)
            if len(self._pending) < HEAD.size + size:
                return
            body = bytes(self._pending[HEAD.size : HEAD.size + size])
            del self._pending[: HEAD.size + size]
            self._receive(Kind(kind), body)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # asyncio's signature
        """End."""
        self._lost()

    def send(self, kind: Kind, body: bytes = b"") -> None:
        """Send a message; to an end that is closed, nothing."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(packed(kind, body))

    def is_full(self) -> bool:
        """Return whether the other end does not read what it is sent."""
        return self._transport is not None and self._transport.get_write_buffer_size() > MOST_UNSENT

    def close(self) -> None:
        """Let go of the socket."""
        if self._transport is not None:
            self._transport.close()


def packed(kind: Kind, body: bytes = b"") -> bytes:
    """Return a message as it is sent."""
    return HEAD.pack(len(body), kind) + body


def receive(channel: socket.socket) -> tuple[Kind, bytes]:
    """Wait for one message, in no loop; raises EOFError where the other end is closed."""
    size, kind = HEAD.unpack(_exactly(channel, HEAD.size))
    return Kind(kind), _exactly(channel, size)


def _exactly(channel: socket.socket, size: int) -> bytes:
    found = b""
    while len(found) < size:
        piece = channel.recv(size - len(found))
        if not piece:
            raise EOFError
        found += piece
    return found
