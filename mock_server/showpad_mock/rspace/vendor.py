"""The one value through which the server knows this vendor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..state.tenant import Tenant
from ..web.vendor import Vendor, by_rule
from . import problems
from .admin import ADMIN_OPERATIONS
from .authentication import authenticate, tenant_of
from .domain.features import FEATURES
from .domain.groups import GROUPS, groups_of
from .domain.items import ITEMS
from .domain.people import USERS, all_users
from .domain.sequences import SEQUENCES
from .domain.shares import SHARES
from .routes import SERVED
from .rules import LEVELS
from .seed.reading import read_seed
from .tokens import format_key
from .wire.answers import RATE_WINDOWS, error, rate_headers, too_many
from .wire.paths import V1

if TYPE_CHECKING:
    from ..web.explained import Explained


def sessions(tenant: Tenant) -> list[dict[str, str]]:
    """Return the ready-made keys of a tenant's users; each is a Bearer token, too."""
    return [
        {
            "user": user.username,
            "id": str(user.id),
            "email": user.email,
            "name": user.full_name,
            "groups": ", ".join(group.name for group in groups_of(tenant.store, user.id)),
            "state": "active" if user.is_enabled else "disabled",
            "apiToken": format_key(tenant.name, user.username),
        }
        for user in all_users(tenant.store)
    ]


def explained() -> Explained:
    """Load what explains its answers, which most servers are never asked for."""
    from .explained import EXPLAINED

    return EXPLAINED


RSPACE = Vendor(
    name="rspace",
    base_path=V1,
    routes=SERVED,
    levels=LEVELS,
    record_types=(FEATURES, USERS, GROUPS, ITEMS, SHARES, SEQUENCES),
    read_seed=read_seed,
    tenant_of=tenant_of,
    authenticate=authenticate,
    too_many=too_many,
    rate_windows=RATE_WINDOWS,
    problems=by_rule(vars(problems).values()),
    problem=error,
    headers=rate_headers,
    sessions=sessions,
    admin_operations=ADMIN_OPERATIONS,
    explained=explained,
)
