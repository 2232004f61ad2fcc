"""What a tenant shows of itself: who the actors are and which assets, themes and templates there are to check with.

Reads alone, and takes nothing for granted: what a look-up does not show is left out, and its checks are skipped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from ..core.target import Actor, Target
from ..core.violation import Inconclusive, TargetLacks, Violation
from ..transport.session import Caller, Session
from .client import Client
from .paths import EXTENSIONS, V3, WEBHOOKS

MOST = 1000  # of a list: the largest page
SOME = 4  # good assets: enough for every check
MOST_HIDDEN = 40  # assets that the owner is asked about: their ids go into one address
# Of a document: its pages are gone through one by one, and a target may tell any number.
MOST_PAGES = 10_000
UNREADY = ("prepared", "queued", "processing", "failed")
PAGE_RULES = ("isOnlyEntireDocumentShareable", "lockedPages", "enforcedPages")
Thing = Mapping[str, Any]


def discovered(session: Session) -> Target:
    """Return the session's target with what its look-ups show; what it names already stays as it is."""
    client = Client(session)
    target = replace(client.target, actors=_actors(client))
    offers = _offers(client, target)
    return replace(target, offers={**offers, **target.offers})


def _actors(client: Client) -> dict[str, Actor]:
    """Return the actors with the ids of those whose e-mail addresses are known."""
    actors = dict(client.target.actors)
    emails = {one.email.casefold(): name for name, one in actors.items() if one.email and one.user_id is None}
    caller = _caller(client)
    if caller is None or not emails:
        return actors
    for user in _things(caller, "/users", emails=",".join(emails), limit=MOST):
        name = emails.get(str(user.get("email")).casefold())
        if name is not None and isinstance(user.get("id"), str):
            actors[name] = replace(actors[name], user_id=user["id"])
    return actors


def _caller(client: Client, *names: str) -> Caller | None:
    """Return the first of these actors who has a token, of all where none is named."""
    for name in names or client.target.actors:
        for oauth in (False, True):
            try:
                return client.as_(name, oauth=oauth)
            except TargetLacks:
                continue
    return None


def _offers(client: Client, target: Target) -> dict[str, Any]:
    reader, owner = _caller(client, "admin") or _caller(client), _caller(client, "owner")
    if reader is None:
        return {}
    looks: tuple[Callable[[], Iterator[tuple[str, Any]]], ...] = (
        lambda: _assets(reader, owner),
        lambda: _themes(reader),
        lambda: _templates(reader),
        lambda: _divisions(reader),
        lambda: _extensions(reader, target),
        lambda: _exports(reader, target),
        lambda: _webhooks(reader, target),
        lambda: _spaces(reader),
        lambda: _joined(client, target),
    )
    found: dict[str, Any] = {}
    for look in looks:
        try:
            found.update(look())
        except (Violation, Inconclusive, LookupError, TypeError, ValueError, AttributeError):
            continue  # it shows something else than documented, which is for the checks to tell
    return found


def _assets(reader: Caller, owner: Caller | None) -> Iterator[tuple[str, Any]]:
    assets = [one for one in _things(reader, "/assets", limit=MOST) if one.get("status") not in UNREADY]
    hidden = [] if owner is None else _hidden(owner, [one for one in assets if not _bars(one)][:MOST_HIDDEN])
    usable = [one for one in assets if not _bars(one) and one["id"] not in hidden]
    good = [one for one in usable if _is_whole(one)]
    documents = [one for one in good if _pages(one) > 1]
    pictures = [one for one in good if one.get("type") == "photo" and not one.get("pageCount")]
    if len(good) > 1:
        # These two first: the offers `document` and `picture` have to be among them.
        chosen = [*documents[:1], *pictures[:1], *(one for one in good if one not in (*documents[:1], *pictures[:1]))]
        yield "good_assets", [one["id"] for one in chosen[:SOME]]
    yield from (("document", _with_pages(one)) for one in documents[:1])
    yield from (("picture", one["id"]) for one in pictures[:1])
    yield from (("inaccessible_asset", one) for one in hidden[:1])
    # For one reason alone: which of two is told is assumed (ITEMS-PRECEDENCE).
    for name, bar in (("archived_asset", "archived"), ("non_shareable_asset", "not shareable")):
        yield from ((name, one["id"]) for one in assets if _bars(one) == {bar} and _is_whole(one))
    yield from _documents([one for one in usable if _pages(one) > 1])


def _documents(documents: list[Thing]) -> Iterator[tuple[str, Any]]:
    """Find those of whose pages something is said, and what it takes to ask for some of them."""
    for one in _first(documents, lambda one: _is_only(one, "isOnlyEntireDocumentShareable")):
        yield "entire_only_asset", _with_pages(one)
    # With one range: an offer has one start and one end.
    for one in _first(documents, lambda one: _is_only(one, "lockedPages") and len(one["lockedPages"]) == 1):
        yield "locked_asset", _with_pages(one, start=one["lockedPages"][0]["start"], end=one["lockedPages"][0]["end"])
    for one in _first(documents, lambda one: _is_only(one, "enforcedPages")):
        ranges = [*one["enforcedPages"]["prepend"], *one["enforcedPages"]["append"]]
        pages = range(1, _pages(one) + 1)
        enforced = [page for page in pages if any(part["start"] <= page <= part["end"] for part in ranges)]
        yield "enforced_asset", _with_pages(one, enforced=enforced)


def _is_whole(asset: Thing) -> bool:
    """Return whether nothing is said of its pages."""
    return not any(asset.get(name) for name in PAGE_RULES)


