"""From a seed document to the records that tenants start from; every reference in it is checked."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ..state.memory import Base
from ..state.store import Kind
from ..state.tenant import ClockSetting, Seed
from ..web.form import path_of
from .domain.assets import ASSETS, Asset, EnforcedPages, PageRange
from .domain.branding import TEMPLATES, THEMES, Template, Theme
from .domain.content import BATCHES, Batch, Item, batch_id
from .domain.organisation import DIVISIONS, ORGANISATION, Division, Features, Organisation, Wording
from .domain.people import USER_GROUPS, USERS, Participant, Role, User, UserGroup
from .domain.space import SPACES, CustomerLogo, Space, Status, TemplateRef
from .wire import seed as wire

SEEDS = Path(__file__).parent / "seeds"
BUILT_IN = ("demo", "guides")


class SeedError(ValueError):
    """Seed data that cannot be used; the message names the file, the path inside it, and what was expected."""


def read_seed(source: str) -> Seed:
    """Read the seed data of that file, or built in by that name (demo, guides); raises SeedError."""
    path = SEEDS / f"{source}.json" if source in BUILT_IN else Path(source)
    try:
        document = wire.SeedDocument.model_validate_json(path.read_bytes())
    except OSError as error:
        raise SeedError(f"{path}: cannot be read: {error.strerror}") from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        more = f" ({error.error_count() - 1} more)" if error.error_count() > 1 else ""
        where = path_of(first["loc"]) or "the document"
        raise SeedError(f"{path}: {where}: {first['msg'].removeprefix('Value error, ')}{more}") from None
    try:
        return _Reading(document).seed()
    except SeedError as error:
        raise SeedError(f"{path}: {error}") from None


def _digest(*parts: str) -> str:
    """Give an id that the same seed data always has."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


