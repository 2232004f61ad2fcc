"""Advanced queries: JSON in a parameter, as RSpace's own client sends it (RS-DOCS-ADVANCED)."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Literal, NotRequired

from pydantic import Field, TypeAdapter, ValidationError
from typing_extensions import TypedDict

from ...core.refusals import shortened
from ..domain.page import Search, SearchField
from ..problems import ADVANCED_QUERY
from .violations import Invalid, Violation

LONGEST_QUERY = 2000
SEARCH_OBJECT = "apiSearchConfig"
NOT_EMULATED = ("created", "lastModified", "form", "attachment")


class TermPart(TypedDict):
    """One thing to look for."""

    query: str
    queryType: Literal["global", "name", "tag", "fullText", "created", "lastModified", "form", "attachment"]


class SearchPart(TypedDict):
    """An advanced query."""

    operator: NotRequired[Literal["and", "or"]]
    terms: Annotated[list[TermPart], Field(min_length=1)]


@cache
def _adapter() -> TypeAdapter[SearchPart]:
    return TypeAdapter(SearchPart)


def read_search(text: str) -> Search:
    """Read an advanced query; refuses with 400 what is none."""
    if len(text) > LONGEST_QUERY:  # each term is looked for in every document
        raise _invalid(text, f"must have at most {LONGEST_QUERY:,} characters")
    try:
        given = _adapter().validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        at = ".".join(map(str, first["loc"]))
        raise _invalid(text, f"{at}: {first['msg']}" if at else first["msg"]) from None
    types = {term["queryType"] for term in given["terms"]}
    unknown = [one for one in NOT_EMULATED if one in types]
    if unknown:
        raise ADVANCED_QUERY.error(types=" and ".join(unknown))
    terms = tuple((SearchField(term["queryType"]), term["query"]) for term in given["terms"])
    return Search(text=text, terms=terms, is_any=given.get("operator") == "or")


def _invalid(text: str, reason: str) -> Invalid:
    return Invalid([Violation(SEARCH_OBJECT, "advancedQuery", shortened(text), reason, "RS-DOCS-ADVANCED-400")])