def _is_only(asset: Thing, name: str) -> bool:
    """Return whether of all that is said of pages this is said alone."""
    return [rule for rule in PAGE_RULES if asset.get(rule)] == [name]


def _bars(asset: Thing) -> set[str]:
    """Return what bars an asset from being put into a space, pages aside."""
    permissions = asset.get("permissions")
    is_shareable = isinstance(permissions, Mapping) and permissions.get("isShareable") is True
    # What is not told bars it: to be offered, an asset has to be shown as sound.
    barred = {"archived": asset.get("isArchived") is not False, "not shareable": not is_shareable}
    return {bar for bar, is_so in barred.items() if is_so}


def _pages(asset: Thing) -> int:
    pages = asset.get("pageCount")
    return pages if isinstance(pages, int) and pages <= MOST_PAGES else 0


def _with_pages(asset: Thing, **more: Any) -> dict[str, Any]:
    return {"id": asset["id"], "pages": _pages(asset), **more}


def _hidden(owner: Caller, assets: list[Thing]) -> list[str]:
    """Return those of the assets that the owner is not shown."""
    wanted = [one["id"] for one in assets]
    shown = {one["id"] for one in _things(owner, "/assets", ids=",".join(wanted), limit=MOST)} if wanted else set()
    # Who is shown none of them may not ask at all, from which nothing follows.
    return [one for one in wanted if one not in shown] if shown else []


def _divisions(reader: Caller) -> Iterator[tuple[str, Any]]:
    yield from (("division", one["id"]) for one in _things(reader, "/divisions", limit=1))


def _extensions(reader: Caller, target: Target) -> Iterator[tuple[str, Any]]:
    yield from (("extension", one["id"]) for one in _things(reader, target.beside(EXTENSIONS)))


def _exports(reader: Caller, target: Target) -> Iterator[tuple[str, Any]]:
    # On the same host alone: to ask another one takes its name in a file, since a token goes there.
    answer = reader.get(target.beside(f"{V3}/exports/sharedspaces.json"), params={"limit": 1})
    if answer.status == 200 and isinstance(answer.received, Mapping) and "response" in answer.received:
        yield "exports", V3


def _webhooks(reader: Caller, target: Target) -> Iterator[tuple[str, Any]]:
    answer = reader.get(target.beside(f"{WEBHOOKS}/subscriptions"), params={"limit": 1})
    if answer.status == 200 and isinstance(answer.received, Mapping) and isinstance(answer.received.get("items"), list):
        yield "webhooks", WEBHOOKS


def _themes(reader: Caller) -> Iterator[tuple[str, Any]]:
    themes = _things(reader, "/themes", includeGlobal="true", limit=MOST)
    for one in _first(themes, lambda one: one.get("isGlobal") is True):
        yield "global_theme", one["id"]
    for one in _first(themes, lambda one: one.get("isGlobal") is False):
        yield "other_theme", one["id"]


def _templates(reader: Caller) -> Iterator[tuple[str, Any]]:
    templates = _things(reader, "/shared-space-templates", includeUnpublished="true", limit=MOST)
    published = [one for one in templates if one.get("isPublished") is True and isinstance(one.get("name"), str)]
    for one in sorted(published, key=_filled_in)[-1:]:
        yield "published_template", {"id": one["id"], "name": one["name"]}
        # That there is one shows the feature; that there is none does not show that it is lacking.
        yield "templates", True
    for one in _first(templates, lambda one: one.get("isPublished") is False):
        yield "unpublished_template", one["id"]


def _filled_in(template: Thing) -> int:
    """Count what a template fills into a space: the more, the more can be seen of it."""
    data = template.get("sharedSpaceData")
    return sum(map(bool, data.values())) if isinstance(data, Mapping) else 0


def _spaces(reader: Caller) -> Iterator[tuple[str, Any]]:
    for one in _things(reader, "/shared-spaces", limit=1):
        yield "some_space", one["id"]
    for one in _things(reader, "/shared-spaces", isOwnerDeactivated="true", limit=1):
        owner = one.get("owner")
        if isinstance(owner, Mapping) and isinstance(owner.get("userId"), str):
            yield "deactivated_user", owner["userId"]


def _joined(client: Client, target: Target) -> Iterator[tuple[str, Any]]:
    """A space that the owner takes part in and somebody else owns, who is not of the manager's team."""
    owner, manager = (_caller(client, name) for name in ("owner", "manager"))
    user_id = target.actors["owner"].user_id if "owner" in target.actors else None
    if owner is None or user_id is None:
        return
    of_the_team = set()
    if manager is not None:
        team = _things(manager, "/shared-spaces", managerId="mine", teamRole="OWNER", limit=MOST)
        of_the_team = {one["id"] for one in team}
    joined = _things(owner, "/shared-spaces", participantEmail="mine", limit=MOST)
    for one in _first(
        joined, lambda one: one["id"] not in of_the_team and one.get("owner", {}).get("userId") != user_id
    ):
        yield "joined_space", one["id"]


def _first(things: list[Thing], fits: Callable[[Thing], bool]) -> list[Thing]:
    """Return the first that fits, if there is one."""
    return [one for one in things if fits(one)][:1]


def _things(caller: Caller, path: str, **params: Any) -> list[Thing]:
    """Return what a list shows that has an id; nothing where it is refused or is no list."""
    exchange = caller.get(path, params=params)
    items = exchange.received.get("items") if isinstance(exchange.received, Mapping) else None
    if exchange.status != 200 or not isinstance(items, list):
        return []
    return [one for one in items if isinstance(one, Mapping) and isinstance(one.get("id"), str)]
