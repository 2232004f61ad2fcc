"""The pages that buyers open, as checks read them: what is shown as text, and where the page leads (LINK-).

They are opened without any token, on targets that offer `pages`, and of what the run itself shares alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

from ..core import expect
from ..core.exchange import Exchange
from ..core.target import Target
from ..core.violation import WrongForm
from .client import Client

PATH = re.compile(r"/(?:share|catalog/link|s)/[A-Za-z0-9_-]+")
SHOWPADS = re.compile(r"https://[^/@]+(/.*)")
SILENT = ("script", "style", "template", "noscript")
HTML = {"Accept": "text/html"}


@dataclass
class Page:
    """A page: its text as people read it, and its elements, by name and attributes."""

    exchange: Exchange
    address: str
    text: str = ""
    elements: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)

    def read(self) -> Page:
        """Return it, its text and its elements read."""
        reader = _Reader(self)
        reader.feed(self.exchange.text)
        reader.close()
        self.text = reader.text()
        return self

    def downloads(self) -> list[str]:
        """Return the whole addresses of what can be downloaded."""
        links = [values for name, values in self.elements if name == "a" and "href" in values]
        found = [one["href"] for one in links if "download" in one or "download" in one["href"].casefold()]
        return [urljoin(self.address, one) for one in found]


class _Reader(HTMLParser):
    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page = page
        self._silent = 0
        self._parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._page.elements.append((tag, {name: value or "" for name, value in attrs}))
        self._silent += tag in SILENT

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in SILENT and self._silent > 0

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._parts.append(data)

    def text(self) -> str:
        """Return what is shown, each run of blanks as one."""
        return " ".join("".join(self._parts).split())


def pages_of(target: Target) -> str:
    """Return where the pages lie that may be opened, or the named skip."""
    return target.at(str(target.offer("pages")))


def page_at(told: Any, target: Target, *, rule: str) -> str:
    """Return where the page of an address is that the API told; the rule says what such an address looks like.

    Of the address its path alone counts: where to ask the target's file says, not an answer.
    """
    where, path = pages_of(target), ""
    if isinstance(told, str):
        theirs = SHOWPADS.fullmatch(told)
        path = told.removeprefix(where) if told.startswith(f"{where}/") else theirs[1] if theirs is not None else ""
    with expect.needed("the address of a page", rule):
        if PATH.fullmatch(path) is None:
            raise WrongForm("the address of a page", expected="one of Showpad's forms", received=told)
    return where + path


def open_page(client: Client, address: str, **query: str) -> Page:
    """Open a page as anybody may who has its address, whatever comes."""
    exchange = client.nobody.request("GET", address, params=query or None, headers=HTML)
    return Page(exchange, address).read()


def shown(page: Page, code: int = 200) -> Page:
    """Require a page of HTML with this status."""
    expect.status(page.exchange, code)
    kind = expect.member(page.exchange.headers, "content-type", of="the headers")
    expect.matches(kind.casefold(), "text/html(;.*)?", "content-type of the page")
    return page


def says(page: Page, text: str, what: str) -> None:
    """Require that people can read a text on the page, whatever its blanks."""
    if " ".join(text.split()) not in page.text:
        raise WrongForm(f"{what} on the page", expected=text, received=page.text[:500])


def says_nothing_of(page: Page, text: str, what: str) -> None:
    """Require that the page holds a text nowhere, not even where nobody reads it."""
    if text in page.exchange.text or text in page.text:
        raise WrongForm(f"{what} on the page", expected="nothing of it", received=text)
