"""The explanation of an exchange, made of the journal's entry and of what its tenant holds now."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from typing_extensions import TypedDict

from ..core.journal import Entry
from ..core.names import COMPARED
from ..core.refusals import Refusal, shortened
from ..state.tenant import Tenant
from ..web.dispatch import Dispatcher
from ..web.explained import Explained, Fault
from ..web.validation import path_of
from ..web.vendor import Vendor
from .alignment import aligned, likeness
from .credentials import Credentials
from .named import SENT_SHOWN, NamedThing, Surroundings, named
from .nearest import Names

MOST_NAMED = 10
"""How many ids of one request are told: each that is unknown is compared with all that are known."""
DEEPEST = 40
ASSUMED = "assumption"
MEANINGLESS = "it means nothing here"
NOTHING_LIKE = "nothing there is like it"
Place = tuple[int | str, ...]


class DecidingRule(TypedDict):
    """A rule that decided, how sure it is (D, S or A), where it comes from, and what it says."""

    id: str
    level: str
    source: str
    sentence: str


class FaultyMember(TypedDict):
    """A member that was refused: what was sent there, secrets taken out, and what was expected."""

    path: str
    sent: Any
    expected: str


class Explanation(TypedDict):
    """Why an exchange was answered as it was, and what the request would have needed."""

    number: int
    request: str
    status: int
    detail: str | None
    fault: str | None
    rules: list[DecidingRule]
    members: list[FaultyMember]
    named: list[NamedThing]
    needed: list[str]


def explain(entry: Entry, around: Surroundings) -> Explanation:
    """Return why an exchange was answered as it was."""
    vendor, params, things = _routed(entry, around.vendors)
    explained = vendor.explained() if vendor is not None and vendor.explained is not None else None
    credentials = Credentials(entry, vendor, explained) if vendor is not None and explained is not None else None
    # The answer under a fault is none of the vendor's, and may have any form.
    members = list(_members(entry, explained)) if entry.fault is None else []
    if credentials is not None and explained is not None:
        things += [*credentials.named(around), *_tenant(entry, around)]
        if entry.tenant is not None:
            things += _ids(entry, params, explained, around.tenant(entry.tenant))
    needed = [*_needed(entry, members, things), *(credentials.needed() if credentials is not None else ())]
    return {
        "number": entry.number,
        "request": f"{entry.method} {entry.path}",
        "status": entry.status,
        "detail": entry.detail,
        "fault": entry.fault,
        "rules": [_rule(rule, around.vendors) for rule in entry.rules],
        "members": members,
        "named": things,
        "needed": needed or list(_own_words(entry)),
    }


def _routed(entry: Entry, vendors: Sequence[Vendor]) -> tuple[Vendor | None, Mapping[str, str], list[NamedThing]]:
    """Return whose route the path is and what its parameters name; for an unknown path, the nearest one."""
    routes = [(route, vendor) for vendor in vendors for route in vendor.routes]
    try:
        match = Dispatcher(routes).match(None, entry.path, b"")
    except Refusal:
        given = entry.path[:SENT_SHOWN].split("/")[1:]
        like = lru_cache(maxsize=None)(likeness)  # the same few words stand in path after path
        paths = {route.path: aligned(given, route.path.split("/")[1:], like) for route, _ in routes}
        nearest = max(paths, key=lambda path: paths[path][0])
        return None, {}, [named("path", entry.path, nearest, parts=paths[nearest][1])]
    return match.owner, match.params, []


def _tenant(entry: Entry, around: Surroundings) -> Iterator[NamedThing]:
    """Find the tenant that may have been meant, where one was asked that nobody has written to yet."""
    if entry.tenant is None or entry.status < 400 or around.opened.get(entry.tenant):
        return
    written = Names(name for name, is_written in around.opened.items() if is_written)
    for nearest in written.nearest(entry.tenant):
        yield named("tenant", entry.tenant, nearest, areMore=written.are_many)


def _ids(entry: Entry, params: Mapping[str, str], explained: Explained, tenant: Tenant) -> Iterator[NamedThing]:
    places = dict(_given_ids(entry, params, explained))
    if not places:
        return
    by_id = {one.id: one for one in explained.known(tenant)}
    names = Names(by_id)
    for where, given in list(places.items())[:MOST_NAMED]:
        near = [given] if given in by_id else names.nearest(given[:SENT_SHOWN])
        found = by_id[near[0]] if near else None
        who = f"{found.what} {found.who}".strip() if found is not None else None
        nearest = found.id if found is not None else None
        yield named(where, given, nearest, who=who, areMore=names.are_many)


def _given_ids(entry: Entry, params: Mapping[str, str], explained: Explained) -> Iterator[tuple[str, str]]:
    yield from ((f"path.{name}", value) for name, value in params.items())
    for name, value in parse_qsl(entry.query.decode("latin-1")):
        if _is_id(name, explained):
            yield f"query.{name}", value
    for place, value in _leaves(_json(entry, "request_json")):
        is_text = isinstance(value, str | int) and not isinstance(value, bool)
        if is_text and _is_id(path := path_of(place), explained):
            yield path, str(value)


def _is_id(path: str, explained: Explained) -> bool:
    name = path.rpartition(".")[2].partition("[")[0]
    return name in ("id", "ids") or name.endswith(("Id", "Ids")) or explained.is_id(path)


def _leaves(value: Any) -> Iterator[tuple[Place, Any]]:
    """Yield what a value holds and its place, in order; without recursion, since a client nests as it likes."""
    waiting: list[tuple[Place, Any]] = [((), value)]
    while waiting:
        place, one = waiting.pop()
        if len(place) > DEEPEST:
            continue
        if isinstance(one, dict | list):
            inside = one.items() if isinstance(one, dict) else enumerate(one)
            waiting += reversed([((*place, step), part) for step, part in inside])
        yield place, one


def _json(entry: Entry, name: str) -> Any:
    # No JSON, or no longer: it was cut.
    with suppress(ValueError, RecursionError):
        return getattr(entry, name)
    return None


def _members(entry: Entry, explained: Explained | None) -> Iterator[FaultyMember]:
    answered = _json(entry, "response_json") if entry.status >= 400 else None
    if explained is None or not isinstance(answered, dict):
        return
    sent = {path_of(place): value for place, value in _leaves(_json(entry, "request_json"))}
    sent |= dict(parse_qsl(entry.query.decode("latin-1")))
    told = list(explained.faults(answered)) or [Fault(path, MEANINGLESS) for path in _refused_as_ignored(entry)]
    for path, reason, repeated in told:
        yield {"path": path, "sent": _shown(repeated or sent.get(path)), "expected": reason}


def _refused_as_ignored(entry: Entry) -> list[str]:
    """Return the paths for which a strict server refused, where the answer itself does not tell them one by one."""
    if entry.status != 400 or entry.rules:
        return []
    return [path for _, mark, path in (name.partition(".") for name in entry.ignored) if mark]


def _shown(value: Any) -> Any:
    text = value if isinstance(value, str) else json.dumps(value)
    return value if len(text) <= SENT_SHOWN else shortened(text, SENT_SHOWN)


def _rule(rule: str, vendors: Iterable[Vendor]) -> DecidingRule:
    for vendor in vendors:
        if (level := vendor.levels.get(rule)) is not None:
            told = _sentences(vendor.explained().sentences).get(rule, {}) if vendor.explained is not None else {}
            return {
                "id": rule,
                "level": level,
                "source": told.get("source", ASSUMED if level == "A" else ""),
                "sentence": told.get("sentence", ""),
            }
    return {"id": rule, "level": "", "source": "", "sentence": ""}


@lru_cache(maxsize=8)
def _sentences(file: Path) -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _needed(entry: Entry, members: Iterable[FaultyMember], things: Iterable[NamedThing]) -> Iterator[str]:
    """Return in sentences what the request would have needed; where it was not refused, no fault alone."""
    if entry.fault is not None:
        yield f"that the fault {entry.fault} is removed, or does not fit the request"
    if entry.status < 400:
        return
    allowed = dict(entry.response_headers).get(b"allow")
    if entry.status == 405 and allowed is not None:
        yield f"a method of {allowed.decode('latin-1')}, not {entry.method}"
    yield from (f"{one['path']}: {one['expected']}" for one in members)
    for one in things:
        if not one["isKnown"]:
            who = f" ({one['who']})" if one["who"] else ""
            yield f"another {one['what']} than {one['given']}; {_near(one)}{who}"


def _near(one: NamedThing) -> str:
    if one["nearest"]:
        return f"the nearest is {one['nearest']}"
    return f"none of the {COMPARED:,} nearest by beginning and end is like it" if one["areMore"] else NOTHING_LIKE


def _own_words(entry: Entry) -> Iterator[str]:
    """Return the detail of a refusal that is the mock's own: it is written to say what was needed."""
    if entry.status >= 400 and not entry.rules and entry.detail:
        yield entry.detail