class _Reading:
    """Turns a document into records, looking up every name on the way."""

    def __init__(self, document: wire.SeedDocument) -> None:
        self._document = document
        self._users = {name: user for user in document.users for name in (user.id, user.handle or user.id)}
        self._assets = {name: asset for asset in document.assets for name in (asset.id, asset.handle or asset.id)}

    def seed(self) -> Seed:
        document = self._document
        for user in document.tokens.values():
            self._user_id(user, "tokens")
        clock = ClockSetting(document.clock.frozen, document.clock.offset_seconds * 1000)
        return Seed(Base(self._records()), document.subdomain, dict(document.tokens), clock)

    def _records(self) -> dict[Kind[Any], list[Any]]:
        self._check_unique()
        spaces = list(self._spaces())
        return {
            ORGANISATION: [self._organisation()],
            DIVISIONS: list(self._divisions()),
            THEMES: list(self._themes()),
            USERS: list(self._all_users()),
            USER_GROUPS: list(self._groups()),
            ASSETS: list(self._all_assets()),
            TEMPLATES: list(self._templates()),
            SPACES: [space for space, _ in spaces],
            BATCHES: [batch for _, batch in spaces if batch is not None],
        }

    def _check_unique(self) -> None:
        document = self._document
        named: dict[str, Iterable[str]] = {
            "divisions: id": (one.id for one in document.divisions),
            "themes: id": (one.id for one in document.themes),
            "users: id": (one.id for one in document.users),
            "users: handle": (one.handle or one.id for one in document.users),
            "users: email": (one.email.casefold() for one in document.users),
            "userGroups: id": (one.id for one in document.user_groups),
            "assets: id": (one.id for one in document.assets),
            "assets: handle": (one.handle or one.id for one in document.assets),
            "templates: id": (one.id for one in document.templates),
            "spaces: id": (one.id for one in document.spaces),
            "spaces: publicUri": (one.public_uri for one in document.spaces),
        }
        for where, values in named.items():
            twice = [value for value, times in Counter(values).items() if times > 1]
            if twice:
                raise SeedError(f'{where}: "{twice[0]}" is used twice; each must be unique')
        if sum(theme.is_global for theme in document.themes) != 1:
            raise SeedError("themes: exactly one theme must have isGlobal true")

    def _user_id(self, name: str, where: str) -> str:
        if name not in self._users:
            raise SeedError(f'{where}: no user has the handle or id "{name}"; users: {_some(self._users)}')
        return self._users[name].id

    def _id(self, key: str | None, among: Iterable[Any], where: str, what: str) -> str | None:
        known = [one.id for one in among]
        if key is not None and key not in known:
            raise SeedError(f'{where}: no {what} has the id "{key}"; {what}s: {_some(known)}')
        return key

    def _organisation(self) -> Organisation:
        document = self._document
        created, moved = document.notifications.space_created, document.notifications.ownership_transferred
        return Organisation(
            features=Features(**document.features.model_dump()),
            space_created=Wording(subject=created.subject, body=created.body),
            ownership_transferred=Wording(subject=moved.subject, body=moved.body),
        )

    def _divisions(self) -> Iterator[Division]:
        for one in self._document.divisions:
            yield Division(
                id=one.id,
                name=one.name,
                is_asset_sharing_enabled=one.is_asset_sharing_enabled,
                created_at=one.created,
                updated_at=one.updated,
            )

    def _themes(self) -> Iterator[Theme]:
        for position, one in enumerate(self._document.themes):
            where = f"themes[{position}].division"
            yield Theme(
                id=one.id,
                title=one.title,
                is_global=one.is_global,
                is_default=one.is_default,
                division_id=self._id(one.division, self._document.divisions, where, "division"),
                experience_ids=tuple(one.experiences),
                created_at=one.created,
                updated_at=one.updated,
                **one.display_data.model_dump(),
                **one.color_settings.model_dump(),
            )

    def _all_users(self) -> Iterator[User]:
        for position, one in enumerate(self._document.users):
            where = f"users[{position}]"
            for division in one.divisions:
                self._id(division, self._document.divisions, f"{where}.divisions", "division")
            yield User(
                id=one.id,
                handle=one.handle or one.id,
                email=one.email,
                first_name=one.first_name,
                last_name=one.last_name,
                role=Role(one.role),
                manager_id=self._user_id(one.manager, f"{where}.manager") if one.manager is not None else None,
                division_ids=tuple(one.divisions),
                is_active=one.is_active,
                has_content_license=one.has_content_license,
                company=one.company,
                job_title=one.job_title,
                created_at=one.created,
                updated_at=one.updated,
            )

    def _groups(self) -> Iterator[UserGroup]:
        for position, one in enumerate(self._document.user_groups):
            members = tuple(self._user_id(name, f"userGroups[{position}].users") for name in one.users)
            yield UserGroup(id=one.id, name=one.name, user_ids=members)

    def _all_assets(self) -> Iterator[Asset]:
        divisions = {one.id for one in self._document.divisions}
        for position, one in enumerate(self._document.assets):
            if one.division not in divisions:
                self._id(one.division, self._document.divisions, f"assets[{position}].division", "division")
            yield _asset(one)

    def _templates(self) -> Iterator[Template]:
        for position, one in enumerate(self._document.templates):
            where, data = f"templates[{position}]", one.shared_space_data
            yield Template(
                id=one.id,
                name=one.name,
                description=one.description,
                is_published=one.is_published,
                creator_id=self._user_id(one.creator, f"{where}.creator"),
                division_id=self._id(one.division, self._document.divisions, f"{where}.division", "division"),
                space_title=data.title,
                space_description=data.description,
                space_theme_id=self._id(data.theme, self._document.themes, f"{where}.sharedSpaceData.theme", "theme"),
                created_at=one.created,
                updated_at=one.updated,
            )

    def _spaces(self) -> Iterator[tuple[Space, Batch | None]]:
        global_theme = next(theme.id for theme in self._document.themes if theme.is_global)
        themes = {theme.id for theme in self._document.themes}
        for position, one in enumerate(self._document.spaces):
            where = f"spaces[{position}]"
            if one.theme is not None and one.theme not in themes:
                self._id(one.theme, self._document.themes, f"{where}.theme", "theme")
            if (one.status == "ARCHIVED") != (one.archived_at is not None):
                raise SeedError(f"{where}.archivedAt: goes with status ARCHIVED, and only with it")
            yield self._space(one, where, one.theme or global_theme)

    def _space(self, one: wire.SpacePart, where: str, theme_id: str) -> tuple[Space, Batch | None]:
        owner_id = self._user_id(one.owner, f"{where}.owner")
        logo = one.customer_logo
        items = tuple(self._items(one.items, one.id, f"{where}.items", None))
        space = Space(
            id=one.id,
            title=one.title,
            public_uri=one.public_uri,
            status=Status(one.status),
            description=one.description,
            is_external_download_allowed=one.is_external_download_allowed,
            is_external_invite_allowed=one.is_external_invite_allowed,
            is_external_upload_allowed=one.is_external_upload_allowed,
            is_comment_allowed=one.is_comment_allowed,
            is_search_ai_allowed=one.is_search_ai_allowed,
            created_at=one.created,
            updated_at=one.updated,
            last_activity_at=one.last_activity_at if one.last_activity_at is not None else one.created,
            archived_at=one.archived_at,
            owner_id=owner_id,
            theme_id=theme_id,
            template=self._template(one.template, f"{where}.template"),
            customer_logo=CustomerLogo(logo.url, logo.height, logo.is_transparent) if logo is not None else None,
            participants=self._participants(one, owner_id, where),
            batches=1 if items else 0,
        )
        return space, Batch(id=batch_id(one.id, 0), items=items) if items else None

    def _template(self, template_id: str | None, where: str) -> TemplateRef | None:
        if template_id is None:
            return None
        self._id(template_id, self._document.templates, where, "template")
        return TemplateRef(template_id, next(one.name for one in self._document.templates if one.id == template_id))

    def _participants(self, one: wire.SpacePart, owner_id: str, where: str) -> tuple[Participant, ...]:
        members: dict[str, Participant] = {}
        for position, part in enumerate((*one.participants, wire.ParticipantPart(user=owner_id))):
            member = self._participant(part, one.id, f"{where}.participants[{position}]")
            members.setdefault(member.user_id or member.email.casefold(), member)
        return tuple(members.values())

    def _participant(self, part: wire.ParticipantPart, space_id: str, where: str) -> Participant:
        if (part.user is None) == (part.email is None):
            raise SeedError(f"{where}: must name either user, a user, or email, somebody from outside")
        user = self._users[self._user_id(part.user, f"{where}.user")] if part.user is not None else None
        email = user.email if user is not None else str(part.email)
        person = user or part
        return Participant(
            id=part.id or _digest(space_id, email.casefold()),
            email=email,
            user_id=user.id if user is not None else None,
            first_name=person.first_name,
            last_name=person.last_name,
            company=person.company,
            job_title=person.job_title,
        )

    def _items(
        self, parts: Iterable[wire.ItemPart], space_id: str, where: str, folder_id: str | None
    ) -> Iterator[Item]:
        for position, part in enumerate(parts):
            here = f"{where}[{position}]"
            item_id = _digest(space_id, here)
            if (part.asset is None) == (part.folder is None):
                raise SeedError(f"{here}: must name either asset, an asset, or folder, the name of one")
            if part.asset is not None and part.asset not in self._assets:
                raise SeedError(f'{here}.asset: no asset has the handle or id "{part.asset}"')
            asset = self._assets[part.asset] if part.asset is not None else None
            yield Item(
                id=item_id,
                asset_id=asset.id if asset is not None else None,
                page=part.page,
                name=asset.name if asset is not None else part.folder,
                description=part.description,
                folder_id=folder_id,
            )
            yield from self._items(part.items, space_id, f"{here}.items", item_id)


