"""Where Showpad is served: its base paths, and its host names, each of which names a tenant."""

from __future__ import annotations

import re
from functools import lru_cache

V4 = "/v4"  # CONV-BASE
BIZ = "/api" + V4  # CONV-BASE-BIZ
OAUTH = "/api/v3/oauth2"  # AROUND-OAUTH

# CONV-BASE, CONV-BASE-BIZ
SHOWPAD_HOST = re.compile(r"([a-z0-9-]+)\.(?:api\.showpad\.com|showpad\.biz)(?::\d+)?", re.IGNORECASE)
REMEMBERED = 256  # what is longer is taken apart each time: thousands of long ones would take much memory


def tenant_of_host(host: str) -> str | None:
    """Return the tenant that a Host header names; None for a host that is not Showpad's, such as localhost."""
    return _parsed(host) if len(host) <= REMEMBERED else _parsed.__wrapped__(host)


@lru_cache(maxsize=1024)
def _parsed(host: str) -> str | None:
    match = SHOWPAD_HOST.fullmatch(host)
    return match[1].lower() if match is not None else None
