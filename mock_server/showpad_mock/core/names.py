"""Which names a tenant may have, and what to say of a name that names nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

DNS_LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
TENANT_NAME = f"^{DNS_LABEL}$"
"""For JSON Schema, where `$` is the end of the text and not of a line."""
TENANT_NAME_RULE = "a tenant's name must be a DNS label such as acme-2"

COMPARED = 1000  # names at most; comparing takes its time
FEW = 12  # names that a message lists whole


def is_tenant_name(name: str) -> bool:
    """Return whether a tenant may be named so: it is a part of host names."""
    return re.fullmatch(DNS_LABEL, name) is not None


def nearest(name: str, known: Iterable[str]) -> str:
    """Return `; the nearest is seller`, or `; there are a, b, c` where none is near: the end of a message."""
    names = sorted({one for one, _ in zip(known, range(COMPARED), strict=False)})
    # Comparing takes the product of both lengths, and the name is the client's.
    found = get_close_matches(name[:100], names, n=1)
    if found:
        return f"; the nearest is {found[0]}"
    return f"; there are {', '.join(names)}" if 0 < len(names) <= FEW else ""
