"""What the proxy refuses, by name."""

from __future__ import annotations

from ..core.refusals import Problem


def _bad(detail: str) -> Problem:
    return Problem("", 400, "/mock-server/invalid-proxy-request", "Bad Request", detail)


def _gateway(detail: str) -> Problem:
    return Problem("", 502, "/mock-server/not-passed-on", "Bad Gateway", detail)


INVALID_HEAD = _bad("A proxy is asked by CONNECT host:port HTTP/1.1, or by GET http://host/path HTTP/1.1 and the like.")
NOT_FOR_A_PROXY = _bad("This port is a proxy: set it as HTTPS_PROXY or HTTP_PROXY. The API itself is on another port.")
CREDENTIAL_NEEDED = Problem(
    "",
    407,
    "/mock-server/proxy-credential-needed",
    "Proxy Authentication Required",
    "This proxy is for who started it: it asks for its credential (Proxy-Authorization: Basic).",
)
NOT_PASSED = _gateway(
    "{host} does not end at the mock, and the proxy passes nothing on to it; "
    "`--proxy-pass {host}` would, at ports 80 and 443, or at the one that is named."
)
NAMES_NO_TENANT = _gateway(
    "{host} is a host of an API that is mocked, but names no tenant. Nothing is passed on to it."
)
UNREACHABLE = _gateway("{host} cannot be reached: {reason}.")
IS_LOCAL = _gateway(
    "{host} is an address of this machine or its link ({address}). It is passed on to where --proxy-pass names the "
    "address itself."
)
CONTROL_NOT_HERE = Problem(
    "", 403, "/mock-server/not-by-proxy", "Forbidden", "The control API is not reached through the proxy."
)
