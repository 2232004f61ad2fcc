"""Refusals: whichever operation is refused, for whatever reason, afterwards everything is as it was.

What a refused Share would leave behind no operation shows.
"""

from __future__ import annotations

from ...core import expect
from ...core.check import Check, check, together
from ..client import Api
from ..observe import barred
from ..picture import picture, same, set_scene
from ..refused import OPEN, REFUSED, code
from .conventions import STATUSES


def nothing_comes_of_it(api: Api, rule: str, what: str) -> None:
    """Take a picture, send what is refused, and take the picture again."""
    scene = set_scene(api)
    before = picture(api, scene)
    exchanges = [barred(exchange) for exchange in REFUSED[rule][what](api, scene)]
    same(api, before, picture(api, scene))
    promised = code(rule)
    if promised is not None:
        for exchange in exchanges:
            expect.status(exchange, promised)


def _check(rule: str) -> Check:
    return Check(
        name=f"what_{rule.lower().replace('-', '_')}_refuses_changes_nothing",
        rules=(rule,),
        run=nothing_comes_of_it,
        writes=True,
        always=together({"rule": [rule], "what": list(REFUSED[rule])}),
        requests=25,
    )


REFUSALS = tuple(map(_check, REFUSED))


@check("CONV-STATUS", writes=True, always={"rule": OPEN})
def every_refusal_has_a_status_in_use(api: Api, rule: str) -> None:
    """CONV-STATUS: also where the rule that refuses names no code."""
    scene = set_scene(api)
    for what in REFUSED[rule].values():
        for exchange in what(api, scene):
            expect.status(exchange, *STATUSES)
