"""Long work in the event loop, between whose pieces others have their turn."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

TURNS = 3
"""How often the loop goes round until a request that has come meanwhile is answered: it is received, begun, made."""
LARGE = 64 * 1024
"""Bytes of JSON that are made or read at once: somewhat less than a millisecond."""


async def others_first() -> None:
    """Let everybody who waits for the loop go first, and whom these wake."""
    for _ in range(TURNS):
        await asyncio.sleep(0)


async def joined(pieces: Iterator[bytes]) -> bytes:
    """Return pieces that are made on the way as one, with turns for others."""
    made, size = [], 0
    for piece in pieces:
        made.append(piece)
        size += len(piece)
        if size > LARGE:
            size = 0
            await others_first()
    return b"".join(made)
