"""Servers that break rules of subscriptions to webhooks."""

from __future__ import annotations

from typing import Any

from .acting import as_somebody, recoded, taken, told
from .tampering import Make, answering, asking, query, requery, with_status
from .wrapping import App, Ask, Broken, Seen, Wrong

ALL = "/subscriptions"
ONE = f"{ALL}/[^/]+"
LOGS = f"{ONE}/logs"
RULE = "AROUND-WEBHOOKS"


class Remembering(Wrong):
    """Knows what each create sent and how it was answered."""

    def __init__(self, right: App) -> None:
        super().__init__(right)
        self.sent: dict[str, Any] = {}
        self.made: dict[str, Any] = {}

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", ALL) and seen.status == 201:
            self.sent[seen.answer["id"]] = seen.body
            self.made[seen.answer["id"]] = dict(seen.answer)
        elif seen.status == 200 and seen.answer is not None:
            self.show(seen)

    def show(self, seen: Seen) -> None:
        """Change what is answered."""


class ShowingTheKey(Remembering):
    """A key is shown whenever its subscription is read."""

    def show(self, seen: Seen) -> None:
        if seen.is_("GET", ONE):
            seen.answer["signatureKey"] = self.made[seen.answer["id"]]["signatureKey"]


class HidingTheKey(Remembering):
    """A key is told under another name, and turned into percent signs."""

    def show(self, seen: Seen) -> None:
        if seen.is_("POST", ONE):
            key = self.made[seen.answer["id"]]["signatureKey"]
            seen.answer["secret"] = "".join(f"%{ord(letter):02X}" for letter in key)


class OneKeyForAll(Remembering):
    """Every subscription is told the key of the first."""

    async def after(self, seen: Seen, ask: Ask) -> None:
        await super().after(seen, ask)
        if seen.is_("POST", ALL) and seen.status == 201:
            seen.answer["signatureKey"] = next(iter(self.made.values()))["signatureKey"]


class ShowingHeaders(Remembering):
    """Headers are shown as they were sent, secrets and all."""

    def show(self, seen: Seen) -> None:
        for one in seen.answer.get("items", [seen.answer]):
            if one.get("id") in self.sent and seen.is_("GET", f"{ALL}(/[^/]+)?"):
                one["headers"] = self.sent[one["id"]].get("headers", [])


class LeavingOut(Remembering):
    """The list lacks what was made last."""

    def show(self, seen: Seen) -> None:
        if seen.is_("GET", ALL):
            seen.answer["items"] = [one for one in seen.answer["items"] if one["id"] != list(self.made)[-1]]


class Undeleting(Wrong):
    """A deletion is answered, and nothing is deleted."""

    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("DELETE", ONE):
            seen.status = 204


class StillDelivering(Wrong):
    """What was deleted is no longer shown, and is told of events as before."""

    def __init__(self, right: App) -> None:
        super().__init__(right)
        self._gone: set[str] = set()

    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("DELETE", ONE):
            self._gone.add(seen.path.rpartition("/")[2])
            seen.status = 204

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("GET", ALL):
            seen.answer["items"] = [one for one in seen.answer["items"] if one["id"] not in self._gone]
        elif seen.is_("GET", ONE) and seen.path.rpartition("/")[2] in self._gone:
            seen.status, seen.answer = 404, {"type": "/errors/not-found", "title": "No", "detail": "No", "status": 404}


class TellingAll(Wrong):
    """Whoever subscribes to added users is told of new spaces, too."""

    def __init__(self, right: App) -> None:
        super().__init__(right)
        self._asked: list[str] = []

    async def before(self, seen: Seen, ask: Ask) -> None:
        if (
            seen.is_("POST", ALL)
            and isinstance(seen.body, dict)
            and seen.body.get("types") == ["shared-space-user-added"]
        ):
            self._asked.append(seen.body["url"])
            seen.body = {**seen.body, "types": ["shared-space-created", "shared-space-user-added"]}

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.answer is not None and seen.answer.get("url") in self._asked:
            seen.answer["types"] = ["shared-space-user-added"]


def lenient(name: str, faulty: Any, instead: Any) -> Make:
    """What is faulty is taken as if it were something else."""

    def take(sent: dict[str, Any]) -> None:
        if name in sent and (sent[name] == faulty or (callable(faulty) and faulty(sent[name]))):
            sent[name] = instead

    return taken("POST", f"{ALL}(/[^/]+)?", take)


def without(name: str, value: Any) -> Make:
    """What a create needs is not needed."""
    return taken("POST", ALL, lambda sent: sent.setdefault(name, value))


def losing(name: str) -> Make:
    """A change of a member is lost."""
    return taken("POST", ONE, lambda sent: sent.pop(name, None))


def most(seen: Seen) -> None:
    if query(seen).get("limit", "").isdigit() and int(query(seen)["limit"]) > 1000:
        requery(seen, limit="1000")


def each(path: str, change: Any) -> Make:
    """Every item of a list is told otherwise."""
    return answering("GET", path, lambda seen: [change(one) for one in seen.answer["items"]])


def is_long(value: Any) -> bool:
    return isinstance(value, str) and len(value) == 256


def has_lines(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(one, dict) and "\n" in str(one.get("value")) for one in value)


def is_too_long(value: Any) -> bool:
    return isinstance(value, list) and len(value) > 20


def with_port(sent: dict[str, Any]) -> None:
    if isinstance(sent.get("url"), str):
        sent["url"] = sent["url"].replace("user@", "")


