"""Names that a certificate can bear."""

from __future__ import annotations

import ipaddress
import re
from contextlib import suppress

LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
NAME = re.compile(rf"(\*\.)?({LABEL}\.)*{LABEL}", re.ASCII)
LONGEST_NAME = 253


def certificate_name(text: str) -> str:
    """Return a name that a certificate can bear, in lower case; raises ValueError."""
    name = text.lower()
    try:
        return str(ipaddress.ip_address(name.strip("[]")))
    except ValueError:
        if len(name) > LONGEST_NAME or NAME.fullmatch(name) is None:
            raise ValueError("must be a host name, such as mock.internal or *.example.com, or an IP address") from None
    return name


PASSED = re.compile(r"(?P<host>[^\[\]:]+|\[[^\[\]]+\])(?::(?P<port>[0-9]{1,5}))?", re.ASCII)


def passed_host(text: str) -> str:
    """Return a host to pass connections on to, with or without a port, or `*` for all; raises ValueError."""
    if text == "*":
        return text
    with suppress(ValueError):  # an address of IPv6 has colons, but no port
        return str(ipaddress.ip_address(text))
    match = PASSED.fullmatch(text)
    port = match["port"] if match is not None else None
    if match is None or (port is not None and not 0 < int(port) <= 65_535):
        raise ValueError("must be HOST, *.DOMAIN, HOST:PORT or *")
    host = certificate_name(match["host"])
    return host if port is None else f"{f'[{host}]' if ':' in host else host}:{port}"
