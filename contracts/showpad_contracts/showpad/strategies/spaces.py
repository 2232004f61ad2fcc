"""Shared Spaces: what a create or an update may send, and what is wrong with it in exactly one way.

Titles that an S rule must accept are short of 255 by every count (code points, UTF-16 units): how characters are
counted is assumed, and so are the titles of ASTRAL_TITLES.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from ...core.target import Target
from ...strategies.text import texts_beyond, texts_within

GUIDE_SWITCHES = ("isExternalDownloadAllowed", "isExternalInviteAllowed", "isExternalUploadAllowed")
SWITCHES = (*GUIDE_SWITCHES, "isCommentAllowed", "isSearchAIAllowed")
LONGEST_TITLE = 255
LONGEST_URI = 255
LONGEST_DESCRIPTION = 65_535


def repeated(unit: str, length: int) -> str:
    """Return a text of so many code points."""
    return (unit * (length // len(unit) + 1))[:length]


def _of_lengths(units: list[str], lengths: list[int]) -> list[str]:
    return [repeated(unit, length) for unit in units for length in lengths]


COMBINING = "e\u0301"
ASTRAL = ["\U0001d49c", "\U0001f6a2", "\U00020bb7"]
# Characters beyond the first plane are two UTF-16 units each: so many fit by either count.
HALF = LONGEST_TITLE // 2

EDGES = (*_of_lengths(["a", "\u6f22", COMBINING], [1, 2, 254, LONGEST_TITLE]), *_of_lengths(ASTRAL[1:2], [1, 2, HALF]))
EDGE_TITLES = st.sampled_from(EDGES)
"""The shortest and the longest titles in each sort of character."""
MARKED_TITLES = st.sampled_from(
    [
        "Marketing & Revenue",
        "<b>Bold</b>",
        'It\'s "100 %"',
        "a  b",
        "C:\\Temp\\n",
        "\u0130\u0131\ufb01",
        "&amp; {{x}} ${y}",
    ]
)
"""Titles that a server may be tempted to escape, trim or fold."""
TITLES = texts_within(LONGEST_TITLE) | EDGE_TITLES | MARKED_TITLES
ASTRAL_EDGES = tuple(_of_lengths(ASTRAL, [HALF + 1, 254, LONGEST_TITLE]))
TITLES_TOO_LONG = texts_beyond(LONGEST_TITLE)
DESCRIPTIONS = st.just("") | texts_within(300)
LETTERS = ("a", "\u00e9", "\u6f22")
# The longest twice: `together` pairs it with a letter of one byte and with one of three.
DESCRIPTION_LENGTHS = (LONGEST_DESCRIPTION, LONGEST_DESCRIPTION - 1, LONGEST_DESCRIPTION, 0, 1)
LONG_DESCRIPTIONS = {"letter": LETTERS, "length": DESCRIPTION_LENGTHS}

URI_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789-_"
URI_TAILS = st.text(URI_CHARACTERS, max_size=12)
URI_FORMS = ("{}-", "{}_", "-{}", "_{}", "0{}", "{}--x__y", "{}0", "{}x".ljust(LONGEST_URI, "_"))
"""Forms of publicUris, around one that bears the mark."""
URI_LENGTHS = st.sampled_from([254, LONGEST_URI]) | st.integers(60, LONGEST_URI)
# Beyond any of them: a slice up to there is the whole.
AT_THE_END = 1000
URI_SPOILERS = (
    *(("\n", AT_THE_END), ("A", 0), ("Z", 3), (" ", 0), (" ", 3), (" ", AT_THE_END), (".", 3), ("/", 3)),
    *(("?", AT_THE_END), ("#", AT_THE_END), ("%20", 3), ("\u00e9", 3), ("e\u0301", 3), ("\u0131", 3)),
    *(("\uff10", AT_THE_END), ("\u0660", AT_THE_END), ("\U0001f6a2", 0)),
)
"""What makes a publicUri one no longer, and where."""
NOT_IN_A_URI = st.characters(exclude_characters=URI_CHARACTERS, exclude_categories=["Cs"])

_SWITCHES: dict[str, st.SearchStrategy[Any]] = {name: st.booleans() for name in SWITCHES}
_COMMON: dict[str, st.SearchStrategy[Any]] = {
    **_SWITCHES,
    "description": DESCRIPTIONS,
    "theme": st.sampled_from(["global_theme", "other_theme"]),
}
CREATES = st.fixed_dictionaries({}, optional={**_COMMON, "title": TITLES, "publicUri": st.none()})
"""Fields of a valid create for `within`; a theme is an offer's name, a publicUri of None leaves it out."""
CHANGES = st.fixed_dictionaries(
    {}, optional={**_COMMON, "title": TITLES, "status": st.sampled_from(["ACTIVE", "ARCHIVED"])}
).filter(bool)
"""Fields of a valid update for `within`."""
ALL_CHOICES: tuple[dict[str, bool], ...] = ({}, dict.fromkeys(SWITCHES, False), dict.fromkeys(SWITCHES, True))
CHOICES = st.fixed_dictionaries({}, optional=_SWITCHES)
"""Some of the booleans."""


