"""The cheat sheet of seed data: who there is and which token, which asset fails and why, what else may be named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from ...core.printable import printable
from ...state.store import Store
from ...state.tenant import Seed, Tenant
from ..admin import FEATURES
from ..domain.assets import ASSETS, Asset
from ..domain.branding import TEMPLATES, THEMES, Template, Theme
from ..domain.items import Reason
from ..domain.oauth import OAUTH_CLIENTS
from ..domain.organisation import DIVISIONS, ORGANISATION
from ..domain.page import oldest_first
from ..domain.people import USERS, find_user
from ..domain.space import SPACES
from ..tokens import format_client_id
from ..vendor import sessions

Table = tuple[str, Sequence[str], Sequence[Sequence[str]]]
WITHOUT = {
    "sharedSpaces": "403 on every call to shared-spaces",
    "templates": "403 on a create from a template",
    "collaboratePlus": "403 where isExternalUploadAllowed is true",
    "apiAccess": "403 on every create of a Share",
}


def tables(seed: Seed, tenant_name: str) -> list[Table]:
    """Return the sheet as tables: title, column names, rows."""
    tenant = Tenant(tenant_name, seed, stream="")
    literal = [(token, _handle(tenant.store, user)) for token, user in seed.tokens.items()]
    users = [(one["user"], one["role"], one["state"], one["apiToken"], one["oauthToken"]) for one in sessions(tenant)]
    sheet: list[Table] = [
        ("Users", ("user", "role", "state", "API token (acts as APP)", "OAuth token (acts in person)"), users),
        ("Assets", ("asset", "id", "added to a space"), _assets(tenant.store)),
        ("Shared Spaces", ("publicUri", "id", "owner", "status"), _spaces(tenant.store)),
        ("Templates", ("template", "id", "used in a create"), _templates(tenant.store)),
        ("Themes", ("theme", "id", "whose"), _themes(tenant.store)),
        ("Divisions", ("division", "id", "assets"), _divisions(tenant.store)),
        ("OAuth clients", ("client_id", "client_secret", "grants"), _clients(tenant)),
        ("Features of the plan", ("feature", "state", "when off"), _features(tenant.store)),
    ]
    if literal and tenant_name == seed.subdomain:
        sheet.insert(1, ("Literal tokens", ("token", "user"), literal))
    return [table for table in sheet if table[2]]


def _clients(tenant: Tenant) -> list[Sequence[str]]:
    clients = sorted(tenant.store.all(OAUTH_CLIENTS), key=lambda client: client.id)
    return [
        (format_client_id(tenant.name, client.id), client.secret or "none: public", ", ".join(client.grant_types))
        for client in clients
    ]


def _handle(store: Store, name: str) -> str:
    user = find_user(store, name)
    return user.handle if user is not None else name


def _assets(store: Store) -> list[Sequence[str]]:
    return [(asset.handle, asset.id, _fate(store, asset)) for asset in oldest_first(store.all(ASSETS))]


def _fate(store: Store, asset: Asset) -> str:
    """Return how an attempt to add the asset ends."""
    if asset.is_archived:
        return Reason.ARCHIVED
    if not asset.is_shareable:
        return Reason.NON_SHAREABLE
    if not any(asset.division_id in user.division_ids for user in store.all(USERS) if user.role != "ADMIN"):
        return f"{Reason.INACCESSIBLE} to all but admins"
    return _fate_of_pages(asset)


def _fate_of_pages(asset: Asset) -> str:
    if asset.is_only_entire_document_shareable:
        return f"whole: works; any page: {Reason.ONLY_ENTIRE_DOCUMENT_ALLOWED}"
    if asset.locked_pages:
        ranges = ", ".join(f"{one.start}-{one.end}" for one in asset.locked_pages)
        return f"some but not all of pages {ranges}: {Reason.LOCKED_RANGE_INCOMPLETE}"
    enforced = asset.enforced_pages
    if enforced is not None:
        pages = sorted({page for one in (*enforced.prepend, *enforced.append) for page in one.pages()})
        return f"pages without {', '.join(map(str, pages))}: {Reason.ENFORCED_PAGES_INCOMPLETE}"
    if asset.page_count is not None:
        return f"works; page {asset.page_count + 1}: {Reason.ASSET_NOT_FOUND}"
    return "works; it has no pages"


def _spaces(store: Store) -> list[Sequence[str]]:
    spaces = oldest_first(store.all(SPACES))
    return [(space.public_uri, space.id, _handle(store, space.owner_id), space.status) for space in spaces]


def _templates(store: Store) -> list[Sequence[str]]:
    return [(one.name, one.id, _use(one)) for one in oldest_first(store.all(TEMPLATES))]


def _use(template: Template) -> str:
    """Return what comes of a create that names the template (CREATE-TEMPLATE-MERGE, CREATE-TEMPLATE-INVALID)."""
    if not template.is_published:
        return "400: it is not published"
    texts = {"title": template.space_title, "description": template.space_description}
    return ", ".join(["fills in theme", *(name for name, text in texts.items() if text)])


def _themes(store: Store) -> list[Sequence[str]]:
    return [(one.title, one.id, _whose(store, one)) for one in oldest_first(store.all(THEMES))]


def _whose(store: Store, theme: Theme) -> str:
    division = store.get(DIVISIONS, theme.division_id) if theme.division_id is not None else None
    return division.name if division is not None else "the Global Theme: where none is asked for"


def _divisions(store: Store) -> list[Sequence[str]]:
    assets = Counter(asset.division_id for asset in store.all(ASSETS))
    return [(one.name, one.id, str(assets[one.id])) for one in oldest_first(store.all(DIVISIONS))]


def _features(store: Store) -> list[Sequence[str]]:
    kept = store.get(ORGANISATION, "organisation")
    assert kept is not None
    return [(name, "on" if getattr(kept.features, field) else "off", WITHOUT[name]) for name, field in FEATURES.items()]


def as_text(sheet: Iterable[Table]) -> str:
    """Show the tables in columns for a terminal."""
    blocks = []
    for title, columns, given in sheet:
        rows = [[printable(cell) for cell in row] for row in given]
        widths = [max(len(row[place]) for row in (columns, *rows)) for place in range(len(columns))]
        lines = [
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in (columns, *rows)
        ]
        blocks.append("\n".join([title, *(f"  {line.rstrip()}" for line in lines)]))
    return "\n\n".join(blocks)


def as_markdown(sheet: Iterable[Table]) -> str:
    """Show the tables as Markdown, for the README."""
    blocks = []
    for title, columns, rows in sheet:
        lines = [columns, ["---"] * len(columns), *([f"`{row[0]}`", *row[1:]] for row in rows)]
        blocks.append("\n".join([f"**{title}**", "", *("| " + " | ".join(line) + " |" for line in lines)]))
    return "\n\n".join(blocks)
