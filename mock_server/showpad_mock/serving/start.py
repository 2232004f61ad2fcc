"""What a server begins with, whether it is one process or several: files, tokens, an address, signals."""

from __future__ import annotations

import ipaddress
import secrets
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from ..settings import Settings
from .files import CannotWrite
from .listeners import Addresses
from .ready_file import ReadyFile

T = TypeVar("T")
LOOPBACK = "127.0.0.1"


class CannotServe(Exception):
    """The server cannot start, or cannot write a file that it was to write; the message says why."""


@contextmanager
def ready_file(settings: Settings) -> Iterator[Callable[[Addresses], None]]:
    """Open what tells that the server is ready, if it is to be told; remove that at the end of the block."""
    if settings.ready_file is None:
        yield lambda _: None
        return
    try:
        file = ReadyFile(Path(settings.ready_file))
        try:
            yield file.write
        finally:
            file.remove()
    except CannotWrite as error:
        raise CannotServe(f"--ready-file {error}") from None


def listen(settings: Settings, bind: Callable[[str, int], T]) -> tuple[T, T | None, T | None]:
    """Return what `bind` makes of the addresses for HTTP, TLS and the proxy; raises CannotServe."""
    return (
        _listen(settings.host, settings.port, "--port", bind),
        _listen(settings.host, settings.tls_port, "--tls-port", bind) if settings.tls_port is not None else None,
        # On loopback, whatever the host: a proxy that others reach makes requests in this machine's name.
        _listen(LOOPBACK, settings.proxy_port, "--proxy-port", bind) if settings.proxy_port is not None else None,
    )


def _listen(host: str, port: int, flag: str, bind: Callable[[str, int], T]) -> T:
    try:
        return bind(host, port)
    except OSError as error:
        raise CannotServe(
            f"{host}:{port} cannot be listened on: {error.strerror}. "
            f"Choose another with {flag}; {flag} 0 takes any free one."
        ) from None


def admin_token(settings: Settings) -> str | None:
    """Return the token that the control API demands: none on loopback."""
    # Beyond loopback there is always one: nobody should have to think of it.
    return None if _is_loopback(settings.host) else settings.admin_token or secrets.token_urlsafe(24)


def end_by_signal(end: Callable[[], None]) -> None:
    """Call `end` at each signal that ends a server."""
    for number in ending_signals():
        signal.signal(number, lambda *_: end())


def ending_signals() -> Iterator[signal.Signals]:
    """Return the signals that end a server."""
    for name in ("SIGTERM", "SIGINT", "SIGHUP"):
        number = getattr(signal.Signals, name, None)  # Windows has no SIGHUP, which tells that the terminal is gone
        is_ignored = name == "SIGHUP" and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN  # nohup wants it so
        if number is not None and not is_ignored:
            yield number


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
