"""What validation finds in a body or a query, told as RSpace does (RS-ERROR-VALIDATION)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any, NamedTuple

from ...core.refusals import FieldError, Refusal
from ...web.validation import ERRORS_TOLD
from ..problems import INVALID


class Violation(NamedTuple):
    """One thing that is wrong: of a field, or, without one, of the whole object."""

    object_name: str
    field: str | None
    rejected: Any
    message: str
    rule: str

    @property
    def entry(self) -> str:
        """The line among the errors: it begins with the field, or with the object."""
        return f"{self.field or self.object_name}: {self.message}"

    def shown(self) -> dict[str, Any]:
        """Return it as the error body's data has it."""
        return {
            "field": self.field,
            "rejectedValue": self.rejected,
            "objectName": self.object_name,
            "message": self.message,
        }


class Invalid(Refusal):
    """A body or a query with violations."""

    def __init__(self, violations: Sequence[Violation]) -> None:
        field_errors = [FieldError(one.field or one.object_name, one.message, "", one.rule) for one in violations]
        super().__init__(INVALID, INVALID.detail.format(count=len(violations)), field_errors)
        self.violations = violations


def refuse(violations: Iterable[Violation]) -> None:
    """Refuse with 400 if there is a violation; at most ERRORS_TOLD are told."""
    # A body of 10 MiB may hold a million; none is looked for beyond those told.
    if told := list(islice(violations, ERRORS_TOLD)):
        raise Invalid(told)
