"""Any status, with any headers and body; without a body the API's own form of an error."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any, Literal, NotRequired

from pydantic import AfterValidator, Field
from pydantic_core import to_json
from typing_extensions import TypedDict

from ...core.refusals import Problem
from ...web.call import Call
from ...web.render import JSON, Answer
from ..answers import FRAMED, rewrite
from ..headers import HeaderName, HeaderValue
from .effect import Effect, Given, When

BODILESS = (204, 205, 304)
MOST_HEADERS = 20
TEXT, CONTENT_TYPE = b"text/plain; charset=utf-8", "content-type"


def _bodies(settings: StatusSettings) -> StatusSettings:
    status = settings.get("status", 500)
    if status in BODILESS and "body" in settings:
        raise ValueError(f"an answer with the status {status} has no body; leave out body")
    if "body" not in settings and CONTENT_TYPE in map(str.lower, settings.get("headers", {})):
        raise ValueError("a Content-Type is that of a body; give a body, too")
    return settings


class StatusSettings(TypedDict):
    """Answer with this status. A text is sent as it is, any other body as JSON."""

    kind: Literal["status"]
    status: NotRequired[Annotated[int, Field(ge=200, le=599, description="500 if left out")]]
    body: NotRequired[Any]
    headers: NotRequired[Annotated[dict[HeaderName, HeaderValue], Field(max_length=MOST_HEADERS)]]
    when: NotRequired[When]


StatusForm = Annotated[StatusSettings, AfterValidator(_bodies)]


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:  # a status that has no name
        return f"Status {status}"


def _act(call: Call, given: Given) -> None:
    status = given.settings.get("status", 500)
    headers: dict[str, str] = {name.lower(): value for name, value in given.settings.get("headers", {}).items()}
    if "body" not in given.settings and status not in BODILESS:
        problem = Problem("", status, "/mock-server/fault", _phrase(status), "The fault {name} asks for this answer.")
        raise problem.error(name=given.name).with_headers(**headers)
    answer = call.answer = call.answer or Answer(status)
    answer.status = status
    if status in BODILESS:
        answer.body, answer.headers = b"", [header for header in answer.headers if header[0] not in FRAMED]
    else:
        body = given.settings["body"]
        content, media_type = (body.encode(), TEXT) if isinstance(body, str) else (to_json(body), JSON)
        rewrite(answer, content, headers.pop(CONTENT_TYPE, "").encode("latin-1") or media_type)
    answer.headers += ((name.encode(), value.encode("latin-1")) for name, value in headers.items())


STATUS = Effect(kind="status", form=StatusForm, when="before", act=_act)
