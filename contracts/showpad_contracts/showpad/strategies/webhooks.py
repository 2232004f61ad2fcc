"""Subscriptions to webhooks: sound ones at every limit, and faulty ones; `{}` stands for a mark of the run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

MOST_NAME, MOST_HEADERS = 255, 20
NOWHERE = "https://receiver.invalid"


def _headers(number: int) -> list[dict[str, str]]:
    return [{"name": f"X-Check-{one}", "value": str(one)} for one in range(number)]


def _sound() -> Iterator[Mapping[str, Any]]:
    for name in ("a", "\u6f22", "a" * MOST_NAME, "\u6f22" * MOST_NAME):
        yield {"name": name, "url": f"{NOWHERE}/{{}}"}
    yield {"url": "http://receiver.invalid:8080/{}?a=b&c=d"}
    yield from ({"method": method} for method in ("GET", "POST"))
    yield from ({"headers": _headers(number)} for number in (0, 1, MOST_HEADERS))


SOUND = tuple(_sound())
"""Changes to a sound body that leave it sound."""
OURS = ("Content-Length", "content-type", "Host", "X-Showpad-Signature-V1", "x-showpad-signature-timestamp")
"""Headers that every delivery has itself."""
FAULTS: Mapping[str, Sequence[Any]] = {
    "name": (None, "", "a" * (MOST_NAME + 1), "\u6f22" * (MOST_NAME + 1), 7, [], {}),
    "url": (
        *(None, "", "receiver", "/{}", "ftp://receiver.invalid/{}", "javascript:alert(1)", "https://", 7, []),
        *(f"https://{user}@receiver.invalid/{{}}" for user in ("user", "user:password")),
        f"{NOWHERE}/{{}}#part",
    ),
    "types": (None, [], ["unknown"], ["shared-space-created", "Unknown"], "shared-space-created", [7], {}),
    "method": ("PUT", "get", "", 7, ["GET"]),
    "headers": (
        *(_headers(MOST_HEADERS + 1), {}, "X-Check: 1", ["X-Check: 1"], [{"name": "X-Check"}], [{"value": "1"}]),
        *([{"name": name, "value": "1"}] for name in ("", "X Check", "X-Check:", "X\r\nY", 7, *OURS)),
        *([{"name": "X-Check", "value": value}] for value in ("one\r\ntwo", "one\ntwo", "\0", 7)),
    ),
}
"""Member -> values that are refused; None leaves it out."""
NO_PAGES: tuple[Mapping[str, Any], ...] = (
    *({"limit": limit} for limit in ("0", "1001", "-1", "x", "")),
    *({"offset": offset} for offset in ("-1", "x", "")),
)
