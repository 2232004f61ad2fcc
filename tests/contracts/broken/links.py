"""Servers whose pages for buyers break rules. Paths are those of a tenant's local links, the tenant first."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

from .tampering import Make, answer_problem, asking, query
from .wrapping import App, Ask, Broken, Seen, Wrong

RULE = "LINK-PAGE"
SHARE = "/[^/]+/(share|catalog/link)/[^/]+"
ANONYMOUS, DYNAMIC = "/[^/]+/share/[^/]+", "/[^/]+/catalog/link/[^/]+"
DOWNLOAD = f"{SHARE}/assets/[^/]+/download"
RESHARE = f"{SHARE}/reshare"
ANY = "/.*"
HTML = [(b"content-type", b"text/html; charset=utf-8")]


def answer_page(seen: Seen, status: int, text: str = "") -> None:
    """Answer with a page."""
    seen.status, seen.answer, seen.answer_headers = status, None, HTML
    seen.raw_answer = f"<!doctype html><title>Page</title><p>{text}</p>".encode()


def repaged(change: Callable[[str], str], path: str = SHARE, method: str = "GET") -> Make:
    """What a page holds is changed."""

    class Repaged(Wrong):
        async def after(self, seen: Seen, ask: Ask) -> None:
            if seen.is_(method, path) and seen.status == 200 and seen.raw_answer is not None:
                seen.raw_answer = change(seen.raw_answer.decode()).encode()

    return Repaged


def replacing(pattern: str, by: str, path: str = SHARE) -> Make:
    """A part of a page is another one."""
    return repaged(lambda text: re.sub(pattern, by, text, flags=re.DOTALL | re.IGNORECASE), path)


def restatus(old: int, new: int, path: str = ANY) -> Make:
    """A page has another status."""

    class Restatus(Wrong):
        async def after(self, seen: Seen, ask: Ask) -> None:
            if seen.base == "/links" and seen.is_("GET", path) and seen.status == old:
                seen.status = new

    return Restatus


class NothingAsAProblem(Wrong):
    """What is not there is told as the API tells it."""

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.base == "/links" and seen.status == 404:
            answer_problem(seen, 404)


class AsPlainText(Wrong):
    """A page is no page."""

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("GET", SHARE) and seen.base == "/links":
            seen.answer_headers = [(b"content-type", b"text/plain")]


def unescaped(text: str) -> str:
    return html.unescape(text)


def in_the_headline(text: str) -> str:
    return re.sub('(?<=<h1 class="head">).*?(?=</h1>)', lambda found: html.unescape(found[0]), text)


class Remembering(Wrong):
    """Knows what it told of each Share."""

    def __init__(self, right: App) -> None:
        super().__init__(right)
        self.shares: list[dict[str, Any]] = []

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", "/shares") and seen.status == 201:
            self.shares.append(seen.answer)

    def share(self, seen: Seen) -> dict[str, Any] | None:
        """Give the Share that a path is about."""
        return next((one for one in self.shares if self._tokens(one) & {*seen.path.split("/")}), None)

    def _tokens(self, share: dict[str, Any]) -> set[str]:
        return {share[way].rpartition("/")[2] for way in ("anonymousUrl", "untrackedUrl")}


class ShowsExpired(Remembering):
    """An expired Share still shows its title."""

    async def after(self, seen: Seen, ask: Ask) -> None:
        await super().after(seen, ask)
        if seen.status == 410 and (share := self.share(seen)) is not None:
            answer_page(seen, 410, html.escape(share["title"]))


class ShowsExpiredUntracked(ShowsExpired):
    """An expired Share still shows its title at one of its addresses."""

    def share(self, seen: Seen) -> dict[str, Any] | None:
        share = super().share(seen)
        return share if share is not None and share["untrackedUrl"].endswith(seen.path.rpartition("/")[2]) else None


class DownloadsAll(Remembering):
    """What a page does not offer can be downloaded all the same."""

    async def after(self, seen: Seen, ask: Ask) -> None:
        await super().after(seen, ask)
        if seen.is_("GET", DOWNLOAD) and seen.status == 403:
            seen.status, seen.answer, seen.raw_answer = 200, None, b"file"


class DownloadsAnything(Remembering):
    """An asset that is not shared can be downloaded."""

    async def after(self, seen: Seen, ask: Ask) -> None:
        await super().after(seen, ask)
        if seen.is_("GET", DOWNLOAD) and seen.status == 404 and self.share(seen) is not None:
            seen.status, seen.answer, seen.raw_answer = 200, None, b"file"


class ShowsAll(Wrong):
    """A page shows whatever assets somebody has asked for."""

    def __init__(self, right: App) -> None:
        super().__init__(right)
        self.names: list[str] = []

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("GET", "/assets/[^/]+") and seen.status == 200:
            self.names.append(seen.answer["name"] or seen.answer["id"])
        if seen.is_("GET", SHARE) and seen.status == 200 and seen.raw_answer is not None:
            names = "".join(f"<p>{html.escape(name)}</p>" for name in self.names)
            seen.raw_answer = seen.raw_answer.replace(b"</main>", f"{names}</main>".encode())


class UntrackedByTheDynamicWay(Remembering):
    """The dynamic address takes the untracked token, too."""

    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("GET", DYNAMIC) and (share := self.share(seen)) is not None:
            head = seen.path.partition("/catalog/link/")[0]
            seen.path = f"{head}/catalog/link/{share['anonymousUrl'].rpartition('/')[2]}"


class IgnoresTheLastLetter(Remembering):
    """Of a token the beginning will do."""

    async def before(self, seen: Seen, ask: Ask) -> None:
        head, _, token = seen.path.rpartition("/")
        for known in (one for share in self.shares for one in self._tokens(share)):
            if seen.is_("GET", ANONYMOUS) and token[:-1] == known[:-1]:
                seen.path = f"{head}/{known}"


class Tracks(Remembering):
    """An untracked Share may be passed on as any other."""

    async def after(self, seen: Seen, ask: Ask) -> None:
        await super().after(seen, ask)
        if seen.is_("GET", ANONYMOUS) and seen.status == 200 and b"<form" not in (seen.raw_answer or b""):
            form = b'<form method="post" action="reshare"><input type="email" name="email"></form></main>'
            seen.raw_answer = (seen.raw_answer or b"").replace(b"</main>", form)


class Taking(Wrong):
    """Whatever is sent as whom to pass a Share on to is taken."""

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", RESHARE) and seen.status == 400:
            answer_page(seen, 200, "Shared.")


def refusing_queries(seen: Seen) -> None:
    if "platform" in query(seen):
        answer_page(seen, 400, "What is that?")


def without_recipients(seen: Seen) -> None:
    if "recipient" in query(seen):
        answer_page(seen, 404)


BROKEN = (
    Broken(RULE, "a page is 202", restatus(200, 202, SHARE)),
    Broken(RULE, "a page is plain text", AsPlainText),
    Broken(RULE, "no page shows the title", replacing(r"<h1.*?</h1>|<title>.*?</title>", "")),
    Broken(RULE, "the dynamic address shows no assets", replacing("<li>.*?</li>", "", DYNAMIC)),
    Broken(RULE, "of several assets the first alone is shown", replacing("(<ul.*?</li>).*</ul>", r"\1</ul>")),
    Broken(RULE, "assets that are not shared are shown", ShowsAll),
    Broken(RULE, "markup is taken for markup", repaged(unescaped)),
    Broken(RULE, "markup in a headline is taken for markup", repaged(in_the_headline)),
    Broken(RULE, "what is escaped in a title is unescaped", replacing("&amp;(?=amp;|lt;|gt;|#)", "&")),
    Broken(RULE, "where an asset opens is not told", replacing(", opens at page [0-9]+", "")),
    Broken(
        RULE,
        "pages count from 0",
        repaged(lambda text: re.sub("(?<=opens at page )[0-9]+", lambda found: str(int(found[0]) - 1), text)),
    ),
    Broken(RULE, "no download is offered", replacing("<a [^>]*download.*?</a>", "")),
    Broken(RULE, "one download is offered twice", replacing("(<a [^>]*download.*?</a>)", r"\1\1")),
    Broken(RULE, "what is offered cannot be downloaded", asking("GET", DOWNLOAD, lambda seen: answer_page(seen, 404))),
    Broken(RULE, "what is not offered can be downloaded", DownloadsAll),
    Broken(RULE, "what is not shared can be downloaded", DownloadsAnything),
    Broken(RULE, "no Share can be passed on", replacing("<form.*?</form>", "")),
    Broken(RULE, "an untracked Share can be passed on", Tracks),
    Broken(RULE, "a Share is passed on to nobody", Taking),
    Broken(
        RULE,
        "whom a Share was passed on to is not told",
        repaged(lambda text: re.sub('<p role="status">.*?</p>', "", text), RESHARE, "POST"),
    ),
    Broken("SHARE-TRACK", "a platform is refused", asking("GET", DYNAMIC, refusing_queries)),
    Broken("SHARE-TRACK", "a recipient leads nowhere", asking("GET", DYNAMIC, without_recipients)),
    Broken("LINK-404", "an unknown address is 410", restatus(404, 410)),
    Broken("LINK-404", "an unknown address is an empty page", restatus(404, 200)),
    Broken("LINK-404", "an unknown address is a problem", NothingAsAProblem),
    Broken("LINK-404", "the dynamic address takes the untracked token", UntrackedByTheDynamicWay),
    Broken("LINK-404", "the last letter of a token means nothing", IgnoresTheLastLetter),
    Broken("LINK-EXPIRED", "an expired Share is 404", restatus(410, 404)),
    Broken("SHARE-EXPIRED", "an expired Share shows its title", ShowsExpired),
    Broken("SHARE-EXPIRED", "an expired Share shows its title where nobody counts", ShowsExpiredUntracked),
)
