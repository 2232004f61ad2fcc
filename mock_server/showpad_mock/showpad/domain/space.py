"""The Shared Space as it is kept: its record, its orders, its members."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from typing import Any, NamedTuple

from ...state.record import record
from ...state.store import Entry, RecordType
from .older import upgrade_space
from .people import Initiator, Participant

FORMER_CAP = 50


class Status(StrEnum):
    """Whether a space is in use (SPACE-STATUS)."""

    ACTIVE = "ACTIVE"
    ARCHIVED = "ARCHIVED"


class TemplateRef(NamedTuple):
    """The template a space was made from."""

    id: str
    name: str


class CustomerLogo(NamedTuple):
    """A buyer's logo on a space (SPACE-FIELDS-MORE)."""

    url: str
    height: int
    is_transparent: bool


@record
class TimelineEntry:
    """An entry of a space's activity timeline; `at` is in milliseconds."""

    at: int
    text: str
    initiator: Initiator


class Left(NamedTuple):
    """Somebody who took part, and until when."""

    participant: Participant
    revoked_at: int


@record
class Space:
    """A Shared Space. Times are in milliseconds; `batches` counts the items requests whose items it holds.

    Its timeline begins with its `creation`, where that is known; `activities` counts what followed. It has the last
    FORMER_CAP of those who `left`, oldest first.
    """

    id: str
    title: str
    public_uri: str
    status: Status
    description: str
    is_external_download_allowed: bool
    is_external_invite_allowed: bool
    is_external_upload_allowed: bool
    is_comment_allowed: bool
    is_search_ai_allowed: bool
    created_at: int
    updated_at: int
    last_activity_at: int
    archived_at: int | None
    owner_id: str
    theme_id: str
    template: TemplateRef | None
    customer_logo: CustomerLogo | None
    participants: tuple[Participant, ...]
    batches: int = 0
    creation: TimelineEntry | None = None
    activities: int = 0
    creator_id: str
    left: tuple[Left, ...] = ()

    def participant(self, user_id: str) -> Participant | None:
        """Return the user as a member of this space."""
        return next((one for one in self.participants if one.user_id == user_id), None)

    def is_member(self, user_id: str) -> bool:
        """Return whether the user takes part; owners do (ROLE-USER)."""
        return self.owner_id == user_id or self.participant(user_id) is not None

    def members(self) -> Iterator[str]:
        """Return the ids of the users who take part, the owner's first."""
        yield self.owner_id
        for one in self.participants:
            if one.user_id is not None and one.user_id != self.owner_id:
                yield one.user_id


LAST = "\U0010ffff"


class _Inverse(dict[int, str]):
    """Maps each character so that text sorts backwards; see `inverted`. It remembers the first few thousand."""

    def __missing__(self, point: int) -> str:
        # Point 0 would map to LAST, with which `inverted` writes the end: a second character tells them apart.
        mapped = chr(0x10FFFF - point) if point else LAST + "\0"
        # A cap, since titles are the clients', and Unicode has a million characters.
        if len(self) < 4096:
            self[point] = mapped
        return mapped


_INVERSE = _Inverse()


def inverted(text: str) -> str:
    """Return a text that sorts among its like as the reverse of the original does."""
    return text.translate(_INVERSE) + LAST + "\1"


def _time(milliseconds: int | None, *, descending: bool) -> tuple[int, int]:
    """Sort a time; none comes last both ways (LIST-SORT-TIES)."""
    # A pair, since no number sorts last both ways.
    if milliseconds is None:
        return (1, 0)
    return (0, -milliseconds if descending else milliseconds)


def _title(space: Space, *, descending: bool) -> tuple[str, str]:
    # The title itself too: two that differ in case alone have a fixed order (LIST-SORT-TIES, assumed).
    folded = (space.title.casefold(), space.title)
    return (inverted(folded[0]), inverted(folded[1])) if descending else folded


ORDERS: dict[str, Callable[[Space], tuple[Any, ...]]] = {
    "title": lambda space: _title(space, descending=False),
    "-title": lambda space: _title(space, descending=True),
    "createdAt": lambda space: (space.created_at,),
    "-createdAt": lambda space: (-space.created_at,),
    "lastActivityAt": lambda space: (space.last_activity_at,),
    "-lastActivityAt": lambda space: (-space.last_activity_at,),
    "updatedAt": lambda space: (space.updated_at,),
    "-updatedAt": lambda space: (-space.updated_at,),
    "archivedAt": lambda space: _time(space.archived_at, descending=False),
    "-archivedAt": lambda space: _time(space.archived_at, descending=True),
    "status": lambda space: (space.status,),
    # False sorts before True: archived ones first, as descending text has it.
    "-status": lambda space: (space.status is Status.ACTIVE,),
}
"""The orders of a list by the value of `sort` (LIST-SORT); ties go by id (LIST-SORT-TIES)."""

DEFAULT_ORDER = "-lastActivityAt"


def _ordered(order: Callable[[Space], tuple[Any, ...]]) -> Callable[[Space], Iterable[Entry]]:
    return lambda space: ((*order(space), space.id),)


def _by(values: Callable[[Space], Iterable[str]]) -> Callable[[Space], Iterable[Entry]]:
    """Order the spaces of each value as a list does by default."""
    # So a list by one owner or member in the default order is a range, read off as it is.
    return lambda space: ((value, -space.last_activity_at, space.id) for value in values(space))


SPACES = RecordType(
    "spaces",
    Space,
    key=lambda space: space.id,
    unique={"publicUri": lambda space: space.public_uri},
    indexes={
        **{name: _ordered(order) for name, order in ORDERS.items()},
        "owner": _by(lambda space: (space.owner_id,)),
        "member": _by(Space.members),
        "participant": _by(lambda space: (member for member in space.members() if member != space.owner_id)),
        "email": _by(lambda space: (one.email.casefold() for one in space.participants)),
        # An entry a row of exports: a page is found by halving, however many rows lie before it.
        "exported": lambda space: (
            (space.created_at, space.id, nth, space.id) for nth in range(len(space.participants) + len(space.left))
        ),
        "template": lambda space: ((space.template.id, space.id),) if space.template is not None else (),
    },
    upgrade=upgrade_space,
)


LINKS = "/links"
"""Under it the links of every tenant, where no host names it: `/links/TENANT/s/NAME`."""


def public_url(subdomain: str, public_uri: str) -> str:
    """Return the address under which buyers open the space (SPACE-URL)."""
    return f"https://{subdomain}.showpad.com/s/{public_uri}"


def local_path(subdomain: str, public_uri: str) -> str:
    """Return the path under which this server shows what that address does."""
    return f"{LINKS}/{subdomain}/s/{public_uri}"
