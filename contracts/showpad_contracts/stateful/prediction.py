"""What a model says of an answer, and the rule that is at stake in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ..core.violation import Violation, WrongForm


@dataclass(frozen=True, slots=True)
class Prediction:
    """The status that must come. `rule` is at stake; `by_code` where another refusal than promised breaks less."""

    status: int
    rule: str
    by_code: str | None = None

    @property
    def is_refusal(self) -> bool:
        """Whether the request must be refused."""
        return self.status >= 400

    def broken_by(self, status: int) -> str:
        """Return the rule that another status breaks."""
        is_other_refusal = self.is_refusal and 400 <= status < 500
        return self.by_code if is_other_refusal and self.by_code is not None else self.rule


@contextmanager
def at_stake(rule: str) -> Iterator[None]:
    """Failures in the block break this rule where they name none; so does an answer that cannot be read."""
    try:
        yield
    except Violation as violation:
        violation.rule = violation.rule or rule
        raise
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        told = f"{type(error).__name__}: {error}"
        raise WrongForm("the answer", expected="the form promised", received=told, rule=rule) from error
