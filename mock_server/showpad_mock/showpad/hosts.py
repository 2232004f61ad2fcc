"""Where Showpad is served: its base paths, and its host names, each with a tenant's name in front."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

from ..web.hosts import HostPatterns
from .domain.space import LINKS as LINKS  # the one definition; routes knows hosts alone

V4 = "/v4"  # CONV-BASE
BIZ = "/api" + V4  # CONV-BASE-BIZ
OAUTH = "/api/v3/oauth2"  # AROUND-OAUTH
EXPORT = "/api/v3/exports"  # AROUND-EXPORTS
# Within a JSON string every quotation mark is escaped: what somebody wrote into a title looks otherwise.
ORIGIN = re.compile(r"https?://(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
TOLD = re.compile(rb'"((?:public|anonymous|untracked|dynamic)Url)":"https://([a-z0-9-]+)\.showpad\.com/')
LINKED = (LINKS + "/", "/share/", "/catalog/link/", "/s/")

# CONV-BASE, CONV-BASE-BIZ; an organisation's own pages are on the second one (SPACE-URL).
HOSTS = HostPatterns(("{tenant}.api.showpad.com", "{tenant}.showpad.com", "{tenant}.showpad.biz"))
REMEMBERED = 256  # what is longer is taken apart each time: thousands of long ones would take much memory


def local_path(address: str) -> str:
    """Return the path under which this server shows what the tenant's own address of Showpad's shows."""
    parts = urlsplit(address)
    query = f"?{parts.query}" if parts.query else ""
    return f"{LINKS}/{tenant_of_host(parts.netloc)}{parts.path}{query}"


def local_links(body: bytes, origin: str) -> bytes:
    """Return the body of an answer with the addresses of this server's pages in place of Showpad's own.

    As it is where the origin is none: it comes from the request's Host, which may be any text.
    """
    if ORIGIN.fullmatch(origin) is None:
        return body
    before = origin + LINKS
    return TOLD.sub(lambda told: f'"{told[1].decode()}":"{before}/{told[2].decode()}/'.encode(), body)


def tenant_of_host(host: str) -> str | None:
    """Return the label where a Host header names a tenant; None for a host that is not Showpad's, such as localhost."""
    return _tenant_of_host(host) if len(host) <= REMEMBERED else HOSTS.tenant(host)


@lru_cache(maxsize=1024)
def _tenant_of_host(host: str) -> str | None:
    return HOSTS.tenant(host)
