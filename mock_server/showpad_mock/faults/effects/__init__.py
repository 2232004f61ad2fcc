"""All effects, one a file. A new one is its file, and its line here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Union

from pydantic import Field

from . import problem, status
from .effect import Effect

EFFECTS: Mapping[str, Effect] = {
    effect.kind: effect
    for effect in (
        problem.PROBLEM,
        status.STATUS,
    )
}
EffectForm: Any = Annotated[
    Union[tuple(effect.form for effect in EFFECTS.values())],  # noqa: UP007 - of as many as there are
    Field(discriminator="kind"),
]
"""The settings of any effect, as Pydantic reads them."""
