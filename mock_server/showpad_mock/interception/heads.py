"""The head of a request to the proxy: read from a socket, taken apart, written anew for who is to answer."""

from __future__ import annotations

import asyncio
import re
import socket
from typing import NamedTuple

from .problems import INVALID_HEAD, NOT_FOR_A_PROXY

END = b"\r\n\r\n"
TLS_HELLO = b"\x16"
"""The first byte of every TLS connection; no HTTP begins with it."""
REQUEST = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([!-~]+) HTTP/1\.[01]")
FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[^\r\n\0]*")
AUTHORITY = re.compile(rb"(?P<host>\[[0-9A-Fa-f:.]+\]|[^\[\]:/?#@]+)(?::(?P<port>[0-9]{1,5}))?")
ABSOLUTE = re.compile(rb"http://(?P<authority>[^/?#]+)(?P<path>[^#]*)", re.IGNORECASE)
# What is for the proxy alone; a connection through it is for one request, so that the next one is looked at, too.
FOR_THE_PROXY = (b"host", b"proxy-authorization", b"proxy-connection", b"connection", b"keep-alive")


class Head(NamedTuple):
    """What a request asks of the proxy. Without a `path` it is a CONNECT."""

    method: bytes
    host: str
    port: int
    path: bytes | None
    fields: list[bytes]

    def value(self, name: bytes) -> bytes:
        """Return a header's value; nothing where there is none, or more than one."""
        found = [one.partition(b":")[2].strip() for one in self.fields if _name(one) == name]
        return found[0] if len(found) == 1 else b""

    def rewritten(self) -> bytes:
        """Return the head for a server: its Host is the host that the proxy was asked for, whatever was said beside."""
        host = f"{self.host}:{self.port}" if self.port != 80 else self.host
        kept = [one for one in self.fields if _name(one) not in FOR_THE_PROXY]
        first = b"%b %b HTTP/1.1" % (self.method, self.path or b"/")
        return b"\r\n".join((first, b"Host: " + host.encode("ascii"), *kept, b"Connection: close", b"", b""))


def _name(field: bytes) -> bytes:
    return field.partition(b":")[0].lower()


def parse_head(data: bytes) -> Head:
    """Take a head apart; refuses with 400."""
    first, *fields = data.removesuffix(END).split(b"\r\n")
    request = REQUEST.fullmatch(first)
    if request is None or not all(FIELD.fullmatch(one) for one in fields):
        raise INVALID_HEAD.error()
    method, target = request.groups()
    if method == b"CONNECT":
        return Head(method, *_host_and_port(target, None), None, fields)
    if target.startswith(b"/"):
        raise NOT_FOR_A_PROXY.error()
    absolute = ABSOLUTE.fullmatch(target)
    if absolute is None:
        raise INVALID_HEAD.error()
    path = absolute["path"]
    return Head(
        method, *_host_and_port(absolute["authority"], 80), path if path.startswith(b"/") else b"/" + path, fields
    )


def _host_and_port(authority: bytes, default: int | None) -> tuple[str, int]:
    match = AUTHORITY.fullmatch(authority)
    port = default if match is None or match["port"] is None else int(match["port"])
    if match is None or port is None or not 0 < port <= 65_535:
        raise INVALID_HEAD.error()
    return match["host"].decode("ascii"), port


async def peek(connection: socket.socket, most: int = 65_536) -> bytes:
    """Return what has come, and leave it in the socket; nothing at the end. Waits for it."""
    while True:
        await _readable(connection)
        try:
            return connection.recv(most, socket.MSG_PEEK)
        except (BlockingIOError, InterruptedError):
            continue


async def receive_head(connection: socket.socket, most: int) -> bytes | None:
    """Take a head out of a socket, nothing behind it; None beyond `most` bytes. Raises EOFError where it ends before.

    What follows stays for who takes the connection over: nothing has to be handed on, and nothing is lost.
    """
    head = b""
    while len(head) <= most:
        seen = await peek(connection)
        if not seen:
            raise EOFError
        start = max(0, len(head) - len(END) + 1)
        end = (head[start:] + seen).find(END)
        wanted = len(seen) if end < 0 else start + end + len(END) - len(head)
        head += connection.recv(wanted)
        if end >= 0:
            return head if len(head) <= most else None
    return None


async def _readable(connection: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_reader(connection, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(connection)
