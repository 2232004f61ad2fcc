"""Which operation a request is, by the patterns of an API's paths."""

from __future__ import annotations

from collections.abc import Mapping


def operation_of(patterns: Mapping[str, tuple[str, str]], method: str, path: str) -> str:
    """Return the operationId of a request, empty where it is none of these; `path` may bear a query.

    `patterns` are method and path by operationId; `{}` stands for any one segment.
    """
    parts = path.partition("?")[0].split("/")
    for operation, (wanted, pattern) in patterns.items():
        places = pattern.split("/")
        if wanted == method and len(parts) == len(places) and all(map(_fits, places, parts)):
            return operation
    return ""


def _fits(place: str, part: str) -> bool:
    return place in ("{}", part)
