"""Texts that come back otherwise than they were sent: trimmed, folded, cut, normalised, escaped."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from ..wrapping import App, Ask, Broken, Seen, Wrong
from .table import CREATE, LISTED, READ_ALONE, SHARE, UPDATE, Operation, Place

KIND = "text"
Way = Callable[[str], str]
WAYS: dict[str, Way] = {
    "trimmed": str.strip,
    "trimmed at its start": str.lstrip,
    "trimmed at its end": str.rstrip,
    "cut at 128 characters": lambda text: text[:128],
    "cut at 254 characters": lambda text: text[:254],
    "in lower case": str.lower,
    "in Unicode's composed form": lambda text: unicodedata.normalize("NFC", text),
    "in Unicode's compatible form": lambda text: unicodedata.normalize("NFKC", text),
    "escaped for HTML": lambda text: html.escape(text, quote=False),
    "unescaped from HTML": html.unescape,
    "without tags": lambda text: re.sub("<[^>]*>", "", text) or text,
    "with its backslashes doubled": lambda text: text.replace("\\", "\\\\"),
    "with one blank for several": lambda text: re.sub("  +", " ", text),
    "in ASCII alone": lambda text: text.encode("ascii", "replace").decode(),
    "in Latin-1 alone": lambda text: text.encode("latin-1", "replace").decode("latin-1"),
    "in the first plane of Unicode alone": lambda text: re.sub("[\U00010000-\U0010ffff]", "?", text),
    "with curly quotes made straight": lambda text: text.translate({0x201C: '"', 0x201D: '"', 0x2019: "'"}),
    "percent-decoded": lambda text: text.replace("%20", " ").replace("+", " "),
}
LINES: dict[str, Way] = {
    "with line feeds alone": lambda text: text.replace("\r\n", "\n"),
    "in one line": lambda text: re.sub(r"\s*\n\s*", " ", text),
    "cut at 255 characters": lambda text: text[:255],
    "cut at 65,534 characters": lambda text: text[:65_534],
}
"""What texts of several lines suffer beside that."""


class Kept(Wrong):
    """Keeps a text otherwise than it was sent; `told` says whether the answer shows it as it was sent."""

    def __init__(self, right: App, *, operation: Operation, name: str, way: Way, told: bool = False) -> None:
        super().__init__(right)
        self.operation, self.name, self.way, self.told = operation, name, way, told
        self._sent: Any = None

    async def before(self, seen: Seen, ask: Ask) -> None:
        self._sent = seen.body.get(self.name) if self.operation.asked(seen) and isinstance(seen.body, dict) else None
        if isinstance(self._sent, str) and len(self._sent) <= 65_535 and (self.way(self._sent) or self.name != "title"):
            seen.body = {**seen.body, self.name: self.way(self._sent)}

    async def after(self, seen: Seen, ask: Ask) -> None:
        if self.told and isinstance(self._sent, str) and self.operation.done(seen):
            seen.answer[self.name] = self._sent


class Displayed(Wrong):
    """Shows a text in one place otherwise than it is."""

    def __init__(self, right: App, *, place: Place, name: str, way: Way) -> None:
        super().__init__(right)
        self.place, self.name, self.way = place, name, way

    async def after(self, seen: Seen, ask: Ask) -> None:
        for space in self.place.spaces(seen):
            if isinstance(space.get(self.name), str):
                space[self.name] = self.way(space[self.name])


RULES = {CREATE: "CREATE-OK", UPDATE: "PATCH-OK", SHARE: "SHARE-FIELDS"}
FITS_NOT = {
    (SHARE, "title"): ("cut at 254 characters",),
    (SHARE, "origin"): ("cut at 128 characters", "cut at 254 characters"),
}
"""Ways that change no text of a legal length."""


def _kept() -> Iterator[Broken]:
    for operation, name in (
        (CREATE, "title"),
        (CREATE, "description"),
        (UPDATE, "title"),
        (UPDATE, "description"),
        (SHARE, "title"),
        (SHARE, "origin"),
    ):
        ways = {**WAYS, **(LINES if name == "description" else {})}
        for story, way in ways.items():
            if story in FITS_NOT.get((operation, name), ()):
                continue
            make = partial(Kept, operation=operation, name=name, way=way)
            yield Broken(RULES[operation], f"{operation.name} keeps its {name} {story}", make, KIND)
    for operation in (CREATE, UPDATE):
        for story in ("trimmed", "in lower case", "cut at 254 characters", "in Unicode's composed form"):
            make = partial(Kept, operation=operation, name="title", way=WAYS[story], told=True)
            yield Broken(RULES[operation], f"{operation.name} tells its title, and keeps it {story}", make, KIND)


def _displayed() -> Iterator[Broken]:
    rules = {READ_ALONE: "GET-OK", LISTED: "SPACE-LISTED"}
    for place, name in ((READ_ALONE, "title"), (READ_ALONE, "description"), (LISTED, "title")):
        for story, way in WAYS.items():
            make = partial(Displayed, place=place, name=name, way=way)
            yield Broken(rules[place], f"{place.name} shows the {name} {story}", make, KIND)


BROKEN = (*_kept(), *_displayed())
