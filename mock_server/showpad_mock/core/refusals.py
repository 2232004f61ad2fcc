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


class Fault(NamedTuple):
    """One fault of form: the path of the attribute, why it is refused, and a category such as `propertyRequired`."""

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
        """Return the exception to raise; `at` names the attribute at fault, `values`, shortened, fill the detail."""
        shown = {name: shortened(str(value)) for name, value in values.items()}
        detail = self.detail.format(**shown) if shown else self.detail
        faults = () if at is None else (Fault(at, detail, "propertyInvalid"),)
        return Refusal(self, detail, faults)


class Refusal(Exception):
    """A request that is refused, and why."""

    def __init__(self, problem: Problem, detail: str, faults: Sequence[Fault] = ()) -> None:
        super().__init__(detail)
        self.problem = problem
        self.detail = detail
        self.faults = tuple(faults)
        self.headers: dict[str, str] = {}

    def with_headers(self, **headers: str) -> Refusal:
        """Add headers to the answer, such as `Allow`."""
        self.headers.update(headers)
        return self

    @property
    def rules(self) -> tuple[str, ...]:
        """The ids of the rules that decided, each once, in the order of the faults."""
        told = dict.fromkeys(fault.rule for fault in self.faults if fault.rule)
        return tuple(told) or ((self.problem.rule,) if self.problem.rule else ())


class Held(Generic[T]):
    """A body read before it may be judged: its value, or the refusal that `open` raises.

    Who may not act is told so before the faults of the body are told (CONV-ORDER). Where that depends on what the body
    asks for, `look` gives what can be read of a faulty one: its value without the faulty members.
    """

    __slots__ = ("_refusal", "_value")

    def __init__(self, value: T | None = None, refusal: Refusal | None = None) -> None:
        self._value = value
        self._refusal = refusal

    def look(self) -> T | None:
        """Give the value as far as it can be read, faulty or not."""
        return self._value

    def open(self) -> T:
        """Give the value, or raise the refusal that was held back."""
        if self._refusal is not None:
            raise self._refusal
        assert self._value is not None
        return self._value
