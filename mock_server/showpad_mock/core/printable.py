"""Text that is safe to show on a terminal."""

from __future__ import annotations


def printable(text: str) -> str:
    """Return the text with all escaped that would steer a terminal: control characters, and those that turn the text.

    Paths, details and names hold what a client sent.
    """
    if text.isprintable():
        return text
    # Not `repr` of the whole: letters of every language stay as they are.
    return "".join(one if one.isprintable() else repr(one)[1:-1] for one in text)


def printable_lines(text: str) -> str:
    """Return the same of a text of several lines."""
    return "\n".join(map(printable, text.split("\n")))
