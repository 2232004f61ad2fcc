"""What a vendor brings so that its answers can be explained; loaded when somebody asks why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from ..state.tenant import Tenant


class Known(NamedTuple):
    """Something that a request may name: what it is, the id that names it, and which one it is in words."""

    what: str
    id: str
    who: str


class Fault(NamedTuple):
    """What a refusal found wrong with a member: its path, why, and what was sent where the answer repeats it."""

    path: str
    reason: str
    sent: Any = None


def no_id_beside(_path: str) -> bool:
    """Take no member for an id but those whose name says so."""
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A vendor's part in explaining.

    `sentences` is the file with each rule in words; `known` returns what a tenant has that can be named;
    `tenant_in` reads the tenant's name out of a token of the mock's own form, well-formed or nearly; `form_of` says
    which form that is, for whoever asks for that path.
    """

    sentences: Path
    known: Callable[[Tenant], Iterable[Known]]
    faults: Callable[[Mapping[str, Any]], Iterable[Fault]]
    tenant_in: Callable[[str], str]
    form_of: Callable[[str], str]
    is_id: Callable[[str], bool] = no_id_beside
    """Says of a member's path whether its value is an id, though its name does not end in one."""
