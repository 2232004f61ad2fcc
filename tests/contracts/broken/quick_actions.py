"""Servers that break rules of quick actions and extensions."""

from __future__ import annotations

from .acting import as_somebody, recoded, taken, told
from .tampering import Make, answering, asking, ignoring, refusing, with_status
from .wrapping import App, Ask, Broken, Seen, Wrong

ACTIONS = "/shared-spaces/[^/]+/quick-actions"
ACTION = f"{ACTIONS}/[^/]+"
RULE = "AROUND-QUICK-ACTIONS"


def of_every_space(right: App) -> App:
    """What was created last stands in every space's list."""
    created: list[object] = []

    class Everywhere(Wrong):
        async def after(self, seen: Seen, ask: Ask) -> None:
            if seen.is_("POST", ACTIONS) and seen.status == 201:
                created.append(seen.answer)
            if seen.is_("GET", ACTIONS) and seen.status == 200 and not seen.answer["items"]:
                seen.answer = {"count": len(created), "items": list(created)}

    return Everywhere(right)


def undeleting(right: App) -> App:
    """A deletion is answered, and nothing is deleted."""

    class Undeleting(Wrong):
        async def before(self, seen: Seen, ask: Ask) -> None:
            if seen.is_("DELETE", ACTION):
                seen.status = 204

    return Undeleting(right)


def filling_in(name: str, value: str) -> Make:
    """What a create needs is not needed."""

    def fill(seen: Seen) -> None:
        if isinstance(seen.body, dict):
            seen.body = {name: value, **seen.body}

    return asking("POST", ACTIONS, fill)


SCHEDULER = "01HZX3M5Q8V4T6B2K9N7R1C0DE"
"""Of the mock's demo data."""
BROKEN = (
    Broken(
        RULE,
        "isInternal is true unless said otherwise",
        asking(
            "POST",
            ACTIONS,
            lambda seen: seen.body.setdefault("isInternal", True) if isinstance(seen.body, dict) else None,
        ),
    ),
    Broken(
        RULE,
        "the extension is told by its id alone",
        told("GET", ACTION, lambda action: action.update(sharedSpaceExtension=action["sharedSpaceExtension"]["id"])),
    ),
    Broken(RULE, "a quick action's title is cut", taken("POST", ACTIONS, lambda sent: sent.update(title="Open"))),
    Broken(RULE, "an update of the url is lost", taken("PATCH", ACTION, lambda sent: sent.pop("url", None))),
    Broken(
        RULE,
        "an update of isInternal is refused",
        refusing("PATCH", ACTION, lambda seen: isinstance(seen.body, dict) and "isInternal" in seen.body),
    ),
    Broken(RULE, "a quick action needs no title", filling_in("title", "Open")),
    Broken(RULE, "a quick action needs no extension", filling_in("sharedSpaceExtensionId", SCHEDULER)),
    Broken(RULE, "a deleted quick action stays", undeleting),
    Broken(RULE, "a space lists the quick actions of others", of_every_space),
    Broken(f"{RULE}-CODES", "a create is answered 200", answering("POST", ACTIONS, with_status(200))),
    Broken(f"{RULE}-CODES", "a list of quick actions has no offset", ignoring(ACTIONS, "offset")),
    Broken(
        f"{RULE}-FORM",
        "a url of any scheme is taken",
        taken("POST", ACTIONS, lambda sent: sent.update(url=str(sent["url"]).replace("ftp:", "https:"))),
    ),
    Broken(f"{RULE}-403", "whoever asks may add a quick action", as_somebody("admin", "POST", ACTIONS)),
    Broken(f"{RULE}-404", "a quick action that is not there is 400", recoded("DELETE", ACTION, 404, 400)),
    Broken(
        "AROUND-EXTENSIONS",
        "an extension has no icon",
        answering("GET", "/shared-space-extensions", lambda seen: [one.pop("icon") for one in seen.answer["items"]]),
    ),
)
