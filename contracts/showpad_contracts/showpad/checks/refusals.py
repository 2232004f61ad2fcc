"""Refusals: whichever operation is refused, for whatever reason, afterwards everything is as it was.

What a refused Share would leave behind no operation shows.
"""

from __future__ import annotations

from ...core import expect
from ...core.check import Check, check, together
from ..assertions import refused_somehow
from ..client import Client
from ..picture import picture, same, set_scene
from ..refused import OPEN, REFUSED, code
from .conventions import STATUSES


def nothing_comes_of_it(client: Client, rule: str, what: str) -> None:
    """Take a picture, send what is refused, and take the picture again."""
    scene = set_scene(client)
    before = picture(client, scene)
    exchanges = [refused_somehow(exchange) for exchange in REFUSED[rule][what](client, scene)]
    # Before the codes: that something was done all the same is told rather than a refusal by another code.
    same(client, before, picture(client, scene))
    promised = code(rule)
    if promised is not None:
        for exchange in exchanges:
            expect.status(exchange, promised)


def _check(rule: str) -> Check[Client]:
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
def every_refusal_has_a_status_in_use(client: Client, rule: str) -> None:
    """CONV-STATUS: also where the rule that refuses names no code."""
    scene = set_scene(client)
    for what in REFUSED[rule].values():
        for exchange in what(client, scene):
            expect.status(exchange, *STATUSES)
