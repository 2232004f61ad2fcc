"""Servers that break rules of Shares."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from .tampering import answering, as_admin, asking, refusing, with_status
from .wrapping import App, Ask, Broken, Seen, Wrong

SHARES = "/shares"
PICTURE = "f91abb9964297df7cdd84a40600715ae"
OTHER_THEME = "2de459bf8936bb4a22ffe3b05260a93d"
"""Of the mock's demo data."""
Make = Callable[[App], App]


def asked(change: Callable[[dict[str, Any]], Any]) -> Make:
    """Creating a Share does as if it had been asked something else."""

    def ask(seen: Seen) -> None:
        if isinstance(seen.body, dict):
            change(seen.body)

    return asking("POST", SHARES, ask)


def told(change: Callable[[dict[str, Any]], Any]) -> Make:
    """What creating a Share answers is changed."""
    return answering("POST", SHARES, lambda seen: change(seen.answer))


def refused(when: Callable[[dict[str, Any]], object], *, code: int = 400) -> Make:
    """Creating a Share refuses what it should accept."""
    return refusing("POST", SHARES, lambda seen: isinstance(seen.body, dict) and bool(when(seen.body)), code=code)


def without(name: str) -> Make:
    return told(lambda share: share.pop(name))


def cut(name: str, length: int) -> Make:
    """A text that is too long is cut."""
    return asked(lambda body: body.update({name: body[name][:length]}) if isinstance(body.get(name), str) else None)


def optional(name: str, *, value: Any) -> Make:
    """A required field has a value when it is left out."""
    return asked(lambda body: body.setdefault(name, value))


def pages(change: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], None]:
    """Change every asset that has a page."""

    def change_all(body: dict[str, Any]) -> None:
        for asset in body.get("assets") or []:
            if "page" in asset:
                change(asset)

    return change_all


def null_pages(share: dict[str, Any]) -> None:
    for asset in share["assets"]:
        asset.setdefault("page", None)


def asset_ids(share: dict[str, Any]) -> None:
    share["assets"] = [asset["id"] for asset in share["assets"]]


def without_repeats_beyond(body: dict[str, Any], most: int) -> None:
    body["assets"] = (body.get("assets") or [])[:most]


def a_picture_when_empty(body: dict[str, Any]) -> None:
    if body.get("assets") == []:
        body["assets"] = [{"id": PICTURE}]


def a_picture_when_missing(body: dict[str, Any]) -> None:
    body.setdefault("assets", [{"id": PICTURE}])


def page_from_zero(asset: dict[str, Any]) -> None:
    asset["page"] += 1


def page_at_least_one(asset: dict[str, Any]) -> None:
    asset["page"] = max(1, int(asset["page"]))


def a_month_when_never(share: dict[str, Any]) -> None:
    if share["expiresAt"] is None:
        share["expiresAt"] = "2099-01-31T00:00:00.000Z"


def offset_dropped(body: dict[str, Any]) -> None:
    if isinstance(body.get("expiresAt"), str):
        body["expiresAt"] = body["expiresAt"].removesuffix("Z").partition("+")[0] + "Z"


def never_when_no_time(body: dict[str, Any]) -> None:
    try:
        datetime.fromisoformat(body.get("expiresAt", ""))
    except ValueError:
        body.pop("expiresAt", None)


def a_minute_later(share: dict[str, Any]) -> None:
    if share["expiresAt"] is not None:
        later = datetime.fromisoformat(share["expiresAt"]) + timedelta(minutes=1)
        share["expiresAt"] = later.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class UnknownAssetsAreSkipped(Wrong):
    """Shares those that are there."""

    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", SHARES) and isinstance(seen.body, dict):
            assets = seen.body.get("assets") or []
            seen.body["assets"] = [one for one in assets if (await ask("GET", f"/assets/{one['id']}", None))[0] == 200]


class OnlyTheFirstAssetIsLookedUp(Wrong):
    """Shares the others without knowing whether they are there."""

    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", SHARES) and isinstance(seen.body, dict):
            seen.body["assets"] = (seen.body.get("assets") or [])[:1]


def one_token(share: dict[str, Any]) -> None:
    share["untrackedUrl"] = share["anonymousUrl"]


def own_token(share: dict[str, Any]) -> None:
    share["dynamicUrl"] = share["dynamicUrl"][:-3] + "xyz"


def same_token_for_all(share: dict[str, Any]) -> None:
    host = share["anonymousUrl"].rpartition("/share/")[0]
    share["anonymousUrl"] = f"{host}/share/{'a' * 21}"
    share["dynamicUrl"] = f"{host}/catalog/link/{'a' * 21}"


def urls(change: Callable[[str], str]) -> Make:
    """The addresses look otherwise."""

    def change_all(share: dict[str, Any]) -> None:
        for name in ("anonymousUrl", "untrackedUrl", "dynamicUrl"):
            share[name] = change(share[name])

    return told(change_all)


def status(code: int, *, of: int) -> Make:
    """An answer has another status."""

    class Otherwise(Wrong):
        async def after(self, seen: Seen, ask: Ask) -> None:
            if seen.is_("POST", SHARES) and seen.status == of:
                seen.status = code

    return Otherwise


