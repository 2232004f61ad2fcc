"""Refusals: whichever operation is refused, for whatever reason, afterwards everything is as it was.

What a refused Share would leave behind no operation shows.
"""

from __future__ import annotations

from ...check import Check, together
from ..api import Api
from ..observe import barred
from ..picture import picture, same, set_scene
from ..refused import REFUSED


def nothing_comes_of_it(api: Api, rule: str, what: str) -> None:
    """Take a picture, send what is refused, and take the picture again."""
    scene = set_scene(api)
    before = picture(api, scene)
    for exchange in REFUSED[rule][what](api, scene):
        barred(exchange)
    same(api, before, picture(api, scene))


def _check(rule: str) -> Check:
    return Check(
        name=f"what_{rule.lower().replace('-', '_')}_refuses_changes_nothing",
        rules=(rule,),
        run=nothing_comes_of_it,
        writes=True,
        always=together({"rule": [rule], "what": list(REFUSED[rule])}),
    )


CHECKS: tuple[Check, ...] = tuple(_check(rule) for rule in REFUSED)