def _asset(one: wire.AssetPart) -> Asset:
    enforced = one.enforced_pages
    return Asset(
        id=one.id,
        handle=one.handle or one.id,
        name=one.name,
        type=one.type,
        status=one.status,
        division_id=one.division,
        is_archived=one.is_archived,
        is_shareable=one.permissions.is_shareable,
        is_annotatable=one.permissions.is_annotatable,
        is_editable=one.permissions.is_editable,
        is_only_entire_document_shareable=one.is_only_entire_document_shareable,
        locked_pages=_ranges(one.locked_pages),
        enforced_pages=EnforcedPages(prepend=_ranges(enforced.prepend), append=_ranges(enforced.append))
        if enforced is not None
        else None,
        page_count=one.page_count,
        external_id=one.external_id,
        slug=one.slug,
        description=one.description,
        tags=tuple(one.tags),
        languages=tuple(one.languages),
        countries=tuple(one.countries),
        created_at=one.created,
        updated_at=one.updated,
    )


def _ranges(parts: Iterable[wire.PageRangePart]) -> tuple[PageRange, ...]:
    return tuple(PageRange(part.start, part.end) for part in parts)


def _some(names: Iterable[str]) -> str:
    shown = list(dict.fromkeys(names))
    return ", ".join(shown[:8]) + (", ..." if len(shown) > 8 else "") if shown else "none"
