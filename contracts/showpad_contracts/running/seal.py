"""Tells lines that a run wrote from others, by a key that only those can make who may delete anyway."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

ROUNDS = 100_000  # what a guess at the token costs whoever finds a ledger


class Seal:
    """The seal of one run's ledger, made from the run's id and the administrator's token.

    Whoever can forge it has the token, and needs no ledger to delete with it.
    """

    def __init__(self, run_id: str, token: str) -> None:
        # Salted with the run's id: a line that is copied into another run's ledger does not hold there.
        self._key = hashlib.pbkdf2_hmac("sha256", token.encode(), run_id.encode(), ROUNDS)

    def on(self, fact: Mapping[str, Any]) -> dict[str, Any]:
        """Return a fact with its seal."""
        return {**fact, "seal": self._of(fact)}

    def holds(self, line: Mapping[str, Any]) -> bool:
        """Return whether a line is as a run wrote it."""
        return hmac.compare_digest(str(line.get("seal")).encode(), self._of(line).encode())

    def _of(self, fact: Mapping[str, Any]) -> str:
        bare = {name: value for name, value in fact.items() if name != "seal"}
        return hmac.digest(self._key, json.dumps(bare, sort_keys=True).encode(), "sha256").hex()
