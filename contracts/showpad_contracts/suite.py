"""A suite: what an API brings to the kit, which knows none by itself."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

from .core.check import Check
from .core.rule import Rule
from .core.target import Target
from .targets.launch import Mock
from .targets.reader import Targets
from .transport.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleanup:
    """How what a run creates is deleted."""

    actor: str
    """The role that deletes it, as an integration; a run's ledger is sealed with its token."""
    noun: str
    """What one of these things is called."""
    collections: Collection[str]
    """The paths under which a POST creates what a DELETE of its id takes away; from the host on for what is beside."""

    def called(self, key: str) -> str:
        """Return how a thing is called by what it is kept by: things of another noun are kept by theirs."""
        return key if " " in key else f"{self.noun} {key}"


class Client(Protocol):
    """What the runner knows of an API's client; checks know the rest of it."""

    session: Session

    @property
    def suite(self) -> str:
        """The name of the suite."""

    @property
    def cleanup(self) -> Cleanup:
        """How what checks create is deleted."""

    def operation_of(self, method: str, path: str) -> str:
        """Return the operationId of a request, empty where it is none of the known ones."""

    def clean_up(self) -> list[str]:
        """Delete what the session keeps, and return what could not be."""

    def sweep(self) -> list[str]:
        """Delete what a listing finds to be the run's, and return what could not be deleted or looked for."""


C = TypeVar("C", bound=Client)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite(Generic[C]):
    """What an API brings to the kit: its checks ask the client that it makes."""

    name: str
    catalogue: Mapping[str, Rule]
    checks: Sequence[Check[C]]
    targets: Targets
    """Who acts on a target, what it offers, how it is named."""
    client: Callable[[Session], C]
    """Return the client that checks get."""
    cleanup: Cleanup
    probe: Callable[[Session], None]
    """See that the target speaks the API, and measure an answer. Raises NotTheApi."""
    discovery: Callable[[Session], Target]
    """Return the session's target with what its look-ups show; reads alone."""
    openapi: Callable[[], str]
    """Return the OpenAPI document of what the rules are about."""
    mock: Mock | None = None
    """The mock that a run can start for itself."""
    notified: Mapping[str, str] = field(default_factory=dict)
    """Whom the vendor notifies of what a run does: a role, and of what."""


AnySuite: TypeAlias = Suite[Any]
"""One that is chosen by name when the kit runs; which client it makes is between it and its checks."""
