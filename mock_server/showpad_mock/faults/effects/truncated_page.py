"""A truncated page of a list: some items are missing, while what counts them is as ever."""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired

from pydantic import Field
from pydantic_core import from_json, to_json
from typing_extensions import TypedDict

from ...web.call import Call
from ..answers import rewrite
from .effect import Effect, Given


class TruncatedPageForm(TypedDict):
    """Leave out the last items of the answer's list, the first member that is one; other answers are as ever."""

    kind: Literal["truncated-page"]
    items: NotRequired[Annotated[int, Field(ge=0, le=1_000_000, description="how many are left; half if left out")]]


def _act(call: Call, given: Given) -> None:
    answer = call.answer
    assert answer is not None
    page = from_json(answer.body) if answer.status == 200 and answer.body.startswith(b"{") else {}
    name = next((name for name, value in page.items() if isinstance(value, list) and not name.startswith("_")), None)
    if name is not None:
        del page[name][given.settings.get("items", len(page[name]) // 2) :]
        rewrite(answer, to_json(page))


TRUNCATED_PAGE = Effect(kind="truncated-page", form=TruncatedPageForm, when="after", act=_act)
