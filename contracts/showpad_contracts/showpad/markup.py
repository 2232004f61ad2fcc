"""HTML as checks read it, in one pass whatever stands in it.

Python's own parser takes minutes for 100 KB of what a target may make up, which must not hold up a run.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from html import unescape

MOST = 2**20
"""Characters of a page that are read."""
# Possessive where they may meet what they leave again: so that none of it is gone over twice.
TAG = re.compile(r"<(/?)([A-Za-z][^\s/>]*+)")
BETWEEN = re.compile(r"[\s/=]*+")
ATTRIBUTE = re.compile(r"""([^\s/>=]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>"'][^\s>]*+)?))?+""")
CLOSED_BY = {"<!--": "-->", "<!": ">", "<?": ">"}
RAW = ("script", "style", "title", "textarea")
"""Elements that hold no others."""
SILENT = ("script", "style", "template", "noscript")
Element = tuple[str, Mapping[str, str]]


class Markup:
    """A page's text as people read it, each run of blanks as one, and its elements that have attributes, in order."""

    def __init__(self, text: str) -> None:
        self._text = text[:MOST]
        self._lower = self._text.lower()
        self._silent: Counter[str] = Counter()
        self.elements: list[Element] = []
        self.text = " ".join("".join(self._shown()).split())

    def _shown(self) -> Iterator[str]:
        at = 0
        while (start := self._text.find("<", at)) >= 0:
            yield self._heard(at, start)
            tag = TAG.match(self._text, start)
            if tag is not None:
                at = self._closed(tag) if tag[1] else self._opened(tag)
                if tag[2].lower() in RAW and not tag[1]:
                    end = self._end(f"</{tag[2].lower()}", at)
                    yield self._heard(at, end)
                    at = end
            else:
                at, literal = self._passed_over(start)
                yield literal
        yield self._heard(at, len(self._text))

    def _heard(self, start: int, end: int) -> str:
        return "" if self._silent else unescape(self._text[start:end])

    def _end(self, mark: str, at: int) -> int:
        """Return where a mark begins; the end of the page where it never comes."""
        found = self._lower.find(mark, at)
        return found if found >= 0 else len(self._text)

    def _passed_over(self, start: int) -> tuple[int, str]:
        """Return where a comment or the like ends, or that the character stands for itself."""
        for mark, closed_by in CLOSED_BY.items():
            if self._text.startswith(mark, start):
                return self._end(closed_by, start + len(mark)) + len(closed_by), ""
        return start + 1, "" if self._silent else "<"

    def _closed(self, tag: re.Match[str]) -> int:
        name = tag[2].lower()
        if name in self._silent:
            self._silent[name] -= 1
            self._silent += Counter()  # without those that are closed
        return self._end(">", tag.end()) + 1

    def _opened(self, tag: re.Match[str]) -> int:
        name, at = tag[2].lower(), tag.end()
        found: dict[str, str] = {}
        while (at := self._after(BETWEEN, at)) < len(self._text) and self._text[at] != ">":
            one = ATTRIBUTE.match(self._text, at)
            assert one is not None  # what stands there is neither a blank nor any of />=
            found.setdefault(one[1].lower(), unescape(one[2] or one[3] or one[4] or ""))
            at = one.end()
        if found:
            self.elements.append((name, found))
        if name in SILENT:
            self._silent[name] += 1
        return at + 1

    def _after(self, pattern: re.Pattern[str], at: int) -> int:
        found = pattern.match(self._text, at)
        return found.end() if found is not None else at
