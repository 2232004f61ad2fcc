"""What targets of Showpad's API have in common: who acts, what they offer, how they are named."""

from __future__ import annotations

from pathlib import Path

from ..targets.launch import Mock
from ..targets.reader import Targets

ROLES = {
    "admin": "An administrator.",
    "manager": "Has no other role than MANAGER, and the owner below among its direct reports.",
    "owner": "A plain user: the spaces that checks create are this user's.",
    "participant": "Another plain user, who becomes a participant or an owner; does not report to the manager.",
    "outsider": "A plain user who takes part in no space.",
    "deactivated": "Deactivated: nothing but the refusal of its token is looked at.",
}
OFFERS = {
    "deactivated_user": ("A user who is deactivated.", "ID"),
    "unlicensed_user": ("A user without a content licence.", "ID"),
    "good_assets": ("Assets that the owner may add whole, at least two.", ["ID", "ID"]),
    "document": ("One of them with pages.", {"id": "ID", "pages": 10}),
    "picture": ("One of them without pages.", "ID"),
    "archived_asset": ("An asset that is archived, and nothing else is the matter with it.", "ID"),
    "non_shareable_asset": ("One that may not be shared.", "ID"),
    "inaccessible_asset": ("One that the admin has access to and the owner has not.", "ID"),
    "entire_only_asset": ("A document that may only be shared whole.", {"id": "ID", "pages": 10}),
    "locked_asset": ("A document with one locked range.", {"id": "ID", "pages": 10, "start": 3, "end": 5}),
    "enforced_asset": ("A document with enforced pages.", {"id": "ID", "pages": 10, "enforced": [1, 10]}),
    "global_theme": ("The Global Theme.", "ID"),
    "other_theme": ("Another theme.", "ID"),
    "published_template": ("A template that is published, and its name.", {"id": "ID", "name": "NAME"}),
    "unpublished_template": ("A template that is not.", "ID"),
    "user_group": ("A group with the owner and the participant as its members, and no other actor.", "ID"),
    "division": ("A division.", "ID"),
    "extension": ("A Shared Space extension, for quick actions.", "ID"),
    "crm_space": ("A space to which a record of a CRM belongs.", "ID"),
    "exports": (
        "Where the exports of v3 are, for administrators: a path on the base URL's host, or a whole address.",
        "https://acme.showpad.biz/api/v3",
    ),
    "pages": (
        "Where buyers' pages may be opened, of what a run shares: a path on the base URL's host, or a whole address.",
        "https://acme.showpad.com",
    ),
    "recipient": ("Whom a recipient may pass Shares on to: an e-mail is sent there.", "EMAIL"),
    "control": (
        "A mock's control API at this tenant, which nobody else uses meanwhile: it sets the clock, and who is active.",
        "/__admin/tenants/acme",
    ),
    "webhooks": (
        "Where webhooks are subscribed to, by administrators: a path on the base URL's host, or a whole address.",
        "https://acme.api.showpad.com/webhooks/v1",
    ),
    "some_space": ("A space of the tenant's own that the admin may read.", "ID"),
    "joined_space": (
        "A space that the owner takes part in without owning it; who owns it does not report to the manager.",
        "ID",
    ),
    "outside_participant": ("A space with a participant who has no account.", {"space": "ID", "email": "EMAIL"}),
    "space_of_deactivated": ("A space of the deactivated user that a check may give to the owner, for good.", "ID"),
    "collaborate_plus": ("Whether the tenant has the Collaborate+ add-on.", True),
    "templates": ("Whether it has the feature of templates.", True),
    "folder_levels": ("How many folders may lie within each other, where that is more than three.", 12),
}
"""What a tenant can offer: what it is, and an example."""
OAUTH_URL = "https://{subdomain}.showpad.biz/api/v3/oauth2"
"""Where Showpad's OAuth endpoints lie (AROUND-OAUTH)."""
TARGETS = Targets(roles=ROLES, prefix="SHOWPAD", path="/v4", offers=OFFERS, oauth_url=OAUTH_URL)
DEMO = {"MOCK_CLIENT_SECRET": "integration-secret", "MOCK_PASSWORD": "mock-password"}
MOCK = Mock("showpad", TARGETS, Path(__file__).parent / "mock.toml", DEMO)
"""The mock on its demo data."""
