"""Problems: every refusal of every operation has their form (CONV-PROBLEM)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from ...core import expect
from ...core.check import check
from ...core.exchange import Exchange
from ...core.violation import TargetLacks
from .. import forms
from ..client import Client
from ..operations import ALL, LISTS, NO_ID, ON_A_SPACE, everything, on_a_space
from ..picture import set_scene
from ..refused import REFUSED
from ..strategies import shares as drawing

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def of_no_id(path: str) -> Callable[[Client], Exchange]:
    """Ask for something below a path whose id nothing has."""
    return lambda client: client.admin.get(f"{path}/{NO_ID}")


ERRORS: Mapping[str, Callable[[Client], Exchange]] = {
    **{f"an unknown one of {path}": of_no_id(path) for path in LISTS.values()},
    "a limit beyond the highest": lambda client: client.admin.get("/shared-spaces", params={"limit": 1001}),
    "somebody else's team": lambda client: client.owner.get(
        "/shared-spaces", params={"managerId": client.target.user_id("manager")}
    ),
    "a create without JSON": lambda client: client.create(b"{"),
}
"""Requests that are refused whatever the tenant holds."""
REFUSED_SHARES: Mapping[str, Callable[[Client], Mapping[str, Any]]] = {
    "no title": lambda _: {"title": None},
    "no origin": lambda _: {"origin": None},
    "no assets": lambda _: {"assets": []},
    "a page before the first": lambda _: {"assets": [{"id": NO_ID, "page": 0}]},
    "an unknown asset": lambda _: {"assets": [{"id": NO_ID}]},
    "an archived asset": lambda client: {"assets": [{"id": client.target.offer("archived_asset")}]},
    "an expiry in the past": lambda _: {"expiresAt": "2001-01-01T00:00:00.000Z"},
    "an unknown theme": lambda _: {"theme": {"id": NO_ID}},
}
"""What is wrong with a Share; None leaves a field out."""


def is_a_problem(exchange: Exchange) -> None:
    """What is refused is told as a problem; whether it is refused at all is for the rules of its operation."""
    if exchange.status < 400:
        return
    kind = exchange.headers.get("content-type", "").partition(";")[0].strip()
    expect.equal(kind, "application/problem+json", f"Content-Type of {exchange.name}")
    problem = expect.json_object(exchange)
    for name in ("title", "detail", "type"):
        expect.of_type(expect.member(problem, name, of="the problem"), str, f"{name} of the problem")
    expect.equal(expect.member(problem, "status", of="the problem"), exchange.status, "status of the problem")
    forms.PROBLEM_TYPE(problem["type"], "type of the problem")
    if "id" in problem:
        expect.matches(problem["id"], UUID, "id of the problem")


@check("CONV-PROBLEM", writes=True, always={"cause": tuple(ERRORS)})
def every_error_is_a_problem(client: Client, cause: str) -> None:
    """CONV-PROBLEM: application/problem+json with title, detail, status and type."""
    is_a_problem(ERRORS[cause](client))


@check("CONV-PROBLEM", writes=True, always={"name": ON_A_SPACE})
def every_refusal_of_a_stranger_is_a_problem(client: Client, name: str) -> None:
    """CONV-PROBLEM: 403 and what hides a space, too."""
    is_a_problem(on_a_space(client, client.space()["id"])[name].send(client, client.as_("outsider")))


@check("CONV-PROBLEM", writes=True, always={"name": ALL})
def every_refusal_of_a_token_is_a_problem(client: Client, name: str) -> None:
    """CONV-PROBLEM: of an unknown token and of none, for every operation."""
    for caller in (client.nobody, client.with_token("unknown-to-everybody")):
        is_a_problem(everything(client, NO_ID)[name].send(client, caller))


@check("CONV-PROBLEM", writes=True, always={"rule": tuple(REFUSED)})
def every_refusal_of_a_write_is_a_problem(client: Client, rule: str) -> None:
    """CONV-PROBLEM: each reason to refuse that the target can be asked for."""
    scene = set_scene(client)
    for send in REFUSED[rule].values():
        # What the target cannot be asked for keeps none of the others from being tried.
        with suppress(TargetLacks):
            for exchange in send(client, scene):
                is_a_problem(exchange)


@check("CONV-PROBLEM", shares=True, always={"what": tuple(REFUSED_SHARES)})
def every_refusal_of_a_share_is_a_problem(client: Client, what: str) -> None:
    """CONV-PROBLEM: each with one thing wrong; one that is created all the same expires within the hour."""
    body = {
        "title": client.session.run_id,
        "origin": "contract-kit",
        "assets": [{"id": client.target.offer("good_assets")[0]}],
        "expiresAt": drawing.shown(drawing.in_minutes(30)),
        **REFUSED_SHARES[what](client),
    }
    is_a_problem(client.share({name: value for name, value in body.items() if value is not None}))
