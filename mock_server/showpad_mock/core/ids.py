"""Ids, slugs and tokens: the n-th draw of a stream is a keyed hash of n, so that a position is a number (CONV-ID)."""

from __future__ import annotations

import string
from hashlib import blake2b

LETTERS_AND_DIGITS = string.ascii_letters + string.digits
DRAW_BYTES = 16
# One hash gives four draws: most requests that create take several.
BLOCK_DRAWS = blake2b.MAX_DIGEST_SIZE // DRAW_BYTES
TOKEN_LENGTH = 21  # as many as 16 bytes can tell apart
LAST_POSITION = 2**53  # the integers that every reader of JSON holds


def uuid_of(digits: str) -> str:
    """Write 32 random hex digits as a version 4 UUID."""
    # RFC 9562: the version's digit is 4, and the variant's two bits are 10.
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"


class Ids:
    """A stream of ids, the same for the same name; `position` is how many were drawn, and may be set."""

    __slots__ = ("_block", "_block_number", "_key", "position", "stream")

    def __init__(self, stream: str, position: int = 0) -> None:
        self.stream = stream
        self.position = position
        # Made at the first draw, since most tenants only read.
        self._key = b""
        self._block, self._block_number = b"", -1

    def _draw(self) -> bytes:
        number, place = divmod(self.position, BLOCK_DRAWS)
        if number != self._block_number:
            self._key = self._key or blake2b(self.stream.encode()).digest()
            self._block = blake2b(number.to_bytes(8, "big"), key=self._key).digest()
            self._block_number = number
        self.position += 1
        return self._block[place * DRAW_BYTES : (place + 1) * DRAW_BYTES]

    def hex32(self) -> str:
        """Draw 32 lower-case hex digits."""
        return self._draw().hex()

    def uuid(self) -> str:
        """Draw a version 4 UUID."""
        return uuid_of(self.hex32())

    def token(self) -> str:
        """Draw TOKEN_LENGTH letters and digits."""
        number, drawn = int.from_bytes(self._draw(), "big"), ""
        for _ in range(TOKEN_LENGTH):
            number, digit = divmod(number, len(LETTERS_AND_DIGITS))
            drawn += LETTERS_AND_DIGITS[digit]
        return drawn

    def slug(self) -> str:
        """Draw 16 lower-case hex digits, for what people may have to type."""
        # Long enough that a free one is found at the first draw, and within `[a-z0-9-_]+` (CREATE-URI-FORM).
        return self._draw()[:8].hex()