UNUSUAL: dict[str, Any] = {
    "isExternalDownloadAllowed": False,
    "isExternalInviteAllowed": False,
    "isExternalUploadAllowed": True,
    "isCommentAllowed": False,
    "isSearchAIAllowed": False,
    "description": "None of this is a default",
    "theme": "other_theme",
}
"""Fields for `within` that a server which falls back to defaults would lose."""


EACH_CHANGE: tuple[dict[str, Any], ...] = ({"title": "Changed"}, {"status": "ARCHIVED"}, UNUSUAL)
"""Changes for `within` that have each member between them."""


def within(target: Target, fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields as this target can take them: themes by their ids, and nothing that it lacks.

    The publicUri is left out beside the kit's own title alone: one of them bears the mark of the run.
    """
    taken = dict(fields)
    if "title" in taken:
        taken.pop("publicUri", None)
    theme = taken.pop("theme", None)
    if theme in target.offers:
        taken["theme"] = {"id": target.offers[theme]}
    if taken.get("isExternalUploadAllowed") and target.offers.get("collaborate_plus") is not True:
        del taken["isExternalUploadAllowed"]
    return taken


def with_member(body: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """Return the body with one member changed; `path` may be one such as `owner.userId`."""
    name, _, rest = path.partition(".")
    inner = body.get(name)
    return {**body, name: with_member(inner if isinstance(inner, dict) else {}, rest, value) if rest else value}


Spoilt = tuple[str, Any]
"""A member's path and a value that makes the body wrong in exactly one way."""

CREATE_TEXTS = ("title", "publicUri", "description", "owner.userId", "theme.id", "sharedSpaceTemplate.id")
CREATE_OBJECTS = ("owner", "theme", "sharedSpaceTemplate")
CHANGE_TEXTS = ("title", "description", "theme.id", "status")
NOT_TEXT = st.sampled_from([0, 1, 1.5, True, False, [], ["a"], {}, {"id": "a"}])
NOT_BOOLEAN = st.sampled_from(["true", "false", "", 0, 1, 1.0, [], {}])
NOT_OBJECT = st.sampled_from(["a", 0, 1, True, [], ["a"]])


def _wrong_types(paths: tuple[str, ...], objects: tuple[str, ...]) -> st.SearchStrategy[Spoilt]:
    return st.one_of(
        st.tuples(st.sampled_from(paths), NOT_TEXT),
        st.tuples(st.sampled_from(SWITCHES), NOT_BOOLEAN),
        st.tuples(st.sampled_from(objects), NOT_OBJECT),
    )


CREATE_WRONG_TYPES = _wrong_types(CREATE_TEXTS, CREATE_OBJECTS)
CHANGE_WRONG_TYPES = _wrong_types(CHANGE_TEXTS, ("theme",))
CREATE_MEMBERS = (*CREATE_TEXTS, *CREATE_OBJECTS, *SWITCHES)
CHANGE_MEMBERS = (*CHANGE_TEXTS, "theme", *SWITCHES)

BEYOND: dict[str, dict[str, str]] = {
    "an empty title": {"title": ""},
    "a longer title": {"title": "a" * (LONGEST_TITLE + 1)},
    "a longer description": {"description": "a" * (LONGEST_DESCRIPTION + 1)},
    "an empty status": {"status": ""},
    "a third status": {"status": "DELETED"},
    "a status in small letters": {"status": "archived"},
}
"""Changes beyond the limits."""


def _each_wrong(texts: tuple[str, ...], objects: tuple[str, ...]) -> tuple[Spoilt, ...]:
    wrong: tuple[tuple[tuple[str, ...], tuple[Any, ...]], ...] = (
        (texts, (1, True, [])),
        (SWITCHES, ("true", 1)),
        (objects, ("a", [])),
    )
    return tuple((path, value) for paths, values in wrong for path in paths for value in values)


SPOILT_CREATES = _each_wrong(CREATE_TEXTS, CREATE_OBJECTS)
SPOILT_CHANGES = _each_wrong(CHANGE_TEXTS, ("theme",))
"""Each member with values of other types."""

FORM_FAULTS: dict[str, Any] = {
    "title": "",
    "publicUri": "{} is no slug",
    "description": "a" * (LONGEST_DESCRIPTION + 1),
    "isCommentAllowed": "yes",
    "isSearchAIAllowed": None,
}
"""Members of a create with a value that is refused for its form; `{}` stands for a fresh publicUri."""

UNKNOWN_IDS = st.uuids(version=4).map(lambda one: one.hex)
"""Ids of the form that spaces and users have, and that nothing has."""
UNKNOWN_TEMPLATE_IDS = st.uuids(version=4).map(str)
