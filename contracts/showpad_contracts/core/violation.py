"""Failures: what a check expected and what it received, each sort a class."""

from __future__ import annotations

from typing import Any


class Violation(AssertionError):
    """A promise that was not kept. `what` names the place, `rule` the rule where a check bears several."""

    title = "The answer is not as promised"

    def __init__(self, what: str, *, expected: Any, received: Any, rule: str | None = None) -> None:
        super().__init__(f"{what}: expected {expected!r}, received {received!r}")
        self.what = what
        self.expected = expected
        self.received = received
        self.rule = rule


class WrongStatus(Violation):
    """Another status code than promised."""

    title = "Wrong status"


class WrongValue(Violation):
    """A member, header or state with another value than promised."""

    title = "Wrong value"


class MissingMember(Violation):
    """A member or header that should be there."""

    title = "Missing member"


class ExtraMember(Violation):
    """A member that should not be there."""

    title = "Extra member"


class WrongForm(Violation):
    """A value of another form or type than promised."""

    title = "Wrong form"


class WrongList(Violation):
    """A list with other members, or in another order, than promised."""

    title = "Wrong list"


class StateChanged(Violation):
    """A refused or reading request that changed something all the same."""

    title = "State changed"


class TargetLacks(Exception):
    """The target does not offer what a check needs: a named skip."""


class NotPermitted(Exception):
    """The run may not do what a check needs: a named skip, the message says why."""


class PreconditionFailed(Exception):
    """A check could not come to its point: what it needs first broke `rule`, which it is not about."""

    def __init__(self, need: str, rule: str, violation: Violation) -> None:
        super().__init__(f"needs {need} ({rule}): {violation}")
        self.need = need
        self.rule = rule
        self.violation = violation


class Inconclusive(Exception):
    """A check ran, but its outcome cannot be decided."""


class NotTheApi(Exception):
    """The target cannot be reached, or speaks nothing like the API: the run cannot go on."""


class BudgetSpent(Exception):
    """The run has sent as many requests as it may."""
