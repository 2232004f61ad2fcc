"""Which requests were made: patterns over the journal, and what to say where none fits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from ..core.journal import Entry
from ..serving.log_format import exchange_text

SHOWN = 3  # exchanges in a message


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestPattern:
    """What a request is held against; None fits anything.

    `path` lies under `base_path`, with or without it; `*` stands for one segment: `/things/*/parts`. `status` is
    a number, or a class such as `4xx`.
    """

    base_path: str
    method: str | None = None
    path: str | None = None
    status: int | str | None = None

    def __post_init__(self) -> None:
        if self.status is not None and re.fullmatch(r"[1-5](\d\d|xx)", str(self.status)) is None:
            raise ValueError(f"status must be a number such as 404 or a class such as 4xx, got {self.status!r}")
        if self.path is not None and not self.path.startswith("/"):
            raise ValueError(f"path must begin with a slash, got {self.path!r}")

    def __str__(self) -> str:
        status = f"answered {self.status}" if self.status is not None else ""
        return " ".join(part for part in (self.method or "any method", self.path or "any path", status) if part)

    def fits(self, entry: Entry) -> bool:
        """Return whether an exchange is one of those meant."""
        return self._fits_method(entry) and self._fits_path(entry) and self._fits_status(entry)

    def likeness(self, entry: Entry) -> float:
        """Return how near an exchange comes to those meant, for a message."""
        alike = SequenceMatcher(None, self.path or "", self._under_base(entry), autojunk=False).ratio()
        return self._fits_method(entry) + self._fits_status(entry) + (3 if self._fits_path(entry) else 2 * alike)

    def _fits_method(self, entry: Entry) -> bool:
        return self.method is None or self.method.upper() == entry.method

    def _fits_path(self, entry: Entry) -> bool:
        if self.path is None:
            return True
        # One segment, not more: `/things/*` must not be met by a request for one of its parts.
        pattern = re.escape(self.path.removeprefix(self.base_path)).replace(r"\*", "[^/]+")
        return re.fullmatch(pattern, self._under_base(entry)) is not None

    def _fits_status(self, entry: Entry) -> bool:
        status = str(entry.status)
        return self.status is None or str(self.status) in (status, f"{status[0]}xx")

    def _under_base(self, entry: Entry) -> str:
        return entry.path.removeprefix(self.base_path)


def missed(pattern: RequestPattern, found: Sequence[Entry], exchanges: Iterable[Entry], times: int | None) -> str:
    """Return in words what was asked for, how often it came, and which exchanges come nearest."""
    wanted = "a request" if times is None else f"{times} of"
    lines = [f"expected {wanted} {pattern}, found {len(found) or 'none'}"]
    nearest = sorted(exchanges, key=pattern.likeness, reverse=True)[:SHOWN]
    lines += [f"the {len(nearest)} nearest:"] if nearest else ["there was no request at all"]
    lines += map(exchange_text, nearest)
    return "\n".join(lines)
