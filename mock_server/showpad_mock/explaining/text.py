"""An explanation as text, for a terminal and for the message of a failed test."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .explanation import Explanation
    from .named import NamedThing


def text_of(explanation: Explanation) -> str:
    """Return an explanation in lines."""
    return "\n".join(_lines(explanation))


def _lines(explanation: Explanation) -> Iterator[str]:
    yield f"{explanation['number']}  {explanation['request']} -> {explanation['status']}"
    if explanation["detail"]:
        yield f"  {explanation['detail']}"
    if explanation["fault"]:
        yield f"  it met the fault {explanation['fault']}"
    for rule in explanation["rules"]:
        yield f"  {rule['id']} ({rule['level']}, {rule['source']}): {rule['sentence']}"
    for member in explanation["members"]:
        yield f"  {member['path']}: {member['expected']}; sent: {json.dumps(member['sent'], ensure_ascii=False)}"
    for named in explanation["named"]:
        yield from _named(named)
    if explanation["needed"]:
        yield "  needed:"
        yield from (f"    {one}" for one in explanation["needed"])


def _named(named: NamedThing) -> Iterator[str]:
    who = f" ({named['who']})" if named["who"] else ""
    if named["isKnown"]:
        yield f"  {named['what']} {named['given']} is known{who}"
    else:
        yield f"  {named['what']} {named['given']} is not known; the nearest is {named['nearest'] or 'none'}{who}"
    for part in named["parts"]:
        given, nearest = part["given"] or "nothing", part["nearest"] or "nothing"
        if given != nearest and not nearest.startswith("{"):
            yield f"    {given} -> {nearest}"
