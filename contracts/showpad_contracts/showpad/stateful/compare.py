"""Answers held against the model: each raises one Violation that bears the rule at stake."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...core import expect
from ...core.exchange import Exchange
from ...core.violation import MissingMember, WrongValue
from ...stateful.prediction import Prediction, at_stake
from .. import forms
from ..addresses import LOCAL
from .model import DEFAULTS, Space

# Not None, which is a value: the time of archiving of a space that is not archived.
UNSEEN = ""
TIMES = ("createdAt", "updatedAt", "lastActivityAt", "archivedAt")
STATED = ("isCommentAllowed", "isSearchAIAllowed", "updatedAt", "customerLogo", "sharedSpaceTemplate")
# Those for which drawn trees have assets that anybody's request fails with; the others depend on pages or on who asks.
REASONS = {
    "ASSET_NOT_FOUND": "ITEMS-NOT-FOUND",
    "ARCHIVED": "ITEMS-ARCHIVED",
    "NON_SHAREABLE": "ITEMS-NON-SHAREABLE",
}


@dataclass(frozen=True, slots=True)
class Blame:
    """Which rule a wrong member breaks: what the request was about decides. `moved` are the times that may advance."""

    rule: str
    members: Mapping[str, str] = field(default_factory=dict)
    moved: Collection[str] = ()

    def of(self, member: str) -> str:
        """Return the rule of a member."""
        return self.members.get(member, self.rule)


ACTIVE_NOW = ("updatedAt", "lastActivityAt")
GOT = Blame("GET-OK")
LISTED = Blame("SPACE-LISTED")
TRANSFERRED = Blame("TRANSFER-OK", {"lastActivityAt": "SPACE-ACTIVITY-SET"}, ACTIVE_NOW)
SAME_OWNER = Blame("TRANSFER-SAME")
FILLED = Blame("ITEMS-OK", {"lastActivityAt": "SPACE-ACTIVITY-SET"}, ACTIVE_NOW)


def created(body: Mapping[str, Any]) -> Blame:
    """What a create's answer is about."""
    unsent = {
        "isExternalDownloadAllowed": "CREATE-DEFAULTS",
        "isExternalInviteAllowed": "CREATE-DEFAULTS",
        # The first two defaults are the guide's, the others only stated.
        **dict.fromkeys(list(DEFAULTS)[2:], "CREATE-DEFAULTS-MORE"),
        "description": "SPACE-DESCRIPTION",
        "theme": "SPACE-THEME",
        "owner": "CREATE-OWNER-DEFAULT",
    }
    always = {
        "status": "CREATE-DEFAULTS",
        "archivedAt": "SPACE-STATUS",
        "publicUrl": "SPACE-URL",
        "sharedSpaceTemplate": "SPACE-TEMPLATE",
    }
    return Blame("CREATE-OK", always | {name: rule for name, rule in unsent.items() if name not in body})


def updated(body: Mapping[str, Any], *, was_archived: bool) -> Blame:
    """What an update's answer is about."""
    if not body:
        return Blame("PATCH-EMPTY", {"lastActivityAt": "SPACE-ACTIVITY"})
    again = "PATCH-ARCHIVE-AGAIN" if was_archived else "PATCH-ARCHIVE"
    members = {
        **dict.fromkeys(body, "PATCH-FIELDS"),
        "publicUri": "PATCH-URI",
        "lastActivityAt": "SPACE-ACTIVITY",
        **({"status": again, "archivedAt": again} if "status" in body else {}),
    }
    return Blame("PATCH-OK", members, ("updatedAt",))  # no time of activity: SPACE-ACTIVITY


def refused(rule: str) -> Blame:
    """What a refused request must not have done."""
    # That it cannot be changed is documented; that to try is refused with 400 is assumed.
    return Blame(rule, {"publicUri": "PATCH-URI"} if rule.startswith("PATCH-") else {})


def status(exchange: Exchange, told: Prediction) -> None:
    """The status is the one predicted."""
    with at_stake(told.broken_by(exchange.status)):
        expect.status(exchange, told.status)
    if told.is_refusal:
        problem(exchange)
    elif told.status == 204:
        with at_stake(told.rule):
            expect.nothing(exchange)


def problem(exchange: Exchange) -> None:
    """The body is a problem (CONV-PROBLEM)."""
    with at_stake("CONV-PROBLEM"):
        body = expect.json_object(exchange)
        expect.equal(
            exchange.headers.get("content-type", "").partition(";")[0], "application/problem+json", "Content-Type"
        )
        expect.equal(expect.member(body, "status"), exchange.status, "status of the problem")
        forms.PROBLEM_TYPE(expect.member(body, "type"), "type of the problem")
        for name in ("title", "detail"):
            expect.matches(expect.member(body, name), r"(?s).*", f"{name} of the problem")


