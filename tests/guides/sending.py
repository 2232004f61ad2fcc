"""How an exchange of the guides is sent by the suite's own calls."""

from __future__ import annotations

from collections.abc import Callable

from fixtures.guides.exchanges import BASE_PATH, Answer, Request

from ..harness.api import Api


def sender(api: Api) -> Callable[[Request], Answer]:
    def send(request: Request) -> Answer:
        answer = api.request(
            request.method,
            request.target.removeprefix(BASE_PATH),
            as_=None,
            headers=request.headers,
            content=request.content,
        )
        return Answer(answer.status_code, answer.content, answer.headers.get("x-mock-rules", ""))

    return send
