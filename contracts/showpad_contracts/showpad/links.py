"""The pages that buyers open, as checks read them: what is shown as text, and where the page leads (LINK-).

They are opened without any token, on targets that offer `pages`, and of what the run itself shares alone.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urljoin

from ..core import expect
from ..core.exchange import Exchange
from ..core.target import Target
from ..core.violation import WrongForm
from .client import Client
from .markup import Markup

PATH = re.compile(r"/(?:share|catalog/link|s)/[A-Za-z0-9_-]+")
SHOWPADS = re.compile(r"https://[^/@]+(/.*)")
HTML = {"Accept": "text/html"}


class Page:
    """A page that was opened, read as people do."""

    def __init__(self, exchange: Exchange, address: str) -> None:
        self.exchange = exchange
        self.address = address
        markup = Markup(exchange.text)
        self.text, self.elements = markup.text, markup.elements

    def downloads(self) -> list[str]:
        """Return the whole addresses of what can be downloaded."""
        links = [values for name, values in self.elements if name == "a" and "href" in values]
        found = [one["href"] for one in links if "download" in one or "download" in one["href"].casefold()]
        return [urljoin(self.address, one) for one in found]


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
    return Page(exchange, address)


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
