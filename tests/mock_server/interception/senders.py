"""One request by each library that a program may use, sync and async."""

from __future__ import annotations

import asyncio
import json
import urllib.request
from collections.abc import Callable, Mapping
from http.client import HTTPSConnection
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import aiohttp
import httpx
import httpx2
import requests
import urllib3

PATIENCE = 30


class Answered(NamedTuple):
    """What a library said of an answer."""

    status: int
    body: Any


Send = Callable[[str, Mapping[str, str]], Answered]


def answered(status: int, body: bytes) -> Answered:
    return Answered(status, json.loads(body))


def by_requests(url: str, headers: Mapping[str, str]) -> Answered:
    answer = requests.get(url, headers=dict(headers), timeout=PATIENCE)
    assert answer.url == url
    return answered(answer.status_code, answer.content)


def by_urllib3(url: str, headers: Mapping[str, str]) -> Answered:
    with urllib3.PoolManager(retries=False) as pools:
        answer = pools.request("GET", url, headers=dict(headers), timeout=PATIENCE)
        return answered(answer.status, answer.data)


def by_urllib(url: str, headers: Mapping[str, str]) -> Answered:
    request = urllib.request.Request(url, headers=dict(headers))
    # `urlopen` keeps its opener, with the proxies that the environment named first.
    with urllib.request.build_opener().open(request, timeout=PATIENCE) as answer:
        assert answer.url == url
        return answered(answer.status, answer.read())


def by_http_client(url: str, headers: Mapping[str, str]) -> Answered:
    parts = urlsplit(url)
    connection = HTTPSConnection(parts.netloc, timeout=PATIENCE)
    try:
        connection.request("GET", f"{parts.path}?{parts.query}", headers=dict(headers))
        answer = connection.getresponse()
        return answered(answer.status, answer.read())
    finally:
        connection.close()


def by_httpx(url: str, headers: Mapping[str, str]) -> Answered:
    answer = httpx.get(url, headers=headers, timeout=PATIENCE)
    assert str(answer.url) == url
    return answered(answer.status_code, answer.content)


def by_httpx2(url: str, headers: Mapping[str, str]) -> Answered:
    answer = httpx2.get(url, headers=headers, timeout=PATIENCE)
    assert str(answer.url) == url
    return answered(answer.status_code, answer.content)


def by_async_httpx(url: str, headers: Mapping[str, str]) -> Answered:
    async def get() -> Answered:
        async with httpx.AsyncClient(timeout=PATIENCE) as client:
            answer = await client.get(url, headers=headers)
        return answered(answer.status_code, answer.content)

    return asyncio.run(get())


def by_async_httpx2(url: str, headers: Mapping[str, str]) -> Answered:
    async def get() -> Answered:
        async with httpx2.AsyncClient(timeout=PATIENCE) as client:
            answer = await client.get(url, headers=headers)
        return answered(answer.status_code, answer.content)

    return asyncio.run(get())


def by_aiohttp(url: str, headers: Mapping[str, str]) -> Answered:
    async def get() -> Answered:
        async with aiohttp.ClientSession(trust_env=True) as session, session.get(url, headers=headers) as answer:
            assert str(answer.url) == url
            return answered(answer.status, await answer.read())

    return asyncio.run(get())


SENDERS: tuple[Send, ...] = (
    by_requests,
    by_urllib3,
    by_urllib,
    by_http_client,
    by_httpx,
    by_httpx2,
    by_async_httpx,
    by_async_httpx2,
    by_aiohttp,
)
