"""One request of a delivery: to an address that is allowed, within a time and a size; no redirect is followed.

By h11 over asyncio's streams: what is connected to is the address that was checked, and nothing is asked twice.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Collection, Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address
from socket import SOCK_STREAM
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

import h11

from ..core.redaction import redact_text
from .protocol import Headers
from .queue import Outcome

ANSWER_SHOWN = 1000
ANSWER_CAP = 64 * 1024
BLOCK = 64 * 1024
Address = IPv4Address | IPv6Address


class NotAllowed(Exception):
    """Nothing may be sent there; the message says why."""


class Unreadable(Exception):
    """What was answered is no HTTP, or ended too early; the message says so."""


class Request(NamedTuple):
    """What is sent."""

    method: str
    url: str
    headers: Headers
    body: bytes


class Sender:
    """Sends requests to loopback and to the `allowed` hosts, each within so many seconds."""

    def __init__(self, allowed: Collection[str], seconds: float) -> None:
        self._allowed = frozenset(host.lower() for host in allowed)
        self._seconds = seconds
        self._tls: ssl.SSLContext | None = None

    async def send(self, request: Request) -> Outcome:
        """Return what came of a request; it raises nothing."""
        try:
            async with asyncio.timeout(self._seconds):
                return await self._exchange(request, urlsplit(request.url))
        except NotAllowed as error:
            return Outcome(error=str(error), is_final=True)
        except (TimeoutError, Unreadable, OSError, ValueError) as error:
            return Outcome(error=self._told(error))

    def _told(self, error: Exception) -> str:
        if isinstance(error, TimeoutError):
            return f"no answer within {self._seconds:g} seconds"
        if isinstance(error, ssl.SSLError):
            return f"TLS failed: {error.reason or type(error).__name__}"
        if isinstance(error, OSError):
            return f"cannot be reached: {error.strerror or type(error).__name__}"
        return str(error)

    async def _exchange(self, request: Request, url: SplitResult) -> Outcome:
        is_tls = url.scheme == "https"
        port = url.port or (443 if is_tls else 80)
        reader, writer = await self._connected(url.hostname or "", port, is_tls=is_tls)
        try:
            connection = h11.Connection(h11.CLIENT)
            # Not waited for: who answers before all is read is listened to.
            writer.writelines(_messages(connection, request, url))
            return await _answer(connection, reader)
        except h11.RemoteProtocolError:
            raise Unreadable("the answer is no HTTP, or ended too early") from None
        finally:
            writer.transport.abort()

    async def _connected(
        self, host: str, port: int, *, is_tls: bool
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        failure: OSError = OSError("no address")
        for address in await self._addresses(host, port):
            try:
                # To the address that was checked: a second look-up might find another one.
                return await asyncio.open_connection(
                    address, port, ssl=self._context() if is_tls else None, server_hostname=host if is_tls else None
                )
            except OSError as error:
                failure = error
        raise failure

    def _context(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = ssl.create_default_context()
        return self._tls

    async def _addresses(self, host: str, port: int) -> list[str]:
        """Return the addresses of a host, all of which are allowed; raises NotAllowed."""
        is_named = host in self._allowed
        literal = _literal(host)
        # Other names are not even looked up: whoever resolves them would learn of a test.
        if not (is_named or literal is not None or host == "localhost" or host.endswith(".localhost")):
            raise NotAllowed(f"the host {host} is not allowed: serve with --allow-webhook-host {host}")
        if literal is not None:
            found = [str(literal)]
        else:
            infos = await asyncio.get_running_loop().getaddrinfo(host, port, type=SOCK_STREAM)
            found = list(dict.fromkeys(str(info[4][0]) for info in infos))
        for address in found:
            if not _may_reach(ip_address(address.partition("%")[0]), is_named=is_named, is_literal=literal is not None):
                raise NotAllowed(f"the host {host} has the address {address}, which is not allowed")
        return found


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _may_reach(address: Address, *, is_named: bool, is_literal: bool) -> bool:
    plain = getattr(address, "ipv4_mapped", None) or address
    if plain.is_loopback or (is_named and is_literal):
        return True
    # A name that is allowed must not lead to where clouds keep the secrets of their machines.
    return is_named and not (plain.is_link_local or plain.is_multicast or plain.is_unspecified)


def _messages(connection: h11.Connection, request: Request, url: SplitResult) -> Iterator[bytes]:
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    headers = [("Host", url.netloc), *request.headers, ("Content-Length", str(len(request.body)))]
    parts = (
        h11.Request(method=request.method, target=target, headers=headers),
        h11.Data(data=request.body),
        h11.EndOfMessage(),
    )
    return (connection.send(part) or b"" for part in parts)


async def _answer(connection: h11.Connection, reader: asyncio.StreamReader) -> Outcome:
    status, content, received = 0, bytearray(), 0
    while True:
        event = connection.next_event()
        if isinstance(event, h11.Response):
            status = event.status_code
        elif isinstance(event, h11.Data):
            content += event.data
        elif isinstance(event, h11.ConnectionClosed):
            raise Unreadable("the connection was closed without an answer")
        # What is longer is not read to its end: its status says all that counts.
        elif isinstance(event, h11.EndOfMessage) or (status and received > ANSWER_CAP):
            text = bytes(content[:ANSWER_CAP]).decode("utf-8", "replace")
            return Outcome(status=status, answer=redact_text(text)[:ANSWER_SHOWN])
        # Counted as it comes, since interim answers and the frames of chunks may be without end, too.
        elif received > ANSWER_CAP:
            raise Unreadable(f"no answer within {ANSWER_CAP} bytes")
        elif event is h11.NEED_DATA:
            received += len(block := await reader.read(BLOCK))
            connection.receive_data(block)
