"""Ids, slugs and tokens: the n-th draw of a stream hashes its name and n, so that a position is a number (CONV-ID)."""

from __future__ import annotations

import string
from hashlib import shake_128

LETTERS_AND_DIGITS = string.ascii_letters + string.digits
DRAW = 32
"""How many hex digits a draw has."""
BLOCK_DRAWS = 64
"""How many draws one hash gives: a hash for each would take longer than all else that a draw does."""
TOKEN_LENGTH = 21  # as many as a draw can tell apart
LAST_POSITION = 2**53  # the integers that every reader of JSON holds


def uuid_of(digits: str) -> str:
    """Write 32 random hex digits as a version 4 UUID."""
    # RFC 9562: the version's digit is 4, and the variant's two bits are 10.
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"


CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def ulid_of(milliseconds: int, digits: str) -> str:
    """Write a time and 32 random hex digits as a ULID, which sorts by its time to the millisecond."""
    # 48 bits of time, 80 of chance. A clock may show times before 1970, or such as 48 bits do not hold.
    number = (milliseconds % 2**48 << 80) | (int(digits, 16) % 2**80)
    return "".join(CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))


class Ids:
    """A stream of ids, the same for the same name; `position` is how many were drawn, and may be set."""

    __slots__ = ("_block", "_first", "position", "stream")

    def __init__(self, stream: str, position: int = 0) -> None:
        self.stream = stream
        self.position = position
        # Made at the first draw, since most tenants only read.
        self._block, self._first = "", -BLOCK_DRAWS

    def hex32(self) -> str:
        """Draw 32 lower-case hex digits."""
        place = (self.position - self._first) * DRAW
        if not 0 <= place < len(self._block):
            place = self._take_block()
        self.position += 1
        return self._block[place : place + DRAW]

    def _take_block(self) -> int:
        """Take the block of draws that the next one lies in; return where in it that is."""
        number, nth = divmod(self.position, BLOCK_DRAWS)
        # The number first, and always as long, so that no two streams' blocks have one text.
        block = shake_128(number.to_bytes(8, "big") + self.stream.encode())
        self._block, self._first = block.hexdigest(BLOCK_DRAWS * DRAW // 2), self.position - nth
        return nth * DRAW

    def uuid(self) -> str:
        """Draw a version 4 UUID."""
        return uuid_of(self.hex32())

    def token(self) -> str:
        """Draw TOKEN_LENGTH letters and digits."""
        number, drawn = int(self.hex32(), 16), ""
        for _ in range(TOKEN_LENGTH):
            number, digit = divmod(number, len(LETTERS_AND_DIGITS))
            drawn += LETTERS_AND_DIGITS[digit]
        return drawn

    def slug(self) -> str:
        """Draw 16 lower-case hex digits, for what people may have to type."""
        # Long enough that a free one is found at the first draw, and within `[a-z0-9-_]+` (CREATE-URI-FORM).
        return self.hex32()[:16]
