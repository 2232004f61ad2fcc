"""What a refusal is: a named problem, raised where a rule decides, rendered once at the edge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")

SHOWN = 1000


def shortened(text: str, most: int = SHOWN) -> str:
    """Return a text from outside as an answer repeats it: its first characters, and how many there are."""
    return text if len(text) <= most else f"{text[:most]}... ({len(text):,} characters)"


class FieldError(NamedTuple):
    """What is wrong with a member: its path, why it is refused, and a category such as `propertyRequired`."""

    name: str
    reason: str
    category: str
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """A refusal that can happen: its rule id, HTTP status, problem type, title, and detail with `{places}` for values.

    `rule` is empty for what the mock itself refuses and no vendor sends.
    """

    rule: str
    status: int
    type: str
    title: str
    detail: str

    def error(self, *, at: str | None = None, **values: object) -> Refusal:
        """Return the exception to raise; `at` names the wrong attribute, `values`, shortened, fill the detail."""
        # What a client sent may be as long as a body: an answer does not repeat it whole.
        shown = {name: shortened(str(value)) for name, value in values.items()}
        # Without values there is nothing to fill in, and braces in a detail would be taken for places.
        detail = self.detail.format(**shown) if shown else self.detail
        field_errors = () if at is None else (FieldError(at, detail, "propertyInvalid"),)
        return Refusal(self, detail, field_errors)


class Refusal(Exception):
    """A request that is refused, and why."""

    def __init__(self, problem: Problem, detail: str, field_errors: Sequence[FieldError] = ()) -> None:
        super().__init__(detail)
        self.problem = problem
        self.detail = detail
        self.field_errors = tuple(field_errors)
        self.headers: dict[str, str] = {}

    def with_headers(self, **headers: str) -> Refusal:
        """Add headers to the answer, such as `Allow`."""
        self.headers.update(headers)
        return self

    @property
    def rules(self) -> tuple[str, ...]:
        """The ids of the rules that decided, each once, in the order of the field errors."""
        told = dict.fromkeys(field_error.rule for field_error in self.field_errors if field_error.rule)
        # Field errors know their own rules; the problem's is that of the whole only where none does.
        return tuple(told) or ((self.problem.rule,) if self.problem.rule else ())


class Parsed(Generic[T]):
    """A body that may be faulty, read before it may be judged: its value, or the refusal that `require` raises.

    Who may not act is told so before what is wrong with the body (CONV-ORDER). Where that depends on what the body
    asks for, `partial` returns what can be read of a faulty one: its value without the faulty members.
    """

    __slots__ = ("_refusal", "_value")

    def __init__(self, value: T | None = None, refusal: Refusal | None = None) -> None:
        self._value = value
        self._refusal = refusal

    def partial(self) -> T | None:
        """Return the value as far as it can be read, faulty or not."""
        return self._value

    def require(self) -> T:
        """Return the value, or raise the refusal that was held back."""
        if self._refusal is not None:
            raise self._refusal
        assert self._value is not None
        return self._value
