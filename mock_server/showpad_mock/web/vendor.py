"""What a vendor brings: one value that app.py registers, and that web, control and testing read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.routing import Route

from ..core.refusals import Problem, Refusal
from ..state.store import RecordType
from ..state.tenant import Seed, Tenant
from ..state.tenants import Tenants
from ..state.unit import Unit
from ..webhooks.protocol import Source
from .hosts import HostPatterns
from .rate import RateWindow
from .render import Answer, Header, Occurrence, no_content, problem_answer

if TYPE_CHECKING:
    from .call import Call
    from .explained import Explained
    from .form import Form

SeedSource = str | Path | Mapping[str, Any]
"""Seed data as users name it: a file, one that is built in, or a document."""


def no_headers(_call: Call) -> Sequence[Header]:
    """Add nothing to an answer."""
    return ()


def no_origin(_call: Call, _origin: str) -> Sequence[Header]:
    """Let no web page read an answer."""
    return ()


def no_preflight(_call: Call, _methods: Sequence[str]) -> tuple[Answer, tuple[str, ...]]:
    """Grant a CORS preflight nothing."""
    return no_content(), ()


TOO_MANY = Problem(
    "", 429, "/mock-server/too-many-requests", "Too Many Requests", "Too many requests; try again later."
)


def too_many(milliseconds: int) -> Refusal:
    """Refuse one request too many as the mock does."""
    return TOO_MANY.error().with_headers(**{"Retry-After": str(-(-milliseconds // 1000))})


def by_rule(values: Iterable[object]) -> Mapping[str, Problem]:
    """Return, of a module's values, the refusals that a vendor sends by their rules; the first one of each."""
    problems = [value for value in values if isinstance(value, Problem) and value.rule]
    return {problem.rule: problem for problem in reversed(problems)}


def vendors_links(body: bytes, _origin: str) -> bytes:
    """Leave an answer as it is."""
    return body


@dataclass(frozen=True, slots=True)
class AdminOperation:
    """Something that the control API may read or change in a tenant and no route of the vendor can.

    `path` lies under `/__admin/tenants/{name}`. `act` takes the unit of work, the path's parameters and the body as
    `body` (a Pydantic-readable type, or None) makes it, and returns what is answered as JSON. It raises Refusal.
    """

    method: str
    path: str
    summary: str
    act: Callable[[Unit, Mapping[str, str]], object] | Callable[[Unit, Mapping[str, str], Any], object]
    body: object = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """An emulated API. What has a default is what few need.

    A route's endpoint takes a Call, within a unit of work (`call.unit`), and returns an Answer or raises a Refusal.
    """

    name: str
    base_path: str
    hosts: HostPatterns = field(default_factory=HostPatterns)
    """Its host names in the world, which end at the mock where it intercepts."""
    routes: Sequence[Route]
    """The routes it serves, each with its full path and, as name, its operationId."""
    large_bodies: Mapping[str, Form[Any, Any]] = field(default_factory=dict)
    """By a route's name the form of its body, where that may be large: read while others are answered in between."""
    levels: Mapping[str, str] = field(default_factory=dict)
    """Rule id -> D, S or A."""
    record_types: Sequence[RecordType[Any]]
    """The types of record it keeps, for snapshots."""
    read_seed: Callable[[SeedSource], Seed]
    """Reads seed data; raises ValueError, which tells what is wrong."""
    tenant_of: Callable[[Call, Seed], str | None]
    """Returns the name of the tenant that a call's token names, whether it is good or not; None for no such token."""
    authenticate: Callable[[Call, Tenants], None]
    """Sets the tenant, the caller and the user of a call, or raises the refusal."""
    sessions: Callable[[Tenant], list[dict[str, str]]]
    """Returns the ready-made tokens of a tenant: who, what for, token."""
    problem: Callable[[Refusal, Occurrence], Answer] = problem_answer
    """Renders a refusal."""
    too_many: Callable[[int], Refusal] = too_many
    """Returns the refusal of one request too many, which may come again after so many milliseconds."""
    rate_windows: Sequence[RateWindow] = (RateWindow(requests=100, seconds=60),)
    """What its rate limit lets in, where a tenant has it switched on."""
    problems: Mapping[str, Problem] = field(default_factory=dict)
    """Its refusals by their rules, so that a fault can refuse as one of them."""
    headers: Callable[[Call], Sequence[Header]] = no_headers
    """Returns what goes with every answer to a call of the vendor's, a refused one, too."""
    cross_origin: Callable[[Call, str], Sequence[Header]] = no_origin
    """Returns the CORS headers of the answer to a call from that origin, none for a foreign one."""
    preflight: Callable[[Call, Sequence[str]], tuple[Answer, tuple[str, ...]]] = no_preflight
    """Returns the answer to a CORS preflight and the rules that decided it, or raises the refusal."""
    local_links: Callable[[bytes, str], bytes] = vendors_links
    """Returns the body of an answer with the addresses of its pages on the server of that origin."""
    admin_operations: Sequence[AdminOperation] = ()
    explained: Callable[[], Explained] | None = None
    """Loads what explains its answers: the rules in words, and what a request can name."""
    webhooks: Source | None = None
    """Where its webhooks lead, how they are signed and tried again; None: it has none."""
