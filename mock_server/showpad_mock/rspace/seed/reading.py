"""From a seed document to the records that tenants start from; every reference in it is checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from ...core.clock import parse_time
from ...state.base import Base
from ...state.store import RecordType
from ...state.tenant import Seed
from ...web.seed_data import BUILT_IN, SeedError, SeedReader
from ..domain.features import FEATURES, Behaviour, Features
from ..domain.groups import GROUPS, Group, Member, Role
from ..domain.items import ITEMS, Field, Item, ItemKind
from ..domain.people import USERS, User
from ..domain.sequences import SEQUENCES, Kind
from ..domain.sequences import Sequence as IdSequence
from ..domain.shares import SHARES, Permission, Share, TargetType
from ..wire import seed as wire

FILE = Path(__file__).parent / "demo.json"
BEGINNING = "2026-01-05T09:00:00.000Z"
"""When everything was made whose time is left out."""
KINDS = {
    "document": ItemKind.DOCUMENT,
    "notebook": ItemKind.NOTEBOOK,
    "snippet": ItemKind.SNIPPET,
    "folder": ItemKind.FOLDER,
    "file": ItemKind.FILE,
}


class _Reading:
    """Turns a document into records; what is wrong is noted, so that all errors are told at once."""

    def __init__(self, document: wire.SeedDocument) -> None:
        self._errors: list[str] = []
        self._document = document
        self._users = {user["id"]: user for user in document["users"]}
        self._groups = document.get("groups", [])
        self._items = document.get("items", [])
        self._shares = document.get("shares", [])

    def seed(self) -> Seed:
        """Return the seed data; raises SeedError with all errors."""
        self._check()
        if self._errors:
            raise SeedError(*dict.fromkeys(self._errors))
        behaviour = Behaviour(self._document.get("behaviour", "documented"))
        items = [*self._homes(), *self._shared_folders(), *map(self._item, self._items)]
        shares = list(map(self._share, self._shares))
        records: dict[RecordType[Any], list[Any]] = {
            FEATURES: [Features(behaviour=behaviour)],
            USERS: list(map(_user, self._users.values())),
            GROUPS: list(map(_group, self._groups)),
            ITEMS: items,
            SHARES: shares,
            SEQUENCES: list(self._sequences(items, shares)),
        }
        return Seed(Base(records))

    def _check(self) -> None:
        people = [*(user["id"] for user in self._document["users"]), *(group["id"] for group in self._groups)]
        self._check_unique("users and groups: the id", people)
        self._check_unique("users: the username", [user["username"] for user in self._document["users"]])
        self._check_unique("items and folders: the id", self._item_ids())
        self._check_unique("shares: the id", [share["id"] for share in self._shares])
        for place, group in enumerate(self._groups):
            for member in group["members"]:
                self._check_known(f"groups[{place}]", "user", member["user"], self._users)
        known = set(self._item_ids())
        for place, item in enumerate(self._items):
            self._check_known(f"items[{place}]", "user", item["owner"], self._users)
            self._check_known(f"items[{place}]", "item", item.get("parent"), known)
        for place, share in enumerate(self._shares):
            self._check_share(f"shares[{place}]", share)

    def _check_share(self, place: str, share: wire.SharePart) -> None:
        if ("group" in share) == ("user" in share):
            self._errors.append(f"{place}: names either a group or a user")
        self._check_known(place, "item", share["item"], {item["id"] for item in self._items})
        self._check_known(place, "group", share.get("group"), {group["id"] for group in self._groups})
        self._check_known(place, "user", share.get("user"), self._users)

    def _check_known(self, place: str, what: str, one: int | None, known: Iterable[int]) -> None:
        if one is not None and one not in known:
            self._errors.append(f"{place}: there is no {what} {one}")

    def _check_unique(self, what: str, values: Sequence[int | str]) -> None:
        self._errors += (f'{what} "{one}" is used twice' for one, times in Counter(values).items() if times > 1)

    def _item_ids(self) -> list[int]:
        shared = [one for group in self._groups for one in (group["sharedFolderId"], group["sharedSnippetFolderId"])]
        homes = [user["homeFolderId"] for user in self._document["users"]]
        return [*homes, *shared, *(item["id"] for item in self._items)]

    def _homes(self) -> Iterator[Item]:
        yield from (_folder(user["homeFolderId"], user["username"], user["id"]) for user in self._users.values())

    def _shared_folders(self) -> Iterator[Item]:
        for group in self._groups:
            owner = group["members"][0]["user"]
            yield _folder(group["sharedFolderId"], f"{group['name']}_SHARED", owner)
            yield _folder(group["sharedSnippetFolderId"], f"{group['name']}_SHARED_SNIPPETS", owner)

    def _item(self, item: wire.ItemPart) -> Item:
        kind = KINDS[item["kind"]]
        created = item.get("created", BEGINNING)
        has_field = kind is ItemKind.DOCUMENT
        return Item(
            id=item["id"],
            kind=kind,
            name=item["name"],
            owner_id=item["owner"],
            parent_id=item.get("parent", self._users[item["owner"]]["homeFolderId"]),
            created_at=parse_time(created),
            modified_at=parse_time(item.get("lastModified", created)),
            tags=item.get("tags"),
            # One field a document: it has its document's number.
            fields=(Field(id=item["id"], content=item.get("content", "")),) if has_field else (),
        )

    def _share(self, share: wire.SharePart) -> Share:
        item = next(item for item in self._items if item["id"] == share["item"])
        group = next((group for group in self._groups if group["id"] == share.get("group")), None)
        return Share(
            id=share["id"],
            item_id=share["item"],
            target_type=TargetType.GROUP if group is not None else TargetType.USER,
            target_id=group["id"] if group is not None else share["user"],
            permission=Permission(share.get("permission", "READ")),
            sharer_id=item["owner"],
            folder_id=group["sharedFolderId"] if group is not None else None,
        )

    def _sequences(self, items: Sequence[Item], shares: Sequence[Share]) -> Iterator[IdSequence]:
        given = self._document.get("nextIds", {})
        highest_item = max(item.id for item in items)
        highest_share = max((share.id for share in shares), default=0)
        # Above the highest there is, so that no id is given twice.
        yield IdSequence(kind=Kind.ITEM, following=max(given.get("item", 0), highest_item + 1))
        yield IdSequence(kind=Kind.FIELD, following=highest_item + 1)
        yield IdSequence(kind=Kind.SHARE, following=max(given.get("share", 0), highest_share + 1))


def _folder(folder_id: int, name: str, owner_id: int) -> Item:
    made = parse_time(BEGINNING)
    return Item(
        id=folder_id,
        kind=ItemKind.FOLDER,
        name=name,
        owner_id=owner_id,
        parent_id=None,
        created_at=made,
        modified_at=made,
    )


def _user(user: wire.UserPart) -> User:
    return User(
        id=user["id"],
        username=user["username"],
        first_name=user["firstName"],
        last_name=user["lastName"],
        email=user["email"],
        home_folder_id=user["homeFolderId"],
        is_enabled=user.get("isEnabled", True),
        is_pi=user.get("isPi", False),
        is_sysadmin=user.get("isSysadmin", False),
    )


def _group(group: wire.GroupPart) -> Group:
    return Group(
        id=group["id"],
        name=group["name"],
        unique_name=group["uniqueName"],
        type=group["type"],
        shared_folder_id=group["sharedFolderId"],
        snippet_folder_id=group["sharedSnippetFolderId"],
        members=tuple(Member(user_id=one["user"], role=Role(one["role"])) for one in group["members"]),
    )


read_seed = SeedReader(
    built_in=dict.fromkeys(BUILT_IN, FILE),  # one document for both: its ids are the guide's
    checked=wire.checked,
    unchecked=wire.unchecked,
    seed_of=lambda document: _Reading(document).seed(),
)
"""Reads RSpace's seed data: of a file, as a dictionary, or what is built in; raises SeedError."""
