"""Why nobody was let in: the token and the host, beside the tenants and the ready-made tokens that there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeGuard

from ..core.journal import Entry
from ..core.names import FEW, TENANT_NAME_RULE, is_tenant_name
from ..core.refusals import shortened
from ..web.explained import Explained
from ..web.hosts import host_of
from ..web.vendor import Vendor
from .alignment import Pair, aligned
from .named import SENT_SHOWN, NamedThing, Surroundings, named
from .nearest import Names

UNAUTHORIZED = 401


@dataclass(frozen=True, slots=True)
class Credentials:
    """The token and the host of an exchange that was refused with 401, read as their vendor reads them."""

    entry: Entry
    vendor: Vendor
    explained: Explained

    @property
    def host(self) -> str:
        """The host, without its port."""
        headers = dict(reversed(self.entry.request_headers))
        return host_of(headers.get(b"host", b"").decode("latin-1"))

    @property
    def host_tenant(self) -> str | None:
        """What stands in the host where a tenant's name belongs."""
        return self.vendor.hosts.tenant(self.host)

    @property
    def token_tenant(self) -> str | None:
        """What stands in the token where a tenant's name belongs; None for a token of another form."""
        if self.entry.token is None:
            return self.entry.tenant
        return self.explained.tenant_in(self.entry.token)

    def named(self, around: Surroundings) -> Iterator[NamedThing]:
        """Yield the token and the host, each with the nearest."""
        if self.entry.status != UNAUTHORIZED:
            return
        opened = Names({*around.opened, *filter(_is_sound, [self.token_tenant])})
        if self.entry.token is not None:
            yield self._named_token(self.entry.token, opened, around)
        if self.host_tenant is not None and self.host_tenant != self.token_tenant:
            yield from self._named_host(self.host_tenant, opened, around)

    def _named_token(self, token: str, opened: Names, around: Surroundings) -> NamedThing:
        """Find the nearest of the ready-made tokens; one of the seed data's own is never told."""
        users = {
            text: user
            for name in opened.nearest(self.token_tenant or "", most=3)
            for user in self.vendor.sessions(around.tenant(name))
            for member, text in user.items()
            if member.endswith("Token")
        }
        tokens = Names(users)
        mark = "." if "." in token else "_"
        ways = {near: aligned(token.split(mark), near.split(mark)) for near in tokens.nearest(token, most=FEW, like=0)}
        if not ways:
            return named("token", token, None, areMore=opened.are_many)
        nearest = max(ways, key=lambda near: ways[near][0])
        return named("token", token, nearest, parts=ways[nearest][1], who=_who(users[nearest]), areMore=tokens.are_many)

    def _named_host(self, label: str, opened: Names, around: Surroundings) -> Iterator[NamedThing]:
        host = self.host.lower()
        if label in around.opened:
            yield named("host", host, host)
        elif near := opened.nearest(label[:SENT_SHOWN]) or list(filter(_is_sound, [self.token_tenant])):
            pair = Pair(given=shortened(label, SENT_SHOWN), nearest=near[0])
            yield named("host", host, near[0] + host[len(label) :], parts=[pair], areMore=opened.are_many)

    def needed(self) -> Iterator[str]:
        """Yield in sentences what the token and the host would have had to be."""
        if self.entry.status != UNAUTHORIZED:
            return
        host, token = self.host_tenant, self.token_tenant
        if token is None:
            which = f"; its TENANT is {host}, as the host names it" if _is_sound(host) else ""
            yield f"{self.explained.form_of(self.entry.path)}{which}"
        elif not is_tenant_name(token):
            given = shortened(token, SENT_SHOWN)
            yield f"{self.explained.form_of(self.entry.path)}; {TENANT_NAME_RULE}, which {given!r} is not"
        elif host not in (None, token):
            given = shortened(host or "", SENT_SHOWN)
            yield f"a host and a token of the same tenant: the host names {given}, the token {token}"
        if host is not None and not is_tenant_name(host):
            yield f"a host that names a tenant; {TENANT_NAME_RULE}, which {shortened(host, SENT_SHOWN)!r} is not"


def _is_sound(name: str | None) -> TypeGuard[str]:
    return name is not None and is_tenant_name(name)


def _who(user: Mapping[str, str]) -> str:
    return ", ".join(user[name] for name in ("name", "role", "state") if user.get(name))
