"""Servers whose pages of spaces break rules."""

from __future__ import annotations

import html
from typing import Any

from .acting import SPACES, TARGET, act_as, as_admin_asks
from .links import answer_page, replacing, restatus
from .tampering import query
from .wrapping import App, Ask, Broken, Seen, Wrong

PAGE = "/[^/]+/s/[^/]+"
SHARE = "/[^/]+/(share|catalog/link)/[^/]+"
ITEMS = "/shared-spaces/[^/]+/items"


class Knowing(Wrong):
    """Knows the spaces that it created, and the folders in each."""

    def __init__(self, right: App) -> None:
        super().__init__(right)
        self.spaces: dict[str, dict[str, Any]] = {}  # publicUri -> space
        self.folders: dict[str, list[str]] = {}  # id of a space -> names

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", SPACES) and seen.status == 201:
            self.spaces[seen.answer["publicUri"]] = seen.answer
        if seen.is_("POST", ITEMS) and seen.status == 201:
            names = [one["name"] for one in seen.body["items"] if one["type"] == "folder"]
            self.folders.setdefault(seen.path.split("/")[2], []).extend(names)
        if seen.is_("GET", PAGE) and (space := self.spaces.get(seen.path.rpartition("/")[2])) is not None:
            await self.of_page(seen, ask, space)

    async def of_page(self, seen: Seen, ask: Ask, space: dict[str, Any]) -> None:
        """Change what is answered to who opens the page of a space."""

    def show(self, seen: Seen, space: dict[str, Any], status: int = 200) -> None:
        """Show what is in a space."""
        texts = [space["description"], *self.folders.get(space["id"], [])]
        answer_page(seen, status, html.escape(" ".join(texts)))


async def has_left(seen: Seen, ask: Ask) -> bool:
    """Say whether the owner is deactivated."""
    kept = seen.headers
    act_as(seen, "owner")
    status, _ = await ask("GET", "/v4/shared-spaces?limit=1", None)
    seen.headers = kept
    return status == 401


def is_invited(seen: Seen) -> bool:
    return "invitation" in query(seen)


class OpenToAll(Knowing):
    """The page of a space shows everybody what it is about."""

    async def of_page(self, seen: Seen, ask: Ask, space: dict[str, Any]) -> None:
        if seen.status == 403 and not is_invited(seen):
            self.show(seen, space)


class FoldersInTheOpen(Knowing):
    """The page that asks for an invitation holds the names of the folders."""

    async def of_page(self, seen: Seen, ask: Ask, space: dict[str, Any]) -> None:
        if seen.status == 403 and not is_invited(seen):
            answer_page(seen, 403, f"<span hidden>{' '.join(self.folders.get(space['id'], []))}</span>")


class OneInvitationForAll(Knowing):
    """An invitation opens every space."""

    async def of_page(self, seen: Seen, ask: Ask, space: dict[str, Any]) -> None:
        if seen.status == 403 and is_invited(seen):
            self.show(seen, space)


class ArchivedShown(Knowing):
    """The page of an archived space is closed, and shows what is in it."""

    async def of_page(self, seen: Seen, ask: Ask, space: dict[str, Any]) -> None:
        if seen.status == 403 and is_invited(seen):
            self.show(seen, space, 403)


class ClosedForGood(Knowing):
    """A space that was archived once stays closed."""

    def __init__(self, right: App) -> None:
        super().__init__(right)
        self.archived: set[str] = set()

    async def of_page(self, seen: Seen, ask: Ask, space: dict[str, Any]) -> None:
        if seen.status == 403 and is_invited(seen):
            self.archived.add(space["id"])
        if space["id"] in self.archived:
            answer_page(seen, 403)


class AsksForAnInvitation(Knowing):
    """The page of a deleted space asks for an invitation."""

    async def of_page(self, seen: Seen, ask: Ask, space: dict[str, Any]) -> None:
        if seen.status == 404:
            answer_page(seen, 403)


class ClosesShares(Knowing):
    """A leaver's Shares are gone."""

    async def after(self, seen: Seen, ask: Ask) -> None:
        await super().after(seen, ask)
        if seen.base == "/links" and seen.is_("GET", SHARE) and await has_left(seen, ask):
            answer_page(seen, 410)


class KeepsTheOwner(Knowing):
    """A leaver's space stays the leaver's."""

    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("GET", PAGE) and is_invited(seen) and await has_left(seen, ask):
            answer_page(seen, 200)


class PassesToWhoJoinedLast(Knowing):
    """A leaver's space passes to who joined last."""

    async def of_page(self, seen: Seen, ask: Ask, space: dict[str, Any]) -> None:
        if is_invited(seen) and seen.status == 200 and await has_left(seen, ask):
            to = {"userId": TARGET.user_id("outsider")}
            await as_admin_asks(seen, ask, "POST", f"/v4/shared-spaces/{space['id']}/transfer-ownership", to)


class OpenWithoutMembers(Knowing):
    """A leaver's space without another member stays open."""

    async def of_page(self, seen: Seen, ask: Ask, space: dict[str, Any]) -> None:
        if seen.status == 403 and is_invited(seen) and await has_left(seen, ask):
            self.show(seen, space)


class ClosedToAll(Knowing):
    """A leaver's space is closed, whoever is left."""

    async def of_page(self, seen: Seen, ask: Ask, space: dict[str, Any]) -> None:
        if is_invited(seen) and await has_left(seen, ask):
            answer_page(seen, 403)


BROKEN = (
    Broken("SPACE-INVITE", "whoever comes sees what a space is about", OpenToAll),
    Broken("SPACE-INVITE", "whoever comes can find the names of folders in the page", FoldersInTheOpen),
    Broken("SPACE-INVITE", "an invitation opens every space", OneInvitationForAll),
    Broken("LINK-PAGE", "the page of a space has no description", replacing("</p>\\s*<p>.*?</p>", "</p>", PAGE)),
    Broken("LINK-PAGE", "the page of a space shows nothing that lies in a folder", replacing("<ul>.*?</ul>", "", PAGE)),
    Broken("LINK-PAGE", "markup in a space is taken for markup", replacing("&lt;(.*?)&gt;", r"<\1>", PAGE)),
    Broken("LINK-ARCHIVED", "the page of an archived space is 404", restatus(403, 404, PAGE)),
    Broken("LINK-ARCHIVED", "the page of an archived space shows what is in it", ArchivedShown),
    Broken("LINK-ARCHIVED", "a space that was archived stays closed", ClosedForGood),
    Broken("LINK-404", "a deleted space asks for an invitation", AsksForAnInvitation),
    Broken("AROUND-LEAVERS", "a leaver's Shares are gone", ClosesShares),
    Broken("AROUND-LEAVERS", "a leaver's space stays the leaver's", KeepsTheOwner),
    Broken("AROUND-LEAVERS", "a leaver's space passes to who joined last", PassesToWhoJoinedLast),
    Broken("AROUND-LEAVERS", "a leaver's space without another member stays open", OpenWithoutMembers),
    Broken("AROUND-LEAVERS", "a leaver's space is closed to people from outside", ClosedToAll),
)
