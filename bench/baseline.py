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


def make_app(size: int) -> Starlette:
    body = json.dumps({"filler": "x" * (size - len('{"filler": ""}'))}).encode()

    async def get(request: Request) -> Response:
        assert request.path_params["shareId"]
        return Response(body, media_type="application/json", headers=HEADERS)

    async def post(request: Request) -> Response:
        json.loads(await request.body())
        return Response(body, 201, media_type="application/json", headers=HEADERS)

    async def ready(_: Request) -> Response:
        return Response()

    return Starlette(
        routes=[
            Route("/v4/shared-spaces/{shareId}", get, methods=["GET"]),
            Route("/v4/shared-spaces", post, methods=["POST"]),
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
