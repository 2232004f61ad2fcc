"""What the documents promise, as a small model that predicts answers: of its own spaces only, written from the rules.

On a shared tenant others change other spaces at the same time; the model says nothing about those.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...stateful.prediction import Prediction
from ..addresses import public_urls
from .model_forms import create_fault, items_fault, update_fault

DEFAULTS = {
    "isExternalDownloadAllowed": True,
    "isExternalInviteAllowed": True,
    "isExternalUploadAllowed": False,
    "isCommentAllowed": True,
    "isSearchAIAllowed": True,
}
FIELDS = ("title", "description", *DEFAULTS, "theme", "status")
"""What an update takes (PATCH-FIELDS)."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who acts; `reports` are the ids of who reports to them (ROLE-MANAGER)."""

    name: str
    user_id: str
    email: str | None = None
    is_admin: bool = False
    reports: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Requester:
    """A person with one of their tokens: in person (OAuth), or as an integration (ROLE-KINDS)."""

    person: Person
    in_person: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the tenant beside its people. `barred` are users who cannot own a space: id -> a word."""

    barred: Mapping[str, str] = field(default_factory=dict)
    global_theme: str | None = None
    themes: frozenset[str] = frozenset()


@dataclass(slots=True)
class Space:
    """A space as it must be. `fields` are the members that requests decide, `times` those that were seen.

    `members` are users and the rule that makes them members; the owner is one of them. `public_urls` are the addresses
    that it may be told under, none where that cannot be said.
    """

    id: str
    owner: str
    fields: dict[str, Any]
    members: dict[str, str]
    times: dict[str, str | None] = field(default_factory=dict)
    public_urls: Sequence[str] = ()
    was_there: bool = True
    is_gone: bool = False

    @property
    def is_archived(self) -> bool:
        """Whether it is archived (SPACE-STATUS)."""
        return bool(self.fields["status"] == "ARCHIVED")

    def shown(self) -> dict[str, Any]:
        """Return the members that every answer about it must have, times left out."""
        return {"id": self.id, **self.fields, "owner": {"userId": self.owner}}


class Model:
    """The spaces of one sequence. What is asked predicts and changes nothing; what is told (`...d`) changes."""

    def __init__(self, known: Known | None = None) -> None:
        self.known = known if known is not None else Known()
        self.spaces: list[Space] = []
        self._refused_uris: set[str] = set()

    def living(self) -> Iterator[Space]:
        """Return the spaces that are not deleted."""
        return (space for space in self.spaces if not space.is_gone)

    def create(self, who: Requester, body: Mapping[str, Any]) -> Prediction:
        """Predict POST /shared-spaces; 403 comes before 400 (CONV-ORDER)."""
        owner = _inner(body, "owner", "userId")
        fault = create_fault(body, needs_owner=not who.in_person) or self._create_conflict(owner, body)
        if owner is not None and owner != who.person.user_id and not who.person.is_admin:
            order = "CONV-ORDER" if fault is not None else "CREATE-OWNER-ADMIN-403"
            return Prediction(403, "CREATE-OWNER-ADMIN", by_code=order)
        return Prediction(400, fault) if fault is not None else Prediction(201, self._at_stake(body, owner))

    def _create_conflict(self, owner: Any, body: Mapping[str, Any]) -> str | None:
        if owner in self.known.barred:
            return f"CREATE-OWNER-{self.known.barred[owner]}"
        for space in self.living():
            if space.fields["publicUri"] == body.get("publicUri"):
                # That a publicUri in use is refused the guide says; that an archived space keeps its own is assumed.
                return "CREATE-URI-SCOPE" if space.is_archived else "CREATE-URI-TAKEN"
        return self._theme_fault(body)

    def _theme_fault(self, body: Mapping[str, Any]) -> str | None:
        theme = _inner(body, "theme", "id")
        return "CREATE-THEME-UNKNOWN" if theme is not None and theme not in self.known.themes else None

    def _at_stake(self, body: Mapping[str, Any], owner: Any) -> str:
        uri = body.get("publicUri")
        if uri in self._refused_uris:
            return "CREATE-URI-TAKEN"  # no space has it: a refused create took nothing
        # Only a deleted space can have had it, and that deleting frees it is assumed.
        if any(space.fields["publicUri"] == uri for space in self.spaces):
            return "CREATE-URI-SCOPE"
        return "CREATE-OK" if owner is not None else "CREATE-OWNER-DEFAULT"

    def create_refused(self, body: Mapping[str, Any]) -> None:
        """Take note of a create that was refused, as it had to be."""
        uri = body.get("publicUri")
        if isinstance(uri, str) and all(space.fields["publicUri"] != uri for space in self.spaces):
            self._refused_uris.add(uri)

    def created(self, who: Requester, body: Mapping[str, Any], space_id: str, subdomain: str | None) -> Space:
        """Take on a space that a create made."""
        self._refused_uris.discard(body["publicUri"])
        owner = _inner(body, "owner", "userId") or who.person.user_id
        fields = {"title": body["title"], "description": body.get("description", ""), "publicUri": body["publicUri"]}
        fields |= {name: body.get(name, value) for name, value in DEFAULTS.items()}
        fields |= {"status": "ACTIVE", "sharedSpaceTemplate": None}
        theme = _inner(body, "theme", "id") or self.known.global_theme
        # Where the target does not name its Global Theme nothing is said of the theme.
        if theme is not None:
            fields["theme"] = {"id": theme}
        # The other times are the target's to choose: they are learned from its answer.
        space = Space(space_id, owner, fields, {owner: "ROLE-USER"}, {"archivedAt": None})
        if subdomain is not None:
            space.public_urls = public_urls(subdomain, body["publicUri"])
        self.spaces.append(space)
        return space

    def get(self, who: Requester, space: Space) -> Prediction:
        """Predict GET: 404 for who may not see it (CONV-HIDE)."""
        if space.is_gone:
            return _missing(space, "GET-404")
        seen_by = sees(who.person, space)
        return (
            Prediction(200, "GET-OK" if who.person.is_admin else seen_by) if seen_by else Prediction(404, "CONV-HIDE")
        )

    def update(self, who: Requester, space: Space, body: Mapping[str, Any]) -> Prediction:
        """Predict PATCH."""
        if space.is_gone:
            return _missing(space, "PATCH-404")
        fault = update_fault(body, space.fields["publicUri"], space.owner) or self._theme_fault(body)
        if not _commands(who.person, space):
            return _forbidden("PATCH-403", fault)
        if fault is not None:
            return Prediction(400, fault)
        return Prediction(200, "PATCH-OK" if body else "PATCH-EMPTY")

    def updated(self, space: Space, body: Mapping[str, Any]) -> None:
        """Take note of an update that was accepted; the time of archiving is then to be seen (PATCH-ARCHIVE)."""
        was_archived = space.is_archived
        space.fields |= {name: body[name] for name in FIELDS if name in body}
        if not space.is_archived:
            space.times["archivedAt"] = None
        elif not was_archived:
            # What is not known is learned from the next answer, and has to stay from then on (PATCH-ARCHIVE-AGAIN).
            del space.times["archivedAt"]

    def delete(self, who: Requester, space: Space) -> Prediction:
        """Predict DELETE."""
        if space.is_gone:
            return _missing(space, "DELETE-404")
        return Prediction(204, "DELETE-OK") if _commands(who.person, space) else _forbidden("DELETE-403", None)

    def deleted(self, space: Space) -> None:
        """Take note that a space is gone, for good (DELETE-GONE)."""
        space.is_gone = True

    def transfer(self, who: Requester, space: Space, body: Mapping[str, Any]) -> Prediction:
        """Predict a transfer of ownership."""
        if space.is_gone:
            return _missing(space, "TRANSFER-404")
        fault = self._transfer_fault(body)
        if not _commands(who.person, space):
            return _forbidden("TRANSFER-403", fault)
        if fault is not None:
            return Prediction(400, fault)
        return Prediction(204, "TRANSFER-SAME" if body["userId"] == space.owner else "TRANSFER-OK")

    def _transfer_fault(self, body: Mapping[str, Any]) -> str | None:
        user_id = body.get("userId")
        if not isinstance(user_id, str):
            return "TRANSFER-USERID" if "userId" not in body else "CONV-TYPES" if user_id is not None else "CONV-NULL"
        barred = self.known.barred.get(user_id)
        return None if barred is None else f"TRANSFER-{'NOT-FOUND' if barred == 'UNKNOWN' else barred}"

    def transferred(self, space: Space, user_id: str) -> None:
        """Take note of a transfer: the former owner stays a participant (TRANSFER-MEMBERS)."""
        if user_id != space.owner:
            # Two levels: that the new owner has the space is documented, that the former one still sees it is assumed.
            space.members |= {space.owner: "TRANSFER-MEMBERS", user_id: "TRANSFER-OK"}
            space.owner = user_id

    def add_items(self, who: Requester, space: Space, body: Mapping[str, Any]) -> Prediction:
        """Predict an addition of items."""
        if space.is_gone:
            return _missing(space, "ITEMS-404")
        fault = items_fault(body) or ("ITEMS-ARCHIVED-SPACE" if space.is_archived else None)
        if not who.person.is_admin and who.person.user_id not in space.members:
            return _forbidden("ITEMS-403", fault)
        return Prediction(201, "ITEMS-OK") if fault is None else Prediction(400, fault)


def sees(person: Person, space: Space) -> str | None:
    """Return the rule by which somebody sees a space, None where they do not."""
    if person.is_admin:
        return "ROLE-ADMIN"
    if person.user_id in space.members:
        rule = space.members[person.user_id]
        # That they see what they own themselves, ROLE-MANAGER promises managers and ROLE-USER everybody else.
        return "ROLE-MANAGER" if person.reports and rule == "ROLE-USER" else rule
    if space.owner in person.reports:
        return "ROLE-MANAGER"
    return "ROLE-MANAGER-PARTICIPANT" if person.reports & space.members.keys() else None


def _commands(person: Person, space: Space) -> bool:
    return person.is_admin or person.user_id == space.owner


def _missing(space: Space, rule: str) -> Prediction:
    return Prediction(404, "DELETE-GONE" if space.was_there else rule)


def _forbidden(rule: str, fault: str | None) -> Prediction:
    return Prediction(403, rule, by_code=None if fault is None else "CONV-ORDER")


def _inner(body: Mapping[str, Any], name: str, member: str) -> Any:
    value = body.get(name)
    return value.get(member) if isinstance(value, Mapping) else None


def asset_ids(items: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Return the ids of the asset items at every depth, in the order of the request (ITEMS-ORDER)."""
    for item in items:
        if item["type"] == "asset":
            yield item["assetId"]
        else:
            yield from asset_ids(item.get("folderItems", ()))
