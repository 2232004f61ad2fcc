"""Ids, slugs and tokens: every draw of chance comes from one seeded stream (CONV-ID)."""

from __future__ import annotations

import string
from functools import cached_property
from random import Random
from typing import Any

LETTERS_AND_DIGITS = string.ascii_letters + string.digits


def uuid_of(digits: str) -> str:
    """Write 32 random hex digits as a version 4 UUID."""
    # RFC 9562: the version's digit is 4, and the variant's two bits are 10.
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"


class Ids:
    """A stream of ids, the same for the same name."""

    def __init__(self, name: str) -> None:
        self._name = name

    @cached_property
    def stream(self) -> Random:
        """The generator behind the ids; seeded at the first draw, since most tenants only read."""
        return Random(self._name)  # noqa: S311  # reproducible ids, no secrets

    def hex32(self) -> str:
        """Draw 32 lower-case hex digits."""
        # With its leading zeros, which formatting the number as hex would drop.
        return self.stream.getrandbits(128).to_bytes(16, "big").hex()

    def uuid(self) -> str:
        """Draw a version 4 UUID."""
        return uuid_of(self.hex32())

    def token(self, length: int = 21) -> str:
        """Draw letters and digits, as many as asked for."""
        return "".join(self.stream.choices(LETTERS_AND_DIGITS, k=length))

    def slug(self) -> str:
        """Draw 16 lower-case hex digits, for what people may have to type."""
        # Long enough that a free one is found at the first draw, and within `[a-z0-9-_]+` (CREATE-URI-FORM).
        return self.stream.getrandbits(64).to_bytes(8, "big").hex()

    def rewind(self) -> None:
        """Start again from the first id."""
        self.__dict__.pop("stream", None)

    def state(self) -> list[Any]:
        """Return the stream's position, as JSON can hold it."""
        version, internal, gauss = self.stream.getstate()
        return [version, list(internal), gauss]

    def restore(self, state: list[Any]) -> None:
        """Take up a position that `state` gave; raises ValueError or TypeError for anything else."""
        version, internal, gauss = state
        self.stream.setstate((version, tuple(internal), gauss))
