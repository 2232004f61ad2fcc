"""What the sequences draw: fields, changes and queries, and every way in which a request is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from ...core.exchange import NOTHING
from ...strategies.text import texts
from ..strategies.spaces import SWITCHES
from .cast import NOBODY, OWNERS, Cast
from .model import Space
from .model_listing import SORTS

Body = dict[str, Any]

_PARTS: Mapping[str, st.SearchStrategy[Any]] = {
    **{name: st.booleans() for name in SWITCHES},
    "description": st.just("") | texts(),
    "theme": st.sampled_from(("global_theme", "other_theme")),
}
FIELDS: st.SearchStrategy[Body] = st.fixed_dictionaries({}, optional=dict(_PARTS))
"""Fields of a create beside title, owner and publicUri; for `within`."""
_STATUS = st.sampled_from(("ARCHIVED", "ACTIVE"))
CHANGES: st.SearchStrategy[Body] = st.one_of(
    st.fixed_dictionaries({"status": _STATUS}), st.fixed_dictionaries({}, optional={**_PARTS, "status": _STATUS})
)
"""Fields of an update beside the title; for `within`."""


def perhaps(faults: Mapping[str, Any]) -> st.SearchStrategy[str | None]:
    """Draw one of the faults, or none, which is more often."""
    return st.sampled_from([*[None] * 2 * len(faults), *faults])


def _owned_by(word: str) -> Callable[[Body, Cast], Body | None]:
    def spoil(body: Body, cast: Cast) -> Body | None:
        user_id = cast.refused_somehow(word)
        return None if user_id is None else {**body, "owner": {"userId": user_id}}

    return spoil


def _without(name: str) -> Callable[[Body, Cast], Body | None]:
    return lambda body, _: {key: value for key, value in body.items() if key != name}


def _with(**wrong: Any) -> Callable[[Body, Cast], Body | None]:
    return lambda body, _: {**body, **wrong}


CREATE_FAULTS: Mapping[str, Callable[[Body, Cast], Body | None]] = {
    "no title": _without("title"),
    "no owner": _without("owner"),
    "an empty title": _with(title=""),
    "a title that is too long": lambda body, _: {**body, "title": body["title"].ljust(256, "x")},
    "a title that is no text": _with(title=7),
    "a publicUri of another form": _with(publicUri="Not a slug!"),
    "a null": _with(description=None),
    "a theme of nobody": _with(theme={"id": NOBODY}),
    "an owner who is nobody": _owned_by("UNKNOWN"),
    "an owner without an id": _with(owner={"userId": ""}),
    "a deactivated owner": _owned_by("DEACTIVATED"),
    "an unlicensed owner": _owned_by("UNLICENSED"),
}
"""What a sound create becomes; None where the target offers nothing of the sort."""

UPDATE_FAULTS: Mapping[str, Callable[[Space, Cast], Body]] = {
    "another publicUri": lambda space, _: {"publicUri": f"{space.fields['publicUri']}-2"},
    "another owner": lambda space, cast: {
        "owner": {"userId": next(one.user_id for one in cast.people.values() if one.user_id != space.owner)}
    },
    "an empty title": lambda *_: {"title": ""},
    "a title that is too long": lambda *_: {"title": "x" * 256},
    "a null": lambda *_: {"title": None},
    "a status that is none": lambda *_: {"status": "OPEN"},
    "a boolean that is a text": lambda *_: {"isCommentAllowed": "true"},
    "a theme of nobody": lambda *_: {"theme": {"id": NOBODY}},
}
"""Members that spoil an update of a space."""


def _to(word: str) -> Callable[[Cast], Body | None]:
    def body(cast: Cast) -> Body | None:
        user_id = cast.refused_somehow(word)
        return None if user_id is None else {"userId": user_id}

    return body


TRANSFER_FAULTS: Mapping[str, Callable[[Cast], Body | None]] = {
    "no userId": lambda _: {},
    "a null": lambda _: {"userId": None},
    "a userId that is no text": lambda _: {"userId": 7},
    "to nobody": _to("UNKNOWN"),
    "to no id": lambda _: {"userId": ""},
    "to a deactivated user": _to("DEACTIVATED"),
    "to an unlicensed user": _to("UNLICENSED"),
}
"""Bodies of transfers that must be refused."""

_FOLDER: Body = {"type": "folder", "name": "Folder"}


def _beside(wrong: Any) -> Body:
    """Return a malformed item below a sound one."""
    return {"items": [_FOLDER, {**_FOLDER, "folderItems": [wrong]}]}


ITEMS_FAULTS: Mapping[str, Body] = {
    "no items": {},
    "an empty array": {"items": []},
    "an asset without assetId": _beside({"type": "asset"}),
    "a folder without name": _beside({"type": "folder"}),
    "a type that is none": _beside({"type": "page", "name": "x"}),
    "page 0": _beside({"type": "asset", "assetId": NOBODY, "page": 0}),
    "a name that is too long": _beside({"type": "folder", "name": "x" * 256}),
}
"""Bodies of items that must be refused."""

SORT = st.none() | st.sampled_from([sign + name for name in SORTS for sign in ("", "-")])


@dataclass(frozen=True, slots=True)
class Request:
    """A request about a space; `rule` promises that it is answered 404 where there is none."""

    method: str
    below: str
    body: Any
    rule: str


REQUESTS = (
    Request("GET", "", NOTHING, "GET-404"),
    Request("PATCH", "", {"status": "ARCHIVED"}, "PATCH-404"),
    Request("DELETE", "", NOTHING, "DELETE-404"),
    Request("POST", "/transfer-ownership", {"userId": NOBODY}, "TRANSFER-404"),
    Request("POST", "/items", {"items": [_FOLDER]}, "ITEMS-404"),
)

TITLES = [(case, word) for case in (str, str.upper, str.lower) for word in ("", "a", "b")]
QUERIES: st.SearchStrategy[Mapping[str, Any]] = st.fixed_dictionaries(
    {
        "title": st.sampled_from([None, *TITLES]),
        "filter": st.none()
        | st.sampled_from(
            ("email", "owner", "user", "participant", "mine", "active", "deactivated", "since", "team", "group"),
        ),
        "about": st.sampled_from(OWNERS),
        "role": st.sampled_from((None, "OWNER", "PARTICIPANT", "ANY")),
        "sort": SORT,
        "limit": st.none() | st.integers(1, 3),
        "offset": st.none() | st.integers(0, 3),
    }
)
"""What a list is asked for; see Cast.query."""
