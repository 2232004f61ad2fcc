"""Pages of lists as JSON (CONV-PAGE)."""

from __future__ import annotations

from collections.abc import Sequence

from ...web.render import Answer, Rendered, rendered_answer


def page_answer(count: int, items: Sequence[Rendered]) -> Answer:
    """Answer with a page of items that are JSON already (CONV-PAGE)."""
    # Joined as bytes: each item is JSON already, and most are kept from an earlier list.
    body = b'{"count":%d,"items":[%b]}' % (count, b",".join([item[0] for item in items]))
    return rendered_answer(200, (body, all(item[1] for item in items)))
