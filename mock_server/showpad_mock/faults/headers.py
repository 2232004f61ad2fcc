"""Headers that a fault may set: well-formed, and none by which a client finds where an answer ends."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]{0,1000}")
FRAMING = frozenset({"content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "trailer"})


def _name(name: str) -> str:
    if NAME.fullmatch(name) is None:
        raise ValueError("must be a header's name: letters, digits and hyphens, 100 at most")
    if name.lower() in FRAMING or name.lower().startswith("x-mock-"):
        raise ValueError(f"{name} is the server's own to set; close-midway and its like change where an answer ends")
    return name


def _value(value: str) -> str:
    if VALUE.fullmatch(value) is None:
        raise ValueError("must be one line of Latin-1 text, without control characters, of 1,000 characters at most")
    return value


HeaderName = Annotated[str, AfterValidator(_name), Field(json_schema_extra={"pattern": f"^{NAME.pattern}$"})]
HeaderValue = Annotated[str, AfterValidator(_value)]
