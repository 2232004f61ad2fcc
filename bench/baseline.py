"""The floor: bare Starlette routes of the same methods and paths, on the same Uvicorn.

They parse the same body as JSON and answer as many bytes as the mock does.
"""

from __future__ import annotations

import json
import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

HEADERS = {"X-Mock-Rules": "CREATE-OK;S, SPACE-THEME;D, CREATE-URI-AUTO;D"}
SPACES = "/v4/shared-spaces"
SPACE = SPACES + "/{shareId}"


def make_app(size: int) -> Starlette:
    """Make an app whose answers have `size` bytes; none at all where that is 0."""
    body = json.dumps({"filler": "x" * (size - len('{"filler": ""}'))}).encode() if size else b""
    media_type = "application/json" if size else None

    async def read(_: Request) -> Response:
        return Response(body, media_type=media_type, headers=HEADERS)

    async def write(request: Request) -> Response:
        json.loads(await request.body())
        return Response(body, 201 if size else 204, media_type=media_type, headers=HEADERS)

    async def ready(_: Request) -> Response:
        return Response()

    return Starlette(
        routes=[
            Route(SPACES, read, methods=["GET"]),
            Route(SPACES, write, methods=["POST"]),
            Route(SPACE, read, methods=["GET"]),
            Route(SPACE, write, methods=["PATCH"]),
            Route(SPACE + "/items", write, methods=["POST"]),
            Route(SPACE + "/transfer-ownership", write, methods=["POST"]),
            Route("/readyz", ready, methods=["GET"]),
        ]
    )


if __name__ == "__main__":
    uvicorn.run(
        make_app(int(sys.argv[2])),
        port=int(sys.argv[1]),
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
    )