def space(expected: Space, received: Mapping[str, Any], blame: Blame, *, listed: bool = False) -> None:
    """An object is the model's space; its address and times are learned where they were not seen or may have moved."""
    what = f"the space {expected.id}"
    for name, value in expected.shown().items():
        if not (listed and name == "description"):
            _member(name, value, received, blame, what)
    _address(expected, received, blame, what)
    for name in TIMES:
        _time(expected, name, received, blame)


def _member(name: str, value: Any, received: Mapping[str, Any], blame: Blame, what: str) -> None:
    if name not in received:
        if name == "sharedSpaceTemplate":
            return  # the guides' examples leave it out (SPACE-TEMPLATE)
        _missing(name, received, blame, what)
    if not expect.alike(received[name], value):
        raise WrongValue(f"{name} of {what}", expected=value, received=received[name], rule=blame.of(name))


def _address(expected: Space, received: Mapping[str, Any], blame: Blame, what: str) -> None:
    if "publicUrl" not in received:
        _missing("publicUrl", received, blame, what)
    shown = received["publicUrl"]
    is_local = isinstance(shown, str) and LOCAL.fullmatch(shown) is not None
    if expected.public_urls and shown not in expected.public_urls and not is_local:
        told = " or ".join(expected.public_urls)
        raise WrongValue(f"publicUrl of {what}", expected=told, received=shown, rule=blame.of("publicUrl"))
    expected.public_urls = (shown,)  # whichever it was, it stays


def _missing(name: str, received: Mapping[str, Any], blame: Blame, what: str) -> None:
    stated = "SPACE-FIELDS-MORE" if name in STATED else "SPACE-FIELDS"
    # That a list shows every member but one, SPACE-LISTED promises.
    rule = blame.rule if blame is LISTED else stated
    raise MissingMember(f"{name} of {what}", expected="the member", received=sorted(received), rule=rule)


def _time(expected: Space, name: str, received: Mapping[str, Any], blame: Blame) -> None:
    what = f"{name} of the space {expected.id}"
    if name not in received:
        _missing(name, received, blame, f"the space {expected.id}")
    shown, known = received[name], expected.times.get(name, UNSEEN)
    if known is None and name not in blame.moved:
        with at_stake(blame.of(name)):
            expect.equal(shown, None, what)
        return
    if shown is None and name == "lastActivityAt" and known in (None, UNSEEN):
        expected.times[name] = None  # SPACE-ACTIVITY-NULL
        return
    with at_stake(blame.of(name) if shown is None else "CONV-TIME"):
        forms.TIME(shown, what)
    # As texts: in the one form of CONV-TIME, which holds by now, they compare as the times do.
    if known in (None, UNSEEN) or (name in blame.moved and shown >= known):
        expected.times[name] = shown
    elif shown != known:
        wanted = f"{known} as before" if name not in blame.moved else f"{known} or later"
        raise WrongValue(what, expected=wanted, received=shown, rule=blame.of(name))


def items(exchange: Exchange, assets: int, failing: Sequence[tuple[str, str]] | None) -> None:
    """The answer counts the assets; `failing` are the (id, reason) in the request's order, None where not known."""
    with at_stake("ITEMS-ANSWER"):
        answer = expect.json_object(exchange)
        summary = expect.member(answer, "summary")
        good, bad = expect.member(summary, "assetSuccessCount"), expect.member(summary, "assetFailureCount")
        failed = [(one["assetId"], one["reason"]) for one in expect.member(answer, "failedItems")]
    with at_stake("ITEMS-COUNT"):
        expect.equal(good + bad, assets, "the sum of the summary")
        expect.equal(bad, len(failed), "assetFailureCount beside the failed items")
    if failing is not None:
        _failing(failed, list(failing))


def _failing(received: list[tuple[str, str]], expected: list[tuple[str, str]]) -> None:
    for asset, reason in expected:
        if (asset, reason) not in received:
            raise WrongValue("failedItems", expected=expected, received=received, rule=REASONS[reason])
    if len(received) != len(expected):
        raise WrongValue("failedItems", expected=expected, received=received, rule="ITEMS-PARTIAL")
    with at_stake("ITEMS-ORDER"):
        expect.equal(received, expected, "the order of failedItems")