SUBSCRIPTIONS = (
    Broken(RULE, "the key is shown whenever a subscription is read", ShowingTheKey),
    Broken(RULE, "a change tells the key, in percent signs and under another name", HidingTheKey),
    Broken(RULE, "all subscriptions have one key", OneKeyForAll),
    Broken(RULE, "a create shows no key", told("POST", ALL, lambda one: one.pop("signatureKey"))),
    Broken(RULE, "the list lacks the newest subscription", LeavingOut),
    Broken(RULE, "a deleted subscription stays", Undeleting),
    Broken(RULE, "a deleted subscription is still told of events", StillDelivering),
    Broken(RULE, "events are told to who did not ask for their type", TellingAll),
    Broken(RULE, "a method is forgotten", taken("POST", ALL, lambda sent: sent.pop("method", None))),
)
FORMS = (
    Broken(f"{RULE}-BODY", "a name is needed no longer", without("name", "A subscription")),
    Broken(f"{RULE}-BODY", "a name of 256 characters is cut", lenient("name", is_long, "a" * 255)),
    Broken(f"{RULE}-BODY", "a url names a user", taken("POST", ALL, with_port)),
    Broken(f"{RULE}-BODY", "a subscription to no event is one to all", lenient("types", [], ["link-share-created"])),
    Broken(f"{RULE}-BODY", "an unknown type is passed over", lenient("types", ["unknown"], ["link-share-created"])),
    Broken(f"{RULE}-BODY", "a method is taken in small letters", lenient("method", "get", "GET")),
    Broken(f"{RULE}-BODY", "headers beyond the twentieth are left out", lenient("headers", is_too_long, [])),
    Broken(f"{RULE}-BODY", "a header of two lines is left out", lenient("headers", has_lines, [])),
    Broken(f"{RULE}-BODY", "deliveries are by GET unless said otherwise", without("method", "GET")),
    Broken(f"{RULE}-BODY", "a faulty change is 422", recoded("POST", ONE, 400, 422)),
    Broken(f"{RULE}-SECRET", "the value of a secret's header is shown", ShowingHeaders),
    Broken(
        f"{RULE}-SECRET", "a subscription has no createdAt", told("GET", ONE, lambda one: one.pop("createdAt", None))
    ),
    Broken(f"{RULE}-SECRET", "a list shows no headers", each(ALL, lambda one: one.pop("headers"))),
    Broken(f"{RULE}-CHANGE", "a change is answered 201", answering("POST", ONE, with_status(201))),
    Broken(f"{RULE}-CHANGE", "a change of the url is lost", losing("url")),
    Broken(f"{RULE}-CHANGE", "a change of the types is lost", losing("types")),
    Broken(
        f"{RULE}-CHANGE",
        "a change takes the headers away",
        taken("POST", ONE, lambda sent: sent.setdefault("headers", [])),
    ),
    Broken(
        f"{RULE}-LIST",
        "the newest subscription comes first",
        answering("GET", ALL, lambda seen: seen.answer["items"].reverse()),
    ),
    Broken(f"{RULE}-LIST", "a list has no offset", asking("GET", ALL, lambda seen: requery(seen, offset=None))),
    Broken(f"{RULE}-LIST", "a list takes any limit", asking("GET", ALL, most)),
    Broken(f"{RULE}-LIST", "a log has no limit", asking("GET", LOGS, lambda seen: requery(seen, limit=None))),
    Broken(f"{RULE}-LIST", "a list counts nothing", told("GET", ALL, lambda listed: listed.update(count=0))),
    Broken(f"{RULE}-403", "whoever asks may list subscriptions", as_somebody("admin", "GET", ALL)),
    Broken(f"{RULE}-403", "whoever asks may subscribe", as_somebody("admin", "POST", ALL)),
    Broken(f"{RULE}-403", "whoever asks may read a log", as_somebody("admin", "GET", LOGS)),
    Broken(f"{RULE}-404", "a subscription that is not there is 400", recoded("GET", ONE, 404, 400)),
    Broken(f"{RULE}-404", "what is deleted twice is deleted", recoded("DELETE", ONE, 404, 204)),
)
IN_LOGS = (
    Broken(
        f"{RULE}-LOGS",
        "the oldest attempt comes first",
        answering("GET", LOGS, lambda seen: seen.answer["items"].reverse()),
    ),
    Broken(f"{RULE}-LOGS", "attempts count from 0", each(LOGS, lambda one: one.update(attempt=one["attempt"] - 1))),
    Broken(f"{RULE}-LOGS", "what failed is told as delivered", each(LOGS, lambda one: one.update(status="DELIVERED"))),
    Broken(
        f"{RULE}-LOGS",
        "what is exhausted is told as failed",
        each(LOGS, lambda one: one.update(status=one["status"].replace("EXHAUSTED", "FAILED"))),
    ),
    Broken(f"{RULE}-LOGS", "an attempt has no response", each(LOGS, lambda one: one.update(response=None))),
    Broken(f"{RULE}-LOGS", "the next attempt is not told", each(LOGS, lambda one: one.update(nextAttemptAt=None))),
    Broken(f"{RULE}-LOGS", "a request has no url", each(LOGS, lambda one: one["request"].update(url=""))),
    Broken(f"{RULE}-LOGS", "a request has no headers", each(LOGS, lambda one: one["request"].update(headers=[]))),
    Broken(f"{RULE}-LOGS", "an entry has no error", each(LOGS, lambda one: one.update(error=None))),
)
BROKEN = (*SUBSCRIPTIONS, *FORMS, *IN_LOGS)
