"""From a seed document to the records that tenants start from; every reference in it is checked."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ...core.clock import Clock, parse_time
from ...state.base import Base
from ...state.store import RecordType
from ...state.tenant import Seed
from ...web.seed_data import BUILT_IN, SeedError, SeedReader
from ..domain.assets import ASSETS, Asset
from ..domain.branding import TEMPLATES, THEMES, Template, Theme
from ..domain.content import BATCHES, Batch, Item, batch_id
from ..domain.crm import CRM_RECORDS
from ..domain.oauth import OAUTH_CLIENTS, PASSWORDS, Password
from ..domain.organisation import DIVISIONS, ORGANISATION, Features, Organisation, Wording
from ..domain.people import USER_GROUPS, USERS, Participant, User, UserGroup
from ..domain.quick_actions import EXTENSIONS, QUICK_ACTIONS, QuickAction
from ..domain.space import SPACES, Space, Status, TemplateRef
from ..wire import seed as wire
from .records import (
    asset_of,
    client_of,
    created_at,
    crm_record_of,
    division_of,
    extension_of,
    handle_of,
    logo_of,
    theme_of,
    time_of,
    updated_at,
    user_of,
)

SEEDS = Path(__file__).parent
NO_THEME = ""  # where the Global Theme is missing, which is an error of its own

# The first is guide 000's (CREATE-NOTIFY), the second is assumed.
SPACE_CREATED: wire.WordingPart = {
    "subject": "A new Shared Space has been created for you.",
    "body": (
        "You have a new automatically created Shared Space, {title}. As the assigned owner, you have full control "
        "to personalize and manage this Shared Space. This automation was configured by your Showpad administrator."
    ),
}
OWNERSHIP_TRANSFERRED: wire.WordingPart = {
    "subject": "You are now the owner of a Shared Space.",
    "body": "The ownership of the Shared Space {title} was transferred to you.",
}


def _digest(*parts: str) -> str:
    """Return an id that the same seed data always has."""
    # NUL stands in no id that people write: no two lists of parts become one text.
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


class _Reading:
    """Turns a document into records, looking up every name on the way.

    What is wrong is noted, and read on with something in its place, so that all errors are told at once.
    """

    def __init__(self, document: wire.SeedDocument) -> None:
        self._errors: list[str] = []
        self._document = document
        self._divisions = document.get("divisions", [])
        self._themes = document["themes"]
        self._templates = document.get("templates", [])
        self._users = {name: user for user in document["users"] for name in (user["id"], handle_of(user))}
        self._assets = {name: one for one in document.get("assets", []) for name in (one["id"], handle_of(one))}

    def seed(self) -> Seed:
        """Return the seed data; raises SeedError with all errors."""
        document = self._document
        tokens = document.get("tokens", {})
        for user in tokens.values():
            self._user_id(user, "tokens")
        clock = document.get("clock", {})
        setting = Clock.read(frozen=clock.get("frozen"), offset_seconds=clock.get("offsetSeconds", 0))
        records = self._records()
        if self._errors:
            # Each once: a theme that is missing is missing for every space that names it.
            raise SeedError(*dict.fromkeys(self._errors))
        own_name = document.get("subdomain")
        return Seed(Base(records), own_name or "demo", tokens, setting, is_named=own_name is not None)

    def _records(self) -> dict[RecordType[Any], list[Any]]:
        self._check_unique()
        document = self._document
        spaces = list(self._spaces())
        return {
            ORGANISATION: [self._organisation()],
            DIVISIONS: [division_of(one) for one in self._divisions],
            THEMES: list(self._all_themes()),
            USERS: list(self._all_users()),
            USER_GROUPS: list(self._groups()),
            OAUTH_CLIENTS: [client_of(one) for one in self._document.get("oauthClients", [])],
            PASSWORDS: [
                Password(user_id=one["id"], password=one["password"])
                for one in self._document["users"]
                if "password" in one
            ],
            ASSETS: list(self._all_assets()),
            TEMPLATES: list(self._all_templates()),
            SPACES: [space for space, _ in spaces],
            BATCHES: [batch for _, batch in spaces if batch is not None],
            EXTENSIONS: [extension_of(one) for one in document.get("extensions", [])],
            QUICK_ACTIONS: list(self._quick_actions()),
            CRM_RECORDS: [
                crm_record_of(one, space) for space in document.get("spaces", []) for one in space.get("crmRecords", [])
            ],
        }

    def _check_unique(self) -> None:
        document = self._document
        users, assets, spaces = document["users"], document.get("assets", []), document.get("spaces", [])
        named: dict[str, Iterable[str]] = {
            "divisions: id": (one["id"] for one in self._divisions),
            "themes: id": (one["id"] for one in self._themes),
            "users: id": (one["id"] for one in users),
            "users: handle": (handle_of(one) for one in users),
            "users: email": (one["email"].casefold() for one in users),
            "oauthClients: id": (one["id"] for one in document.get("oauthClients", [])),
            "userGroups: id": (one["id"] for one in document.get("userGroups", [])),
            "assets: id": (one["id"] for one in assets),
            "assets: handle": (handle_of(one) for one in assets),
            "templates: id": (one["id"] for one in self._templates),
            "extensions: id": (one["id"] for one in document.get("extensions", [])),
            "spaces: id": (one["id"] for one in spaces),
            "spaces: publicUri": (one["publicUri"] for one in spaces),
            "spaces.quickActions: id": (
                key for space in spaces for one in space.get("quickActions", []) if (key := one.get("id")) is not None
            ),
        }
        for where, values in named.items():
            twice = [value for value, times in Counter(values).items() if times > 1]
            self._errors += (f'{where}: "{value}" is used twice; each must be unique' for value in twice)
        if sum(theme.get("isGlobal", False) for theme in self._themes) != 1:
            self._errors.append("themes: exactly one theme must have isGlobal true")

    @property
    def _global_theme(self) -> str:
        themes = (theme["id"] for theme in self._themes if theme.get("isGlobal", False))
        return next(themes, NO_THEME)

    def _user_id(self, name: str, where: str) -> str:
        if name not in self._users:
            self._errors.append(f'{where}: no user has the handle or id "{name}"; users: {_some(self._users)}')
            return name
        return self._users[name]["id"]

    def _user_ids(self, names: Iterable[str], where: str) -> tuple[str, ...]:
        return tuple(self._user_id(name, where) for name in names)

    def _id(self, key: str, among: Iterable[Any], where: str, what: str) -> str:
        known = [one["id"] for one in among]
        if key not in known and key != NO_THEME:
            self._errors.append(f'{where}: no {what} has the id "{key}"; {what}s: {_some(known)}')
        return key

    def _organisation(self) -> Organisation:
        features = self._document.get("features", {})
        notifications = self._document.get("notifications", {})
        return Organisation(
            features=Features(
                shared_spaces=features.get("sharedSpaces", True),
                templates=features.get("templates", True),
                collaborate_plus=features.get("collaboratePlus", True),
                api_access=features.get("apiAccess", True),
            ),
            space_created=Wording(**notifications.get("spaceCreated", SPACE_CREATED)),
            ownership_transferred=Wording(**notifications.get("ownershipTransferred", OWNERSHIP_TRANSFERRED)),
        )

    def _all_themes(self) -> Iterator[Theme]:
        for position, one in enumerate(self._themes):
            where, division = f"themes[{position}].division", one.get("division")
            if (division is None) is not one.get("isGlobal", False):
                self._errors.append(f"{where}: the Global Theme has none, every other theme has one")
            if division is not None:
                self._id(division, self._divisions, where, "division")
            yield theme_of(one)

    def _all_users(self) -> Iterator[User]:
        for position, one in enumerate(self._document["users"]):
            where, manager = f"users[{position}]", one.get("manager")
            for division in one.get("divisions", []):
                self._id(division, self._divisions, f"{where}.divisions", "division")
            yield user_of(one, self._user_id(manager, f"{where}.manager") if manager is not None else None)

    def _groups(self) -> Iterator[UserGroup]:
        for position, one in enumerate(self._document.get("userGroups", [])):
            members = self._user_ids(one.get("users", []), f"userGroups[{position}].users")
            yield UserGroup(id=one["id"], name=one["name"], user_ids=members)

    def _all_assets(self) -> Iterator[Asset]:
        divisions = {one["id"] for one in self._divisions}
        for position, one in enumerate(self._document.get("assets", [])):
            if one["division"] not in divisions:
                self._id(one["division"], self._divisions, f"assets[{position}].division", "division")
            yield asset_of(one, self._user_ids(one.get("authors", []), f"assets[{position}].authors"))

    def _all_templates(self) -> Iterator[Template]:
        groups = self._document.get("userGroups", [])
        for position, one in enumerate(self._templates):
            where, data = f"templates[{position}]", one.get("sharedSpaceData", {})
            yield Template(
                id=one["id"],
                name=one["name"],
                description=one.get("description", ""),
                is_published=one.get("isPublished", True),
                creator_id=self._user_id(one["creator"], f"{where}.creator"),
                division_id=self._id(one["division"], self._divisions, f"{where}.division", "division"),
                space_title=data.get("title"),
                space_description=data.get("description"),
                space_theme_id=self._id(
                    data.get("theme") or self._global_theme, self._themes, f"{where}.sharedSpaceData.theme", "theme"
                ),
                user_ids=self._user_ids(one.get("users", []), f"{where}.users"),
                user_group_ids=tuple(
                    self._id(group, groups, f"{where}.userGroups", "user group") for group in one.get("userGroups", [])
                ),
                created_at=created_at(one),
                updated_at=updated_at(one),
            )

    def _spaces(self) -> Iterator[tuple[Space, Batch | None]]:
        themes = {theme["id"] for theme in self._themes}
        for position, one in enumerate(self._document.get("spaces", [])):
            where, theme = f"spaces[{position}]", one.get("theme") or self._global_theme
            if theme not in themes:  # asked first, since there may be many spaces
                self._id(theme, self._themes, f"{where}.theme", "theme")
            if (one.get("status") == "ARCHIVED") != (one.get("archivedAt") is not None):
                self._errors.append(f"{where}.archivedAt: goes with status ARCHIVED, and only with it")
            yield self._space(one, where, theme)

    def _space(self, one: wire.SpacePart, where: str, theme_id: str) -> tuple[Space, Batch | None]:
        owner_id, archived_at = self._user_id(one["owner"], f"{where}.owner"), one.get("archivedAt")
        items = tuple(self._items(one.get("items", []), one["id"], f"{where}.items", None))
        space = Space(
            id=one["id"],
            title=one["title"],
            public_uri=one["publicUri"],
            status=Status(one.get("status", "ACTIVE")),
            description=one.get("description", ""),
            is_external_download_allowed=one.get("isExternalDownloadAllowed", True),
            is_external_invite_allowed=one.get("isExternalInviteAllowed", True),
            is_external_upload_allowed=one.get("isExternalUploadAllowed", False),
            is_comment_allowed=one.get("isCommentAllowed", True),
            is_search_ai_allowed=one.get("isSearchAIAllowed", True),
            created_at=created_at(one),
            updated_at=updated_at(one),
            last_activity_at=time_of(one.get("lastActivityAt"), created_at(one)),
            archived_at=parse_time(archived_at) if archived_at is not None else None,
            owner_id=owner_id,
            creator_id=owner_id,
            theme_id=theme_id,
            template=self._template(one.get("template"), f"{where}.template"),
            customer_logo=logo_of(one.get("customerLogo")),
            participants=self._participants(one, owner_id, where),
            batches=1 if items else 0,
        )
        if not items:
            return space, None
        return space, Batch(id=batch_id(one["id"], 0), items=items, user_id=owner_id, added_at=created_at(one))

    def _quick_actions(self) -> Iterator[QuickAction]:
        extensions = self._document.get("extensions", [])
        for position, space in enumerate(self._document.get("spaces", [])):
            for number, one in enumerate(space.get("quickActions", [])):
                where = f"spaces[{position}].quickActions[{number}]"
                self._id(one["extension"], extensions, f"{where}.extension", "extension")
                # A millisecond apart, so that they are listed as they stand here.
                created = created_at(space) + number
                yield QuickAction(
                    id=one.get("id") or _digest(space["id"], where),
                    space_id=space["id"],
                    title=one["title"],
                    url=one["url"],
                    is_internal=one.get("isInternal", False),
                    extension_id=one["extension"],
                    created_at=created,
                    updated_at=created,
                )

    def _template(self, template_id: str | None, where: str) -> TemplateRef | None:
        if template_id is None:
            return None
        self._id(template_id, self._templates, where, "template")
        return TemplateRef(template_id, next((one["name"] for one in self._templates if one["id"] == template_id), ""))

    def _participants(self, one: wire.SpacePart, owner_id: str, where: str) -> tuple[Participant, ...]:
        members: dict[str, Participant] = {}
        # Last, and only if not listed: who is listed keeps the id and the place that the document gives them.
        owner: list[wire.ParticipantPart] = [{"user": owner_id}] if owner_id in self._users else []
        for position, part in enumerate((*one.get("participants", []), *owner)):
            member = self._participant(part, one, f"{where}.participants[{position}]")
            members.setdefault(member.user_id or member.email.casefold(), member)
        return tuple(members.values())

    def _participant(self, part: wire.ParticipantPart, space: wire.SpacePart, where: str) -> Participant:
        name, outside = part.get("user"), part.get("email")
        if (name is None) == (outside is None):
            self._errors.append(f"{where}: must have either user (a user) or email (an outside person)")
        user = self._users.get(self._user_id(name, f"{where}.user")) if name is not None else None
        email = user["email"] if user is not None else str(outside)
        person = user or part
        return Participant(
            id=part.get("id") or _digest(space["id"], email.casefold()),
            email=email,
            user_id=user["id"] if user is not None else None,
            first_name=person.get("firstName"),
            last_name=person.get("lastName"),
            company=person.get("company"),
            job_title=person.get("jobTitle"),
            granted_at=created_at(space),
        )

    def _items(
        self, parts: Iterable[wire.ItemPart], space_id: str, where: str, folder_id: str | None
    ) -> Iterator[Item]:
        for position, part in enumerate(parts):
            here = f"{where}[{position}]"
            item_id = _digest(space_id, here)
            name, folder = part.get("asset"), part.get("folder")
            if (name is None) == (folder is None):
                self._errors.append(f"{here}: must have either asset (an asset) or folder (the name of a folder)")
            if name is not None and name not in self._assets:
                self._errors.append(f'{here}.asset: no asset has the handle or id "{name}"')
            asset = self._assets.get(name) if name is not None else None
            yield Item(
                id=item_id,
                asset_id=asset["id"] if asset is not None else None,
                page=part.get("page"),
                name=asset.get("name") if asset is not None else folder,
                description=part.get("description"),
                folder_id=folder_id,
            )
            yield from self._items(part.get("items", []), space_id, f"{here}.items", item_id)


def _some(names: Iterable[str]) -> str:
    shown = list(dict.fromkeys(names))
    return ", ".join(shown[:8]) + (", ..." if len(shown) > 8 else "") if shown else "none"


read_seed = SeedReader(
    built_in={name: SEEDS / f"{name}.json" for name in BUILT_IN},
    checked=wire.checked,
    unchecked=wire.unchecked,
    seed_of=lambda document: _Reading(document).seed(),
)
"""Reads Showpad's seed data: of a file, as a dictionary, or built in by name (demo, guides); raises SeedError."""
