"""What a request named, beside the nearest that there is, and what it is held against."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Unpack

from typing_extensions import TypedDict

from ..core.refusals import shortened
from ..state.tenant import Tenant
from ..web.vendor import Vendor
from .alignment import Pair

SENT_SHOWN = 200


class NamedThing(TypedDict):
    """Something that a request named: where, and the nearest there is (itself if `isKnown`), which one, its parts.

    `areMore` says that there are more than it was compared with, so that a nearer one may be among these.
    """

    what: str
    given: str
    isKnown: bool
    nearest: str | None
    who: str | None
    parts: list[Pair]
    areMore: bool


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an exchange is held against: the vendors, the tenants that are open, and any tenant's state by its name."""

    vendors: Sequence[Vendor]
    opened: Mapping[str, bool]
    tenant: Callable[[str], Tenant]


class _More(TypedDict, total=False):
    parts: list[Pair]
    who: str | None
    areMore: bool


def named(what: str, given: str, nearest: str | None, **more: Unpack[_More]) -> NamedThing:
    """Return what was named as it is told; it is known if it is the nearest itself."""
    is_known = given == nearest
    return NamedThing(
        what=what,
        given=shortened(given, SENT_SHOWN),
        isKnown=is_known,
        nearest=nearest,
        who=more.get("who"),
        parts=more.get("parts", []),
        areMore=more.get("areMore", False) and not is_known,
    )
