"""How flags are read, the same for the command line and for pytest."""

from __future__ import annotations

from argparse import ArgumentTypeError
from urllib.parse import urlsplit


def count(text: str) -> int:
    """Read a positive integer."""
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise ArgumentTypeError(f"must be a positive integer, got {text!r}")
    return int(text)


def positive(text: str) -> float:
    """Read a positive number."""
    try:
        number = float(text)
    except ValueError:
        number = 0
    if not 0 < number < float("inf"):
        raise ArgumentTypeError(f"must be a positive number, got {text!r}")
    return number


def receiver_url(text: str) -> str:
    """Read the address that a target delivers to."""
    try:
        parts = urlsplit(text)
        is_well = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_well = False
    if not is_well or "@" in text or "?" in text or "#" in text or any(not "!" <= one <= "~" for one in text):
        raise ArgumentTypeError(f"must be http(s)://HOST[:PORT][/PATH] without user, query and fragment, got {text!r}")
    return text


def listen_address(text: str) -> tuple[str, int]:
    """Read where to listen: HOST:PORT, or a port of 127.0.0.1."""
    host, _, port = text.rpartition(":")
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 2**16):
        raise ArgumentTypeError(f"must be HOST:PORT or PORT, got {text!r}")
    return host.removeprefix("[").removesuffix("]") or "127.0.0.1", int(port)
