"""HTTP to a target: one whole answer within the timeout, or the reason why there is none in one line."""

from __future__ import annotations

import ssl
from collections.abc import Mapping

import httpx2

from ..core.target import Target, TargetError, is_whole
from ..core.violation import Inconclusive, NotTheApi, WrongForm
from .bounded import TooMuch, Transport
from .redaction import Redaction

# Identity: what is compressed may be of any length.
HEADERS = {"Accept-Encoding": "identity", "User-Agent": "showpad-contracts"}


class Connection:
    """Sends requests; redirects are answers like others, and no cookie is kept.

    Without httpx2's client: what it does beyond that is switched off here, and would take a fifth of a request's time.
    """

    def __init__(
        self, target: Target, timeout: float, redaction: Redaction, transport: httpx2.BaseTransport | None = None
    ) -> None:
        self._base_url = target.base_url
        self._target = target
        self._timeout = timeout
        self._redaction = redaction
        self._transport = transport or Transport(_trust(target), timeout)

    def close(self) -> None:
        """Close what is open."""
        self._transport.close()

    def request(self, method: str, path: str, content: bytes | None, headers: Mapping[str, str]) -> httpx2.Request:
        """Make a request to a path under the base URL, or to a whole address that the target names.

        Raises ValueError for a path that no URL can hold, and for an address of anybody else's, who must get no token.
        """
        if is_whole(path) and not self._target.is_named(path):
            raise ValueError(f"{path!r} is none of the target's addresses")
        address = path if is_whole(path) else self._base_url + path
        try:
            return httpx2.Request(method, address, headers={**HEADERS, **headers}, content=content)
        except httpx2.InvalidURL as error:
            raise ValueError(f"{path!r}: {error}") from None

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        """Send and give the whole answer. Raises NotTheApi; WrongForm for garbage; Inconclusive for the unsendable."""
        try:
            response = self._transport.handle_request(request)
            response.read()
        except TooMuch as error:
            raise NotTheApi(f"{self._base_url} sends {error}") from None
        except httpx2.LocalProtocolError:  # its message may quote a token
            raise Inconclusive(f"HTTP has no way to send {request.method} {request.url.path} as it is") from None
        except httpx2.DecodingError as error:
            raise self._garbage(request, error) from None
        except httpx2.RemoteProtocolError as error:
            # Garbage and a connection that was closed are one class: only httpcore's words tell them apart.
            if "disconnected" in str(error) or "closed" in str(error):
                raise NotTheApi(f"{self._base_url} closes connections without answering") from None
            raise self._garbage(request, error) from None
        except httpx2.HTTPError as error:
            raise NotTheApi(f"{self._base_url} cannot be reached: {self._reason(error)}") from None
        return response

    def _garbage(self, request: httpx2.Request, error: Exception) -> WrongForm:
        what = f"answer to {request.method} {self._redaction.text(request.url.path)}"
        return WrongForm(what, expected="an answer in HTTP", received=self._redaction.text(str(error)))

    def _reason(self, error: httpx2.HTTPError) -> str:
        if isinstance(error, httpx2.TimeoutException):
            return f"no answer within {self._timeout:g} seconds"
        lines = str(error).splitlines() or [type(error).__name__]
        # OpenSSL puts the reason between its own codes and the line of its source.
        return lines[0].partition("certificate verify failed: ")[2].partition(" (_ssl")[0] or lines[0]


def _trust(target: Target) -> ssl.SSLContext | None:
    if isinstance(target.verify, bool):
        if target.base_url.startswith("http:"):
            return None  # to read who is trusted takes a twentieth of a short run
        # Whom to trust the target's file says: SSL_CERT_FILE would say otherwise without being seen in a report.
        return httpx2.create_ssl_context(verify=target.verify, trust_env=False)
    try:
        return ssl.create_default_context(cafile=target.verify)
    except OSError:  # ssl.SSLError is one
        raise TargetError(f"{target.verify}: verify: holds no certificates") from None
