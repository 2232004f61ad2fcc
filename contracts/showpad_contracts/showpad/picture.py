"""Pictures of two spaces as several people see them, taken before and after a request that must change nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..core import expect
from ..core.violation import StateChanged, TargetLacks
from ..transport.session import Caller
from .cleanup import CREATIONS
from .client import Client

SPACES = "/shared-spaces"
# The newest first: a space too many is on the first page, whatever else the tenant has.
NEWEST = {"limit": 20, "sort": "-createdAt"}
Picture = Mapping[str, Any]
"""View -> what it shows; of an answer other than 200 its status."""


@dataclass(frozen=True, slots=True)
class Scene:
    """An active and an archived space of the owner's, both found by the mark in their titles."""

    mark: str
    active: Mapping[str, Any]
    archived: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class View:
    """One look at the scene, as somebody."""

    actor: str
    path: str
    params: Mapping[str, Any]

    def __str__(self) -> str:
        narrowed = "".join(f" {name}={value}" for name, value in self.params.items())
        return f"{self.path}{narrowed}, seen by {self.actor},"


def set_scene(client: Client) -> Scene:
    """Create the two spaces."""
    mark = f"[{client.session.fresh_mark()}]"
    active, archived = (
        client.space(title=f"{mark} {word}", description="To be kept") for word in ("active", "archived")
    )
    return Scene(mark, active, client.archive(archived["id"]))


def picture(client: Client, scene: Scene) -> Picture:
    """Return what the scene looks like: alone and listed, in several orders and by several filters."""
    seen = {str(view): _shown(caller, view) for view, caller in _views(client, scene)}
    return {**seen, "new": _newest(client)}


def _views(client: Client, scene: Scene) -> Iterator[tuple[View, Caller]]:
    alone, listed = f"{SPACES}/{scene.active['id']}", {"title": scene.mark}
    owned = {"userId": client.target.user_id("owner"), "userRole": "OWNER"}
    for actor, path, params in (
        ("admin", alone, {}),
        ("admin", SPACES, {**listed, **owned, "sort": "title"}),
        ("owner", alone, {}),
        ("owner", SPACES, {**listed, "sort": "-updatedAt"}),
        # Who has no part in either: what is refused must not give them one.
        ("participant", SPACES, listed),
    ):
        try:
            yield View(actor, path, params), client.as_(actor)
        except TargetLacks:
            continue  # who has no token does not look


def _shown(caller: Caller, view: View) -> Any:
    exchange = caller.get(view.path, params=view.params)
    return exchange.received if exchange.status == 200 else exchange.status


def _newest(client: Client) -> dict[str, Any]:
    """Return those of the newest spaces that can only be the run's, by id."""
    with expect.needed("the list of the newest spaces", "LIST-OK"):
        answer = expect.answered(client.admin.get(SPACES, params=NEWEST), 200)
        found = {str(expect.member(space, "id")): space for space in expect.member(answer, "items")}
    if client.target.is_own:  # nobody else creates anything there
        return found
    return {key: space for key, space in found.items() if client.session.marks.of(space, CREATIONS.marked) is not None}


def same(client: Client, before: Picture, after: Picture) -> None:
    """Both pictures are the same; a new space is taken on, to be deleted at the end."""
    for space_id in after["new"].keys() - before["new"].keys():  # older ones make way for those of others
        space = after["new"][space_id]
        client.session.keep(space_id, client.session.marks.of(space, CREATIONS.marked) or "")
        raise StateChanged("the newest spaces afterwards", expected="no new one", received=space)
    for view in before.keys() - {"new"}:
        _same(before[view], after[view], view)


def _same(before: Any, after: Any, what: str) -> None:
    """Raise for the first place in which two values differ."""
    if isinstance(before, dict) and isinstance(after, dict) and before.keys() == after.keys():
        for name in before:
            _same(before[name], after[name], f"{name} in {what}")
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for place, (one, other) in enumerate(zip(before, after, strict=True)):
            _same(one, other, f"[{place}] {what}")
    elif not expect.alike(before, after):
        raise StateChanged(f"{what} afterwards", expected=f"{before!r} as before", received=after)