BROKEN = (
    Broken("SHARE-OK", "a Share is answered 200", answering("POST", SHARES, with_status(200))),
    Broken("SHARE-OK", "a Share needs isDownloadAllowed", refused(lambda body: "isDownloadAllowed" not in body)),
    Broken("SHARE-OK", "an origin must be letters", refused(lambda body: not str(body.get("origin")).isalpha())),
    Broken("SHARE-FIELDS", "createdAt is left out", without("createdAt")),
    Broken("SHARE-FIELDS", "origin is not told", without("origin")),
    Broken("SHARE-FIELDS", "an asset without a page has page null", told(null_pages)),
    Broken("SHARE-FIELDS", "assets are ids only", told(asset_ids)),
    Broken(
        "SHARE-FIELDS",
        "assets are in the order of their ids",
        told(lambda share: share["assets"].sort(key=lambda one: one["id"])),
    ),
    Broken("SHARE-FIELDS", "titles are in lower case", told(lambda share: share.update(title=share["title"].lower()))),
    Broken("SHARE-FIELDS", "theme is an id", told(lambda share: share.update(theme=share["theme"]["id"]))),
    Broken("SHARE-TITLE", "a long title is cut", cut("title", 200)),
    Broken("SHARE-TITLE", "a title may be left out", optional("title", value="Untitled")),
    Broken("SHARE-TITLE", "a title may have 100 characters", refused(lambda body: len(body.get("title", "")) > 100)),
    Broken(
        "SHARE-TITLE",
        "a title must be shorter than 200 characters",
        refused(lambda body: len(body.get("title", "")) >= 200),
    ),
    Broken("SHARE-TITLE", "a wrong title is answered 422", status(422, of=400)),
    Broken("SHARE-ORIGIN", "a long origin is cut", cut("origin", 20)),
    Broken("SHARE-ORIGIN", "an origin may be left out", optional("origin", value="api")),
    Broken("SHARE-ORIGIN", "an origin may have 19 characters", refused(lambda body: len(body.get("origin", "")) > 19)),
    Broken(
        "SHARE-ASSETS-LIMIT",
        "assets beyond the 300th are dropped",
        asked(lambda body: without_repeats_beyond(body, 300) if body.get("assets") else None),
    ),
    Broken("SHARE-ASSETS-LIMIT", "a Share may have no assets", asked(a_picture_when_empty)),
    Broken("SHARE-ASSETS-LIMIT", "assets may be left out", asked(a_picture_when_missing)),
    Broken(
        "SHARE-ASSETS-LIMIT", "a Share may have three assets", refused(lambda body: len(body.get("assets") or []) > 3)
    ),
    Broken("SHARE-PAGE", "pages count from 0", asked(pages(page_from_zero))),
    Broken("SHARE-PAGE", "page 0 is the first", asked(pages(page_at_least_one))),
    Broken("SHARE-PAGE", "the page is not kept", told(pages(lambda asset: asset.pop("page")))),
    Broken(
        "SHARE-PAGE-IGNORED",
        "a page of a picture is refused",
        refused(lambda body: any(one.get("id") == PICTURE and "page" in one for one in body.get("assets") or [])),
    ),
    Broken(
        "SHARE-PAGE-IGNORED",
        "a picture with a page is dropped",
        told(lambda share: share.update(assets=[one for one in share["assets"] if one["id"] != PICTURE])),
    ),
    Broken("SHARE-DOWNLOAD", "downloads are not allowed unless said", optional("isDownloadAllowed", value=False)),
    Broken("SHARE-DOWNLOAD", "isDownloadAllowed is ignored", asked(lambda body: body.pop("isDownloadAllowed", None))),
    Broken("SHARE-EXPIRES", "a Share expires after a month unless said", told(a_month_when_never)),
    Broken(
        "SHARE-EXPIRES",
        "expiresAt is left out when there is none",
        told(lambda share: share.pop("expiresAt") if share["expiresAt"] is None else None),
    ),
    Broken("SHARE-EXPIRES", "the offset is not looked at", asked(offset_dropped)),
    Broken("SHARE-EXPIRES", "what is no time means never", asked(never_when_no_time)),
    Broken("SHARE-EXPIRES", "a Share expires a minute later", told(a_minute_later)),
    Broken(
        "SHARE-EXPIRES",
        "a time without milliseconds is refused",
        refused(lambda body: "expiresAt" in body and "." not in body["expiresAt"]),
    ),
    Broken("SHARE-THEME", "another theme is the default", optional("theme", value={"id": OTHER_THEME})),
    Broken("SHARE-THEME", "theme is ignored", asked(lambda body: body.pop("theme", None))),
    Broken("SHARE-THEME", "theme is null when none was asked for", told(lambda share: share.update(theme=None))),
    Broken("SHARE-ASSET-UNKNOWN", "unknown assets are skipped", UnknownAssetsAreSkipped),
    Broken("SHARE-ASSET-UNKNOWN", "only the first asset is looked up", OnlyTheFirstAssetIsLookedUp),
    Broken("SHARE-ASSET-UNKNOWN", "permissions are not looked at", asking("POST", SHARES, as_admin)),
    Broken("SHARE-URLS", "the untracked address is the anonymous one", told(one_token)),
    Broken("SHARE-URLS", "the dynamic address has a token of its own", told(own_token)),
    Broken("SHARE-URLS", "every Share has the same anonymous token", told(same_token_for_all)),
    Broken("SHARE-URLS", "addresses are http", urls(lambda url: url.replace("https:", "http:"))),
    Broken(
        "SHARE-URLS", "addresses are those of another tenant", urls(lambda url: url.replace("https://", "https://www."))
    ),
    Broken("SHARE-URLS", "tokens are shorter", urls(lambda url: url[:-1])),
    Broken(
        "SHARE-URLS",
        "the dynamic address lies under /share",
        told(lambda share: share.update(dynamicUrl=share["anonymousUrl"])),
    ),
)
