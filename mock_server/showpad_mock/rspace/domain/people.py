"""Users of the tenant."""

from __future__ import annotations

from dataclasses import replace

from ...state.record import record
from ...state.store import RecordType, Store
from ...state.unit import Unit


@record
class User:
    """A user; `username` is its name in the mock's keys."""

    id: int
    username: str
    first_name: str
    last_name: str
    email: str
    home_folder_id: int
    is_enabled: bool
    is_pi: bool
    is_sysadmin: bool

    @property
    def full_name(self) -> str:
        """The name as shares show it."""
        return f"{self.first_name} {self.last_name}".strip()


USERS = RecordType("rspace_users", User, key=lambda user: str(user.id), unique={"username": lambda user: user.username})


def user_by_id(store: Store, user_id: int) -> User | None:
    """Return the user with that id."""
    return store.get(USERS, str(user_id))


def find_user(store: Store, name: str) -> User | None:
    """Return the user with that username or id."""
    return store.find(USERS, "username", name) or store.get(USERS, name)


def all_users(store: Store) -> list[User]:
    """Return every user by id."""
    return sorted(store.all(USERS), key=lambda user: user.id)


def enable(unit: Unit, user: User, *, on: bool) -> User:
    """Enable or disable an account (RS-AUTH-DISABLED)."""
    changed = replace(user, is_enabled=on)
    unit.put(USERS, changed)
    return changed
