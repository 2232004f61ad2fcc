"""A check: a function that bears the ids of the rules it holds a target to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import TYPE_CHECKING, Any, Concatenate, Generic, Never, TypeAlias, TypeVar

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

Asked = TypeVar("Asked", contravariant=True)
"""The client that a check asks: its suite's."""
Run: TypeAlias = Callable[Concatenate[Asked, ...], None]
"""Called with a client, and by name with what the check draws."""


@dataclass(frozen=True, slots=True)
class Check(Generic[Asked]):
    """One check. `run(client, **values)` raises a Violation, TargetLacks or Inconclusive, or returns.

    It runs once an example: first those of `always`, whatever the seed and the profile, then what is drawn from
    `given`, the Hypothesis strategies of the same parameters; once if it has neither. `writes` says that it changes the
    tenant, `shares` that it creates what nothing can delete. `examples` caps what is drawn by a check that is dear,
    `requests` is about what an example takes, where that is much. One that is `sweeping` holds many rules at once and
    runs Hypothesis itself, as `Draws` has it: a violation says nothing of its other rules, which
    have checks of their own.
    """

    name: str
    rules: tuple[str, ...]
    run: Run[Asked]
    writes: bool = False
    shares: bool = False
    given: Mapping[str, SearchStrategy[object]] = field(default_factory=dict)
    always: Sequence[Mapping[str, object]] = ()
    examples: int | None = None
    requests: int | None = None
    sweeping: bool = False

    def __post_init__(self) -> None:
        for values in self.always:
            if self.given and values.keys() != self.given.keys():
                raise ValueError(f"{self.name}: always gives {sorted(values)}, what is drawn is {sorted(self.given)}")

    @property
    def sentence(self) -> str:
        """What the check says, from its name."""
        return self.name.replace("_", " ")


AnyCheck: TypeAlias = Check[Never]
"""A check of any suite, for who reads it and has no client to run it with."""


def together(values: Mapping[str, Sequence[object]]) -> list[dict[str, object]]:
    """Return as few examples as have each value of each parameter once; the shorter lists begin anew."""
    length = max(map(len, values.values()), default=0)
    return [{name: some[place % len(some)] for name, some in values.items()} for place in range(length)]


def check(
    *rules: str,
    writes: bool = False,
    shares: bool = False,
    examples: int | None = None,
    given: Mapping[str, SearchStrategy[object]] | None = None,
    always: Mapping[str, Sequence[object]] | None = None,
) -> Callable[[Run[Asked]], Check[Asked]]:
    """Make a check of a function `def what_it_says(api, ...)`; the first rule is the one it is about.

    `always` are values of its parameters, each of which is tried whatever is drawn, in examples that `together` makes.
    """
    if not rules:
        raise ValueError("a check bears the id of at least one rule")

    def make(function: Run[Asked]) -> Check[Asked]:
        return Check(
            name=function.__name__,
            rules=rules,
            run=function,
            writes=writes or shares,  # what stays is written as well
            shares=shares,
            given=dict(given or {}),
            always=together(always or {}),
            examples=examples,
        )

    return make


def checks_of(module: ModuleType) -> Iterator[Check[Any]]:
    """Return the checks that a module defines, alone or in tuples, in their order: to be defined is to be listed."""
    for value in vars(module).values():
        yield from (one for one in (value if isinstance(value, tuple) else (value,)) if isinstance(one, Check))
