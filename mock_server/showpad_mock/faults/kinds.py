"""All kinds of effects, on calls and on deliveries, and the form of their settings."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Annotated, Any, Union

from pydantic import Field

from .deliveries import DELIVERY_EFFECTS
from .effects import EFFECTS
from .target import Part, Target, of_match

KINDS: Mapping[Target, Collection[str]] = {"calls": EFFECTS, "deliveries": DELIVERY_EFFECTS}
TOLD = "; ".join(f"kinds for {target} are {', '.join(kinds)}" for target, kinds in KINDS.items())
_FORMS: dict[str, Any] = {
    **{effect.kind: effect.form for effect in EFFECTS.values()},
    **{effect.kind: effect.form for effect in DELIVERY_EFFECTS.values()},
}
EffectForm: Any = Annotated[
    Union[tuple(_FORMS.values())],  # noqa: UP007 - of as many as there are
    Field(discriminator="kind"),
]
"""The settings of any effect, as Pydantic reads them."""


def parts_of(effects: Iterable[tuple[str, Mapping[str, Any]]], match: Iterable[str]) -> Iterator[Part]:
    """Return the parts of a fault: its effects, each with its place, and the members of its match."""
    for place, effect in effects:
        kind = effect["kind"]
        yield Part(f"{place}.kind", kind, frozenset(target for target, kinds in KINDS.items() if kind in kinds))
    yield from of_match(match)
