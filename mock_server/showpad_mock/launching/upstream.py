"""How a command's calls to other hosts go on: directly, or through the proxy that it was to use anyway."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import Mapping, Sequence
from urllib.parse import unquote, urlsplit

from ..interception.problems import UNREACHABLE
from ..interception.tunnel import CONNECT_SECONDS, PIECE, Reach, Reaches, Way

EITHER = ("all_proxy", "ALL_PROXY")
HTTPS, HTTP = ("https_proxy", "HTTPS_PROXY", *EITHER), ("http_proxy", "HTTP_PROXY", *EITHER)
"""Where clients look for a proxy, in this order."""


class WrongProxy(ValueError):
    """The proxy that was set cannot be passed through; the message says why."""


def reaches_of(environ: Mapping[str, str]) -> Reaches:
    """Return what connects to other hosts as an environment has it; raises WrongProxy."""
    return Reaches(https=_reach_of(HTTPS, environ), http=_reach_of(HTTP, environ))


def _reach_of(variables: Sequence[str], environ: Mapping[str, str]) -> Reach:
    name = next((one for one in variables if environ.get(one)), None)
    if name is None:
        return reach_directly
    url = environ[name]
    proxy = urlsplit(url if "://" in url else f"http://{url}")
    try:
        host, port = proxy.hostname, proxy.port or 80
    except ValueError:
        host = None
    # The URL itself is not told: it may hold a password.
    if proxy.scheme != "http" or not host:
        raise WrongProxy(f"{name}: must be a URL such as http://proxy:3128 to be passed through")
    login = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}" if proxy.username is not None else None
    return _through(host, port, login)


async def reach_directly(host: str, port: int) -> Way:
    """Connect to a host, wherever its name leads."""
    return await _connected(host, port, host)


def _through(proxy: str, proxy_port: int, login: str | None) -> Reach:
    async def reach(host: str, port: int) -> Way:
        way = await _connected(proxy, proxy_port, host)
        lines = [f"CONNECT {host}:{port} HTTP/1.1", f"Host: {host}:{port}"]
        lines += [f"Proxy-Authorization: Basic {b64encode(login.encode()).decode()}"] if login is not None else []
        way.writer.write("\r\n".join((*lines, "", "")).encode("latin-1"))
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                answer = await way.reader.readuntil(b"\r\n\r\n")
        except (TimeoutError, OSError, EOFError, asyncio.LimitOverrunError):
            answer = b""
        status = answer.partition(b" ")[2][:3]
        if status != b"200":
            way.writer.transport.abort()
            told = f"answered {status.decode('latin-1')}" if status else "did not answer"
            raise UNREACHABLE.error(host=host, reason=f"the proxy {proxy}:{proxy_port} {told}")
        return way

    return reach


async def _connected(host: str, port: int, wanted: str) -> Way:
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            return Way(*await asyncio.open_connection(host.strip("[]"), port, limit=PIECE))
    except TimeoutError:
        raise UNREACHABLE.error(host=wanted, reason=f"no connection within {CONNECT_SECONDS} seconds") from None
    except OSError as error:
        raise UNREACHABLE.error(host=wanted, reason=error.strerror or "no such host") from None
