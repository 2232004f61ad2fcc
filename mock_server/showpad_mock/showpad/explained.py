"""What explains an answer of Showpad's: the rules in words, and what a tenant has that a request can name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..state.tenant import Tenant
from ..web.explained import Explained, Fault, Known
from .domain.assets import ASSETS
from .domain.branding import TEMPLATES, THEMES
from .domain.organisation import DIVISIONS
from .domain.people import USER_GROUPS, USERS
from .domain.plan import PLANS
from .domain.quick_actions import EXTENSIONS, QUICK_ACTIONS
from .domain.space import SPACES
from .hosts import OAUTH


def _known(tenant: Tenant) -> Iterator[Known]:
    store = tenant.store
    for user in store.all(USERS):
        state = "" if user.is_active else ", deactivated"
        yield Known("user", user.id, f"{user.handle} ({user.name}, {user.role}{state})")
    yield from (Known("asset", one.id, f"{one.handle} ({one.name})") for one in store.all(ASSETS))
    for space in store.all(SPACES):
        yield Known("Shared Space", space.id, f'"{space.title}" ({space.status})')
    yield from (Known("theme", one.id, f'"{one.title}"') for one in store.all(THEMES))
    yield from (Known("template", one.id, f'"{one.name}"') for one in store.all(TEMPLATES))
    yield from (Known("division", one.id, f'"{one.name}"') for one in store.all(DIVISIONS))
    yield from (Known("user group", one.id, f'"{one.name}"') for one in store.all(USER_GROUPS))
    yield from (Known("extension", one.id, f'"{one.name}"') for one in store.all(EXTENSIONS))
    yield from (Known("quick action", one.id, f'"{one.title}"') for one in store.all(QUICK_ACTIONS))
    yield from (Known("mutual action plan", one.id, "") for one in store.all(PLANS))


def _faults(answer: Mapping[str, Any]) -> Iterator[Fault]:
    """Read them out of an answer (CONV-PROBLEM-META)."""
    yield from (Fault(one["name"], one["reason"]) for one in answer.get("meta", []))


def _tenant_in(token: str) -> str:
    return token.split(".")[1].lower() if "." in token else ""


def _form_of(path: str) -> str:
    # A request for a token names no user yet.
    if path.startswith(OAUTH):
        return "a client_id of the form mock.TENANT.CLIENT, of a client that the tenant has"
    return "a token of the form mock.TENANT.USER, or one that the seed data have or OAuth gave"


EXPLAINED = Explained(
    sentences=Path(__file__).with_name("sentences.toml"),
    known=_known,
    faults=_faults,
    tenant_in=_tenant_in,
    form_of=_form_of,
)
