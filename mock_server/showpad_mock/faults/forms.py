"""What users write of a fault, and what they are shown."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, NotRequired

from pydantic import AfterValidator, Field
from typing_extensions import TypedDict

from ..core.clock import iso
from ..web.validation import Findings, Validator, path_of, reason_of
from .headers import NAME as HEADER
from .kinds import TOLD, EffectForm, parts_of
from .target import Disagreement, Target, existing, target_of

if TYPE_CHECKING:  # `record` loads this module late
    from .record import Fault, Match

FAULT_NAME = "^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$"
"""It stands in tokens, paths and headers."""
LONGEST_PATTERN, MOST_PATTERNS = 200, 10
MOST_EFFECTS = 100
MOST_TIMES = 1_000_000
LONGEST_LIFE = 365 * 24 * 3600
LIFE = 3600
"""How many seconds a fault lives that is not told otherwise."""

TIMES = "how often it acts; if left out a sequence goes through once, and a single effect has no limit"
EXPIRES = f"seconds of the tenant's clock; {LIFE} if left out, so that a forgotten fault ends by itself"

Pattern = Annotated[str, Field(max_length=LONGEST_PATTERN)]
Count = Annotated[int, Field(ge=1, le=MOST_TIMES)]
Name = Annotated[str, Field(pattern=FAULT_NAME)]
Number = Annotated[float, Field(allow_inf_nan=False)]
make: Any = TypedDict  # typed for members that are known before the program runs


class MatchForm(TypedDict, total=False):
    """Which calls or deliveries: those that fit all of these. In a pattern `*` stands for any characters.

    Of calls alone are `operation`, `method`, `path`, `headers` and `named`; of deliveries `type` and `subscription`.
    """

    operation: Annotated[str, Field(max_length=LONGEST_PATTERN, description="an operationId")]
    method: Annotated[str, Field(pattern="^[A-Z]{1,20}$")]
    path: Annotated[
        str,
        Field(
            max_length=LONGEST_PATTERN,
            pattern="^/",
            description="with or without the API's base path; `*` stands within one segment",
        ),
    ]
    headers: Annotated[
        dict[Annotated[str, Field(pattern=f"^{HEADER.pattern}$")], Pattern],
        Field(max_length=MOST_PATTERNS, description="a pattern by a header's name"),
    ]
    type: Annotated[Pattern, Field(description="of the event that is delivered")]
    subscription: Annotated[Pattern, Field(description="the id or the name of the one that it is delivered to")]
    body: Annotated[
        dict[Pattern, Pattern | bool | int | Number | None],
        Field(max_length=MOST_PATTERNS, description="by the place of a member, `owner.userId`: a pattern, or a value"),
    ]
    nth: Annotated[Count, Field(description="the n-th of those that fit the rest, and no other")]
    named: Annotated[bool, Field(description="only calls whose token names the fault")]


_CONDITIONS = {
    "match": NotRequired[MatchForm],
    "times": NotRequired[
        Annotated[
            Count,
            Field(description=TIMES),
        ]
    ],
    "after": NotRequired[Annotated[int, Field(ge=0, le=MOST_TIMES, description="how many it lets pass first")]],
    "probability": NotRequired[Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]],
    "expiresIn": NotRequired[
        Annotated[
            float,
            Field(
                gt=0,
                le=LONGEST_LIFE,
                allow_inf_nan=False,
                description=EXPIRES,
            ),
        ]
    ],
    "effect": NotRequired[EffectForm],
    "effects": NotRequired[
        Annotated[list[EffectForm], Field(min_length=1, max_length=MOST_EFFECTS, description="used in turn")]
    ],
}


def _one_way(given: Any) -> Any:
    if "effect" in given and "effects" in given:
        raise ValueError("takes either effect or effects, a sequence, not both")
    return given


def _some_effect(given: Any) -> Any:
    if not given.keys() & {"effect", "effects"}:
        raise ValueError(f'needs an effect, such as {{"kind": "status"}}; {TOLD}')
    return _one_way(given)


NewFault: Any = Annotated[make("NewFault", {"name": NotRequired[Name], **_CONDITIONS}), AfterValidator(_some_effect)]
"""A fault to set."""
FaultChange: Any = Annotated[make("FaultChange", _CONDITIONS), AfterValidator(_one_way)]
"""What is to be changed of a fault; a match or effects are replaced whole."""


class ShownFault(TypedDict):
    """A fault, how many it has met (`seen`), on how many it acted (`fired`), and whether it may act again."""

    name: str
    on: Target
    match: MatchForm
    effects: list[dict[str, Any]]
    times: int | None
    after: int
    probability: float
    expiresAt: str | None
    seen: int
    fired: int
    isLive: bool


def _match_form(match: Match) -> MatchForm:
    members = {name: getattr(match, name) for name in MatchForm.__annotations__}
    given: Any = {name: value for name, value in members.items() if value not in (None, {}, False)}
    form: MatchForm = given
    return form


def shown_fault(fault: Fault, now: int) -> ShownFault:
    """Show a fault."""
    return {
        "name": fault.name,
        "on": fault.on,
        "match": _match_form(fault.match),
        "effects": list(fault.effects),
        "times": fault.times,
        "after": fault.after,
        "probability": fault.probability,
        "expiresAt": iso(fault.expires_at) if fault.expires_at is not None else None,
        "seen": fault.seen,
        "fired": fault.fired,
        "isLive": fault.is_live(now),
    }


@cache
def validator() -> Validator[Any]:
    """Return what reads a new fault."""
    return Validator(NewFault)


def wrong_in(fault: Fault) -> str | None:
    """Return what is wrong with a fault from a snapshot, whose types are right."""
    if min(fault.seen, fault.fired) < 0:
        return "seen and fired must be at least 0"
    given: dict[str, Any] = {"name": fault.name, "match": _match_form(fault.match), "effects": list(fault.effects)}
    given |= {"after": fault.after, "probability": fault.probability}
    found = validator().read(given if fault.times is None else {**given, "times": fault.times})
    if isinstance(found, Findings):
        return told(found)
    placed = ((f"effects[{nth}]", effect) for nth, effect in enumerate(fault.effects))
    try:
        target_of([existing(fault.on), *parts_of(placed, given["match"])])
    except Disagreement as error:
        return str(error)
    return None


def told(found: Findings) -> str:
    """Return the first thing that is wrong, with its place."""
    if found.errors:
        error = found.errors[0]
        return f"{path_of(error['loc']) or 'the fault'}: {reason_of(error)}"
    return f"{path_of(found.unknown[0])}: Extra inputs are not permitted"
