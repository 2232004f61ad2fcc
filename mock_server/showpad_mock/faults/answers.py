"""Answers as a fault changes them: in place, so that what they say of themselves stays."""

from __future__ import annotations

from ..web.render import Answer

FRAMED = (b"content-type", b"content-length")


def rewrite(answer: Answer, body: bytes, media_type: bytes | None = None) -> None:
    """Give an answer another body, and its length; without a media type its own stays."""
    own = dict(answer.headers).get(b"content-type")
    answer.body, answer.is_innocent = body, False
    answer.headers = [(name, value) for name, value in answer.headers if name not in FRAMED]
    if (media_type := media_type or own) is not None:
        answer.headers.append((b"content-type", media_type))
    answer.headers.append((b"content-length", b"%d" % len(body)))
