"""The one value through which the server knows this vendor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..state.tenant import Tenant
from ..web.render import problem_answer
from ..web.vendor import Vendor, by_rule
from . import problems
from .admin import ADMIN_OPERATIONS
from .authentication import authenticate, cross_origin, preflight, tenant_of
from .domain.assets import ASSETS
from .domain.branding import TEMPLATES, THEMES
from .domain.content import BATCHES
from .domain.crm import CRM_RECORDS
from .domain.deleted import DELETED
from .domain.invitations import INVITATIONS
from .domain.oauth import CODES, OAUTH_CLIENTS, PASSWORDS, TOKENS
from .domain.organisation import DIVISIONS, ORGANISATION
from .domain.page import oldest_first
from .domain.people import USER_GROUPS, USERS
from .domain.plan import RECORD_TYPES as PLAN_RECORDS
from .domain.quick_actions import EXTENSIONS, QUICK_ACTIONS
from .domain.shares import SHARES
from .domain.space import SPACES
from .domain.subscriptions import SUBSCRIPTIONS
from .domain.timeline import ACTIVITIES
from .hosts import HOSTS, V4, local_links
from .rate_limit import RATE_WINDOWS, too_many
from .routes import SERVED
from .rules import LEVELS
from .seed.reading import read_seed
from .tokens import format_token
from .webhooks import WEBHOOKS
from .wire.items import ADD as ADD_ITEMS

if TYPE_CHECKING:
    from ..web.explained import Explained


def sessions(tenant: Tenant) -> list[dict[str, str]]:
    """Return the ready-made tokens of a tenant's users: an API token and an OAuth token each."""
    users = oldest_first(tenant.store.all(USERS))
    return [
        {
            "user": user.handle,
            "id": user.id,
            "email": user.email,
            "name": user.name,
            "role": user.role,
            "state": _state(is_active=user.is_active, has_license=user.has_content_license),
            "apiToken": format_token(tenant.name, user.handle),
            "oauthToken": format_token(tenant.name, user.handle, oauth=True),
        }
        for user in users
    ]


def _state(*, is_active: bool, has_license: bool) -> str:
    if not is_active:
        return "deactivated"
    return "active" if has_license else "no content license"


def explained() -> Explained:
    """Load what explains its answers, which most servers are never asked for."""
    from .explained import EXPLAINED

    return EXPLAINED


SHOWPAD = Vendor(
    name="showpad",
    base_path=V4,
    hosts=HOSTS,
    routes=SERVED,
    large_bodies={"shared-spaces-items-add": ADD_ITEMS},
    levels=LEVELS,
    record_types=(
        ORGANISATION,
        DIVISIONS,
        THEMES,
        USERS,
        USER_GROUPS,
        ASSETS,
        TEMPLATES,
        SPACES,
        BATCHES,
        ACTIVITIES,
        SHARES,
        INVITATIONS,
        SUBSCRIPTIONS,
        EXTENSIONS,
        QUICK_ACTIONS,
        OAUTH_CLIENTS,
        PASSWORDS,
        CODES,
        TOKENS,
        *PLAN_RECORDS,
        DELETED,
        CRM_RECORDS,
    ),
    read_seed=read_seed,
    tenant_of=tenant_of,
    authenticate=authenticate,
    too_many=too_many,
    rate_windows=RATE_WINDOWS,
    problems=by_rule(vars(problems).values()),
    problem=problem_answer,  # CONV-PROBLEM, CONV-PROBLEM-META
    cross_origin=cross_origin,
    local_links=local_links,
    preflight=preflight,
    sessions=sessions,
    admin_operations=ADMIN_OPERATIONS,
    explained=explained,
    webhooks=WEBHOOKS,
)
