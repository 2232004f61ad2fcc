"""What a server says when it begins to answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from ..app import App
from ..core.printable import printable_lines
from ..interception.authority import AuthorityFolder
from ..settings import Settings
from ..web.vendor import Vendor
from .listeners import Addresses


def announcement(settings: Settings, app: App, addresses: Addresses) -> str:
    """Return what a server says of itself at its addresses: lines, or one of JSON."""
    origin = addresses.http
    vendor, seed = app.vendors[0], app.tenants.seed
    sessions = vendor.sessions(app.tenants.peek(seed.subdomain))
    # An admin sees and may do everything: what one tries first should work.
    token = next((one["apiToken"] for one in sessions if one["role"] == "ADMIN"), sessions[0]["apiToken"])
    base_url = origin + vendor.base_path
    others = [(one.name, origin + one.base_path, _first_token(one, app)) for one in app.vendors[1:]]
    # One that was set is the user's secret: it stands in no log.
    generated = None if settings.admin_token is not None else app.admin_token
    if settings.log_format == "json":
        every = [(vendor.name, base_url, token), *others]
        apis = [{"name": name, "baseUrl": url, "token": first} for name, url, first in every]
        told = {"origin": origin, "baseUrl": base_url, "token": token, "apis": apis}
        told |= {"tlsOrigin": addresses.tls} if addresses.tls is not None else {}
        told |= {"proxy": addresses.proxy} if addresses.proxy is not None else {}
        told |= {"caFile": _ca_file(settings)} if addresses != (origin, None, None) else {}
        return json.dumps(told if generated is None else {**told, "adminToken": generated})
    admin = "" if generated is None else f"admin token: {generated}; "
    lines = [
        f"Showpad API v4, mocked, on {base_url}  (seed data: {settings.data}; {admin}Ctrl-C ends)",
        f"  token  {token}  (all of them: showpad-mock tokens)",
        f"  try    curl -H 'Authorization: Bearer {token}' {base_url}/shared-spaces",
        *(f"  beside {name} on {url}  (token {first})" for name, url, first in others),
        *_interception(vendor, addresses, _ca_file(settings)),
    ]
    return printable_lines("\n".join(lines))


def _first_token(vendor: Vendor, app: App) -> str | None:
    sessions = vendor.sessions(app.tenants.peek(app.tenants.seed.subdomain))
    return sessions[0]["apiToken"] if sessions else None


def _ca_file(settings: Settings) -> str:
    return str(AuthorityFolder(Path(settings.ca_folder)).certificate)


def _interception(vendor: Vendor, addresses: Addresses, ca_file: str) -> Iterator[str]:
    trusted = f"clients trust {ca_file}"
    if addresses.tls is not None:
        yield f"  TLS    {addresses.tls}{vendor.base_path}  ({trusted})"
    if addresses.proxy is not None:
        yield f"  proxy  {addresses.proxy}  for {', '.join(vendor.hosts.wildcards)}  ({trusted})"
