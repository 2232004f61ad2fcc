"""Sends a receiver schedules of deliveries and asks a command of its owner's whether the side effects are right."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NamedTuple

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis.errors import FlakyFailure

from ...core.ids import uuid_of
from ..protocol import Headers
from ..sending import Request, Sender
from .mangling import Draft, Weather, made
from .schedule import Expected, Schedule, Step, expected
from .strategy import MOST_EVENTS, schedules

PAUSE_SECONDS = 0.05
TRIES = 3
"""How often a good delivery is made that the receiver fails to take, as a sender would."""
RIGHT, WRONG = 0, 1
"""How the command ends where the side effects are right, and where they are not."""


class CannotExercise(Exception):
    """The receiver or the command does not work at all; the message says how."""


class WrongEffects(Exception):
    """The command said that the side effects are wrong."""

    def __init__(self, schedule: Schedule, expectations: Sequence[str], told: str) -> None:
        super().__init__("the side effects are wrong")
        self.schedule, self.expectations, self.told = schedule, expectations, told


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """What is sent where, and who judges: `sign` makes the headers of a body, `event_of` an event of an id."""

    url: str
    verify: Sequence[str]
    key: str
    sign: Callable[[Sequence[str], bytes, int], Headers]
    event_of: Callable[[str, int], dict[str, Any]]
    clock: Callable[[], float]
    hosts: Sequence[str] = ()
    seconds: float = 10
    random_seed: int = 0
    examples: int = 50


class _Events(NamedTuple):
    """The events of one schedule by number."""

    ids: dict[int, str]
    bodies: dict[int, bytes]


def run(exercise: Exercise) -> int:
    """Try schedules; returns how many. Raises WrongEffects with the smallest bad one, or CannotExercise."""
    tried = 0

    @seed(exercise.random_seed)
    @settings(
        max_examples=exercise.examples,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
    @given(schedules())
    def each(schedule: Schedule) -> None:
        nonlocal tried
        tried += 1
        _try(exercise, schedule, tried)

    try:
        each()
    except FlakyFailure:
        raise CannotExercise(
            "the same deliveries led to right side effects once and to wrong ones another time: does the command wait "
            "until the receiver is done?"
        ) from None
    return tried


def _try(exercise: Exercise, schedule: Schedule, nth: int) -> None:
    # New ids each time, so that nothing has to be set back in between.
    events = _events(exercise, nth)
    taken = asyncio.run(_send(exercise, schedule, events))
    fates = expected(events.ids, taken, schedule)
    told = _ask(exercise, schedule, events, fates)
    if told is not None:
        expectations = [f"event {number} {fate}" for number, fate in fates.items() if _is_named(number, schedule)]
        raise WrongEffects(schedule, expectations, told)


def _is_named(number: int, schedule: Schedule) -> bool:
    return any(step.event == number for step in schedule)


def _events(exercise: Exercise, nth: int) -> _Events:
    ids = {
        number: uuid_of(sha256(f"{exercise.random_seed}/{exercise.clock()}/{nth}/{number}".encode()).hexdigest()[:32])
        for number in range(1, MOST_EVENTS + 1)
    }
    return _Events(ids, {number: json.dumps(exercise.event_of(ids[number], number)).encode() for number in ids})


async def _send(exercise: Exercise, schedule: Schedule, events: _Events) -> list[Step]:
    """Make the deliveries; return those that the receiver answered other than with a 5xx."""
    sender, taken = Sender(exercise.hosts, exercise.seconds), []
    for step in schedule:
        if step.weather is Weather.LATE:
            await asyncio.sleep(PAUSE_SECONDS)
        for _ in range(TRIES):
            outcome = await sender.send(_request(exercise, step, events))
            if outcome.status is None:
                raise CannotExercise(f"the receiver {exercise.url}: {outcome.error}")
            if outcome.status < 500:
                taken.append(step)
                break
    return taken


def _request(exercise: Exercise, step: Step, events: _Events) -> Request:
    draft = Draft(events.bodies[step.event], [exercise.key], int(exercise.clock()))
    body, signature = made(draft, exercise.sign, step.weather)
    return Request("POST", exercise.url, [("Content-Type", "application/json"), *signature], body)


def _ask(exercise: Exercise, schedule: Schedule, events: _Events, fates: dict[int, Expected]) -> str | None:
    """Return what the command told of wrong side effects; None where they are right."""
    question = {
        "events": [
            {"id": events.ids[number], "type": json.loads(events.bodies[number])["type"], "expected": fate}
            for number, fate in fates.items()
        ],
        "deliveries": [{"id": events.ids[step.event], "weather": step.weather} for step in schedule],
    }
    try:
        done = subprocess.run(
            exercise.verify,
            input=json.dumps(question),
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=exercise.seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise CannotExercise(f"the command took more than {exercise.seconds:g} seconds") from None
    except OSError as error:
        raise CannotExercise(f"the command {exercise.verify[0]}: {error.strerror}") from None
    if done.returncode not in (RIGHT, WRONG):
        raise CannotExercise(f"the command ended with {done.returncode}, not 0 (right) or 1 (wrong): {done.stderr}")
    return None if done.returncode == RIGHT else (done.stdout + done.stderr).strip()
