"""What targets of RSpace have in common: who acts, what they offer, how they are named."""

from __future__ import annotations

from pathlib import Path

from ..targets.launch import Mock
from ..targets.reader import Targets

DOCUMENTED, OBSERVED = "documented", "observed"
ROLES = {
    "owner": "A user, the owner of what checks create and share; a member of the group below.",
    "colleague": "Another member of that group, without a right to others' documents but by their shares.",
    "outsider": "A user in none of the owner's groups.",
    "disabled": "A disabled account: nothing but the refusal of its key is looked at.",
}
OFFERS = {
    "behaviour": (
        "What it is held to where guide and server differ: documented, as the guide says, or observed, as servers do.",
        OBSERVED,
    ),
    "group": ("A group of the owner and the colleague, and its top shared folder.", {"id": 1, "folder": 1}),
    "other_group": ("A group of the colleague's without the owner, and the same of it.", {"id": 1, "folder": 1}),
    "subfolder": ("A folder in the shared tree of the first group.", 1),
    "colleagues_document": ("A document of the colleague's that the owner has no part in.", 1),
    "plain_folder": ("A folder of the owner's that is not shared.", 1),
    "file": ("A gallery file of the owner's.", 1),
    "notebook": ("A notebook of the owner's with an entry, neither of them shared.", {"id": 1, "entry": 1}),
}
"""What a tenant can offer: what it is, and an example."""
TARGETS = Targets(roles=ROLES, prefix="RSPACE", path="/api/v1", key_header="apiKey", offers=OFFERS)
MOCK = Mock("rspace", TARGETS, Path(__file__).parent / "mock.toml")
"""The mock on its demo data, which does what the guide says."""
