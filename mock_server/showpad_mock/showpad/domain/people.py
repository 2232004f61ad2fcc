"""Users, their roles and groups, and the people who take part in a space."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from ...state.record import record
from ...state.store import RecordType, Store, starting_with
from ...state.unit import Unit
from .changes import given


class Role(StrEnum):
    """What a user may see: everything, the reports' spaces too, or the own spaces."""

    ADMIN = "ADMIN"
    MANAGER = "MANAGER"
    USER = "USER"


@record
class User:
    """A user of the tenant. `handle` is the short name in the mock's tokens; times are in milliseconds."""

    id: str
    handle: str
    email: str
    first_name: str
    last_name: str
    role: Role
    manager_id: str | None
    division_ids: tuple[str, ...]
    is_active: bool
    has_content_license: bool
    company: str
    job_title: str
    created_at: int
    updated_at: int

    @property
    def name(self) -> str:
        """The name as the timeline shows it."""
        return f"{self.first_name} {self.last_name}".strip()


@record
class UserChanges:
    """What a change of a user asks for; None is what was left out."""

    is_active: bool | None = None
    has_content_license: bool | None = None
    role: Role | None = None


@record
class UserGroup:
    """A named set of users (LIST-GROUP)."""

    id: str
    name: str
    user_ids: tuple[str, ...]


@record
class Participant:
    """A member of a space, the owner among them; from outside when `user_id` is None (ROLE-OUTSIDE).

    What is not known of them is None. Times are in milliseconds.
    """

    id: str
    email: str
    user_id: str | None
    first_name: str | None
    last_name: str | None
    company: str | None
    job_title: str | None
    granted_at: int
    last_activity_at: int | None = None


@record
class Initiator:
    """Who did something: an APP or ADMIN by user id, or a PARTICIPANT of the space (ITEMS-WHO)."""

    type: str
    user_id: str | None = None
    participant: Participant | None = None


USERS = RecordType(
    "users",
    User,
    key=lambda user: user.id,
    # Folded: people write one address in several ways.
    unique={"handle": lambda user: user.handle, "email": lambda user: user.email.casefold()},
    indexes={
        "created": lambda user: ((user.created_at, user.id),),
        "manager": lambda user: ((user.manager_id, user.id),) if user.manager_id is not None else (),
    },
)
USER_GROUPS = RecordType("usergroups", UserGroup, key=lambda group: group.id)


def find_user(store: Store, name: str) -> User | None:
    """Return the user with that id or handle."""
    return store.get(USERS, name) or store.find(USERS, "handle", name)


def find_user_by_email(store: Store, email: str) -> User | None:
    """Return the user with that e-mail, upper or lower case."""
    return store.find(USERS, "email", email.casefold())


def reports_of(store: Store, manager_id: str) -> list[str]:
    """Return the ids of the users who report to a manager directly (ROLE-MANAGER)."""
    return list(store.scan(USERS, "manager", starting_with(manager_id)))


def change_user(unit: Unit, user: User, changes: UserChanges) -> User:
    """Change what is given of a user; what it owns and takes part in stays (ROLE-DEACTIVATED)."""
    changed = replace(user, **given(changes), updated_at=unit.now)
    unit.put(USERS, changed)
    return changed


def participant_of(user: User, participant_id: str, granted_at: int) -> Participant:
    """Make a user a participant."""
    return Participant(
        id=participant_id,
        email=user.email,
        user_id=user.id,
        # Users' names are texts, never null; those of participants may be null (ROLE-OUTSIDE).
        first_name=user.first_name or None,
        last_name=user.last_name or None,
        company=user.company or None,
        job_title=user.job_title or None,
        granted_at=granted_at,
    )
