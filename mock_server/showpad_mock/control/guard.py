"""Who may use the control API: on loopback nobody through a foreign page, elsewhere the holder of the admin token.

A page in a browser on this machine could otherwise drive it: by a form sent here (told by its Origin), by a name of its
own that it has resolve to loopback (told by the Host), or by an image, script or link, which have no Origin (told by
Sec-Fetch-Site). Nor does whoever may subscribe to webhooks have the server itself call it.
"""

from __future__ import annotations

import re
from hmac import compare_digest

from starlette.requests import Request

from ..web.steps.match import FROM_DELIVERY
from ..webhooks.protocol import DELIVERY
from .problems import ADMIN_TOKEN_NEEDED, FOREIGN_HOST, FOREIGN_ORIGIN, FOREIGN_SITE

LOOPBACK = re.compile(
    r"(localhost|127\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}|\[::1\])(:[0-9]{1,5})?", re.ASCII | re.IGNORECASE
)


OWN_SITE = ("same-origin", "none")
"""`none`: the user typed the address or chose a bookmark."""


class Guard:
    """Refuses requests to the control API; `admin_token` is None where it is bound to loopback."""

    def __init__(self, admin_token: str | None) -> None:
        self._expected = f"Bearer {admin_token}".encode() if admin_token is not None else None

    def check(self, request: Request) -> None:
        """Refuse with 401 or 403 whoever may not."""
        hosts = request.headers.getlist("host")
        # Of two Host headers nobody knows which the client meant, or a proxy looked at.
        host = hosts[0].lower() if len(hosts) == 1 else ""
        if self._expected is None and LOOPBACK.fullmatch(host) is None:
            raise FOREIGN_HOST.error(host=", ".join(hosts))
        if DELIVERY in request.headers:
            raise FROM_DELIVERY.error()
        for origin in request.headers.getlist("origin"):
            if origin.lower() not in (f"http://{host}", f"https://{host}"):
                raise FOREIGN_ORIGIN.error(origin=origin)
        # No foreign page knows the token: with it, the site does not matter.
        if self._expected is not None:
            self._check_token(request)
            return
        for site in request.headers.getlist("sec-fetch-site"):
            if site.strip().lower() not in OWN_SITE:
                raise FOREIGN_SITE.error(site=site)

    def _check_token(self, request: Request) -> None:
        assert self._expected is not None
        sent = request.headers.get("authorization", "").encode("latin-1")
        scheme, _, token = sent.partition(b" ")
        # In constant time: how far a guess is right must not show in how long the answer takes.
        if not compare_digest(scheme.capitalize() + b" " + token.strip(), self._expected):
            raise ADMIN_TOKEN_NEEDED.error().with_headers(**{"WWW-Authenticate": "Bearer"})
