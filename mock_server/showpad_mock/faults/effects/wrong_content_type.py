"""A wrong content type: the body is as ever, but said to be something else."""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from ...web.call import Call
from ..answers import rewrite
from ..headers import HeaderValue
from .effect import Effect, Given


class WrongContentTypeForm(TypedDict):
    """Make the change, say that the body is of this type."""

    kind: Literal["wrong-content-type"]
    type: NotRequired[Annotated[HeaderValue, Field(min_length=1, description="text/html if left out")]]


def _act(call: Call, given: Given) -> None:
    assert call.answer is not None
    if call.answer.body:
        rewrite(call.answer, call.answer.body, given.settings.get("type", "text/html; charset=utf-8").encode("latin-1"))


WRONG_CONTENT_TYPE = Effect(kind="wrong-content-type", form=WrongContentTypeForm, when="after", act=_act)
