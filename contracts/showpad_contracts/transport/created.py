"""What a run creates on a tenant: how it is marked, so that it is told from the tenant's own, and where it is noted.

A mark is the run's id with a number that the run issued. A create sends it in a member of its body; what shows one of
these values there, whole, is the run's, and nothing else is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol


class Marks:
    """The marks that a run issued, and the values in which its creates sent them."""

    def __init__(self, run_id: str) -> None:
        self._run_id = run_id
        self._issued = 0
        # Whole: mark 1 is no part of mark 12, nor of a longer word before it. A hyphen may follow, as in what
        # a check appends to a mark; no number begins with 0, since none is issued so.
        self._pattern = re.compile(rf"(?<![A-Za-z0-9_-]){re.escape(run_id)}-([1-9][0-9]*)(?![A-Za-z0-9_])")
        self._sent: dict[tuple[str, str], str] = {}  # (member, its whole value) -> mark

    def issue(self) -> str:
        """Return a mark that was not issued before."""
        self._issued += 1
        return f"{self._run_id}-{self._issued}"

    def in_text(self, text: Any) -> str | None:
        """Return the mark that a text holds as a word of its own; None where it holds none that was issued."""
        found = self._pattern.search(text) if isinstance(text, str) else None
        return found[0] if found is not None and int(found[1]) <= self._issued else None

    def in_fields(self, fields: Mapping[str, Any], names: Iterable[str]) -> dict[str, str]:
        """Return those of a create's members, among these names, that bear a mark."""
        return {name: fields[name] for name in names if self.in_text(fields.get(name)) is not None}

    def send(self, mark: str, names: Mapping[str, str]) -> None:
        """Take note of the values in which a create sends a mark."""
        self._sent.update(dict.fromkeys(names.items(), mark))

    def sent_in(self, names: Iterable[str]) -> set[str]:
        """Return the marks that were sent in a member of these names."""
        wanted = set(names)
        return {mark for (name, _), mark in self._sent.items() if name in wanted}

    def of(self, shown: Any, names: Iterable[str]) -> str | None:
        """Return the mark of what shows, whole, a value that was sent in a member of these names; None for others'."""
        if not isinstance(shown, Mapping):
            return None
        values = ((name, shown.get(name)) for name in names)
        return next((self._sent[one] for one in values if isinstance(one[1], str) and one in self._sent), None)


class Ledger(Protocol):
    """Where it is written down what a run creates, before the request leaves."""

    def will_create(self, mark: str, names: Mapping[str, str]) -> None:
        """Note what is about to be created, and the members that bear its mark."""

    def refused(self, mark: str) -> None:
        """Note that it was not created after all."""

    def created(self, mark: str, created_id: str) -> None:
        """Note the id of what was created."""

    def deleted(self, created_id: str) -> None:
        """Note that it is gone."""

    def disowned(self, created_id: str) -> None:
        """Note that an id was not that of what was created."""

    def left(self, what: str) -> None:
        """Note something that nothing can delete."""

    def doubtful(self) -> Sequence[str]:
        """Return the marks of what may have been created: no answer told, or a wrong id."""

    def left_behind(self) -> Sequence[str]:
        """Return what was noted as `left`."""

    def is_blank(self) -> bool:
        """Return whether no create was noted at all."""


class NoLedger:
    """For targets that the kit started for itself alone: they end with the run."""

    def will_create(self, mark: str, names: Mapping[str, str]) -> None:
        """Nothing to note."""

    def refused(self, mark: str) -> None:
        """Nothing to note."""

    def created(self, mark: str, created_id: str) -> None:
        """Nothing to note."""

    def deleted(self, created_id: str) -> None:
        """Nothing to note."""

    def disowned(self, created_id: str) -> None:
        """Nothing to note."""

    def left(self, what: str) -> None:
        """Nothing to note."""

    def doubtful(self) -> Sequence[str]:
        """Nothing was noted."""
        return ()

    def left_behind(self) -> Sequence[str]:
        """Nothing was noted."""
        return ()

    def is_blank(self) -> bool:
        """Nothing was noted."""
        return True
