"""Addresses that answers tell, of this server's own pages instead of the vendor's: with `--links local` alone."""

from __future__ import annotations

from ..call import Call


def local_links(call: Call) -> None:
    """Let the vendor put local addresses into the answer, whose length may change."""
    if call.vendor is None or call.answer is None or not call.answer.body:
        return
    answer = call.answer
    body = call.vendor.local_links(answer.body, call.origin)
    if body != answer.body:
        answer.body = body
        length = (b"content-length", b"%d" % len(body))
        answer.headers = [length if name == b"content-length" else (name, value) for name, value in answer.headers]
