"""Bodies of 10 MiB that are made to cost: CPU time and peak memory of one request, beside `json.loads` of its body.

Each is measured in a process of its own, in which nothing else has grown yet.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from . import table
from .requests import SPACES

SIZE = 10 * 1024 * 1024
ITEMS, SHARES, TENANTS = f"{SPACES}/{{space}}/items", "/v4/shares", "/__admin/tenants"
ASSET = b'{"type":"asset","assetId":"a"}'


def _filled(head: bytes, part: bytes, tail: bytes, separator: bytes = b",") -> bytes:
    """Return a body of SIZE: one part again and again between head and tail."""
    times = (SIZE - len(head) - len(tail) + len(separator)) // (len(part) + len(separator))
    return head + separator.join([part] * times) + tail


def _nested(depth: int) -> bytes:
    return _filled(b'{"x":[', b"[" * (depth - 2) + b"]" * (depth - 2), b'],"title":"A"}')


def _in_folders(part: bytes) -> bytes:
    folder = b'{"type":"folder","name":"F","folderItems":['
    return _filled(b'{"items":[' + folder * 48, part, b"]}" * 49)


BODIES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "empty items": (ITEMS, lambda: _filled(b'{"items":[', b"{}", b"]}")),
    "numbers for items": (ITEMS, lambda: _filled(b'{"items":[', b"1", b"]}")),
    "nulls for items": (ITEMS, lambda: _filled(b'{"items":[', b"null", b"]}")),
    "items of no type": (ITEMS, lambda: _filled(b'{"items":[', b'{"type":""}', b"]}")),
    "good items, the last faulty": (ITEMS, lambda: _filled(b'{"items":[', ASSET, b",1]}")),
    "numbers deep in folders": (ITEMS, lambda: _in_folders(b"1")),
    "empty items deep in folders": (ITEMS, lambda: _in_folders(b"{}")),
    "items with unknown members": (ITEMS, lambda: _filled(b'{"items":[', ASSET[:-1] + b',"x":1}', b"]}")),
    "good items of no asset": (ITEMS, lambda: _filled(b'{"items":[', ASSET, b"]}")),
    "folders": (ITEMS, lambda: _filled(b'{"items":[', b'{"type":"folder","name":""}', b"]}")),
    "assets without ids": (SHARES, lambda: _filled(b'{"title":"A","origin":"A","assets":[', b"{}", b"]}")),
    "too many assets": (SHARES, lambda: _filled(b'{"title":"A","origin":"A","assets":[', b'{"id":"a"}', b"]}")),
    "100 levels": (SPACES, lambda: _nested(100)),
    "101 levels": (SPACES, lambda: _nested(101)),
    "ever deeper": (SPACES, lambda: b'{"x":' + b"[" * (SIZE - 5)),
    "a million unknown members": (SPACES, lambda: b"{" + b",".join(b'"%x":1' % n for n in range(1_000_000)) + b"}"),
    "a million unknown members of the owner": (
        SPACES,
        lambda: b'{"owner":{' + b",".join(b'"%x":1' % n for n in range(1_000_000)) + b"}}",
    ),
    "a million times one member": (SPACES, lambda: _filled(b"{", b'"title":1', b"}")),
    "lists in an unknown member": (SPACES, lambda: _filled(b'{"title":"A","x":[', b"[]", b"]}")),
    "objects in an unknown member": (SPACES, lambda: _filled(b'{"title":"A","x":[', b"{}", b"]}")),
    "texts in an unknown member": (SPACES, lambda: _filled(b'{"title":"A","x":[', b'"a"', b"]}")),
    "numbers beyond range": (SPACES, lambda: _filled(b'{"title":"A","x":[', b"1e9999", b"]}")),
    "a number of ten million digits": (SPACES, lambda: b'{"x":%b}' % (b"1" * (SIZE - 6))),
    "a long title": (SPACES, lambda: b'{"title":"%b"}' % (b"a" * (SIZE - 12))),
    "a long name": (SPACES, lambda: b'{"%b":1}' % (b"a" * (SIZE - 6))),
    "an unknown theme of a long id": (
        SPACES,
        lambda: b'{"title":"A","owner":{"userId":"%b"}}' % (b"a" * (SIZE - 36)),
    ),
    "escapes in the title": (SPACES, lambda: _filled(b'{"title":"', b"\\n", b'"}', b"")),
    "escaped brackets and quotes": (SPACES, lambda: _filled(b'{"title":"', b'[\\"', b'"}', b"")),
    "lone surrogates": (SPACES, lambda: _filled(b'{"x":[', b'"\\ud800"', b"]}")),
    "lone surrogates in names": (SPACES, lambda: _filled(b"{", b'"\\ud800":"\\ud800"', b"}")),
    "spaces": (SPACES, lambda: b" " * SIZE),
    "no JSON": (SPACES, lambda: b"[" * 90 + b'{"x"' * 10 + b"x" * (SIZE - 130)),
    "not UTF-8": (SPACES, lambda: b'{"title":"%b\xff"}' % (b"a" * (SIZE - 13))),
    "unknown members of a tenant": (TENANTS, lambda: b"{" + b",".join(b'"%x":1' % n for n in range(1_000_000)) + b"}"),
    "a tenant that is a list": (TENANTS, lambda: _filled(b"[", b"{}", b"]")),
    "a tenant of a long name": (TENANTS, lambda: b'{"name":"%b"}' % (b"a" * (SIZE - 11))),
}


def rows() -> Iterator[table.Row]:
    """Measure every body, time and memory."""
    for name in BODIES:
        ours, theirs = _measured(name, "mock"), _measured(name, "json.loads")
        yield table.Row(name, "ms", ours[0], theirs[0], theirs[0] / ours[0], asked="0.05", beside=ours[2])
        yield table.Row("  at its peak", "MB", ours[1], theirs[1], theirs[1] / ours[1], asked="0.33")


def _measured(name: str, what: str) -> tuple[float, float, str]:
    """Return milliseconds of CPU time, megabytes at the peak, and how it was answered."""
    told = subprocess.run([sys.executable, "-m", "bench.hostile", name, what], capture_output=True, check=True)
    milliseconds, megabytes, answer = json.loads(told.stdout)
    return milliseconds, max(megabytes, 0.1), answer


def _measure(name: str, what: str) -> None:
    path, body = BODIES[name]
    act = _asking(path) if what == "mock" else _parsed
    act(b"{}")
    whole = body()
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak of memory is what it is now
    known, started = _memory("VmRSS"), time.process_time()
    answer = act(whole)
    print(json.dumps([(time.process_time() - started) * 1000, _memory("VmHWM") - known, answer]))


def _parsed(body: bytes) -> str:
    with suppress(ValueError, RecursionError):
        json.loads(body)
    return ""


def _asking(path: str) -> Callable[[bytes], str]:
    from showpad_mock.app import App, AppOptions

    from . import inprocess

    app = App(AppOptions())
    owner = json.dumps({"title": "A", "owner": {"userId": inprocess.user_ids(app)["admin"]}}).encode()
    target = path.format(space=json.loads(inprocess.send(app, "POST", SPACES, owner)[1])["id"])

    def ask(body: bytes) -> str:
        status, answer = inprocess.send(app, "POST", target, body)
        return f"{status}, {len(answer):,} bytes"

    return ask


def _memory(what: str) -> float:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith(what)).split()[1]) / 1024


if __name__ == "__main__":
    _measure(*sys.argv[1:])
