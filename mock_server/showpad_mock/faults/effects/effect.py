"""What an effect is: its settings, whether it acts before the change or after it, and what it does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from ...core.waiting import Waiting
from ...web.call import Call
from ...web.vendor import Vendor

When = Literal["before", "after"]
"""Before the change: nothing is done, unless the effect only delays it. After: it is done, and kept."""


class Given(NamedTuple):
    """What an effect is handed: its settings, the fault's name, chance (0 up to 1), and how to wait."""

    settings: Mapping[str, Any]
    name: str
    chance: float
    waiting: Waiting


def always(_call: Call, _settings: Mapping[str, Any]) -> bool:
    """Suit every call."""
    return True


def nothing_wrong(_settings: Mapping[str, Any], _vendors: Sequence[Vendor]) -> str | None:
    """Find nothing that a form could not."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """A kind of effect. `form` is the TypedDict of its settings, `when` holds unless these say otherwise.

    `act` changes the call's answer, raises a Refusal, or returns what is to be awaited; an answer that it sets
    before the change stands in the place of all that the call asks for.
    """

    kind: str
    form: Any
    when: When
    act: Callable[[Call, Given], Awaitable[None] | None]
    suits: Callable[[Call, Mapping[str, Any]], bool] = field(default=always)
    """Whether it can act on a call."""
    wrong: Callable[[Mapping[str, Any], Sequence[Vendor]], str | None] = field(default=nothing_wrong)
    """Returns what is wrong with settings that fit the form."""
