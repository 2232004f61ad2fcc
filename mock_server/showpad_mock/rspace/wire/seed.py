"""The seed data's format: one JSON document, checked whole when it is loaded from a file.

What is built in is checked by a test instead, so that a start need not make what checks it. Users and items are named
by their ids; every user's home folder and every group's two shared folders are made from their ids alone.
"""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired

from pydantic import AfterValidator, Field, TypeAdapter
from pydantic_core import from_json
from typing_extensions import TypedDict

from ...core.clock import time_text
from ..tokens import USERNAME

Id = Annotated[int, Field(ge=1, lt=2**40)]
Name = Annotated[str, Field(min_length=1)]
Username = Annotated[str, Field(pattern=f"^{USERNAME}$")]
Time = Annotated[str, AfterValidator(time_text)]


class UserPart(TypedDict):
    """A user."""

    id: Id
    username: Username
    firstName: str
    lastName: str
    email: Name
    homeFolderId: Id
    isEnabled: NotRequired[bool]
    isPi: NotRequired[bool]
    isSysadmin: NotRequired[bool]


class MemberPart(TypedDict):
    """A member of a group."""

    user: Id
    role: Literal["PI", "LAB_ADMIN", "GROUP_OWNER", "USER"]


class GroupPart(TypedDict):
    """A group; its folders are its first member's."""

    id: Id
    name: Name
    uniqueName: Name
    type: Literal["LAB_GROUP", "COLLABORATION_GROUP", "PROJECT_GROUP"]
    sharedFolderId: Id
    sharedSnippetFolderId: Id
    members: Annotated[list[MemberPart], Field(min_length=1)]


class ItemPart(TypedDict):
    """A document, a notebook, a snippet, a folder or a gallery file; without a parent it lies in its owner's home."""

    id: Id
    kind: Literal["document", "notebook", "snippet", "folder", "file"]
    name: Name
    owner: Id
    parent: NotRequired[Id]
    tags: NotRequired[str]
    content: NotRequired[str]
    created: NotRequired[Time]
    lastModified: NotRequired[Time]


class SharePart(TypedDict):
    """A share, with either a group or a user."""

    id: Id
    item: Id
    group: NotRequired[Id]
    user: NotRequired[Id]
    permission: NotRequired[Literal["READ", "EDIT"]]


class NextIds(TypedDict, total=False):
    """The first id that is given to what is new; what is left out follows on the highest there is."""

    item: Id
    share: Id


class SeedDocument(TypedDict):
    """A tenant's seed data."""

    behaviour: NotRequired[Literal["documented", "observed"]]
    users: Annotated[list[UserPart], Field(min_length=1)]  # without one no key works
    groups: NotRequired[list[GroupPart]]
    items: NotRequired[list[ItemPart]]
    shares: NotRequired[list[SharePart]]
    nextIds: NotRequired[NextIds]


def checked(document: bytes) -> SeedDocument:
    """Read a document: no member unknown, no coercion; raises Pydantic's ValidationError with every field error."""
    return TypeAdapter(SeedDocument).validate_json(document, strict=True, extra="forbid")


def unchecked(document: bytes) -> SeedDocument:
    """Read a document that is known to be right."""
    read: SeedDocument = from_json(document)
    return read
