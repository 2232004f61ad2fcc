"""A target as a file: what is known of it, and in comments what is not."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ..core.target import ACTORS, Target

WHO = {
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


def lines(target: Target) -> Iterator[str]:
    """Return a target's file; tokens are named by their variables, never told."""
    yield "# A target of showpad-contracts. Tokens are read from the environment variables that are named here."
    yield "# What is commented out was not found: fill it in, or the checks that need it are skipped."
    yield f"name = {_toml(target.name)}"
    yield f"base_url = {_toml(target.base_url)}"
    yield f"subdomain = {_toml(target.tenant)}" if target.tenant is not None else '# subdomain = "SUBDOMAIN"'
    for name in ACTORS:
        yield from ["", *_actor(target, name)]
    yield from ["", "[offers]"]
    for name, (what, example) in OFFERS.items():
        yield f"# {what}"
        known = name in target.offers
        yield f"{'' if known else '# '}{name} = {_toml(target.offers[name] if known else example)}"


def _actor(target: Target, name: str) -> Iterator[str]:
    actor = target.actors.get(name)
    members = ("user_id", "email", "api_variable", "oauth_variable")
    known = {member: getattr(actor, member, None) for member in members}
    has_token = actor is not None and (actor.api_token is not None or actor.oauth_token is not None)
    is_known = has_token or any(known[member] for member in ("user_id", "email"))
    mark = "" if is_known else "# "
    yield f"# {WHO[name]}"
    yield f"{mark}[actors.{name}]"
    named = {"user_id": "ID", "email": "EMAIL", "api_token": "VARIABLE", "oauth_token": "VARIABLE"}
    for (member, key), example in zip(zip(members, named, strict=True), named.values(), strict=True):
        value = known[member]
        is_set = value is not None and (member in ("user_id", "email") or is_known)
        yield f"{'' if is_set else '# '}{key} = {_toml(value or example)}"


def _toml(value: Any) -> str:
    """Write a value; texts of JSON are texts of TOML, but for characters beyond the first 65,536 and DEL."""
    if isinstance(value, bool | str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name} = {_toml(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(inner) for inner in value) + "]"
    return repr(value)
