"""Who acts in the sequences and what is known of the tenant: a target as the model takes it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from ...core.target import Target
from .model import Known, Model, Person, Requester
from .model_listing import (
    Filter,
    Query,
    by_members,
    by_mine,
    by_owner,
    by_owner_state,
    by_participant,
    by_title,
    by_user,
    since,
)

OWNERS = ("owner", "participant", "manager")
"""Whom spaces may belong to: the outsider never takes part in any."""
ACTING = ("admin", "owner", "participant", "outsider", "manager")
# Of the usual form (CONV-ID), so that it is refused for being unknown.
NOBODY = "0123456789abcdef0123456789abcdef"
"""The id of no user, theme or asset."""


class Cast:
    """The target's people, some of whom act in person too, and what it offers.

    Raises TargetLacks without the administrator, the owner or their ids.
    """

    def __init__(self, target: Target, in_person: Collection[str] = ("admin", "owner")) -> None:
        self.target = target
        self._in_person = in_person
        target.token("admin", oauth=False)
        target.token("owner", oauth=False)
        owner = target.user_id("owner")
        self.people = {
            name: Person(
                name,
                user_id,
                email=target.actors[name].email,
                is_admin=name == "admin",
                # So the target's file promises: the owner is among the manager's direct reports.
                reports=frozenset([owner] if name == "manager" else []),
            )
            for name in ACTING
            if name in target.actors and (user_id := target.actors[name].user_id) is not None
        }
        self.requesters = [
            Requester(person, oauth)
            for oauth in (False, True)
            for name, person in self.people.items()
            if self._has_token(name, oauth=oauth)
        ]
        # Enough of what is asked must be granted, or no sequence would get anywhere.
        self.who = [*self.requesters, *[None] * 4]
        self.known = Known(self._barred(), target.offers.get("global_theme"), self._themes())
        self.has_assets = "good_assets" in target.offers

    def _has_token(self, name: str, *, oauth: bool) -> bool:
        actor = self.target.actors[name]
        return (actor.oauth_token is not None and name in self._in_person) if oauth else actor.api_token is not None

    def _barred(self) -> dict[str, str]:
        offers = {"deactivated_user": "DEACTIVATED", "unlicensed_user": "UNLICENSED"}
        found = {self.target.offers[name]: word for name, word in offers.items() if name in self.target.offers}
        return {NOBODY: "UNKNOWN", "": "UNKNOWN", **found}

    def _themes(self) -> frozenset[str]:
        names = ("global_theme", "other_theme")
        return frozenset(self.target.offers[name] for name in names if name in self.target.offers)

    def refused_somehow(self, word: str) -> str | None:
        """Return the id of a user who cannot own a space for this reason, None where the target offers none."""
        return next((user_id for user_id, why in self.known.barred.items() if why == word), None)

    def somebody(self, name: str) -> Person:
        """Return a person by name, the owner where the target knows none."""
        return self.people.get(name, self.people["owner"])

    def owned(self, body: Mapping[str, Any], who: Requester, owner: str | None) -> dict[str, Any]:
        """Return a body with its owner; who may not own a space names the owner of all others."""
        if owner is None and (not who.in_person or who.person.name in OWNERS):
            return dict(body)
        return {**body, "owner": {"userId": self.somebody(owner or "owner").user_id}}

    def query(self, model: Model, who: Requester, mark: str, asked: Mapping[str, Any]) -> Query:
        """Make a query of what was drawn.

        Only with the mark in the title is the whole set known, and so its order among the tenant's, and its pages.
        """
        narrowed = self._filter(model, who, asked)
        filters = [] if narrowed is None else [narrowed]
        if asked["title"] is None:
            return Query(filters)
        case, word = asked["title"]
        title = by_title(case(mark + word))
        return Query([title, *filters], asked["sort"], asked["limit"], asked["offset"])

    def _filter(self, model: Model, who: Requester, asked: Mapping[str, Any]) -> Filter | None:
        """Return the filter drawn, None where what it keeps cannot be told."""
        kind, role = asked["filter"], asked["role"]
        person = self.somebody(asked["about"])
        if kind == "email":
            return by_owner(person, email=True) if person.email is not None else None
        if kind in ("participant", "mine"):
            return self._participant(model, who.person if kind == "mine" else person, is_mine=kind == "mine")
        if kind == "since":
            # Whether a space without a time is kept is not said (SPACE-ACTIVITY-NULL).
            times = [space.times["lastActivityAt"] for space in model.living()]
            known = sorted(time for time in times if time is not None)
            return since(known[len(known) // 2]) if known and len(known) == len(times) else None
        simple = {
            "owner": lambda: by_owner(person, email=False),
            "user": lambda: by_user(person, role),
            "active": lambda: by_owner_state(is_deactivated=False),
            "deactivated": lambda: by_owner_state(is_deactivated=True),
        }
        return simple[kind]() if kind in simple else self._team(model, who, kind, role or "ANY")

    def _participant(self, model: Model, person: Person, *, is_mine: bool) -> Filter | None:
        """LIST-EMAIL: whether an owner counts as a participant the guide leaves open."""
        if any(space.owner == person.user_id for space in model.living()):
            return None
        if is_mine:
            return by_mine(person)
        return None if person.email is None else by_participant(person)

    def _team(self, model: Model, who: Requester, kind: str | None, role: str) -> Filter | None:
        """LIST-MANAGER and LIST-GROUP: whether the manager counts among the team, or is in the group, is not known."""
        manager = self.people.get("manager")
        if manager is None or any(manager.user_id in space.members for space in model.living()):
            return None
        if kind == "team" and (who.person is manager or who.person.is_admin):
            params = {"managerId": manager.user_id if who.person.is_admin else "mine", "teamRole": role}
            return by_members("LIST-MANAGER", params, manager.reports, role)
        if kind == "group" and "user_group" in self.target.offers and "participant" in self.people:
            users = [self.people[name].user_id for name in ("owner", "participant")]
            params = {"usergroupId": self.target.offers["user_group"], "usergroupRole": role}
            return by_members("LIST-GROUP", params, users, role)
        return None
